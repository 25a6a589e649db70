import importlib.util
from pathlib import Path

import pytest
from iris_oculus.errors import EngineUnavailable
from scan_to_mesh.segmenters.totalsegmentator import TotalSegmentatorSegmenter


@pytest.mark.skipif(
    importlib.util.find_spec("totalsegmentator") is not None,
    reason="TotalSegmentator is installed here; tests/totalsegmentator tests the rest",
)
def test_without_the_package_the_engine_says_so(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="not installed"):
        TotalSegmentatorSegmenter(
            allow_download=True, environment={"TOTALSEG_HOME_DIR": str(tmp_path)}
        )
