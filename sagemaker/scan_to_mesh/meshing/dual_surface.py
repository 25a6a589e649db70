"""The boundary of a mask as a surface with a vertex in each cell that it passes through.

Quadrilaterals around the lattice edges that the boundary crosses, with their corners in the cells
around each edge: a dual surface, after Gibson 1998 (Constrained elastic surface nets,
doi:10.1007/BFb0056277), with a vertex for each sheet in a cell as in Nielson 2004 (Dual marching
cubes, doi:10.1109/VISUAL.2004.28), so that it is a manifold but for the rare pair of cells whose
common face both resolve alike.

Where the boundary is even, a quarter of the vertices is enough. Eight cells in a block may share
one vertex if what passes through them is one disc whose border crosses each face of the block along
one open line and each edge of the block once: then the coarser surface has the topology of the
finer one (after Schaefer, Ju and Warren 2007, Manifold dual contouring,
doi:10.1109/TVCG.2007.1012). Which blocks may is found here; which do, is for
:mod:`scan_to_mesh.meshing.block_merging` to say. Where blocks begin is a matter of the grid, not of
the mask: neighbouring structures have those of their common boundary in common.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from scan_to_mesh.meshing.cell_patterns import (
    COLUMNS,
    IS_AMBIGUOUS,
    MIXED_QUARTERS,
    ONE_LINE,
    QUARTERS,
    SHEET_MIDDLE,
    SHEET_OF_EDGE,
    SHEETS,
)

Array = npt.NDArray[Any]

SINGLE_CELL = 1 << 27
"""Set in the pattern of a vertex that stands for one cell instead of a block."""
SEVERAL_SHEETS = -1
"""Instead of the pattern, where a cell has more sheets than one."""

_FIRST_CAPACITY = 4096


@dataclass(frozen=True, eq=False)
class Blocks:
    """Two by two by two cells each that may share one vertex.

    Attributes
    ----------
    of_vertices : ndarray of int32, shape (N,)
        The block of each vertex of the surface, or -1.
    corners_index : ndarray of int32, shape (B, 3)
        First voxel.
    patterns : ndarray of int32, shape (B,)
        Voxels that are inside: bit ``9 k + 3 i + j`` for the offset ``(i, j, k)``.
    """

    of_vertices: npt.NDArray[np.int32]
    corners_index: npt.NDArray[np.int32]
    patterns: npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class DualSurface:
    """Quadrilaterals around a mask, in index coordinates of the array.

    Attributes
    ----------
    vertices_index : ndarray of float32, shape (N, 3)
    corners_index : ndarray of int32, shape (N, 3)
        First voxel of the cell or block that a vertex stands for.
    patterns : ndarray of int32, shape (N,)
        Voxels of the block that are inside, as in :class:`Blocks`. Of a single cell likewise, with
        ``SINGLE_CELL`` set; or ``SEVERAL_SHEETS``.
    quads : ndarray of int32, shape (M, 4)
        Counter-clockwise from outside where the reversed axes are right-handed; one corner occurs
        twice in a row where blocks meet cells.
    pins : ndarray of uint8, shape (N,)
        Which borders of the image a vertex is on; see :mod:`scan_to_mesh.meshing.image_border`.
    """

    vertices_index: npt.NDArray[np.float32]
    corners_index: npt.NDArray[np.int32]
    patterns: npt.NDArray[np.int32]
    quads: npt.NDArray[np.int32]
    pins: npt.NDArray[np.uint8]

    def voxels_corners_index(self) -> npt.NDArray[np.float32]:
        """Where vertices of the voxels' own surface are, shape (N, 3): in the middle of each cell.

        Of cells with several sheets, which share a corner of voxels, where each sheet's vertex is.
        """
        corners: npt.NDArray[np.float32] = self.corners_index + np.float32(0.5)
        several = self.patterns == SEVERAL_SHEETS
        corners[several] = self.vertices_index[several]
        return corners


def dual_surface(mask: npt.NDArray[np.uint8]) -> tuple[DualSurface, Blocks]:
    """Closed surface around a mask, with a vertex in every cell, and what blocks it has.

    Parameters
    ----------
    mask : ndarray of uint8, shape (2 I + 1, 2 J + 1, 2 K + 1)
        0 or 1; 0 all around. Blocks begin at even indices.

    Returns
    -------
    DualSurface
        As many quadrilaterals as the boundary crosses lattice edges.
    Blocks
    """
    vertices_index, corners_index, patterns, of_vertices, quads, *blocks = _dual_surface(mask)
    return (
        DualSurface(
            vertices_index, corners_index, patterns, quads, np.zeros(len(patterns), np.uint8)
        ),
        Blocks(of_vertices, *blocks),
    )


@njit(inline="always")
def _columns(p0: int, p1: int, p2: int, column: int) -> int:
    return int(COLUMNS[p0, column] | COLUMNS[p1, column] << 3 | COLUMNS[p2, column] << 6)


@njit(inline="always")
def _rows(p0: int, p1: int, p2: int, row: int) -> int:
    return p0 >> 3 * row & 7 | (p1 >> 3 * row & 7) << 3 | (p2 >> 3 * row & 7) << 6


@njit(inline="always")
def _faces_both_ways(p0: int, p1: int, p2: int, shift: int, mask: int) -> bool:
    """Whether the boundary faces both ways along an axis within the planes."""
    q0, q1, q2 = p0 >> shift, p1 >> shift, p2 >> shift
    falls = (p0 & ~q0 | p1 & ~q1 | p2 & ~q2) & mask
    rises = (~p0 & q0 | ~p1 & q1 | ~p2 & q2) & mask
    return falls != 0 and rises != 0


@njit(inline="always")
def _is_one_disc(p0: int, p1: int, p2: int, cases: Array) -> bool:
    """Whether one disc passes through a block, in a way that its neighbours can rely on.

    By Euler's characteristic of the patch: cells minus the faces between them minus the edges
    around the middle voxel. With one open line at most on each face of the block there are not
    faces enough for the borders of anything else whose characteristic is one.
    """
    if not (
        ONE_LINE[p0]
        and ONE_LINE[p2]
        and ONE_LINE[_rows(p0, p1, p2, 0)]
        and ONE_LINE[_rows(p0, p1, p2, 2)]
        and ONE_LINE[_columns(p0, p1, p2, 0)]
        and ONE_LINE[_columns(p0, p1, p2, 2)]
    ):
        return False
    middle_rows = _rows(p0, p1, p2, 1)
    middle_columns = _columns(p0, p1, p2, 1)
    if IS_AMBIGUOUS[p1] or IS_AMBIGUOUS[middle_rows] or IS_AMBIGUOUS[middle_columns]:
        return False
    cells = 0
    for cell in range(8):
        case = cases[cell]
        if case != 0 and case != 255:
            if SHEETS[case] != 1:
                return False
            cells += 1
    middle = p1 >> 4 & 1
    around = (
        ((p0 >> 4 & 1) != middle)
        + ((p2 >> 4 & 1) != middle)
        + ((p1 >> 3 & 1) != middle)
        + ((p1 >> 5 & 1) != middle)
        + ((p1 >> 1 & 1) != middle)
        + ((p1 >> 7 & 1) != middle)
    )
    between = MIXED_QUARTERS[p1] + MIXED_QUARTERS[middle_rows] + MIXED_QUARTERS[middle_columns]
    return bool(cells - between + around == 1)


@njit(inline="always")
def _faces_one_way(p0: int, p1: int, p2: int) -> bool:
    """Whether the boundary faces one way along each axis; ridges and thin sheets face both."""
    if (p0 & ~p1 | p1 & ~p2) != 0 and (~p0 & p1 | ~p1 & p2) != 0:
        return False
    if _faces_both_ways(p0, p1, p2, 1, 0b011011011):
        return False
    return not _faces_both_ways(p0, p1, p2, 3, 0b000111111)


@njit(nogil=True, cache=True)
def _grown(array: Array) -> Array:
    grown = np.empty((2 * array.shape[0], array.shape[1]), array.dtype)
    grown[: array.shape[0]] = array
    return grown


@njit(inline="always")
def _vertex_at(first: Array, cases: Array, cell: tuple[int, int, int], edge: int) -> int:
    """The vertex of a cell whose sheet crosses an edge."""
    return int(first[cell] + SHEET_OF_EDGE[cases[cell], edge])


@njit(inline="always")
def _set_quad(quads: Array, at: int, ring: tuple[int, int, int, int], forth: bool) -> None:
    a, b, c, d = ring
    quads[at, 0] = a if forth else d
    quads[at, 1] = b if forth else c
    quads[at, 2] = c if forth else b
    quads[at, 3] = d if forth else a


@njit(nogil=True, cache=True)
def _dual_surface(mask: Array) -> tuple[Array, Array, Array, Array, Array, Array, Array]:
    rows, width = mask.shape[1] - 1, mask.shape[2] - 1
    vertices = np.empty((_FIRST_CAPACITY, 3), np.float32)
    corners = np.empty((_FIRST_CAPACITY, 3), np.int32)
    patterns = np.empty((_FIRST_CAPACITY, 2), np.int32)  # and blocks
    quads = np.empty((_FIRST_CAPACITY, 4), np.int32)
    block_corners = np.empty((_FIRST_CAPACITY, 3), np.int32)
    block_patterns = np.empty((_FIRST_CAPACITY, 1), np.int32)
    vertex_count = quad_count = block_count = 0
    # Cells of the plane before a layer of blocks, and of its own two planes.
    first = np.zeros((3, rows, width), np.int32)
    cases = np.zeros((3, rows, width), np.uint8)
    crossed = np.empty((rows * width // 4, 2), np.int32)
    column_bits = np.zeros(width + 1, np.uint16)
    block = np.zeros(8, np.uint8)
    for z in range(0, mask.shape[0] - 1, 2):
        crossed_count = 0
        for y in range(0, rows, 2):
            _read_columns(mask, z, y, column_bits)
            cases[1:, y : y + 2, :] = 0
            for x in range(0, width, 2):
                p0 = int(column_bits[x])
                p1 = int(column_bits[x + 1])
                p2 = int(column_bits[x + 2])
                if p0 == p1 and p1 == p2 and (p0 == 0 or p0 == 511):
                    continue
                crossed[crossed_count, 0], crossed[crossed_count, 1] = y, x
                crossed_count += 1
                for cell in range(8):
                    before, after = (p0, p1) if cell & 1 == 0 else (p1, p2)
                    case = QUARTERS[before, cell >> 1] | QUARTERS[after, cell >> 1] << 4
                    block[cell] = case
                    cases[1 + (cell >> 2), y + (cell >> 1 & 1), x + (cell & 1)] = case
                if vertex_count + 32 > len(vertices):
                    vertices, corners = _grown(vertices), _grown(corners)
                    patterns = _grown(patterns)
                of_block = -1
                if _faces_one_way(p0, p1, p2) and _is_one_disc(p0, p1, p2, block):
                    if block_count == len(block_corners):
                        block_corners = _grown(block_corners)
                        block_patterns = _grown(block_patterns)
                    block_corners[block_count, 0], block_corners[block_count, 1] = z, y
                    block_corners[block_count, 2] = x
                    block_patterns[block_count, 0] = p0 | p1 << 9 | p2 << 18
                    of_block = block_count
                    block_count += 1
                for cell in range(8):
                    case = block[cell]
                    if case == 0 or case == 255:
                        continue
                    i, j, k = z + (cell >> 2), y + (cell >> 1 & 1), x + (cell & 1)
                    first[1 + (cell >> 2), j, k] = vertex_count
                    low = np.int64(case & 3 | (case >> 2 & 3) << 3)
                    high = np.int64(case >> 4 & 3 | (case >> 6) << 3)
                    for sheet in range(SHEETS[case]):
                        vertices[vertex_count, 0] = i + SHEET_MIDDLE[case, sheet, 0]
                        vertices[vertex_count, 1] = j + SHEET_MIDDLE[case, sheet, 1]
                        vertices[vertex_count, 2] = k + SHEET_MIDDLE[case, sheet, 2]
                        corners[vertex_count, 0], corners[vertex_count, 1] = i, j
                        corners[vertex_count, 2] = k
                        patterns[vertex_count, 0] = (
                            low | high << 9 | SINGLE_CELL if SHEETS[case] == 1 else SEVERAL_SHEETS
                        )
                        patterns[vertex_count, 1] = of_block
                        vertex_count += 1
        for number in range(crossed_count):
            if quad_count + 24 > len(quads):
                quads = _grown(quads)
            for cell in range(8):
                plane = 1 + (cell >> 2)
                y = crossed[number, 0] + (cell >> 1 & 1)
                x = crossed[number, 1] + (cell & 1)
                case = cases[plane, y, x]
                if case == 0 or case == 255:
                    continue
                inside = case & 1
                # Edges from the cell's first corner, each with the four cells around it.
                if case >> 4 & 1 != inside:
                    _set_quad(
                        quads,
                        quad_count,
                        (
                            _vertex_at(first, cases, (plane - 1, y - 1, x), 11),
                            _vertex_at(first, cases, (plane - 1, y, x), 10),
                            _vertex_at(first, cases, (plane, y, x), 8),
                            _vertex_at(first, cases, (plane, y - 1, x), 9),
                        ),
                        inside == 1,
                    )
                    quad_count += 1
                if case >> 1 & 1 != inside:
                    _set_quad(
                        quads,
                        quad_count,
                        (
                            _vertex_at(first, cases, (plane - 1, y, x - 1), 7),
                            _vertex_at(first, cases, (plane - 1, y, x), 6),
                            _vertex_at(first, cases, (plane, y, x), 4),
                            _vertex_at(first, cases, (plane, y, x - 1), 5),
                        ),
                        inside == 0,
                    )
                    quad_count += 1
                if case >> 2 & 1 != inside:
                    _set_quad(
                        quads,
                        quad_count,
                        (
                            _vertex_at(first, cases, (plane, y - 1, x - 1), 3),
                            _vertex_at(first, cases, (plane, y - 1, x), 2),
                            _vertex_at(first, cases, (plane, y, x), 0),
                            _vertex_at(first, cases, (plane, y, x - 1), 1),
                        ),
                        inside == 1,
                    )
                    quad_count += 1
        first[0], cases[0] = first[2], cases[2]
    return (
        vertices[:vertex_count].copy(),
        corners[:vertex_count].copy(),
        patterns[:vertex_count, 0].copy(),
        patterns[:vertex_count, 1].copy(),
        quads[:quad_count].copy(),
        block_corners[:block_count].copy(),
        block_patterns[:block_count, 0].copy(),
    )


@njit(nogil=True, cache=True)
def _read_columns(mask: Array, z: int, y: int, column_bits: Array) -> None:
    """Nine voxels at each index of the last axis, bit ``3 i + j``."""
    column_bits[:] = 0
    for i in range(3):
        for j in range(3):
            row = mask[z + i, y + j]
            shift = np.uint16(3 * i + j)
            for x in range(len(column_bits)):
                column_bits[x] |= np.uint16(row[x]) << shift
