"""Give a surface the volume of the voxels that it stands for.

Smoothing and decimation take from a surface where it bulges and add where it is hollow. So it is
given back there: vertices move along their normals in proportion to the surface's mean curvature,
and even places, where neighbouring structures touch, stay where they are.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from scan_to_mesh.meshing.image_border import are_pinned, pins_at
from scan_to_mesh.meshing.patient_axes import Border
from scan_to_mesh.meshing.surface import Surface, transformed
from scan_to_mesh.meshing.topology import signed_volume_and_area

Floats = npt.NDArray[np.floating[Any]]
Faces = npt.NDArray[np.int32]

# What the curvature cannot give back in two steps is given back everywhere alike.
_CURVATURE_STEPS = 2
_MOST_STEPS = 10
_TOLERANCE = 0.002
# In voxels, so that a sliver of a surface cannot throw its vertices far away.
_LARGEST_STEP = 1.0
# Curvature is a second derivative: its noise would come back as stairs.
_ROUNDS_OF_AVERAGING = 4


def restore_volume(
    surface: Surface,
    voxels: float,
    index_to_mm: npt.NDArray[np.float64],
    border: Border = (),
    *,
    thin_radius_voxels: float = 0.0,
) -> Surface:
    """Move vertices along their normals until the surface encloses as much as its voxels.

    Normals, curvatures and ways are those of the grid's index coordinates: where slices are thick,
    what a voxel lost to smoothing was thick, too.

    Parameters
    ----------
    surface : Surface
        Watertight, wound outward.
    voxels : float
        Volume to reach, in voxels; of a cavity negative.
    index_to_mm : ndarray of float64, shape (3, 3)
        Linear part of the grid's affine.
    border : Border
        Of the image, in the index of the surface. What lies there stays there: caps as they are,
        rims with their side.
    thin_radius_voxels : float
        Where the surface has edges of about a voxel: the radius of curvature below which a place is
        not given much more than at it, since it was given back what it lost before. 0 for no limit.

    Returns
    -------
    Surface
        The same faces around moved vertices.
    """
    vertices_mm, faces = surface
    sign = np.sign(np.linalg.det(index_to_mm))
    to_mm = sign * index_to_mm  # keeps the winding, and all lengths
    vertices: Floats = transformed(vertices_mm, np.linalg.inv(to_mm))
    pins = pins_at(sign * vertices, border)
    of_caps = np.bitwise_and.reduce(pins[faces], axis=1) != 0
    sides, is_free = faces[~of_caps], ~are_pinned(pins)
    for step in range(_MOST_STEPS):
        missing = voxels - signed_volume_and_area(vertices, faces)[0]
        if abs(missing) <= _TOLERANCE * abs(voxels):
            break
        normals, areas = _normals_and_areas(vertices, sides)
        normals[~is_free] = 0.0
        ways = (
            _ways_by_curvature(vertices, sides, normals, thin_radius_voxels)
            if step < _CURVATURE_STEPS
            else np.ones(len(vertices))
        )
        vertices = _moved(vertices, normals, areas, ways, missing)
    return transformed(vertices, to_mm), faces


@njit(nogil=True, cache=True)
def _ways_by_curvature(
    vertices: Floats, faces: Faces, normals: Floats, thin_radius: float
) -> Floats:
    ways: Floats = _averaged(_bulges(vertices, faces, normals), faces)
    return ways / (1.0 + 2.0 * thin_radius * np.abs(ways))  # a sphere's edge of 1 bulges by 1 / 2 r


@njit(nogil=True, cache=True)
def _moved(
    vertices: Floats, normals: Floats, areas: Floats, ways: Floats, missing: float
) -> Floats:
    """One step of Newton's method: the volume's derivative by a vertex's way is its area.

    Of rims, which move along the part of their normals that lies in the border, as much of it.
    """
    free_areas = areas * (normals**2).sum(axis=1)
    derivative = (ways * free_areas).sum()
    furthest = np.abs(ways).max()
    # Saddles cancel out: then there is no telling how far to go.
    if derivative < 0.1 * (np.abs(ways) * free_areas).sum():
        return vertices
    if derivative == 0.0 or furthest == 0.0:
        return vertices
    factor = missing / derivative
    limit = _LARGEST_STEP / furthest
    factor = min(max(factor, -limit), limit)
    moved = vertices.copy()
    for vertex in range(len(vertices)):
        for axis in range(3):
            moved[vertex, axis] += factor * ways[vertex] * normals[vertex, axis]
    return moved


@njit(nogil=True, cache=True)
def _normals_and_areas(vertices: Floats, faces: Faces) -> tuple[Floats, Floats]:
    """Unit normals, triangles weighted by area, and a third of the area around each vertex."""
    normals = np.zeros((len(vertices), 3), np.float64)
    areas = np.zeros(len(vertices), np.float64)
    for face in range(len(faces)):
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        u0 = np.float64(vertices[b, 0]) - vertices[a, 0]
        u1 = np.float64(vertices[b, 1]) - vertices[a, 1]
        u2 = np.float64(vertices[b, 2]) - vertices[a, 2]
        v0 = np.float64(vertices[c, 0]) - vertices[a, 0]
        v1 = np.float64(vertices[c, 1]) - vertices[a, 1]
        v2 = np.float64(vertices[c, 2]) - vertices[a, 2]
        n0, n1, n2 = u1 * v2 - u2 * v1, u2 * v0 - u0 * v2, u0 * v1 - u1 * v0
        area = np.sqrt(n0 * n0 + n1 * n1 + n2 * n2) / 6.0
        for corner in range(3):
            vertex = faces[face, corner]
            normals[vertex, 0] += n0
            normals[vertex, 1] += n1
            normals[vertex, 2] += n2
            areas[vertex] += area
    for vertex in range(len(vertices)):
        length = np.sqrt(
            normals[vertex, 0] ** 2 + normals[vertex, 1] ** 2 + normals[vertex, 2] ** 2
        )
        if length > 0.0:
            normals[vertex] /= length
    return normals, areas


@njit(nogil=True, cache=True)
def _bulges(vertices: Floats, faces: Faces, normals: Floats) -> Floats:
    """How far each vertex stands out of the mean of its neighbours."""
    bulges = np.zeros(len(vertices), np.float64)
    counts = np.zeros(len(vertices), np.int32)
    for face in range(len(faces)):
        for corner in range(3):
            here, there = faces[face, corner], faces[face, (corner + 1) % 3]
            for axis in range(3):
                bulges[here] += (
                    np.float64(vertices[here, axis]) - vertices[there, axis]
                ) * normals[here, axis]
            counts[here] += 1
    for vertex in range(len(vertices)):
        bulges[vertex] /= max(counts[vertex], 1)
    return bulges


@njit(nogil=True, cache=True)
def _averaged(values: Floats, faces: Faces) -> Floats:
    """Halfway to the mean of the neighbours' values, some times over."""
    counts = np.zeros(len(values), np.int32)
    for face in range(len(faces)):
        for corner in range(3):
            counts[faces[face, corner]] += 1
    for _ in range(_ROUNDS_OF_AVERAGING):
        sums = np.zeros(len(values), np.float64)
        for face in range(len(faces)):
            for corner in range(3):
                sums[faces[face, corner]] += values[faces[face, (corner + 1) % 3]]
        for vertex in range(len(values)):
            values[vertex] = 0.5 * (values[vertex] + sums[vertex] / max(counts[vertex], 1))
    return values
