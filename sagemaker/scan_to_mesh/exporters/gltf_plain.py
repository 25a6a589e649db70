"""glTF that any program opens: 32-bit floats, no extensions.

The file names all sizes and extents before the first vertex. So meshes are gone through twice, and
never held as bytes all at once.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from scan_to_mesh.exporters.exportable import require_exportable
from scan_to_mesh.exporters.gltf_container import glb_head, padding
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

_VECTOR_BYTES = 12


class _Layout:
    """Views and accessors of buffer 0, whose bytes come later."""

    def __init__(self) -> None:
        self.size = 0
        self.views: list[Json] = []
        self.accessors: list[Json] = []

    def add(self, byte_length: int, target: Target, accessor: Json) -> int:
        self.views.append(
            {
                "buffer": 0,
                "byteOffset": self.size,
                "byteLength": byte_length,
                "target": int(target),
            }
        )
        self.size += byte_length + len(padding(byte_length))
        self.accessors.append({"bufferView": len(self.views) - 1, **accessor})
        return len(self.accessors) - 1


def encode_plain_glb(meshes: Sequence[SurfaceMesh]) -> Iterator[bytes]:
    """All meshes as one GLB file.

    Parameters
    ----------
    meshes : sequence of SurfaceMesh
        At least one. Vertices and faces keep their order.

    Returns
    -------
    iterator of bytes
        The file in pieces, which are made as they are asked for.

    Raises
    ------
    ValueError
        If the meshes cannot be exported, see :func:`require_exportable`, or GLB cannot hold them;
        before the first piece.
    """
    require_exportable(meshes)
    layout = _Layout()
    extents = in_order(lambda mesh: extent(_positions_m(mesh)), meshes)
    primitives = [
        _add_mesh(mesh, *found, layout) for mesh, found in zip(meshes, extents, strict=True)
    ]
    document = scene_document(meshes, primitives) | {
        "accessors": layout.accessors,
        "bufferViews": layout.views,
        "buffers": [{"byteLength": layout.size}],
    }
    pieces = chain.from_iterable(in_order(_pieces, meshes))
    return chain([glb_head(document, layout.size)], pieces)


def _add_mesh(mesh: SurfaceMesh, low: list[float], high: list[float], layout: _Layout) -> Primitive:
    count = len(mesh.vertices_ras_mm)
    vertices: Json = {"componentType": int(Component.FLOAT), "type": "VEC3", "count": count}
    component, dtype = index_type(count)
    indices: Json = {"componentType": int(component), "type": "SCALAR", "count": mesh.faces.size}
    of_vectors, of_indices = count * _VECTOR_BYTES, mesh.faces.size * np.dtype(dtype).itemsize
    return Primitive(
        positions=layout.add(of_vectors, Target.VERTICES, vertices | {"min": low, "max": high}),
        normals=layout.add(of_vectors, Target.VERTICES, vertices),
        indices=layout.add(of_indices, Target.INDICES, indices),
    )


def _positions_m(mesh: SurfaceMesh) -> Floats:
    return gltf_metres(mesh.vertices_ras_mm).astype("<f4", copy=False)


def _pieces(mesh: SurfaceMesh) -> tuple[bytes, ...]:
    """A mesh's bytes, in the order of its views."""
    positions_m = _positions_m(mesh)
    normals = vertex_normals(positions_m, mesh.faces).astype("<f4", copy=False)
    indices = mesh.faces.astype(index_type(len(positions_m))[1])
    return positions_m.tobytes(), normals.tobytes(), indices.tobytes(), padding(indices.nbytes)
