"""The folder that a stack keeps its state in; one stack at a time."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self


class DataFolderBusy(Exception):
    """Another running stack uses the folder."""


class DataFolder:
    """Holds a lock on the folder, which the system lifts even when the process is killed.

    Parameters
    ----------
    path : Path
        Made if it is missing.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()

    def __enter__(self) -> Self:
        self.path.mkdir(parents=True, exist_ok=True)
        self._file = (self.path / "stack.lock").open("a+", encoding="ascii")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.seek(0)
            owner = self._file.read().strip() or "unknown"
            self._file.close()
            raise DataFolderBusy(f"{self.path} is in use by the process {owner}") from error
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()
