"""The triangles of a surface, sorted into the cells of a uniform grid."""

import math
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt
from numba.extending import register_jitable

SMALLEST_GRID_CELLS = 64
"""A grid of so few cells is not worth a coarser one."""

# Finer than the triangles, a grid repeats each of them in many cells; coarser, a cell holds many.
_CELLS_PER_TRIANGLE = 4
# A few huge triangles among small ones may fill many cells: then the cells grow.
_MOST_ENTRIES_PER_TRIANGLE = 16
_CELL_GROWTH = 2.0 ** (1 / 3)  # doubles the volume

Point = tuple[float, float, float]
Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]
Int32 = npt.NDArray[np.int32]


class Triangles(NamedTuple):
    """Vertices in mm, shape (V, 3), and faces, shape (M, 3)."""

    vertices: Float64
    faces: Int32


class Grid(NamedTuple):
    """Cubic cells, and which triangles each may touch.

    Attributes
    ----------
    low : ndarray of float64, shape (3,)
        Corner of the first cell, in mm.
    cell_mm : float
    shape : ndarray of int64, shape (3,)
        Cells along each axis; the last axis varies fastest.
    starts : ndarray of int32, shape (cells + 1,)
        Where each cell's part of ``entries`` begins.
    entries : ndarray of int32
        Face numbers.
    """

    low: Float64
    cell_mm: float
    shape: Int64
    starts: Int32
    entries: Int32


def sort_into_grid(triangles: Triangles, smallest_cell_mm: float | None = None) -> Grid:
    """Make a grid around a surface.

    Parameters
    ----------
    triangles : Triangles
        At least one, of finite coordinates. Degenerate ones are welcome.
    smallest_cell_mm : float, optional
        The triangles' mean size when left out.

    Returns
    -------
    Grid
        Of larger cells where it would take more than a bounded share of memory a triangle.
    """
    low, high, mean_size_mm = _bounds(triangles)
    cell_mm = mean_size_mm if smallest_cell_mm is None else smallest_cell_mm
    count = len(triangles.faces)
    most_cells = max(SMALLEST_GRID_CELLS, _CELLS_PER_TRIANGLE * count)
    most_entries = _MOST_ENTRIES_PER_TRIANGLE * (count + SMALLEST_GRID_CELLS)
    while True:
        # As floats first: cells may be so small that their number fits no integer.
        along_axes = np.floor((high - low) / cell_mm) + 1.0
        if along_axes.prod() <= most_cells:
            shape = along_axes.astype(np.int64)
            starts = np.zeros(int(shape.prod()) + 1, np.int32)
            # With no list to write into yet, the cursors become the cells' numbers of triangles.
            grid = Grid(low, cell_mm, shape, starts, np.empty(0, np.int32))
            total = _visit_cells(triangles, grid, starts[1:])
            if total <= most_entries:
                break
        cell_mm *= _CELL_GROWTH
    np.cumsum(starts, out=starts)
    grid = grid._replace(entries=np.empty(total, np.int32))
    _visit_cells(triangles, grid, starts[:-1].copy())
    return grid


@register_jitable
def at(points: Float64, index: int) -> Point:
    """One row as a tuple, which compiled code keeps in registers."""
    return points[index, 0], points[index, 1], points[index, 2]


@register_jitable
def minus(a: Point, b: Point) -> Point:
    """Vector from b to a."""
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


@register_jitable
def dot(a: Point, b: Point) -> float:
    """Scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@register_jitable
def cross(a: Point, b: Point) -> Point:
    """Vector product."""
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


@register_jitable
def cell_along(grid: Grid, axis: int, along_mm: float) -> int:
    """Index of the layer of cells that a coordinate lies in, or nearest to."""
    layer = math.floor((along_mm - float(grid.low[axis])) / grid.cell_mm)
    return min(max(layer, 0), int(grid.shape[axis]) - 1)


@numba.njit(nogil=True, cache=True)
def _bounds(triangles: Triangles) -> tuple[Float64, Float64, float]:
    """Box around the triangles, and the mean size of a triangle's own box along its longest axis.

    Where every triangle is a point, they count as 1 mm large.
    """
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    sizes = 0.0
    for face in triangles.faces:
        size = 0.0
        for axis in range(3):
            a = triangles.vertices[face[0], axis]
            b = triangles.vertices[face[1], axis]
            c = triangles.vertices[face[2], axis]
            least, most = min(a, b, c), max(a, b, c)
            low[axis], high[axis] = min(low[axis], least), max(high[axis], most)
            size = max(size, most - least)
        sizes += size
    mean = sizes / len(triangles.faces)
    return low, high, mean if mean > 0.0 else 1.0


@numba.njit(nogil=True, cache=True)
def _visit_cells(triangles: Triangles, grid: Grid, cursors: Int32) -> int:
    """Move the cursor of each cell by one for each of its triangles, and return how many in all.

    Where the grid has entries, a triangle's number is written at the cursor first. A triangle
    belongs to the cells that meet both its box and its plane: all that it touches, and some more.
    """
    first, last = np.empty(3, np.int64), np.empty(3, np.int64)
    writes = len(grid.entries) > 0
    total = 0
    for number, face in enumerate(triangles.faces):
        a, b, c = (
            at(triangles.vertices, face[0]),
            at(triangles.vertices, face[1]),
            at(triangles.vertices, face[2]),
        )
        for axis in range(3):
            first[axis] = cell_along(grid, axis, min(a[axis], b[axis], c[axis]))
            last[axis] = cell_along(grid, axis, max(a[axis], b[axis], c[axis]))
        normal = cross(minus(b, a), minus(c, a))
        half = 0.5 * grid.cell_mm
        # Half of a cell along the normal, and a little for rounding.
        reach = half * (abs(normal[0]) + abs(normal[1]) + abs(normal[2])) * (1.0 + 1e-6)
        for i in range(first[0], last[0] + 1):
            x = normal[0] * (grid.low[0] + i * grid.cell_mm + half - a[0])
            for j in range(first[1], last[1] + 1):
                y = x + normal[1] * (grid.low[1] + j * grid.cell_mm + half - a[1])
                for k in range(first[2], last[2] + 1):
                    z = y + normal[2] * (grid.low[2] + k * grid.cell_mm + half - a[2])
                    if abs(z) <= reach:
                        cell = (i * grid.shape[1] + j) * grid.shape[2] + k
                        if writes:
                            grid.entries[cursors[cell]] = number
                        cursors[cell] += 1
                        total += 1
    return total
