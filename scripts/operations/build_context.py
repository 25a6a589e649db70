"""What the image is built from: the files that the Dockerfile copies, and the tasks to bake in."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.operations.deployment import REPOSITORY, OperationFailed

DOCKERFILE = "sagemaker/Dockerfile"
IGNORE_FILE = "sagemaker/Dockerfile.dockerignore"
TASKS_BUILD_ARGUMENT = "TASKS"
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class BuildContext:
    """Everything that decides what an image holds.

    Attributes
    ----------
    root : Path
        The repository.
    tasks : tuple of str
        Tasks whose weights are baked in, as TotalSegmentator's downloader names them.
    """

    tasks: tuple[str, ...]
    root: Path = REPOSITORY

    def __post_init__(self) -> None:
        bad = [task for task in self.tasks if not re.fullmatch("[a-z0-9_]+", task)]
        if bad or not self.tasks:
            raise OperationFailed(
                f"These are no names of tasks: {bad}.",
                hint="Give names as GET /tasks lists them, e.g. --tasks total,total_fast",
            )

    @property
    def tag(self) -> str:
        """Names the image by its content, so that the same content is never built twice."""
        digest = hashlib.sha256(",".join(self.tasks).encode())
        for path in self.files():
            digest.update(f"\0{path.relative_to(self.root)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:16]

    def files(self) -> Sequence[Path]:
        """The Dockerfile, its ignore file, and what the latter lets through; sorted."""
        names = [DOCKERFILE, IGNORE_FILE, *_let_through(self.root / IGNORE_FILE)]
        return sorted({file for name in names for file in _below(self.root / name)})

    def archive(self) -> bytes:
        """The files as a zip, the same bytes for the same content."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in self.files():
                entry = zipfile.ZipInfo(path.relative_to(self.root).as_posix(), _EPOCH)
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
        return buffer.getvalue()


def _let_through(ignore_file: Path) -> Iterator[str]:
    for line in ignore_file.read_text().splitlines():
        if line.startswith("!"):
            yield line.removeprefix("!").strip()


def _below(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for file in path.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file
