"""glTF that any program opens: 32-bit floats, no extensions."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from scan_to_mesh.exporters.exportable import require_exportable
from scan_to_mesh.exporters.gltf_container import BinaryChunk, pack_glb
from scan_to_mesh.exporters.gltf_frame import gltf_metres
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
from scan_to_mesh.exporters.vertex_normals import vertex_normals
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

Floats = npt.NDArray[np.float32]


class _Buffer:
    """Buffer 0 with its views and accessors."""

    def __init__(self) -> None:
        self.chunk = BinaryChunk()
        self.views: list[Json] = []
        self.accessors: list[Json] = []

    def add(self, array: npt.NDArray[Any], target: Target, accessor: Json) -> int:
        self.views.append(
            {
                "buffer": 0,
                "byteOffset": self.chunk.append(array.tobytes()),
                "byteLength": array.nbytes,
                "target": int(target),
            }
        )
        self.accessors.append({"bufferView": len(self.views) - 1, **accessor})
        return len(self.accessors) - 1


def encode_plain_glb(meshes: Sequence[SurfaceMesh]) -> bytes:
    """All meshes as one GLB file.

    Parameters
    ----------
    meshes : sequence of SurfaceMesh
        At least one. Vertices and faces keep their order.

    Raises
    ------
    ValueError
        If the meshes cannot be exported; see :func:`require_exportable`.
    """
    require_exportable(meshes)
    buffer = _Buffer()
    arrays = in_order(_positions_and_normals, meshes)
    primitives = [
        _add_mesh(mesh, *found, buffer) for mesh, found in zip(meshes, arrays, strict=True)
    ]
    document = scene_document(meshes, primitives) | {
        "accessors": buffer.accessors,
        "bufferViews": buffer.views,
        "buffers": [{"byteLength": len(buffer.chunk)}],
    }
    return pack_glb(document, buffer.chunk)


def _positions_and_normals(mesh: SurfaceMesh) -> tuple[Floats, Floats]:
    positions_m = gltf_metres(mesh.vertices_ras_mm).astype("<f4", copy=False)
    normals = vertex_normals(positions_m, mesh.faces)
    return positions_m, normals.astype("<f4", copy=False)


def _add_mesh(
    mesh: SurfaceMesh, positions_m: Floats, normals: Floats, buffer: _Buffer
) -> Primitive:
    vertices: Json = {
        "componentType": int(Component.FLOAT),
        "type": "VEC3",
        "count": len(positions_m),
    }
    low, high = extent(positions_m)
    component, dtype = index_type(len(positions_m))
    indices: Json = {"componentType": int(component), "type": "SCALAR", "count": mesh.faces.size}
    return Primitive(
        positions=buffer.add(positions_m, Target.VERTICES, vertices | {"min": low, "max": high}),
        normals=buffer.add(normals, Target.VERTICES, vertices),
        indices=buffer.add(mesh.faces.astype(dtype), Target.INDICES, indices),
    )
