"""ZIP archives of files, compressed by ISA-L: with zlib it took five times as long.

Records are those of PKWARE's APPNOTE.TXT 6.3.10, whose sections the comments name. `zipfile` reads
such archives, and cannot write what was compressed elsewhere. Sizes and checksums stand before the
data, so that programs that read an archive as it arrives need no data descriptors.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from isal import isal_zlib

_STORED, _DEFLATED = 0, 8
_DEFLATE_LEVEL = 2  # of ISA-L's 0 to 3: as small as zlib's first, five times as fast
_RAW_DEFLATE = -15  # a window of 32 KiB, and no header of zlib's
_CHUNK_BYTES = 1 << 22  # read at a time
_MOST_32, _MOST_16 = 2**32 - 1, 2**16 - 1

_LOCAL_HEADER = struct.Struct("<4sHHHHHIIIHH")  # 4.3.7
_CENTRAL_HEADER = struct.Struct("<4sHHHHHHIIIHHHHHII")  # 4.3.12
_END = struct.Struct("<4sHHHHIIH")  # 4.3.16
_ZIP64_END = struct.Struct("<4sQHHIIQQQQ")  # 4.3.14
_ZIP64_LOCATOR = struct.Struct("<4sIQI")  # 4.3.15
_ZIP64_EXTRA = 1  # 4.5.3
_VERSION_DEFLATE, _VERSION_ZIP64 = 20, 45  # 4.4.3.2
_UNIX = 3 << 8  # 4.4.2
_REGULAR_FILE = 0o100644 << 16
_TIME, _DATE = 0, 1 << 5 | 1  # midnight of 1 January 1980, the earliest that the format can say


@dataclass(frozen=True)
class ZipEntry:
    """A file to be archived.

    Attributes
    ----------
    name : str
        In the archive; ASCII.
    path : Path
    stored : bool
        Its bytes go into the archive as they are, since compressing them would gain nothing.
    """

    name: str
    path: Path
    stored: bool


@dataclass(frozen=True)
class _Packed:
    """An entry that is ready to be written."""

    entry: ZipEntry
    crc32: int
    size: int
    data: tuple[bytes, ...]
    packed_size: int


def write_zip(entries: Sequence[ZipEntry], path: Path, *, zip64_from: int = _MOST_32) -> None:
    """Write an archive; the same files in the same order give the same bytes.

    Parameters
    ----------
    entries : sequence of ZipEntry
        Kept in their order. Times and permissions of the files leave no trace.
    path : Path
    zip64_from : int
        Sizes, offsets and counts from here on are written in 64 bits (counts at the latest where
        16 bits end). Only then are the records of ZIP64 in the archive.
    """
    central: list[bytes] = []
    with path.open("wb") as file:
        for entry in entries:
            packed, offset = _pack(entry), file.tell()
            file.write(_local_header(packed, zip64_from))
            file.writelines(packed.data)
            central.append(_central_header(packed, offset, zip64_from))
        _write_end(file, central, zip64_from)


def _pack(entry: ZipEntry) -> _Packed:
    data, crc32, size = [], 0, 0
    compressor = None
    if not entry.stored:
        compressor = isal_zlib.compressobj(_DEFLATE_LEVEL, isal_zlib.DEFLATED, _RAW_DEFLATE)
    with entry.path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            crc32 = isal_zlib.crc32(chunk, crc32)
            size += len(chunk)
            data.append(compressor.compress(chunk) if compressor else chunk)
    if compressor:
        data.append(compressor.flush())
    return _Packed(entry, crc32, size, tuple(data), sum(map(len, data)))


def _local_header(packed: _Packed, zip64_from: int) -> bytes:
    sizes = (packed.size, packed.packed_size)
    # 4.5.3: a local header's ZIP64 field holds both sizes, or neither.
    large = max(sizes) >= zip64_from
    extra = _extra_field(sizes if large else ())
    name = packed.entry.name.encode("ascii")
    shown = (_MOST_32, _MOST_32) if large else (packed.packed_size, packed.size)
    fixed = (*_method(packed, zip64=large), _TIME, _DATE, packed.crc32)
    header = _LOCAL_HEADER.pack(b"PK\3\4", *fixed, *shown, len(name), len(extra))
    return header + name + extra


def _central_header(packed: _Packed, offset: int, zip64_from: int) -> bytes:
    numbers = (packed.size, packed.packed_size, offset)
    large = tuple(number for number in numbers if number >= zip64_from)
    size, packed_size, place = (_MOST_32 if number >= zip64_from else number for number in numbers)
    extra = _extra_field(large)
    name = packed.entry.name.encode("ascii")
    version, flags, method = _method(packed, zip64=bool(large))
    header = _CENTRAL_HEADER.pack(
        b"PK\1\2",
        _UNIX | version,
        *(version, flags, method, _TIME, _DATE, packed.crc32),
        *(packed_size, size),
        *(len(name), len(extra), 0, 0, 0),
        *(_REGULAR_FILE, place),
    )
    return header + name + extra


def _method(packed: _Packed, *, zip64: bool) -> tuple[int, int, int]:
    """Version needed to read an entry, flags (none) and compression method."""
    version = _VERSION_ZIP64 if zip64 else _VERSION_DEFLATE
    return version, 0, _STORED if packed.entry.stored else _DEFLATED


def _extra_field(numbers: tuple[int, ...]) -> bytes:
    if not numbers:
        return b""
    return struct.pack(f"<HH{len(numbers)}Q", _ZIP64_EXTRA, 8 * len(numbers), *numbers)


def _write_end(file: BinaryIO, central: Sequence[bytes], zip64_from: int) -> None:
    start = file.tell()
    file.writelines(central)
    end = file.tell()
    count, size = len(central), end - start
    if count >= min(_MOST_16, zip64_from) or max(size, start) >= zip64_from:
        body = _ZIP64_END.size - 12  # 4.3.14.1: without the signature and this field
        versions = (_UNIX | _VERSION_ZIP64, _VERSION_ZIP64)
        file.write(_ZIP64_END.pack(b"PK\6\6", body, *versions, 0, 0, count, count, size, start))
        file.write(_ZIP64_LOCATOR.pack(b"PK\6\7", 0, end, 1))
        count, size, start = _MOST_16, _MOST_32, _MOST_32
    file.write(_END.pack(b"PK\5\6", 0, 0, count, count, size, start, 0))
