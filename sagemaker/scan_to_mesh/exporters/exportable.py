"""What every exporter demands of the meshes that it is given."""

from collections.abc import Sequence

import numpy as np

from scan_to_mesh.exporters.artifact_names import structure_file_name
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

LARGEST_MM = 1e9
"""Coordinates lie below this, where a 32-bit float is 64 mm coarse already."""


def require_exportable(meshes: Sequence[SurfaceMesh]) -> None:
    """Check a set of meshes before any of it is written.

    Raises
    ------
    ValueError
        If two structures share a name (letter case aside, since some file systems ignore it), a
        name cannot be a file's name, or a mesh has no triangles, a coordinate that is not finite
        or as large as ``LARGEST_MM``, or a face that points at no vertex.
    """
    seen: set[str] = set()
    for mesh in meshes:
        name = mesh.structure.name
        structure_file_name(name, "obj")
        if name.lower() in seen:
            raise ValueError(f"two meshes are called {name!r}")
        seen.add(name.lower())
        _require_sound(mesh)


def _require_sound(mesh: SurfaceMesh) -> None:
    name = mesh.structure.name
    vertices, faces = mesh.vertices_ras_mm, mesh.faces
    if vertices.ndim != 2 or vertices.shape[1] != 3 or faces.ndim != 2 or faces.shape[1] != 3:
        raise ValueError(f"{name}: vertices and faces have three columns")
    if len(faces) == 0:
        raise ValueError(f"{name}: a mesh without triangles")
    if not np.isfinite(vertices).all():
        raise ValueError(f"{name}: a coordinate is not finite")
    if np.abs(vertices).max() >= LARGEST_MM:
        raise ValueError(f"{name}: a coordinate is not below {LARGEST_MM:g} mm")
    if faces.min() < 0 or faces.max() >= len(vertices):
        raise ValueError(f"{name}: a face points at a vertex that does not exist")
