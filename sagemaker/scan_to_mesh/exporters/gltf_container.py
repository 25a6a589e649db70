"""The binary container of glTF 2.0 (GLB), section 4.4 of the specification."""

import json
import struct
from collections.abc import Iterator
from typing import Any

_MAGIC, _VERSION = b"glTF", 2
_JSON_CHUNK, _BINARY_CHUNK = b"JSON", b"BIN\0"


class BinaryChunk:
    """Bytes of buffer 0; every piece begins at a multiple of four, as accessors need."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def append(self, piece: bytes) -> int:
        """Add a piece and return its offset."""
        offset = self._size
        padding = bytes(-len(piece) % 4)
        self._pieces += [piece, padding]
        self._size += len(piece) + len(padding)
        return offset

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)


def pack_glb(document: dict[str, Any], binary: BinaryChunk) -> bytes:
    """A GLB file of a glTF document and the bytes of its first buffer.

    Raises
    ------
    ValueError
        If the document holds NaN or infinity, or the file would exceed the format's 4 GiB.
    """
    text = json.dumps(document, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    pieces = [_chunk_header(_JSON_CHUNK, len(text)), text]
    if binary:
        pieces += [_chunk_header(_BINARY_CHUNK, len(binary)), *binary]
    size = 12 + sum(map(len, pieces))
    if size >= 2**32:
        raise ValueError("a GLB file is limited to 4 GiB")
    return b"".join([struct.pack("<4sII", _MAGIC, _VERSION, size), *pieces])


def _chunk_header(kind: bytes, size: int) -> bytes:
    return struct.pack("<I4s", size, kind)
