"""What a triangle mesh is as a body: whether it is closed, and how much it encloses."""

from typing import Any

import numpy as np
import numpy.typing as npt

from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

Vertices = npt.NDArray[np.floating[Any]]
Faces = npt.NDArray[np.integer[Any]]


def is_watertight(faces: Faces) -> bool:
    """Whether every edge belongs to exactly two triangles that run along it in opposite directions.

    Such a mesh is closed, edge-manifold and consistently wound.

    Parameters
    ----------
    faces : ndarray of int, shape (M, 3)
        Vertex indices below 2**31. No triangle at all is not watertight.
    """
    if len(faces) == 0:
        return False
    start = faces.astype(np.int64).ravel()
    end = faces[:, [1, 2, 0]].astype(np.int64).ravel()
    stride = int(start.max()) + 1
    # One sort pairs the two uses of each edge: the direction is the lowest bit of the key.
    keys = (np.minimum(start, end) * stride + np.maximum(start, end)) * 2 + (start > end)
    keys.sort()
    if len(keys) % 2 or (start == end).any():
        return False
    forth, back = keys[0::2], keys[1::2]
    paired = (forth + 1 == back) & (forth % 2 == 0)
    return bool(paired.all() and (np.diff(forth) > 0).all())


def face_normals_mm2(vertices_ras_mm: Vertices, faces: Faces) -> npt.NDArray[np.float64]:
    """Normal of every triangle, as long as twice its area.

    Parameters
    ----------
    vertices_ras_mm : ndarray, shape (N, 3)
    faces : ndarray of int, shape (M, 3)

    Returns
    -------
    ndarray of float64, shape (M, 3)
        Outward for a mesh that is wound counter-clockwise seen from outside.
    """
    first, second, third = (vertices_ras_mm[faces[:, corner]] for corner in range(3))
    edge, other_edge = second - first, third - first
    normals = np.empty((len(faces), 3))
    for axis in range(3):  # np.cross is several times slower on (M, 3) arrays
        y, z = (axis + 1) % 3, (axis + 2) % 3
        normals[:, axis] = edge[:, y] * other_edge[:, z] - edge[:, z] * other_edge[:, y]
    return normals


def enclosed_volume_mm3(vertices_ras_mm: Vertices, faces: Faces) -> float:
    """Signed volume inside a closed mesh; negative where it is wound inward.

    By the divergence theorem, from a vertex of the mesh instead of the world's origin, so that
    rounding does not grow with the distance to it.
    """
    centred = vertices_ras_mm.astype(np.float64) - vertices_ras_mm[:1]
    normals = face_normals_mm2(centred, faces)
    return float(np.einsum("ij,ij->", centred[faces[:, 0]], normals) / 6.0)


def surface_area_mm2(vertices_ras_mm: Vertices, faces: Faces) -> float:
    """Sum of the triangles' areas."""
    normals = face_normals_mm2(vertices_ras_mm.astype(np.float64), faces)
    return float(np.linalg.norm(normals, axis=1).sum() / 2.0)


def enclosed_volume_ml(mesh: SurfaceMesh) -> float:
    """Volume inside a surface mesh in ml; meaningful only where it is watertight."""
    return enclosed_volume_mm3(mesh.vertices_ras_mm, mesh.faces) / 1000.0


def surface_area_cm2(mesh: SurfaceMesh) -> float:
    """Area of a surface mesh in cm²."""
    return surface_area_mm2(mesh.vertices_ras_mm, mesh.faces) / 100.0
