"""The binary container of glTF 2.0 (GLB), section 4.4 of the specification."""

import json
import struct
from typing import Any

_MAGIC, _VERSION = b"glTF", 2
_JSON_CHUNK, _BINARY_CHUNK = b"JSON", b"BIN\0"


class BinaryChunk:
    """Bytes of buffer 0; every piece begins at a multiple of four, as accessors need."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def append(self, piece: bytes) -> int:
        """Add a piece and return its offset."""
        offset = len(self._bytes)
        self._bytes += piece + bytes(-len(piece) % 4)
        return offset

    def __len__(self) -> int:
        return len(self._bytes)

    def __bytes__(self) -> bytes:
        return bytes(self._bytes)


def pack_glb(document: dict[str, Any], binary: BinaryChunk) -> bytes:
    """A GLB file of a glTF document and the bytes of its first buffer.

    Raises
    ------
    ValueError
        If the document holds NaN or infinity, or the file would exceed the format's 4 GiB.
    """
    text = json.dumps(document, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    chunks = _chunk(_JSON_CHUNK, text) + (_chunk(_BINARY_CHUNK, bytes(binary)) if binary else b"")
    size = 12 + len(chunks)
    if size >= 2**32:
        raise ValueError("a GLB file is limited to 4 GiB")
    return struct.pack("<4sII", _MAGIC, _VERSION, size) + chunks


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack("<I4s", len(body), kind) + body
