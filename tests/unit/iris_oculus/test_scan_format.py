import gzip
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from iris_oculus.scan_format import SNIFF_BYTES, ScanFormat, sniff


def nifti_1(order: str = "<", magic: bytes = b"n+1\0") -> bytes:
    return struct.pack(f"{order}i", 348) + bytes(340) + magic + bytes(100)


def nifti_2(order: str = "<") -> bytes:
    return struct.pack(f"{order}i", 540) + b"n+2\0" + bytes(600)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (nifti_1("<"), ScanFormat.NIFTI),
        (nifti_1(">"), ScanFormat.NIFTI),
        (nifti_2("<"), ScanFormat.NIFTI),
        (nifti_2(">"), ScanFormat.NIFTI),
        (gzip.compress(nifti_1(), mtime=0), ScanFormat.NIFTI),
        (bytes(128) + b"DICM" + bytes(100), ScanFormat.DICOM),
        (b"PK\x03\x04" + bytes(100), ScanFormat.ZIP),
        (nifti_1(magic=b"xxxx"), None),
        (gzip.compress(b"a text", mtime=0), None),
        (b"\x1f\x8b broken", None),
        (b"", None),
        (b"abc", None),
        (b"\x89PNG\r\n", None),
    ],
)
def test_bytes_decide(data: bytes, found: ScanFormat | None) -> None:
    assert sniff(data) is found


@given(st.binary(max_size=SNIFF_BYTES))
def test_no_bytes_make_it_stumble(data: bytes) -> None:
    sniff(data)
    sniff(gzip.compress(data)[:SNIFF_BYTES])
