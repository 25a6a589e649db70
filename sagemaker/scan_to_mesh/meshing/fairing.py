"""Make a decimated surface as even as the shape that its vertices come from.

Edge collapses leave vertices where they were: each is as far off the shape as it was before, with
fewer around it to make up for that. So, once edges have been turned, triangles that face almost
alike come to face more alike, and vertices follow them (Sun, Rosin, Martin and Langbein 2007, Fast
and effective feature-preserving mesh denoising, doi:10.1109/TVCG.2007.1065; with Tukey's biweight,
which is the same on every processor). Where the surface bends more, at crests and rims, it stays.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from scan_to_mesh.meshing.edge_turning import turn_edges
from scan_to_mesh.meshing.image_border import pins_at
from scan_to_mesh.meshing.patient_axes import Border
from scan_to_mesh.meshing.surface import Surface, transformed

Array = npt.NDArray[Any]

# How far apart unit normals of triangles lie that have nothing to do with one another: 17 degrees.
# Chosen on label maps of organs: with less, normals come less near what was sampled; with more,
# ridges are blunted, and the largest distances grow.
_UNLIKE = 0.3


def faired(
    surface: Surface,
    largest_way_mm: float,
    index_to_mm: npt.NDArray[np.float64],
    border: Border = (),
) -> Surface:
    """Turn edges and move vertices so that neighbouring triangles face alike.

    Parameters
    ----------
    surface : Surface
        Watertight.
    largest_way_mm : float
        How far the surface may move where an edge turns, and a vertex at most.
    index_to_mm : ndarray of float64, shape (3, 3)
        Linear part of the grid's affine.
    border : Border
        Of the image, in the index of the surface. Vertices there stay.

    Returns
    -------
    Surface
        Watertight, of as many vertices and faces.
    """
    vertices_mm, faces = surface
    vertices, turned = np.asarray(vertices_mm, np.float64), faces.copy()
    opposites = turn_edges(vertices, turned, largest_way_mm)
    mm_to_index: Array = np.linalg.inv(index_to_mm)
    stays = pins_at(transformed(vertices_mm, mm_to_index), border) != 0
    moved: Array = _moved(vertices, turned, opposites, stays, largest_way_mm)
    return moved.astype(vertices_mm.dtype), turned


@njit(nogil=True, cache=True)
def _moved(
    vertices: Array, faces: Array, opposites: Array, stays: Array, largest_way: float
) -> Array:
    """Towards the planes, through the middles of triangles, that face as these should."""
    areas, normals = _areas_and_normals(vertices, faces)
    ways = np.zeros_like(vertices)
    counts = np.zeros(len(vertices), np.int32)
    for face in range(len(faces)):
        n0, n1, n2 = _facing(areas, normals, opposites, face)
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        middle = 0.0
        for corner in (a, b, c):
            middle += vertices[corner, 0] * n0 + vertices[corner, 1] * n1 + vertices[corner, 2] * n2
        middle /= 3.0
        for corner in (a, b, c):
            off = middle - (
                vertices[corner, 0] * n0 + vertices[corner, 1] * n1 + vertices[corner, 2] * n2
            )
            ways[corner, 0] += off * n0
            ways[corner, 1] += off * n1
            ways[corner, 2] += off * n2
            counts[corner] += 1
    moved = vertices.copy()
    for vertex in range(len(vertices)):
        if stays[vertex] or counts[vertex] == 0:
            continue
        length = np.sqrt(ways[vertex, 0] ** 2 + ways[vertex, 1] ** 2 + ways[vertex, 2] ** 2)
        factor = 1.0 / max(counts[vertex], length / largest_way)
        for axis in range(3):
            moved[vertex, axis] += factor * ways[vertex, axis]
    return moved


@njit(inline="always")
def _facing(
    areas: Array, normals: Array, opposites: Array, face: int
) -> tuple[float, float, float]:
    """Unit normal of a triangle and those around it, each for as much as it is like the one."""
    n0, n1, n2 = areas[face, 0], areas[face, 1], areas[face, 2]
    for edge in range(3 * face, 3 * face + 3):
        other = opposites[edge] // 3
        squared = (
            (normals[face, 0] - normals[other, 0]) ** 2
            + (normals[face, 1] - normals[other, 1]) ** 2
            + (normals[face, 2] - normals[other, 2]) ** 2
        )
        weight = max(0.0, 1.0 - squared / _UNLIKE**2) ** 2
        n0 += weight * areas[other, 0]
        n1 += weight * areas[other, 1]
        n2 += weight * areas[other, 2]
    length = max(np.sqrt(n0 * n0 + n1 * n1 + n2 * n2), 1e-300)
    return n0 / length, n1 / length, n2 / length


@njit(nogil=True, cache=True)
def _areas_and_normals(vertices: Array, faces: Array) -> tuple[Array, Array]:
    """Of each triangle, twice its area as a vector, and its unit normal."""
    areas = np.empty((len(faces), 3))
    normals = np.zeros((len(faces), 3))
    for face in range(len(faces)):
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        u0 = vertices[b, 0] - vertices[a, 0]
        u1 = vertices[b, 1] - vertices[a, 1]
        u2 = vertices[b, 2] - vertices[a, 2]
        v0 = vertices[c, 0] - vertices[a, 0]
        v1 = vertices[c, 1] - vertices[a, 1]
        v2 = vertices[c, 2] - vertices[a, 2]
        n0, n1, n2 = u1 * v2 - u2 * v1, u2 * v0 - u0 * v2, u0 * v1 - u1 * v0
        areas[face, 0], areas[face, 1], areas[face, 2] = n0, n1, n2
        length = np.sqrt(n0 * n0 + n1 * n1 + n2 * n2)
        if length > 0.0:
            normals[face, 0], normals[face, 1], normals[face, 2] = (
                n0 / length,
                n1 / length,
                n2 / length,
            )
    return areas, normals
