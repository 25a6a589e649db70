"""Smooth a dual surface as far as its voxels allow.

A mask's boundary has stairs. Taubin's smoothing (1995, doi:10.1145/218380.218473) removes them, but
also blunts whatever is small. So each vertex is held by the voxels that it stands for: the plane
through the vertex across the surface's normal keeps the inside voxels of its cell or block on the
inner side and the outside ones on the outer side. On an even surface, however it lies on the grid,
such planes leave room enough for all stairs to go; at tips and edges they leave none.

Room is not yet reason: the wide stairs of a body that lies almost along the grid take many steps,
in which a ridge of four voxels goes as far as its voxels let it. What tells them apart is that
smoothing without voxels would take the ridge further. So this is tried, and where it breaks out of
the room, and about there, the surface stays as few steps have left it.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from scan_to_mesh.meshing.dual_surface import SEVERAL_SHEETS, SINGLE_CELL, DualSurface
from scan_to_mesh.meshing.image_border import RIM, across_sides
from scan_to_mesh.meshing.thin_places import became_thin, given_back, ways_back

Array = npt.NDArray[Any]

# Taubin's two factors. The pass band, 1/0.65 - 1/0.69 = 0.09, and the number of steps were chosen
# on analytic shapes: fewer leave stairs to be seen on a sphere, more change the normals no further.
_SHRINK = np.float32(0.65)
_SWELL = np.float32(-0.69)
_FREE_STEPS = 8
_HELD_STEPS = 14
# The trial: its steps, how far beyond the room it may come, in voxels, and how many edges around a
# place where it comes further stay, too. Chosen on label maps of organs, for the largest distance
# from what was sampled, with the normals of known bodies in view.
_TRIAL_STEPS = 50
_LARGEST_TRESPASS = np.float32(0.23)
_EDGES_AROUND = 9
# Of polynomials that stand for more steps: 50 are met within 0.001.
_LARGEST_DEGREE = 14
# Largest way along each axis, in voxels; against sliding within the surface.
_LARGEST_WAY = np.float32(1.0)
# Half the room of a vertex whose voxels hold it by no plane, in voxels.
_ROOM_OF_SEVERAL_SHEETS = np.float32(0.25)


@dataclass(frozen=True)
class Smoothing:
    """How far to smooth.

    Attributes
    ----------
    slack_voxels : float
        How far beyond their voxels' planes vertices may go. More than 0 where the label map is
        finer than what made it, so that its stairs are wider than a voxel.
    stair_voxels : float
        Width of the stairs that are to go: what is thin is told from them.
    rounds : int
        Rounds of steps that stairs of the label map take; 0 leaves them.
    where_even : bool
        Whether wider stairs go, too.
    """

    slack_voxels: float = 0.0
    stair_voxels: float = 1.0
    rounds: int = 1
    where_even: bool = True

    def times(self, factor: int) -> "Smoothing":
        """The same with so many times the rounds."""
        return replace(self, rounds=self.rounds * factor)


def relaxed(surface: DualSurface, smoothing: Smoothing) -> npt.NDArray[np.float32]:
    """Vertices of a dual surface without the stairs of its voxels.

    All in index coordinates: the mean of neighbours, and which side of a plane a voxel is on, are
    the same in any frame.

    Returns
    -------
    ndarray of float32, shape (N, 3)
    """
    vertices_index = surface.vertices_index
    if smoothing.rounds == 0:
        return vertices_index
    smoother = _Smoother(surface, smoothing)
    moved = smoother.freely(vertices_index, _FREE_STEPS)
    for _ in range(smoothing.rounds):
        normals = across_sides(surface_normals(moved, surface), surface)
        moved = smoother.held(moved, normals, smoother.room(normals))
    normals = across_sides(surface_normals(moved, surface), surface)
    ways = ways_back(surface.voxels_corners_index(), moved, normals)
    return given_back(moved, normals, ways, smoother.neighbours, smoothing.stair_voxels)


def relaxed_where_even(
    surface: DualSurface, vertices_index: npt.NDArray[np.float32], smoothing: Smoothing
) -> npt.NDArray[np.float32]:
    """Vertices without the wide stairs of even places; all else stays.

    Parameters
    ----------
    surface : DualSurface
    vertices_index : ndarray of float32, shape (N, 3)
        From :func:`relaxed`, of this surface or of one with more vertices.
    smoothing : Smoothing

    Returns
    -------
    ndarray of float32, shape (N, 3)
    """
    if smoothing.rounds == 0 or not smoothing.where_even:
        return vertices_index
    smoother = _Smoother(surface, smoothing)
    trial = smoother.freely(vertices_index, _TRIAL_STEPS)
    normals = across_sides(surface_normals(trial, surface), surface)
    room = smoother.room(normals)
    stays = _beyond(trial, normals, room, _LARGEST_TRESPASS)
    normals_before = across_sides(surface_normals(vertices_index, surface), surface)
    ways = ways_back(vertices_index, trial, normals_before)
    stays |= became_thin(ways, smoother.neighbours, smoothing.stair_voxels)
    for _ in range(_EDGES_AROUND):
        stays = _with_neighbours(stays, *smoother.neighbours)
    moved = np.where(stays[:, np.newaxis], vertices_index, trial)
    return smoother.held(moved, normals, room, stays)


class _Smoother:
    """Taubin's steps on one surface."""

    def __init__(self, surface: DualSurface, smoothing: Smoothing) -> None:
        self._surface = surface
        self._slack = np.float32(smoothing.slack_voxels)
        count = len(surface.vertices_index)
        self.neighbours = _neighbours(count, surface.quads, surface.pins)

    def freely(
        self, vertices_index: npt.NDArray[np.float32], steps: int
    ) -> npt.NDArray[np.float32]:
        moved: npt.NDArray[np.float32] = _filtered(
            self._surface.vertices_index,
            vertices_index,
            *self.neighbours,
            _chebyshev_series(steps),
        )
        return moved

    def held(
        self,
        vertices_index: npt.NDArray[np.float32],
        normals: npt.NDArray[np.float32],
        room: npt.NDArray[np.float32],
        stays: npt.NDArray[np.bool_] | None = None,
    ) -> npt.NDArray[np.float32]:
        moved: npt.NDArray[np.float32] = _held_steps(
            self._surface.vertices_index,
            vertices_index,
            *self.neighbours,
            normals,
            room,
            np.zeros(len(vertices_index), np.bool_) if stays is None else stays,
            _HELD_STEPS,
        )
        return moved

    def room(self, normals: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Between which values each vertex may lie along its normal."""
        surface = self._surface
        room: npt.NDArray[np.float32] = _room(
            surface.vertices_index, surface.corners_index, surface.patterns, normals, self._slack
        )
        return room


@njit(inline="always")
def _of_cap(pins: Array, quads: Array, q: int) -> bool:
    """Whether a quadrilateral lies in a border of the image."""
    return bool(
        pins[quads[q, 0]] & pins[quads[q, 1]] & pins[quads[q, 2]] & pins[quads[q, 3]] & ~RIM
    )


@njit(nogil=True, cache=True)
def _neighbours(count: int, quads: Array, pins: Array) -> tuple[Array, Array]:
    """Vertices that each vertex follows, one list after the other.

    Those at the other end of its edges; a rim does not follow its cap. Each edge is run along once
    in each direction, so that its two ends find each other once. Unsigned, since an index that may
    be negative costs a comparison at every use.
    """
    starts = np.zeros(count + 2, np.uint32)
    for q in range(len(quads)):
        of_cap = _of_cap(pins, quads, q)
        for k in range(4):
            here, there = quads[q, k], quads[q, (k + 1) & 3]
            if here != there and not (of_cap and pins[here] & RIM):
                starts[here + 2] += 1
                # The other way along a rim runs a quadrilateral of the cap.
                starts[there + 2] += not of_cap and pins[here] & pins[there] & RIM != 0
    for vertex in range(2, count + 2):
        starts[vertex] += starts[vertex - 1]
    neighbours = np.empty(starts[count + 1], np.uint32)
    for q in range(len(quads)):
        of_cap = _of_cap(pins, quads, q)
        for k in range(4):
            here, there = quads[q, k], quads[q, (k + 1) & 3]
            if here != there and not (of_cap and pins[here] & RIM):
                neighbours[starts[here + 1]] = there
                starts[here + 1] += 1
                if not of_cap and pins[here] & pins[there] & RIM:
                    neighbours[starts[there + 1]] = here
                    starts[there + 1] += 1
    return starts[: count + 1], neighbours


def surface_normals(
    vertices_index: npt.NDArray[np.float32], surface: DualSurface
) -> npt.NDArray[np.float32]:
    """Unit normals, outward, as covectors over index coordinates; of rims, those of the side.

    Parameters
    ----------
    vertices_index : ndarray of float32, shape (N, 3)
    surface : DualSurface
        Between whose vertices' new places the normals are.

    Returns
    -------
    ndarray of float32, shape (N, 3)
    """
    normals: npt.NDArray[np.float32] = _normals(vertices_index, surface.quads, surface.pins)
    return normals


@njit(nogil=True, cache=True)
def _normals(vertices: Array, quads: Array, pins: Array) -> Array:
    normals = np.zeros_like(vertices)
    for q in range(len(quads)):
        a, b, c, d = quads[q, 0], quads[q, 1], quads[q, 2], quads[q, 3]
        u0, u1, u2 = (
            vertices[c, 0] - vertices[a, 0],
            vertices[c, 1] - vertices[a, 1],
            vertices[c, 2] - vertices[a, 2],
        )
        v0, v1, v2 = (
            vertices[d, 0] - vertices[b, 0],
            vertices[d, 1] - vertices[b, 1],
            vertices[d, 2] - vertices[b, 2],
        )
        # Quadrilaterals are counter-clockwise where the reversed axes are right-handed.
        n0, n1, n2 = u2 * v1 - u1 * v2, u0 * v2 - u2 * v0, u1 * v0 - u0 * v1
        for k in range(4):
            vertex = quads[q, k]
            if vertex == quads[q, (k + 1) & 3] or (pins[vertex] & RIM and _of_cap(pins, quads, q)):
                continue
            normals[vertex, 0] += n0
            normals[vertex, 1] += n1
            normals[vertex, 2] += n2
    for vertex in range(len(normals)):
        n0, n1, n2 = normals[vertex, 0], normals[vertex, 1], normals[vertex, 2]
        length = np.sqrt(n0 * n0 + n1 * n1 + n2 * n2)
        if length > 0:
            normals[vertex, 0] /= length
            normals[vertex, 1] /= length
            normals[vertex, 2] /= length
    return normals


@njit(nogil=True, cache=True)
def _room(
    vertices: Array, corners: Array, patterns: Array, normals: Array, slack: np.float32
) -> Array:
    """Between which values each vertex may lie along its normal."""
    room = np.empty((len(patterns), 2), np.float32)
    for vertex in range(len(patterns)):
        n0, n1, n2 = normals[vertex, 0], normals[vertex, 1], normals[vertex, 2]
        pattern = np.int64(patterns[vertex])
        if pattern == SEVERAL_SHEETS:
            middle = vertices[vertex, 0] * n0 + vertices[vertex, 1] * n1 + vertices[vertex, 2] * n2
            room[vertex, 0] = middle - _ROOM_OF_SEVERAL_SHEETS - slack
            room[vertex, 1] = middle + _ROOM_OF_SEVERAL_SHEETS + slack
            continue
        single = pattern & SINGLE_CELL != 0
        planes = 2 if single else 3
        in_rows = 0b000001001 if single else 0b011011011
        in_columns = 0b000000011 if single else 0b000111111
        across = 0b000011011 if single else 0b111111111
        furthest_inside, nearest_outside = np.float32(-1e9), np.float32(1e9)
        before = np.int64(0)
        for k in range(planes):
            here = pattern >> 9 * k & 511
            rows = (here ^ here >> 1) & in_rows
            columns = (here ^ here >> 3) & in_columns
            at_crossing = rows | rows << 1 | columns | columns << 3
            if k > 0:
                at_crossing |= (here ^ before) & across
            if k + 1 < planes:
                at_crossing |= (here ^ (pattern >> 9 * (k + 1) & 511)) & across
            before = here
            bit = 0
            while at_crossing:
                if at_crossing & 1:
                    along = np.float32(bit // 3) * n0 + np.float32(bit % 3) * n1
                    along += np.float32(k) * n2
                    if here >> bit & 1:
                        furthest_inside = max(furthest_inside, along)
                    else:
                        nearest_outside = min(nearest_outside, along)
                at_crossing >>= 1
                bit += 1
        base = corners[vertex, 0] * n0 + corners[vertex, 1] * n1 + corners[vertex, 2] * n2
        if furthest_inside > nearest_outside:  # no plane parts them: the middle is the fairest
            furthest_inside = nearest_outside = np.float32(0.5) * (
                furthest_inside + nearest_outside
            )
        room[vertex, 0] = base + furthest_inside - slack
        room[vertex, 1] = base + nearest_outside + slack
    return room


@njit(nogil=True, cache=True)
def _beyond(vertices: Array, normals: Array, room: Array, by: np.float32) -> Array:
    """Which vertices lie beyond their room by more than that much."""
    beyond = np.empty(len(vertices), np.bool_)
    for vertex in range(len(vertices)):
        along = np.float32(0.0)
        for axis in range(3):
            along += vertices[vertex, axis] * normals[vertex, axis]
        beyond[vertex] = max(room[vertex, 0] - along, along - room[vertex, 1]) > by
    return beyond


@njit(nogil=True, cache=True)
def _with_neighbours(chosen: Array, starts: Array, neighbours: Array) -> Array:
    wider = chosen.copy()
    for vertex in range(len(chosen)):
        if chosen[vertex]:
            for at in range(starts[vertex], starts[vertex + 1]):
                wider[neighbours[at]] = True
    return wider


def _chebyshev_series(steps: int) -> npt.NDArray[np.float32]:
    """What Taubin's steps add to a vertex, as a series over what its neighbours' mean adds to it.

    Steps multiply what varies with the eigenvalue k of 1 minus the mean of neighbours by a
    polynomial of k, f(k); the series is that of (1 - f(k)) / k.
    """

    def added(mean: Array) -> Array:
        k = 1.0 - mean
        left: Array = ((1.0 - _SHRINK * k) * (1.0 - _SWELL * k)) ** (steps // 2)
        return (1.0 - left) / k

    degree = min(steps - 1, _LARGEST_DEGREE)
    series = np.polynomial.Chebyshev.interpolate(added, degree)
    return np.asarray(series.coef, np.float32)


@njit(inline="always")
def _mean(
    here: Array, starts: Array, neighbours: Array, vertex: int
) -> tuple[np.float32, np.float32, np.float32]:
    """Of what a vertex follows."""
    s0 = s1 = s2 = np.float32(0.0)
    begin, end = starts[vertex], starts[vertex + 1]
    for at in range(begin, end):
        other = neighbours[at]
        s0 += here[other, 0]
        s1 += here[other, 1]
        s2 += here[other, 2]
    weight = np.float32(1.0) / np.float32(end - begin)
    return weight * s0, weight * s1, weight * s2


@njit(inline="always")
def _near(place: np.float32, anchor: np.float32) -> np.float32:
    return min(max(place, anchor - _LARGEST_WAY), anchor + _LARGEST_WAY)


@njit(nogil=True, cache=True)
def _filtered(
    anchors: Array, vertices: Array, starts: Array, neighbours: Array, series: Array
) -> Array:
    """Vertices plus a Chebyshev series of the mean of neighbours, of how that differs from them.

    Of the difference, which is small, so that what the series' rounding errs is smaller still.
    """
    before, here = np.zeros_like(vertices), np.empty_like(vertices)
    for vertex in range(len(vertices)):
        m0, m1, m2 = _mean(vertices, starts, neighbours, vertex)
        here[vertex, 0] = m0 - vertices[vertex, 0]
        here[vertex, 1] = m1 - vertices[vertex, 1]
        here[vertex, 2] = m2 - vertices[vertex, 2]
    moved: Array = vertices + series[0] * here
    for degree in range(1, len(series)):
        twice = np.float32(1.0) if degree == 1 else np.float32(2.0)
        for vertex in range(len(vertices)):
            m0, m1, m2 = _mean(here, starts, neighbours, vertex)
            before[vertex, 0] = twice * m0 - before[vertex, 0]
            before[vertex, 1] = twice * m1 - before[vertex, 1]
            before[vertex, 2] = twice * m2 - before[vertex, 2]
            for axis in range(3):
                moved[vertex, axis] += series[degree] * before[vertex, axis]
        before, here = here, before
    for vertex in range(len(vertices)):
        for axis in range(3):
            moved[vertex, axis] = _near(moved[vertex, axis], anchors[vertex, axis])
    return moved


@njit(nogil=True, cache=True)
def _held_steps(
    anchors: Array,
    vertices: Array,
    starts: Array,
    neighbours: Array,
    normals: Array,
    room: Array,
    stays: Array,
    count: int,
) -> Array:
    here, there = vertices.copy(), vertices.copy()
    for step in range(count):
        factor = _SHRINK if step & 1 == 0 else _SWELL
        keep = np.float32(1.0) - factor
        for vertex in range(len(here)):
            if stays[vertex]:
                continue
            m0, m1, m2 = _mean(here, starts, neighbours, vertex)
            p0 = _near(keep * here[vertex, 0] + factor * m0, anchors[vertex, 0])
            p1 = _near(keep * here[vertex, 1] + factor * m1, anchors[vertex, 1])
            p2 = _near(keep * here[vertex, 2] + factor * m2, anchors[vertex, 2])
            n0, n1, n2 = normals[vertex, 0], normals[vertex, 1], normals[vertex, 2]
            along = p0 * n0 + p1 * n1 + p2 * n2
            way = min(max(along, room[vertex, 0]), room[vertex, 1]) - along
            there[vertex, 0] = p0 + way * n0
            there[vertex, 1] = p1 + way * n1
            there[vertex, 2] = p2 + way * n2
        here, there = there, here
    return here
