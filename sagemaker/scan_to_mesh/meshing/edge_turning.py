"""Turn edges of a decimated surface, so that its triangles lie as its vertices say.

Edge collapses choose vertices by what they leave of the shape, and take the edges that come with
them. But two triangles have four corners, and these can be parted in two ways. On a smooth shape,
the truer one is that with which the surface bends less: by the sum over edges of length and bend,
one of the measures of Dyn, Hormann, Kim and Levin 2001 ("Optimizing 3D triangulations using
discrete curvature analysis"). It also leaves no triangle with all of its corners on a line.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

Array = npt.NDArray[Any]
_Vector = tuple[float, float, float]
_Corners = tuple[int, int, int, int]

_MOST_SWEEPS = 4
# Height of a needle, of its longest edge. One triangle in thirty thousand is as flat in organs; in
# a body that ends along straight lines, as the border of an image cuts it, many more.
_LEAST_HEIGHT = 1e-3


@njit(nogil=True, cache=True)
def turn_edges(vertices: Array, faces: Array, largest_way: float) -> Array:
    """Turn edges where a surface then bends less, and where a triangle has no height.

    Edge 3 f + k runs from corner k of face f to the next one.

    Parameters
    ----------
    vertices : ndarray of float64, shape (N, 3)
    faces : ndarray of int32, shape (M, 3)
        Watertight. They are changed.
    largest_way : float
        Between an edge and what it is turned into: how far the surface may move there.

    Returns
    -------
    ndarray of int32, shape (3 M,)
        Which edge runs back along each one.
    """
    starts, leaving, ends = _leaving(faces, len(vertices))
    opposites = _opposites(starts, leaving, ends)
    has_one_fan = _with_one_fan(opposites, starts, leaving)
    normals = np.empty((len(faces), 3))
    for face in range(len(faces)):
        _set(normals, face, _normal(vertices, faces[face, 0], faces[face, 1], faces[face, 2]))
    due = np.zeros(len(faces), np.int8)  # the last sweep in which there is a reason to look at it
    for sweep in range(_MOST_SWEEPS):
        turns = 0
        for ac in range(3 * len(faces)):
            ca = opposites[ac]
            f, g = ac // 3, ca // 3
            if ca < ac or (due[f] < sweep and due[g] < sweep):
                continue
            # The faces are acb and cad; they would be adb and dcb.
            ba, dc = _after(_after(ac)), _after(_after(ca))
            corners = _start(faces, ac), _start(faces, ba), _start(faces, ca), _start(faces, dc)
            beyond = opposites[_after(ac)], opposites[ba], opposites[_after(ca)], opposites[dc]
            if (
                not _may_turn(vertices, corners, largest_way)
                or _added_bend(vertices, faces, normals, corners, ac, ca, beyond) >= 0.0
                or not has_one_fan[corners[1]]
                or _has_edge(faces, opposites, ba, corners[3])
            ):
                continue
            _turn(faces, opposites, f, g, corners, beyond)
            for face in (f, g):
                normal = _normal(vertices, faces[face, 0], faces[face, 1], faces[face, 2])
                _set(normals, face, normal)
                due[face] = sweep + 1
            for edge in beyond:
                due[edge // 3] = sweep + 1
            turns += 1
        if turns == 0:
            break
    return opposites


@njit(inline="always")
def _may_turn(vertices: Array, corners: _Corners, largest_way: float) -> bool:
    """Whether ac and bd come near enough to one another, and the surface would not fold over."""
    a, b, c, d = corners
    area = _cross(_way(vertices, b, d), _way(vertices, a, c))  # of both faces, as a vector
    between = _dot(area, _way(vertices, a, b))  # times the area
    return (
        between * between <= largest_way * largest_way * _dot(area, area)
        and _dot(area, _cross(_way(vertices, a, d), _way(vertices, a, b))) > 0.0
        and _dot(area, _cross(_way(vertices, d, c), _way(vertices, d, b))) > 0.0
    )


@njit(inline="always")
def _added_bend(
    vertices: Array,
    faces: Array,
    normals: Array,
    corners: _Corners,
    ac: int,
    ca: int,
    beyond: _Corners,
) -> float:
    """How much more the surface would bend; infinite where a face would have no height."""
    a, b, c, d = corners
    adb, dcb = _normal(vertices, a, d, b), _normal(vertices, d, c, b)
    if _is_zero(adb) or _is_zero(dcb):
        return np.inf
    acb, cad = _row(normals, ac // 3), _row(normals, ca // 3)
    bend = _length(vertices, b, d) * _distance(adb, dcb)
    bend -= _length(vertices, a, c) * _distance(acb, cad)
    bc, ab, da, cd = beyond
    for edge, before, after in ((bc, acb, dcb), (ab, acb, adb), (da, cad, adb), (cd, cad, dcb)):
        other = _row(normals, edge // 3)
        bend += _length(vertices, _start(faces, edge), _start(faces, _after(edge))) * (
            _distance(after, other) - _distance(before, other)
        )
    return bend


@njit(inline="always")
def _turn(
    faces: Array, opposites: Array, f: int, g: int, corners: _Corners, beyond: _Corners
) -> None:
    a, b, c, d = corners
    bc, ab, da, cd = beyond
    faces[f, 0], faces[f, 1], faces[f, 2] = a, d, b
    faces[g, 0], faces[g, 1], faces[g, 2] = d, c, b
    _pair(opposites, 3 * f, da)
    _pair(opposites, 3 * f + 1, 3 * g + 2)
    _pair(opposites, 3 * f + 2, ab)
    _pair(opposites, 3 * g, cd)
    _pair(opposites, 3 * g + 1, bc)


@njit(nogil=True, cache=True)
def _leaving(faces: Array, count: int) -> tuple[Array, Array, Array]:
    """Edges that leave each vertex, one list after the other, and their ends."""
    starts = np.zeros(count + 2, np.int32)
    for face in range(len(faces)):
        for corner in range(3):
            starts[faces[face, corner] + 2] += 1
    for vertex in range(2, count + 2):
        starts[vertex] += starts[vertex - 1]
    leaving, ends = np.empty(3 * len(faces), np.int32), np.empty(3 * len(faces), np.int32)
    for face in range(len(faces)):
        for corner in range(3):
            vertex = faces[face, corner]
            at = starts[vertex + 1]
            leaving[at], ends[at] = 3 * face + corner, faces[face, (corner + 1) % 3]
            starts[vertex + 1] += 1
    return starts[: count + 1], leaving, ends


@njit(nogil=True, cache=True)
def _opposites(starts: Array, leaving: Array, ends: Array) -> Array:
    """Which edge runs back along each one."""
    opposites = np.empty(len(leaving), np.int32)
    for vertex in range(len(starts) - 1):
        for at in range(starts[vertex], starts[vertex + 1]):
            if ends[at] > vertex:
                for back in range(starts[ends[at]], starts[ends[at] + 1]):
                    if ends[back] == vertex:
                        _pair(opposites, leaving[at], leaving[back])
                        break
    return opposites


@njit(nogil=True, cache=True)
def _with_one_fan(opposites: Array, starts: Array, leaving: Array) -> Array:
    """At which vertices one way around meets every triangle."""
    has_one_fan = np.zeros(len(starts) - 1, np.bool_)
    for vertex in range(len(starts) - 1):
        count = starts[vertex + 1] - starts[vertex]
        if count > 0:
            first = leaving[starts[vertex]]
            edge, seen = _next_of_fan(opposites, first), 1
            while edge != first:
                edge = _next_of_fan(opposites, edge)
                seen += 1
            has_one_fan[vertex] = seen == count
    return has_one_fan


@njit(inline="always")
def _after(edge: int) -> int:
    """The next edge of the same face."""
    return edge + 1 if edge % 3 < 2 else edge - 2


@njit(inline="always")
def _start(faces: Array, edge: int) -> Any:
    return faces[edge // 3, edge % 3]


@njit(inline="always")
def _next_of_fan(opposites: Array, edge: int) -> Any:
    """The next edge that leaves the same vertex."""
    return opposites[_after(_after(edge))]


@njit(inline="always")
def _pair(opposites: Array, edge: int, other: int) -> None:
    opposites[edge], opposites[other] = other, edge


@njit(inline="always")
def _has_edge(faces: Array, opposites: Array, leaving: int, end: int) -> bool:
    """Whether an edge runs from where that one starts to a vertex."""
    edge = leaving
    while _start(faces, _after(edge)) != end:
        edge = _next_of_fan(opposites, edge)
        if edge == leaving:
            return False
    return True


@njit(inline="always")
def _normal(vertices: Array, a: int, b: int, c: int) -> _Vector:
    """Unit normal of a triangle; 0 where it has no height."""
    ab, ac, bc = _way(vertices, a, b), _way(vertices, a, c), _way(vertices, b, c)
    n = _cross(ab, ac)
    area = np.sqrt(_dot(n, n))
    if area <= _LEAST_HEIGHT * max(_dot(ab, ab), _dot(ac, ac), _dot(bc, bc)):
        return 0.0, 0.0, 0.0
    return n[0] / area, n[1] / area, n[2] / area


@njit(inline="always")
def _is_zero(v: _Vector) -> bool:
    return v[0] == 0.0 and v[1] == 0.0 and v[2] == 0.0


@njit(inline="always")
def _row(vectors: Array, row: int) -> _Vector:
    return vectors[row, 0], vectors[row, 1], vectors[row, 2]


@njit(inline="always")
def _set(vectors: Array, row: int, v: _Vector) -> None:
    vectors[row, 0], vectors[row, 1], vectors[row, 2] = v


@njit(inline="always")
def _way(vertices: Array, a: int, b: int) -> _Vector:
    return (
        vertices[b, 0] - vertices[a, 0],
        vertices[b, 1] - vertices[a, 1],
        vertices[b, 2] - vertices[a, 2],
    )


@njit(inline="always")
def _length(vertices: Array, a: int, b: int) -> float:
    way = _way(vertices, a, b)
    return float(np.sqrt(_dot(way, way)))


@njit(inline="always")
def _distance(u: _Vector, v: _Vector) -> float:
    return float(np.sqrt((u[0] - v[0]) ** 2 + (u[1] - v[1]) ** 2 + (u[2] - v[2]) ** 2))


@njit(inline="always")
def _cross(u: _Vector, v: _Vector) -> _Vector:
    return u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]


@njit(inline="always")
def _dot(u: _Vector, v: _Vector) -> float:
    return u[0] * v[0] + u[1] * v[1] + u[2] * v[2]
