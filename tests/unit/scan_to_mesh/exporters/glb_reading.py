"""Reads GLB files with nothing but the specification and the codec's decoder."""

import json
import struct
from typing import Any

import numpy as np
import numpy.typing as npt
from meshoptimizer.decoder import decode_index_buffer, decode_vertex_buffer

_DTYPES = {5123: "<u2", 5125: "<u4", 5126: "<f4"}
MESHOPT = "KHR_meshopt_compression"


def read_chunks(data: bytes) -> tuple[dict[str, Any], bytes]:
    magic, version, size = struct.unpack_from("<4sII", data)
    assert (magic, version, size) == (b"glTF", 2, len(data))
    json_size, json_kind = struct.unpack_from("<I4s", data, 12)
    binary_size, binary_kind = struct.unpack_from("<I4s", data, 20 + json_size)
    assert (json_kind, binary_kind) == (b"JSON", b"BIN\0")
    assert json_size % 4 == binary_size % 4 == 0
    start = 28 + json_size
    assert start + binary_size == size
    return json.loads(data[20 : 20 + json_size]), data[start:]


def read_accessor(document: dict[str, Any], binary: bytes, number: int) -> npt.NDArray[Any]:
    """Values of an accessor, decompressed where its view is, shape (count, components)."""
    accessor = document["accessors"][number]
    view = document["bufferViews"][accessor["bufferView"]]
    dtype = np.dtype(_DTYPES[accessor["componentType"]])
    components = {"SCALAR": 1, "VEC3": 3}[accessor["type"]]
    assert view["byteOffset"] % 4 == 0
    packed = view.get("extensions", {}).get(MESHOPT)
    if packed is None:
        values = np.frombuffer(binary, dtype, accessor["count"] * components, view["byteOffset"])
        return values.reshape(-1, components)
    return _decode(packed, binary, dtype)[:, :components]


def _decode(packed: dict[str, Any], binary: bytes, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    encoded = binary[packed["byteOffset"] : packed["byteOffset"] + packed["byteLength"]]
    count, stride = packed["count"], packed["byteStride"]
    if packed["mode"] == "TRIANGLES":
        assert encoded[0] == 0xE1  # the only version that the extension allows
        # The decoder of the package fills its array with elements of the stride that it is given.
        return decode_index_buffer(count, 4, encoded).reshape(-1, 1)
    assert encoded[0] == 0xA1
    assert stride % 4 == 0
    assert "filter" not in packed
    raw = decode_vertex_buffer(count, stride, encoded).view(np.uint8).reshape(count, stride)
    return raw.view(dtype)
