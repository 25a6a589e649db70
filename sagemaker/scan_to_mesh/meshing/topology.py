"""What a triangle mesh is as a body: whether it is closed, and how much it encloses."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

Vertices = npt.NDArray[np.floating[Any]]
Faces = npt.NDArray[np.integer[Any]]

# Fibonacci hashing, Knuth, The Art of Computer Programming, volume 3, section 6.4.
_GOLDEN_RATIO_64 = np.uint64(0x9E3779B97F4A7C15)


def is_watertight(faces: Faces) -> bool:
    """Whether every edge belongs to exactly two triangles that run along it in opposite directions.

    Such a mesh is closed, edge-manifold and consistently wound.

    Parameters
    ----------
    faces : ndarray of int, shape (M, 3)
        Vertex indices below 2**31. No triangle at all is not watertight.
    """
    return len(faces) > 0 and bool(_pairs_every_edge(np.ascontiguousarray(faces, np.int32)))


@njit(nogil=True, cache=True)
def _pairs_every_edge(faces: npt.NDArray[np.int32]) -> bool:
    """Look each directed edge's counterpart up in a table that is never more than half full."""
    bits = 4
    while (1 << bits) < 3 * len(faces):
        bits += 1
    shift = np.uint64(64 - bits)
    last = (1 << bits) - 1
    edges = np.full(1 << bits, -1, np.int64)
    uses = np.zeros(1 << bits, np.int8)  # 1 for a use in the one direction, 4 for the other
    unpaired = 0
    for face in range(len(faces)):
        for corner in range(3):
            a = np.int64(faces[face, corner])
            b = np.int64(faces[face, (corner + 1) % 3])
            if a == b:
                return False
            key = a << 32 | b if a < b else b << 32 | a
            use = 1 if a < b else 4
            slot = np.int64((np.uint64(key) * _GOLDEN_RATIO_64) >> shift)
            while edges[slot] != -1 and edges[slot] != key:
                slot = (slot + 1) & last
            if edges[slot] == -1:
                edges[slot] = key
                uses[slot] = use
                unpaired += 1
            elif uses[slot] + use == 5:
                uses[slot] = 5
                unpaired -= 1
            else:
                return False
    return unpaired == 0


@njit(nogil=True, cache=True)
def signed_volume_and_area(vertices_mm: Vertices, faces: Faces) -> tuple[float, float]:
    """Volume inside a closed surface and its area, in one pass.

    By the divergence theorem, from a vertex of the mesh instead of the world's origin, so that
    rounding does not grow with the distance to it.

    Parameters
    ----------
    vertices_mm : ndarray of float, shape (N, 3)
    faces : ndarray of int32, shape (M, 3)

    Returns
    -------
    volume_mm3 : float
        Negative where the surface is wound inward.
    area_mm2 : float
    """
    volume = area = 0.0
    if len(faces) == 0:
        return volume, area
    o0 = np.float64(vertices_mm[faces[0, 0], 0])
    o1 = np.float64(vertices_mm[faces[0, 0], 1])
    o2 = np.float64(vertices_mm[faces[0, 0], 2])
    for face in range(len(faces)):
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        a0, a1, a2 = vertices_mm[a, 0] - o0, vertices_mm[a, 1] - o1, vertices_mm[a, 2] - o2
        u0 = vertices_mm[b, 0] - o0 - a0
        u1 = vertices_mm[b, 1] - o1 - a1
        u2 = vertices_mm[b, 2] - o2 - a2
        v0 = vertices_mm[c, 0] - o0 - a0
        v1 = vertices_mm[c, 1] - o1 - a1
        v2 = vertices_mm[c, 2] - o2 - a2
        n0, n1, n2 = u1 * v2 - u2 * v1, u2 * v0 - u0 * v2, u0 * v1 - u1 * v0
        volume += (a0 * n0 + a1 * n1 + a2 * n2) / 6.0
        area += 0.5 * np.sqrt(n0 * n0 + n1 * n1 + n2 * n2)
    return volume, area


def enclosed_volume_mm3(vertices_ras_mm: Vertices, faces: Faces) -> float:
    """Signed volume inside a closed mesh; negative where it is wound inward."""
    return float(signed_volume_and_area(vertices_ras_mm, np.asarray(faces, np.int32))[0])


def surface_area_mm2(vertices_ras_mm: Vertices, faces: Faces) -> float:
    """Sum of the triangles' areas."""
    return float(signed_volume_and_area(vertices_ras_mm, np.asarray(faces, np.int32))[1])


def enclosed_volume_ml(mesh: SurfaceMesh) -> float:
    """Volume inside a surface mesh in ml; meaningful only where it is watertight."""
    return enclosed_volume_mm3(mesh.vertices_ras_mm, mesh.faces) / 1000.0


def surface_area_cm2(mesh: SurfaceMesh) -> float:
    """Area of a surface mesh in cm²."""
    return surface_area_mm2(mesh.vertices_ras_mm, mesh.faces) / 100.0
