"""What a file holds, told by its first bytes: names of uploads are not kept."""

import gzip
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from iris_oculus.errors import NotAnImage, UnreadableScan

HEAD_BYTES = 540
"""Enough to tell every kind: the length of a NIfTI-2 header."""

GZIP_MAGIC = b"\x1f\x8b\x08"


class ContentKind(Enum):
    """What can be read."""

    NIFTI = "nifti"
    DICOM = "dicom"
    ARCHIVE = "archive"
    FOLDER = "folder"


def is_dicom(head: bytes) -> bool:
    """Whether a file that starts with ``head`` is DICOM.

    DICOM files start with 128 free bytes and ``DICM`` (PS3.10, section 7.1). Old exports lack
    both: they start with the first element of group 0002 or 0008, in little endian.
    """
    if head[128:132] == b"DICM":
        return True
    group, element = head[:2], head[2:4]
    return (group == b"\x02\x00" and element in (b"\x00\x00", b"\x01\x00", b"\x02\x00")) or (
        group == b"\x08\x00" and element in (b"\x00\x00", b"\x01\x00", b"\x05\x00", b"\x08\x00")
    )


def is_nifti(head: bytes) -> bool:
    """Whether ``head`` starts a NIfTI-1 or NIfTI-2 file that holds header and voxels.

    Raises
    ------
    UnreadableScan
        If it is the header of a two-file image (``.hdr`` and ``.img``).
    """
    nifti1 = b"\x5c\x01\x00\x00", b"\x00\x00\x01\x5c"
    nifti2 = b"\x1c\x02\x00\x00", b"\x00\x00\x02\x1c"
    if head[:4] in nifti1:
        if head[344:348] == b"n+1\0":
            return True
        raise UnreadableScan(
            "The file is the header of a two-file image (.hdr and .img).",
            hint="Convert the pair to one .nii.gz file, then upload that.",
        )
    return head[:4] in nifti2 and head[4:8] == b"n+2\0"


def open_perhaps_gzipped(path: Path) -> BinaryIO:
    """Open a file to read what it holds, through gzip where it is gzipped."""
    with path.open("rb") as stream:
        gzipped = stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    # gzip.open is typed as the union of its text and binary results.
    return gzip.GzipFile(path, "rb") if gzipped else path.open("rb")  # type: ignore[return-value]


def detect_content(path: Path) -> ContentKind:
    """Kind of scan at a path.

    Raises
    ------
    NotAnImage
        If the bytes are of no kind that can be read.
    UnreadableScan
        If the file is gzipped and damaged at its very start.
    """
    if path.is_dir():
        return ContentKind.FOLDER
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head:
        raise NotAnImage("The file is empty.")
    if is_dicom(head):
        return ContentKind.DICOM
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ContentKind.ARCHIVE
    with open_perhaps_gzipped(path) as stream:
        if is_nifti(stream.read(HEAD_BYTES)):
            return ContentKind.NIFTI
    raise NotAnImage("The file is neither NIfTI nor DICOM nor a zip archive of DICOM files.")
