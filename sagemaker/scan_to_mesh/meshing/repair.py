"""Undo what edge collapses do to a closed surface now and then: fins, pinches and bow-ties.

Two triangles back to back on the same three corners (a fin) enclose nothing: they go. Where four
or more triangles meet at one edge (a pinch), the surface touches itself there: the sheets get an
edge each. Where fans of triangles meet at nothing but their tip (a bow-tie), each gets its own tip.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from scan_to_mesh.meshing.pieces import root_of
from scan_to_mesh.meshing.surface import Surface

_MOST_PASSES = 12

Vertices = npt.NDArray[np.floating[Any]]
Faces = npt.NDArray[np.int32]
_Face = tuple[int, int, int]


def repaired(surface: Surface) -> Surface:
    """Make a closed and consistently wound surface edge-manifold.

    Parameters
    ----------
    surface : Surface
        Every edge is run along as often in one direction as in the other.

    Returns
    -------
    Surface
        The same shape without fins; at pinches a few triangles are halved, and every vertex is
        the tip of one fan of triangles. Vertices that no triangle uses are gone. Where a pinch
        resists, it is still there: check with
        :func:`scan_to_mesh.meshing.topology.is_watertight`.
    """
    vertices_ras_mm, faces = surface
    for _ in range(_MOST_PASSES):
        faces = without_fins(faces)
        pinches = list(_pinched_edges(faces))
        if not pinches:
            break
        vertices_ras_mm, faces = _part_sheets(vertices_ras_mm, faces, pinches)
    return _with_a_tip_per_fan(vertices_ras_mm, faces)


def without_fins(faces: Faces) -> Faces:
    """Drop pairs of triangles that have the same corners in opposite order: they enclose nothing.

    What most places amount to where edge collapses let a surface touch itself.
    """
    return _without_fins(faces)


def spoiled_vertices(faces: Faces) -> npt.NDArray[np.int64]:
    """Ends of pinched edges or, where there are none, tips of bow-ties."""
    pinched = _uses_of_pinched_edges(faces)
    if len(pinched):
        return np.unique(pinched[:, :2])
    tips = np.sort(_fans(faces)[1])
    return np.unique(tips[1:][tips[1:] == tips[:-1]])


def _pinched_edges(faces: Faces) -> Iterator[tuple[int, int, list[int]]]:
    """Every edge of more than two triangles: its ends, ascending, and the triangles' indices."""
    uses = _uses_of_pinched_edges(faces)
    order = np.lexsort((uses[:, 1], uses[:, 0]))
    starts = np.flatnonzero((np.diff(uses[order, :2], axis=0) != 0).any(axis=1)) + 1
    for members in np.split(order, starts) if len(order) else ():
        low, high, _ = uses[members[0]].tolist()
        yield low, high, uses[members, 2].tolist()


def _part_sheets(
    vertices_ras_mm: Vertices, faces: Faces, pinches: list[tuple[int, int, list[int]]]
) -> Surface:
    """Give every sheet but one a vertex of its own on the pinched edge, no two in one place."""
    faces = faces.copy()
    halves: list[_Face] = []
    middles: list[Vertices] = []
    touched: set[int] = set()
    for low, high, members in pinches:
        if touched.intersection(members):
            continue  # a neighbour changed in this pass: the next one sees it as it is then
        touched.update(members)
        around = {member: _corners(faces[member]) for member in members}
        sheets = _sheets(vertices_ras_mm, around, low, high)
        along = (vertices_ras_mm[high] - vertices_ras_mm[low]) / len(sheets)
        for number, sheet in enumerate(sheets[1:], start=1):
            middle = len(vertices_ras_mm) + len(middles)
            middles.append(vertices_ras_mm[low] + number * along)
            for member in sheet:
                faces[member], other_half = _halved(around[member], low, high, middle)
                halves.append(other_half)
    if not halves:
        return vertices_ras_mm, faces
    return (
        np.concatenate([vertices_ras_mm, middles]).astype(vertices_ras_mm.dtype),
        np.concatenate([faces, np.array(halves, np.int32)]),
    )


def _corners(face: npt.NDArray[np.int32]) -> _Face:
    a, b, c = face.tolist()
    return a, b, c


def _halved(face: _Face, low: int, high: int, middle: int) -> tuple[_Face, _Face]:
    a, b, c = (middle if corner == low else corner for corner in face)
    d, e, f = (middle if corner == high else corner for corner in face)
    return (a, b, c), (d, e, f)


def _sheets(
    vertices_ras_mm: Vertices, around: dict[int, _Face], low: int, high: int
) -> list[tuple[int, int]]:
    """Pair the triangles around an edge that have solid between them.

    Seen along the edge, solid lies clockwise of a triangle that runs from ``low`` to ``high`` and
    counter-clockwise of one that runs back.
    """
    along = (vertices_ras_mm[high] - vertices_ras_mm[low]).astype(np.float64)
    along = along / max(float(np.linalg.norm(along)), 1e-12)
    across = np.cross(along, np.eye(3)[np.abs(along).argmin()])
    frame = np.stack([across, np.cross(along, across)])
    forth: dict[int, float] = {}
    back: dict[int, float] = {}
    for member, face in around.items():
        tip = next(corner for corner in face if corner not in (low, high))
        x, y = frame @ (vertices_ras_mm[tip] - vertices_ras_mm[low])
        runs_forth = face[(face.index(low) + 1) % 3] == high
        (forth if runs_forth else back)[member] = float(np.arctan2(y, x))
    sheets = []
    for member, angle in back.items():
        turn = {f: (theta - angle) % (2 * np.pi) for f, theta in forth.items()}
        nearest = min(turn, key=turn.__getitem__)
        del forth[nearest]
        sheets.append((member, nearest))
    return sheets


def _with_a_tip_per_fan(vertices_ras_mm: Vertices, faces: Faces) -> Surface:
    """Part bow-ties: corners of triangles are one vertex only if edges connect the triangles."""
    if len(faces) == 0:
        return vertices_ras_mm[:0], faces
    fans, tips = _fans(faces)
    if len(tips) == 0:
        return vertices_ras_mm, faces  # not closed: nothing to say about its fans
    order = np.argsort(tips, kind="stable")
    renumbered = np.empty(len(order), np.int32)
    renumbered[order] = np.arange(len(order))
    return vertices_ras_mm[tips[order]], renumbered[fans]


@njit(inline="always")
def _slot(edges: npt.NDArray[np.int64], a: int, b: int) -> int:
    """Where an edge is in a table with open addressing, or where it belongs."""
    key = a << 32 | b if a < b else b << 32 | a
    last = len(edges) - 1
    slot = ((key ^ key >> 29) * 0x9E3779B1 >> 7) & last
    while edges[slot] != -1 and edges[slot] != key:
        slot = (slot + 1) & last
    return slot


@njit(nogil=True, cache=True)
def _table(faces: Faces) -> npt.NDArray[np.int64]:
    """An empty table for a surface's edges, at most half full when all are in it."""
    size = 16
    while size < 6 * len(faces):
        size *= 2
    return np.full(size, -1, np.int64)


@njit(nogil=True, cache=True)
def _uses_of_pinched_edges(faces: Faces) -> npt.NDArray[np.int64]:
    """Ends, ascending, and triangle of each use of the edges that have more than two."""
    edges = _table(faces)
    uses = np.zeros(len(edges), np.int32)
    pinched = 0
    for face in range(len(faces)):
        for corner in range(3):
            a, b = int(faces[face, corner]), int(faces[face, (corner + 1) % 3])
            slot = _slot(edges, a, b)
            edges[slot] = a << 32 | b if a < b else b << 32 | a
            uses[slot] += 1
            pinched += 3 if uses[slot] == 3 else uses[slot] > 3
    found = np.empty((pinched, 3), np.int64)
    count = 0
    if pinched == 0:
        return found
    for face in range(len(faces)):
        for corner in range(3):
            a, b = int(faces[face, corner]), int(faces[face, (corner + 1) % 3])
            if uses[_slot(edges, a, b)] > 2:
                found[count, 0], found[count, 1] = min(a, b), max(a, b)
                found[count, 2] = face
                count += 1
    return found


@njit(nogil=True, cache=True)
def _without_fins(faces: Faces) -> Faces:
    last = 15
    while last < 2 * len(faces):
        last = 2 * last + 1
    table = np.full(last + 1, -1, np.int32)
    keep = np.ones(len(faces), np.bool_)
    for face in range(len(faces)):
        a, b, c = int(faces[face, 0]), int(faces[face, 1]), int(faces[face, 2])
        low, high = min(a, b, c), max(a, b, c)
        middle = a + b + c - low - high
        slot = (low * 73856093 ^ middle * 19349663 ^ high * 83492791) & last
        while table[slot] >= 0:
            other = table[slot]
            d, e, f = int(faces[other, 0]), int(faces[other, 1]), int(faces[other, 2])
            is_opposite = (
                (a == d and b == f and c == e)
                or (a == e and b == d and c == f)
                or (a == f and b == e and c == d)
            )
            if keep[other] and is_opposite:
                keep[other] = keep[face] = False
                break
            slot = (slot + 1) & last
        if keep[face]:
            table[slot] = face
    return faces[keep]


@njit(inline="always")
def _join(parents: npt.NDArray[np.int32], one: int, other: int) -> None:
    root, other_root = root_of(parents, one), root_of(parents, other)
    parents[max(root, other_root)] = min(root, other_root)


@njit(nogil=True, cache=True)
def _fans(faces: Faces) -> tuple[Faces, npt.NDArray[np.int64]]:
    """Faces with a number for each fan of triangles around a tip, and the tip of each fan.

    No fans at all where a surface is not closed.
    """
    edges = _table(faces)
    first_use = np.full(len(edges), -1, np.int32)
    parents = np.arange(faces.size).astype(np.int32)
    unpaired = 0
    for face in range(len(faces)):
        for corner in range(3):
            here, after = 3 * face + corner, 3 * face + (corner + 1) % 3
            a, b = int(faces[face, corner]), int(faces[face, (corner + 1) % 3])
            slot = _slot(edges, a, b)
            if edges[slot] == -1:
                edges[slot] = a << 32 | b if a < b else b << 32 | a
                first_use[slot] = here
                unpaired += 1
                continue
            other = first_use[slot]
            other_after = 3 * (other // 3) + (other + 1) % 3
            if other < 0 or faces[other // 3, other % 3] != b:
                return faces, np.empty(0, np.int64)
            first_use[slot] = -2
            unpaired -= 1
            _join(parents, here, other_after)
            _join(parents, after, other)
    if unpaired:
        return faces, np.empty(0, np.int64)
    numbers = np.full(faces.size, -1, np.int32)
    tips = np.empty(faces.size, np.int64)
    fans = np.empty_like(faces)
    count = 0
    for corner in range(faces.size):
        root = root_of(parents, corner)
        if numbers[root] < 0:
            numbers[root] = count
            tips[count] = faces[corner // 3, corner % 3]
            count += 1
        fans[corner // 3, corner % 3] = numbers[root]
    return fans, tips[:count].copy()
