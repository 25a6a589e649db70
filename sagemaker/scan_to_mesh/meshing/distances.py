"""How far points lie from a triangle surface: exact, and fast near it.

A point searches the cells of a grid around it ring by ring until no cell further out can hold
anything nearer. Points that are not done within a few rings go on in a coarser grid, so that far
points cross emptiness in large steps.
"""

from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numba.extending import register_jitable

from scan_to_mesh.meshing.triangle_grid import (
    SMALLEST_GRID_CELLS,
    Float64,
    Grid,
    Int64,
    Point,
    Triangles,
    at,
    cell_along,
    cross,
    dot,
    minus,
    sort_into_grid,
)

_COARSER = 4.0
_RINGS = 2
# A normal so short, measured by the square of the longest edge, is all rounding.
_NO_NORMAL = 1e-10


def surface_distances_mm(
    points_mm: npt.NDArray[np.floating[Any]],
    vertices_mm: npt.NDArray[np.floating[Any]],
    faces: npt.NDArray[np.integer[Any]],
) -> npt.NDArray[np.float32]:
    """Distance of every point to the nearest point of a triangle surface.

    Parameters
    ----------
    points_mm : ndarray of float, shape (N, 3)
        Fastest where neighbours in the array are neighbours in space.
    vertices_mm : ndarray of float, shape (V, 3)
        In the frame of the points.
    faces : ndarray of int, shape (M, 3)
        At least one. Triangles may be degenerate: they count as the segments or points that they
        are.

    Returns
    -------
    ndarray of float32, shape (N,)
        Without sign; exact but for the rounding of double precision, and of the result.

    Raises
    ------
    ValueError
        If there is no triangle, or a coordinate is not finite.

    Notes
    -----
    Compiled code without the GIL. Takes up to 150 bytes a triangle and 50 a point while it runs.
    """
    if len(faces) == 0:
        raise ValueError("no distance to a surface without triangles")
    if not (np.isfinite(points_mm).all() and np.isfinite(vertices_mm).all()):
        raise ValueError("a coordinate is not finite")
    # From the surface itself: rounding does not grow with the distance to the world's origin.
    origin_mm = vertices_mm[faces[0, 0]].astype(np.float64)
    points = np.ascontiguousarray(points_mm - origin_mm)
    triangles = Triangles(
        np.ascontiguousarray(vertices_mm - origin_mm), np.ascontiguousarray(faces, np.int32)
    )
    squared = np.full(len(points), np.inf)
    pending = np.arange(len(points))
    cell_mm = None
    while len(pending):
        grid = sort_into_grid(triangles, cell_mm)
        cell_mm = _COARSER * grid.cell_mm
        is_coarsest = len(grid.starts) <= SMALLEST_GRID_CELLS + 1
        rings = int(grid.shape.max()) if is_coarsest else _RINGS
        pending = _search(points, pending, triangles, grid, rings, squared)
    distances: npt.NDArray[np.float32] = np.sqrt(squared).astype(np.float32)
    return distances


# Divisors are checked where they may be 0, and fused operations round less, not more.
@numba.njit(nogil=True, cache=True, error_model="numpy", fastmath={"contract", "nsz"})
def _search(  # noqa: PLR0913, PLR0917 - its arguments are the state that it works on
    points: Float64,
    pending: Int64,
    triangles: Triangles,
    grid: Grid,
    rings: int,
    squared: Float64,
) -> Int64:
    """Lower ``squared`` for the pending points, and return those that need more rings."""
    unfinished = np.empty(len(pending), np.int64)
    count = 0
    for number in pending:
        point = at(points, number)
        best = squared[number]
        ring = 0
        done = False
        while not done and ring <= rings:
            best = _nearest_in_ring(point, triangles, grid, ring, best)
            done = _beyond_ring(point, grid, ring) >= best
            ring += 1
        squared[number] = best
        if not done:
            unfinished[count] = number
            count += 1
    return unfinished[:count].copy()


@register_jitable
def _nearest_in_ring(
    point: Point, triangles: Triangles, grid: Grid, ring: int, best: float
) -> float:
    """Squared distance to the nearest triangle of the cells exactly ``ring`` cells away."""
    at_i, at_j, at_k = (
        cell_along(grid, 0, point[0]),
        cell_along(grid, 1, point[1]),
        cell_along(grid, 2, point[2]),
    )
    for i in range(max(at_i - ring, 0), min(at_i + ring + 1, grid.shape[0])):
        to_i = _squared_gap(point, grid, 0, i)
        if to_i >= best:
            continue
        for j in range(max(at_j - ring, 0), min(at_j + ring + 1, grid.shape[1])):
            to_j = to_i + _squared_gap(point, grid, 1, j)
            if to_j >= best:
                continue
            # Within the ring's faces only their two ends belong to it.
            is_whole = ring == 0 or abs(i - at_i) == ring or abs(j - at_j) == ring
            for k in range(at_k - ring, at_k + ring + 1, 1 if is_whole else 2 * ring):
                if 0 <= k < grid.shape[2] and to_j + _squared_gap(point, grid, 2, k) < best:
                    cell = (i * grid.shape[1] + j) * grid.shape[2] + k
                    best = _nearest_in_cell(point, triangles, grid, cell, best)
    return best


@register_jitable
def _squared_gap(point: Point, grid: Grid, axis: int, layer: int) -> float:
    """Squared distance along one axis to a layer of cells; 0 inside it."""
    start = float(grid.low[axis]) + layer * grid.cell_mm
    gap = max(start - point[axis], point[axis] - start - grid.cell_mm, 0.0)
    return gap * gap


@register_jitable
def _beyond_ring(point: Point, grid: Grid, ring: int) -> float:
    """Least squared distance to any cell beyond a ring; infinite where there are none.

    To everything in the grid's box, a point outside has at least as far as to its nearest point of
    the box and from there on, by Pythagoras: the angle between the two is never acute.
    """
    to_grid, along_grid = 0.0, np.inf
    for axis in range(3):
        low = grid.low[axis]
        inside = min(max(point[axis], low), low + grid.shape[axis] * grid.cell_mm)
        to_grid += (point[axis] - inside) ** 2
        layer = cell_along(grid, axis, point[axis])
        if layer - ring > 0:
            along_grid = min(along_grid, inside - low - (layer - ring) * grid.cell_mm)
        if layer + ring < grid.shape[axis] - 1:
            along_grid = min(along_grid, low + (layer + ring + 1) * grid.cell_mm - inside)
    return float(to_grid + max(along_grid, 0.0) ** 2)


@register_jitable
def _nearest_in_cell(
    point: Point, triangles: Triangles, grid: Grid, cell: int, best: float
) -> float:
    for entry in range(grid.starts[cell], grid.starts[cell + 1]):
        face = grid.entries[entry]
        a = at(triangles.vertices, triangles.faces[face, 0])
        b = at(triangles.vertices, triangles.faces[face, 1])
        c = at(triangles.vertices, triangles.faces[face, 2])
        # The box around it rules most triangles of a cell out.
        outside = 0.0
        for axis in range(3):
            below = min(a[axis], b[axis], c[axis]) - point[axis]
            above = point[axis] - max(a[axis], b[axis], c[axis])
            outside += max(below, above, 0.0) ** 2
        if outside < best:
            best = min(best, _squared_to_triangle(point, a, b, c))
    return best


@register_jitable
def _squared_to_triangle(point: Point, a: Point, b: Point, c: Point) -> float:
    """Squared distance of a point to a triangle: to its plane above the inside, else to an edge."""
    u, v, w = minus(b, a), minus(c, a), minus(point, a)
    normal = cross(u, v)
    squared_normal = dot(normal, normal)
    longest = max(dot(u, u), dot(v, v))
    if squared_normal > (_NO_NORMAL * longest) ** 2:
        # Barycentric coordinates of the foot of the perpendicular, times the squared normal.
        to_b, to_c = dot(cross(w, v), normal), dot(cross(u, w), normal)
        if to_b >= 0.0 and to_c >= 0.0 and to_b + to_c <= squared_normal:
            return dot(w, normal) ** 2 / squared_normal
    return min(
        _squared_to_segment(w, u),
        _squared_to_segment(w, v),
        _squared_to_segment(minus(point, b), minus(c, b)),
    )


@register_jitable
def _squared_to_segment(point: Point, end: Point) -> float:
    """Squared distance of a point to the segment from the origin to ``end``."""
    length = dot(end, end)
    share = min(max(dot(point, end) / length, 0.0), 1.0) if length > 0.0 else 0.0
    off = point[0] - share * end[0], point[1] - share * end[1], point[2] - share * end[2]
    return dot(off, off)
