"""Undo what edge collapses do to a closed surface now and then: fins, pinches and bow-ties.

Two triangles back to back on the same three corners (a fin) enclose nothing: they go. Where four
or more triangles meet at one edge (a pinch), the surface touches itself there: the sheets get an
edge each. Where fans of triangles meet at nothing but their tip (a bow-tie), each gets its own tip.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from scan_to_mesh.meshing.surface import Surface

_MOST_PASSES = 12

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
        faces = _without_fins(faces)
        pinches = list(_pinched_edges(faces))
        if not pinches:
            break
        vertices_ras_mm, faces = _part_sheets(vertices_ras_mm, faces, pinches)
    return _with_a_tip_per_fan(vertices_ras_mm, faces)


def _without_fins(faces: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Drop pairs of triangles that have the same corners in opposite order."""
    corners = np.sort(faces, axis=1)
    _, group, size = np.unique(corners, axis=0, return_inverse=True, return_counts=True)
    group = group.ravel()
    # Ascending in two of three steps around the triangle: an even permutation of its corners.
    even = (faces < np.roll(faces, -1, axis=1)).sum(axis=1) == 2
    keep = np.ones(len(faces), bool)
    for doubled in np.flatnonzero(size > 1):
        members = np.flatnonzero(group == doubled)
        for pair in zip(members[even[members]], members[~even[members]], strict=False):
            keep[list(pair)] = False
    return faces[keep]


def _pinched_edges(faces: npt.NDArray[np.int32]) -> Iterator[tuple[int, int, list[int]]]:
    """Every edge of more than two triangles: its ends, ascending, and the triangles' indices."""
    ends = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    keys = ends[:, 0].astype(np.int64) * (int(ends.max(initial=0)) + 1) + ends[:, 1]
    order = np.argsort(keys, kind="stable")
    _, starts, uses = np.unique(keys[order], return_index=True, return_counts=True)
    for start, count in zip(starts[uses > 2], uses[uses > 2], strict=True):
        members = order[start : start + count]
        yield int(ends[members[0], 0]), int(ends[members[0], 1]), (members // 3).tolist()


def _part_sheets(
    vertices_ras_mm: npt.NDArray[np.floating[Any]],
    faces: npt.NDArray[np.int32],
    pinches: list[tuple[int, int, list[int]]],
) -> Surface:
    """Give every sheet but one a vertex of its own on the pinched edge, no two in one place."""
    face_list: list[_Face] = [(a, b, c) for a, b, c in faces.tolist()]
    middles: list[npt.NDArray[np.floating[Any]]] = []
    touched: set[int] = set()
    for low, high, members in pinches:
        if touched.intersection(members):
            continue  # a neighbour changed in this pass: the next one sees it as it is then
        touched.update(members)
        sheets = _sheets(vertices_ras_mm, face_list, low, high, members)
        along = (vertices_ras_mm[high] - vertices_ras_mm[low]) / len(sheets)
        for number, sheet in enumerate(sheets[1:], start=1):
            middle = len(vertices_ras_mm) + len(middles)
            middles.append(vertices_ras_mm[low] + number * along)
            for member in sheet:
                face_list[member], other_half = _halved(face_list[member], low, high, middle)
                face_list.append(other_half)
    return np.concatenate([vertices_ras_mm, middles]), np.array(face_list, np.int32)


def _halved(face: _Face, low: int, high: int, middle: int) -> tuple[_Face, _Face]:
    a, b, c = (middle if corner == low else corner for corner in face)
    d, e, f = (middle if corner == high else corner for corner in face)
    return (a, b, c), (d, e, f)


def _sheets(
    vertices_ras_mm: npt.NDArray[np.floating[Any]],
    faces: list[_Face],
    low: int,
    high: int,
    members: list[int],
) -> list[tuple[int, int]]:
    """Pair the triangles around an edge that have solid between them.

    Seen along the edge, solid lies clockwise of a triangle that runs from ``low`` to ``high`` and
    counter-clockwise of one that runs back.
    """
    along = vertices_ras_mm[high] - vertices_ras_mm[low]
    along = along / max(float(np.linalg.norm(along)), 1e-12)
    across = np.cross(along, np.eye(3)[np.abs(along).argmin()])
    frame = np.stack([across, np.cross(along, across)])
    forth: dict[int, float] = {}
    back: dict[int, float] = {}
    for member in members:
        face = faces[member]
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


def _with_a_tip_per_fan(
    vertices_ras_mm: npt.NDArray[np.floating[Any]], faces: npt.NDArray[np.int32]
) -> Surface:
    """Part bow-ties: corners of triangles are one vertex only if edges connect the triangles."""
    corner = np.arange(faces.size).reshape(-1, 3)
    start, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    at_start, at_end = corner.ravel(), np.roll(corner, -1, axis=1).ravel()
    forth = start < end
    # Both uses of an edge, in the same order: sorted by its ends.
    here = np.flatnonzero(forth)[np.lexsort((end[forth], start[forth]))]
    there = np.flatnonzero(~forth)[np.lexsort((start[~forth], end[~forth]))]
    if len(here) != len(there):
        return vertices_ras_mm, faces  # not closed: nothing to say about its fans
    neighbours = sparse.coo_array(
        (
            np.ones(faces.size, np.int8),
            (
                np.concatenate([at_start[here], at_end[here]]),
                np.concatenate([at_end[there], at_start[there]]),
            ),
        ),
        shape=(faces.size, faces.size),
    )
    count, fan = sparse.csgraph.connected_components(neighbours, directed=False)
    tips = np.empty(count, np.intp)
    tips[fan] = start
    order = np.argsort(tips, kind="stable")
    renumbered = np.empty(count, np.int32)
    renumbered[order] = np.arange(count)
    return vertices_ras_mm[tips[order]], renumbered[fan].reshape(-1, 3)
