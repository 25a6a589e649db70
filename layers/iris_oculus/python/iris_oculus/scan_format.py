"""What the first bytes of a file say it is. Names are for people; bytes decide."""

import struct
import zlib
from enum import StrEnum

SNIFF_BYTES = 4096
"""Enough of a file's start for :func:`sniff`."""

EXTENSIONS = (".nii", ".nii.gz", ".zip", ".dcm")


class ScanFormat(StrEnum):
    """Formats that an upload may have."""

    NIFTI = "nifti"
    DICOM = "dicom"
    ZIP = "zip"


def sniff(first_bytes: bytes) -> ScanFormat | None:
    """Format of a file by its magic numbers.

    Parameters
    ----------
    first_bytes : bytes
        The file's first ``SNIFF_BYTES`` bytes, or all of a shorter one.

    Returns
    -------
    ScanFormat or None
        None for anything that is no scan.

    Notes
    -----
    NIfTI: header size 348 (version 1) or 540 (version 2), either byte order, and the magic string
    ``n+1`` or ``n+2`` at its place. DICOM: ``DICM`` at byte 128 (DICOM PS3.10, section 7.1).
    """
    if first_bytes.startswith(b"\x1f\x8b"):
        return ScanFormat.NIFTI if _is_nifti(_gunzip_start(first_bytes)) else None
    if first_bytes.startswith(b"PK\x03\x04"):
        return ScanFormat.ZIP
    if first_bytes[128:132] == b"DICM":
        return ScanFormat.DICOM
    return ScanFormat.NIFTI if _is_nifti(first_bytes) else None


def _gunzip_start(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, 1024)
    except zlib.error:
        return b""


def _is_nifti(data: bytes) -> bool:
    for order in "<>":
        match struct.unpack_from(f"{order}i", data) if len(data) >= 4 else None:
            case (348,):
                return data[344:348] in (b"n+1\0", b"ni1\0")
            case (540,):
                return data[4:8] in (b"n+2\0", b"ni2\0")
    return False
