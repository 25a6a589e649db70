"""Where the files of a DICOM upload lie: a folder, one file, or a zip archive."""

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from iris_oculus.errors import NotAnImage, UnreadableScan

from iris_imaging.content import HEAD_BYTES, is_dicom
from iris_imaging.limits import ReadLimits

_IN_MEMORY_BYTES = 32 * 2**20
"""Larger members (multi-frame files) are unpacked to a temporary file instead."""


class DicomSource(Protocol):
    """Files by index; names are not used, so that a path in an archive leads nowhere."""

    @property
    def file_count(self) -> int:
        """How many files there are, of whatever kind."""

    def open_stream(self, index: int) -> BinaryIO:
        """Open to read the beginning; seeking backwards may be slow."""

    def open_seekable(self, index: int) -> BinaryIO:
        """Open to read all of it, in any order."""


class _Paths:
    def __init__(self, paths: list[Path]) -> None:
        self._paths = paths
        self.file_count = len(paths)

    def open_stream(self, index: int) -> BinaryIO:
        return self._paths[index].open("rb")

    def open_seekable(self, index: int) -> BinaryIO:
        return self._paths[index].open("rb")


class _Archive:
    def __init__(self, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
        self._archive = archive
        self._members = members
        self.file_count = len(members)

    def open_stream(self, index: int) -> BinaryIO:
        return cast("BinaryIO", self._archive.open(self._members[index]))

    def open_seekable(self, index: int) -> BinaryIO:
        # The caller closes it; closing deletes the temporary file.
        spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115
        with self._archive.open(self._members[index]) as member:
            shutil.copyfileobj(member, spool, 2**20)
        spool.seek(0)
        return cast("BinaryIO", spool)


def files_below(folder: Path) -> list[Path]:
    """All regular files of a folder, sorted; links to other folders are not followed."""
    return sorted(
        path
        for root, _, names in os.walk(folder)
        for name in names
        if (path := Path(root, name)).is_file()
    )


def starts_like_dicom(stream: BinaryIO) -> bool:
    """Whether a file at its start is DICOM; the stream is left at its start."""
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    return is_dicom(head)


def _check_members(members: list[zipfile.ZipInfo], limits: ReadLimits) -> None:
    # zipfile never unpacks more of a member than the size stated here, which is what is limited.
    if sum(member.file_size for member in members) > limits.max_uncompressed_bytes:
        raise UnreadableScan(
            f"The archive unpacks to more than {limits.max_uncompressed_bytes / 2**30:.3g} GiB.",
            hint="Send one series only, not the whole study.",
        )
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableScan(
            "The archive is encrypted.", hint="Make a zip archive without a password."
        )
    known = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
    if any(member.compress_type not in known for member in members):
        raise UnreadableScan(
            "The archive is compressed by a method that cannot be read.",
            hint="Make an ordinary zip archive (deflate).",
        )


def _check_count(count: int, limits: ReadLimits) -> None:
    if count == 0:
        raise NotAnImage("The upload holds no files.")
    if count > limits.max_files:
        raise UnreadableScan(
            f"The upload holds {count} files: more than {limits.max_files}.",
            hint="Send one series only, not the whole study.",
        )


@contextmanager
def open_archive(path: Path, limits: ReadLimits) -> Iterator[DicomSource]:
    """Open a zip archive of DICOM files.

    Nothing is written to a path that the archive names: members are read into memory, or into
    unnamed temporary files.

    Raises
    ------
    UnreadableScan
        If it is truncated, encrypted, compressed by an unknown method, or unpacks to too much.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _check_count(len(members), limits)
            _check_members(members, limits)
            yield _Archive(archive, members)
    except zipfile.BadZipFile:
        raise UnreadableScan(
            "The archive is damaged or truncated.",
            hint="Check that it opens on your side, then upload it again.",
        ) from None


@contextmanager
def open_paths(path: Path, limits: ReadLimits) -> Iterator[DicomSource]:
    """Open a single DICOM file, or a folder of them."""
    paths = files_below(path) if path.is_dir() else [path]
    _check_count(len(paths), limits)
    yield _Paths(paths)
