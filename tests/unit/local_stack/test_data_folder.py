import os
from pathlib import Path

import pytest

from local_stack.data_folder import DataFolder, DataFolderBusy


def test_two_stacks_never_share_a_folder(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "data") as folder:
        assert folder.path.is_dir()
        with pytest.raises(DataFolderBusy, match=str(os.getpid())), DataFolder(tmp_path / "data"):
            pass

    with DataFolder(tmp_path / "data"):
        pass
