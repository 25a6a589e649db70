"""The binary container of glTF 2.0 (GLB), section 4.4 of the specification."""

import json
import struct
from collections.abc import Iterator
from typing import Any

_MAGIC, _VERSION = b"glTF", 2
_JSON_CHUNK, _BINARY_CHUNK = b"JSON", b"BIN\0"


def padding(size: int) -> bytes:
    """What follows a piece of a buffer, so that the next begins at a multiple of four."""
    return bytes(-size % 4)


class BinaryChunk:
    """Bytes of buffer 0; every piece begins at a multiple of four, as accessors need."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def append(self, piece: bytes) -> int:
        """Add a piece and return its offset."""
        offset = self._size
        filler = padding(len(piece))
        self._pieces += [piece, filler]
        self._size += len(piece) + len(filler)
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
        As :func:`glb_head` does.
    """
    return b"".join([glb_head(document, len(binary)), *binary])


def glb_head(document: dict[str, Any], binary_bytes: int) -> bytes:
    """All of a GLB file that stands before the bytes of its first buffer.

    Parameters
    ----------
    document : dict
        The glTF document.
    binary_bytes : int
        Size of the first buffer, a multiple of four; 0 where there is none.

    Raises
    ------
    ValueError
        If the document holds NaN or infinity, or the file would exceed the format's 4 GiB.
    """
    text = json.dumps(document, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    head = _chunk_header(_JSON_CHUNK, len(text)) + text
    if binary_bytes:
        head += _chunk_header(_BINARY_CHUNK, binary_bytes)
    size = 12 + len(head) + binary_bytes
    if size >= 2**32:
        raise ValueError("a GLB file is limited to 4 GiB")
    return struct.pack("<4sII", _MAGIC, _VERSION, size) + head


def _chunk_header(kind: bytes, size: int) -> bytes:
    return struct.pack("<I4s", size, kind)
