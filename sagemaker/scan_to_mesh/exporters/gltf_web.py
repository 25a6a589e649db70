"""glTF for the web page: quantised and compressed, about a fifth of the plain one.

``KHR_mesh_quantization`` stores positions as 14-bit integers on a grid over each structure's
bounding box and normals as bytes; the node's translation and uniform scale bring them back.
``EXT_meshopt_compression`` encodes the buffers: indices in mode ``TRIANGLES``, vertices in mode
``ATTRIBUTES``, normals with the filter ``OCTAHEDRAL``.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from meshoptimizer.encoder import (
    encode_index_buffer,
    encode_index_version,
    encode_vertex_buffer,
    encode_vertex_version,
)
from meshoptimizer.optimizer import optimize_vertex_cache, optimize_vertex_fetch_remap

from scan_to_mesh.exporters.exportable import require_exportable
from scan_to_mesh.exporters.gltf_container import BinaryChunk, pack_glb
from scan_to_mesh.exporters.gltf_frame import gltf_metres
from scan_to_mesh.exporters.gltf_scene import (
    Component,
    Json,
    Primitive,
    Target,
    index_type,
    scene_document,
)
from scan_to_mesh.exporters.vertex_normals import vertex_normals
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

MESHOPT = "EXT_meshopt_compression"
QUANTIZATION = "KHR_mesh_quantization"
POSITION_BITS = 14
_POSITION_MAX = 2**POSITION_BITS - 1
_BYTE_ONE = 127  # 1.0 as a signed normalised byte
_SMALLEST_M = 1e-9  # a mesh that is one point has no extent to divide by
_UNUSED = np.uint32(0xFFFFFFFF)


class _CompressedBuffer:
    """Buffer 0 with the compressed bytes, and views into a fallback buffer that nobody stores."""

    def __init__(self) -> None:
        self.chunk = BinaryChunk()
        self.views: list[Json] = []
        self.accessors: list[Json] = []
        self.fallback_bytes = 0

    def add(self, encoded: bytes, view: Json, compression: Json, accessor: Json) -> int:
        length = compression["byteStride"] * compression["count"]
        self.views.append(
            {
                "buffer": 1,
                "byteOffset": self.fallback_bytes,
                "byteLength": length,
                **view,
                "extensions": {
                    MESHOPT: {
                        "buffer": 0,
                        "byteOffset": self.chunk.append(encoded),
                        "byteLength": len(encoded),
                        **compression,
                    }
                },
            }
        )
        self.fallback_bytes += length + -length % 4
        self.accessors.append({"bufferView": len(self.views) - 1, **accessor})
        return len(self.accessors) - 1


def encode_web_glb(meshes: Sequence[SurfaceMesh]) -> bytes:
    """All meshes as one compressed GLB file.

    Positions are within half a grid step of the truth: the longest side of the structure's
    bounding box / 16383 / 2. Vertices and faces come in another order than they had.

    Parameters
    ----------
    meshes : sequence of SurfaceMesh
        At least one.

    Raises
    ------
    ValueError
        If the meshes cannot be exported; see :func:`require_exportable`.
    """
    require_exportable(meshes)
    # Versions that the extension's bitstream is fixed to; the library's default may move on.
    encode_vertex_version(0)
    encode_index_version(1)
    buffer = _CompressedBuffer()
    primitives = [_add_mesh(mesh, buffer) for mesh in meshes]
    document = scene_document(meshes, primitives) | {
        "extensionsUsed": [MESHOPT, QUANTIZATION],
        "extensionsRequired": [MESHOPT, QUANTIZATION],
        "accessors": buffer.accessors,
        "bufferViews": buffer.views,
        "buffers": [
            {"byteLength": len(buffer.chunk)},
            {"byteLength": buffer.fallback_bytes, "extensions": {MESHOPT: {"fallback": True}}},
        ],
    }
    return pack_glb(document, buffer.chunk)


def _add_mesh(mesh: SurfaceMesh, buffer: _CompressedBuffer) -> Primitive:
    order, indices = _compact_order(mesh.faces, len(mesh.vertices_ras_mm))
    positions_m = gltf_metres(mesh.vertices_ras_mm)
    normals = vertex_normals(positions_m, mesh.faces)[order]
    positions_m = positions_m[order]
    low = positions_m.min(axis=0).astype(np.float64)
    step = max(float((positions_m.max(axis=0) - low).max()), _SMALLEST_M) / _POSITION_MAX
    grid = np.rint((positions_m - low) / step).astype("<u2")
    return Primitive(
        positions=_add_positions(grid, buffer),
        normals=_add_normals(normals, buffer),
        indices=_add_indices(indices, len(order), buffer),
        scale=step,
        offset_m=(float(low[0]), float(low[1]), float(low[2])),
    )


def _compact_order(
    faces: npt.NDArray[np.int32], vertex_count: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.uint32]]:
    """Order triangles by neighbourhood and vertices by first use, which the codec rewards.

    Returns
    -------
    order : ndarray of intp, shape (used vertices,)
        Old number of each new vertex; vertices without a face are left out.
    indices : ndarray of uint32, shape (3 * faces,)
        Triangles by new numbers.
    """
    indices = np.empty(faces.size, dtype=np.uint32)
    optimize_vertex_cache(indices, faces.ravel().astype(np.uint32), vertex_count=vertex_count)
    new_number = np.empty(vertex_count, dtype=np.uint32)
    used = optimize_vertex_fetch_remap(new_number, indices, vertex_count=vertex_count)
    kept = np.flatnonzero(new_number != _UNUSED)
    order = np.empty(used, dtype=np.intp)
    order[new_number[kept]] = kept
    return order, new_number[indices]


def _add_positions(grid: npt.NDArray[np.uint16], buffer: _CompressedBuffer) -> int:
    padded = np.zeros((len(grid), 4), dtype="<u2")  # elements begin at multiples of four bytes
    padded[:, :3] = grid
    return buffer.add(
        encode_vertex_buffer(padded),
        {"byteStride": 8, "target": int(Target.VERTICES)},
        {"byteStride": 8, "count": len(grid), "mode": "ATTRIBUTES"},
        {
            "componentType": int(Component.UNSIGNED_SHORT),
            "type": "VEC3",
            "count": len(grid),
            "min": grid.min(axis=0).tolist(),
            "max": grid.max(axis=0).tolist(),
        },
    )


def _add_normals(normals: npt.NDArray[np.float32], buffer: _CompressedBuffer) -> int:
    return buffer.add(
        encode_vertex_buffer(_octahedral(normals)),
        {"byteStride": 4, "target": int(Target.VERTICES)},
        {"byteStride": 4, "count": len(normals), "mode": "ATTRIBUTES", "filter": "OCTAHEDRAL"},
        {
            "componentType": int(Component.BYTE),
            "normalized": True,
            "type": "VEC3",
            "count": len(normals),
        },
    )


def _add_indices(
    indices: npt.NDArray[np.uint32], vertex_count: int, buffer: _CompressedBuffer
) -> int:
    component, dtype = index_type(vertex_count)
    stride = np.dtype(dtype).itemsize
    return buffer.add(
        encode_index_buffer(indices, vertex_count=vertex_count),
        {"target": int(Target.INDICES)},
        {"byteStride": stride, "count": len(indices), "mode": "TRIANGLES"},
        {"componentType": int(component), "type": "SCALAR", "count": len(indices)},
    )


def _octahedral(normals: npt.NDArray[np.float32]) -> npt.NDArray[np.int8]:
    """Input of the filter ``OCTAHEDRAL`` (extension's appendix B): x, y on the octahedron, 1.0, 0.

    The lower half of the octahedron is folded outward over the diagonals of the upper one.
    """
    on_octahedron = normals / np.abs(normals).sum(axis=1, keepdims=True)
    x, y, z = on_octahedron.T
    below = z < 0
    u = np.where(below, np.copysign(1 - np.abs(y), x), x)
    v = np.where(below, np.copysign(1 - np.abs(x), y), y)
    encoded: npt.NDArray[Any] = np.zeros((len(normals), 4), dtype=np.int8)
    encoded[:, 0] = np.rint(u * _BYTE_ONE)
    encoded[:, 1] = np.rint(v * _BYTE_ONE)
    encoded[:, 2] = _BYTE_ONE
    return encoded
