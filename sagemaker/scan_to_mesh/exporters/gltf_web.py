"""glTF for the web page: quantised and compressed, about a sixth of the plain one.

``KHR_mesh_quantization`` stores positions as 16-bit integers on one grid for the whole model, so
that points that structures share stay shared; the nodes' translations and uniform scales bring
positions back.
``KHR_meshopt_compression`` encodes the buffers: indices in mode ``TRIANGLES``, vertices in mode
``ATTRIBUTES`` of version 1, which predicts whole 16-bit numbers where version 0, the only one that
``EXT_meshopt_compression`` has, predicts single bytes.

Normals are left out: they would be a quarter of the file, and the page sums them from the faces in
some 30 ms for 600,000 triangles (``frontend/src/viewer/space/smooth_normals.ts``). The grid is fine
enough for that: half of them are within 0.3° of the exact mesh's, as with normals of bytes, and on
a grid twice as coarse the error would be nearly twice as large.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from meshoptimizer.encoder import (
    encode_index_buffer,
    encode_index_version,
    encode_vertex_buffer,
    encode_vertex_version,
)
from meshoptimizer.optimizer import optimize_vertex_cache_strip, optimize_vertex_fetch_remap

from scan_to_mesh.exporters.exportable import require_exportable
from scan_to_mesh.exporters.gltf_container import BinaryChunk, pack_glb
from scan_to_mesh.exporters.gltf_frame import METRES_PER_MM, gltf_metres
from scan_to_mesh.exporters.gltf_scene import (
    Component,
    Json,
    Primitive,
    Target,
    extent,
    index_type,
    scene_document,
)
from scan_to_mesh.exporters.in_order import in_order
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

MESHOPT = "KHR_meshopt_compression"
QUANTIZATION = "KHR_mesh_quantization"
STEP_MM = 1 / 32
"""Distance of the grid's points; a larger one of twos where a structure is longer than 2 m."""
_POSITION_MAX = 2**16 - 1
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

    Positions are within half a grid step of the truth along each axis: ``STEP_MM / 2``, or that of
    the coarser grid of a longer structure. Vertices and faces come in another order than they had.

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
    encode_vertex_version(1)
    encode_index_version(1)
    buffer = _CompressedBuffer()
    step_m = _grid_step_mm(meshes) * METRES_PER_MM
    primitives = [
        _add_mesh(encoded, step_m, buffer)
        for encoded in in_order(lambda mesh: _encode(mesh, step_m), meshes)
    ]
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


def _grid_step_mm(meshes: Sequence[SurfaceMesh]) -> float:
    longest_mm = max(float(np.ptp(axis)) for mesh in meshes for axis in mesh.vertices_ras_mm.T)
    step_mm = STEP_MM
    while longest_mm > (_POSITION_MAX - 1) * step_mm:  # the lowest point lies up to a step inside
        step_mm *= 2
    return step_mm


@dataclass(frozen=True, eq=False)
class _Encoded:
    """A mesh as it is stored.

    Attributes
    ----------
    first_step : tuple of int
        The grid's point that position (0, 0, 0) stands for.
    low, high : list of int
        Extent of the stored positions.
    """

    positions: bytes
    indices: bytes
    vertex_count: int
    index_count: int
    first_step: tuple[int, int, int]
    low: list[int]
    high: list[int]


def _encode(mesh: SurfaceMesh, step_m: float) -> _Encoded:
    order, indices = _compact_order(mesh.faces, len(mesh.vertices_ras_mm))
    positions_m = gltf_metres(mesh.vertices_ras_mm)
    steps = np.rint(positions_m[order] / step_m).astype(np.int64)
    (x, y, z), _ = extent(steps)
    grid = np.zeros((len(order), 4), dtype="<u2")  # elements begin at multiples of four bytes
    grid[:, :3] = steps - (x, y, z)
    low, high = extent(grid[:, :3])
    return _Encoded(
        positions=encode_vertex_buffer(grid),
        indices=encode_index_buffer(indices, vertex_count=len(order)),
        vertex_count=len(order),
        index_count=len(indices),
        first_step=(x, y, z),
        low=low,
        high=high,
    )


def _add_mesh(encoded: _Encoded, step_m: float, buffer: _CompressedBuffer) -> Primitive:
    x, y, z = encoded.first_step
    return Primitive(
        positions=_add_positions(encoded, buffer),
        indices=_add_indices(encoded, buffer),
        scale=step_m,
        offset_m=(x * step_m, y * step_m, z * step_m),
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
    optimize_vertex_cache_strip(indices, faces.ravel().astype(np.uint32), vertex_count=vertex_count)
    new_number = np.empty(vertex_count, dtype=np.uint32)
    used = optimize_vertex_fetch_remap(new_number, indices, vertex_count=vertex_count)
    kept = np.flatnonzero(new_number != _UNUSED)
    order = np.empty(used, dtype=np.intp)
    order[new_number[kept]] = kept
    return order, new_number[indices]


def _add_positions(encoded: _Encoded, buffer: _CompressedBuffer) -> int:
    return buffer.add(
        encoded.positions,
        {"byteStride": 8, "target": int(Target.VERTICES)},
        {"byteStride": 8, "count": encoded.vertex_count, "mode": "ATTRIBUTES"},
        {
            "componentType": int(Component.UNSIGNED_SHORT),
            "type": "VEC3",
            "count": encoded.vertex_count,
            "min": encoded.low,
            "max": encoded.high,
        },
    )


def _add_indices(encoded: _Encoded, buffer: _CompressedBuffer) -> int:
    component, dtype = index_type(encoded.vertex_count)
    stride = np.dtype(dtype).itemsize
    return buffer.add(
        encoded.indices,
        {"target": int(Target.INDICES)},
        {"byteStride": stride, "count": encoded.index_count, "mode": "TRIANGLES"},
        {"componentType": int(component), "type": "SCALAR", "count": encoded.index_count},
    )
