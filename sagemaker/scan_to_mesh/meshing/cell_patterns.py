"""What the corners of a cell, and of a block's face, say about the surface that passes through.

A *cell* is the cube between eight neighbouring voxel centres; a *block* is two by two by two cells,
so that it has 27 voxels at its corners, edges, faces and in its middle. A voxel is inside or
outside; the surface crosses every lattice edge between an inside and an outside voxel.

Corner ``4 x + 2 y' + z'`` of a cell has the offsets ``(z, y, x)`` along the array's axes, where
the last axis is the highest bit, then the first, then the second. Edges are numbered
``4 axis + 2 a + b`` with the offsets ``a`` and ``b`` along the two other axes, in order.
"""

from itertools import product

import numpy as np
import numpy.typing as npt

Offset = tuple[int, int, int]


def _corner(offset: Offset) -> int:
    first, second, third = offset
    return 4 * third + 2 * first + second


def _edges() -> list[tuple[Offset, int]]:
    """Low end and axis of each of the twelve edges."""
    edges = []
    for axis, a, b in product(range(3), (0, 1), (0, 1)):
        low = [a, b]
        low.insert(axis, 0)
        edges.append(((low[0], low[1], low[2]), axis))
    return edges


def _faces() -> list[list[Offset]]:
    """Corners of each of the six faces, in the order around it."""
    faces = []
    for axis, side in product(range(3), (0, 1)):
        ring = []
        for a, b in ((0, 0), (0, 1), (1, 1), (1, 0)):
            corner = [a, b]
            corner.insert(axis, side)
            ring.append((corner[0], corner[1], corner[2]))
        faces.append(ring)
    return faces


_EDGES = _edges()
_FACES = _faces()


def _ends(edge: int) -> tuple[Offset, Offset]:
    low, axis = _EDGES[edge]
    high = list(low)
    high[axis] = 1
    return low, (high[0], high[1], high[2])


_EDGE_BETWEEN = {frozenset(_ends(edge)): edge for edge in range(12)}


def _is_inside(case: int, corner: Offset) -> bool:
    return bool(case >> _corner(corner) & 1)


def _sheets_of(case: int) -> list[set[int]]:
    """Edges that each sheet of the surface crosses within a cell.

    On a face with inside corners on one diagonal only, the sheets part the inside corners: inside
    voxels are connected through faces, not through edges and corners.
    """
    crossed = [e for e in range(12) if len({_is_inside(case, end) for end in _ends(e)}) == 2]
    sheet_of = {edge: {edge} for edge in crossed}

    def join(one: int, other: int) -> None:
        joined = sheet_of[one] | sheet_of[other]
        for edge in joined:
            sheet_of[edge] = joined

    for ring in _FACES:
        around = [_EDGE_BETWEEN[frozenset((ring[k], ring[(k + 1) % 4]))] for k in range(4)]
        changes = [edge for edge in around if edge in sheet_of]
        if len(changes) == 2:
            join(changes[0], changes[1])
        elif len(changes) == 4:
            for k in range(4):
                if _is_inside(case, ring[k]):
                    join(around[k - 1], around[k])
    sheets: list[set[int]] = []
    for edge in crossed:
        if sheet_of[edge] not in sheets:
            sheets.append(sheet_of[edge])
    return sheets


def _tabulate_cells() -> tuple[
    npt.NDArray[np.uint8], npt.NDArray[np.int8], npt.NDArray[np.float32]
]:
    count = np.zeros(256, np.uint8)
    sheet_of_edge = np.full((256, 12), -1, np.int8)
    middle = np.zeros((256, 4, 3), np.float32)
    for case in range(256):
        sheets = _sheets_of(case)
        count[case] = len(sheets)
        for sheet, edges in enumerate(sheets):
            sheet_of_edge[case, list(edges)] = sheet
            middle[case, sheet] = np.mean([np.mean(_ends(e), axis=0) for e in edges], axis=0)
    return count, sheet_of_edge, middle


SHEETS, SHEET_OF_EDGE, SHEET_MIDDLE = _tabulate_cells()
"""By a cell's case (bit = corner): how many sheets pass through it, the sheet that crosses each
edge (-1 for none), and the mean of the crossed edges' middles, along the array's axes."""


def _tabulate_faces() -> tuple[
    npt.NDArray[np.bool_], npt.NDArray[np.uint8], npt.NDArray[np.bool_], npt.NDArray[np.uint8]
]:
    one_line = np.zeros(512, np.bool_)
    mixed = np.zeros(512, np.uint8)
    ambiguous = np.zeros(512, np.bool_)
    columns = np.zeros((512, 3), np.uint8)
    for pattern in range(512):
        inside = np.array([pattern >> bit & 1 for bit in range(9)]).reshape(3, 3)
        quarters = [inside[i : i + 2, j : j + 2] for i, j in product((0, 1), (0, 1))]
        ambiguous[pattern] = any(q.sum() == 2 and q[0, 0] == q[1, 1] for q in quarters)
        mixed[pattern] = sum(0 < q.sum() < 4 for q in quarters)
        links = sum(int(inside[at] != inside[1, 1]) for at in ((0, 1), (1, 0), (1, 2), (2, 1)))
        borders = (inside[0], inside[2], inside[:, 0], inside[:, 2])
        one_line[pattern] = (
            not ambiguous[pattern]
            and max(np.count_nonzero(np.diff(border)) for border in borders) <= 1
            and mixed[pattern] - links in ((0, 1) if mixed[pattern] == 0 else (1,))
        )
        columns[pattern] = inside[0] | inside[1] << 1 | inside[2] << 2
    return one_line, mixed, ambiguous, columns


ONE_LINE, MIXED_QUARTERS, IS_AMBIGUOUS, COLUMNS = _tabulate_faces()
"""By the nine voxels of a block's face (bit ``3 row + column``): whether the surface crosses it in
one open line at most, and each of its borders once at most; how many of the four cells' faces it
crosses; whether a cell's face has its inside corners on one diagonal only; and the bits of each
column, from the first row."""


def _tabulate_quarters() -> npt.NDArray[np.uint8]:
    table = np.zeros((512, 4), np.uint8)
    for pattern, i, j in product(range(512), (0, 1), (0, 1)):
        for a, b in product((0, 1), (0, 1)):
            table[pattern, 2 * i + j] |= (pattern >> (3 * (i + a) + j + b) & 1) << (2 * a + b)
    return table


QUARTERS = _tabulate_quarters()
"""By the nine voxels of a plane of a block: four bits for each of its four cells."""
