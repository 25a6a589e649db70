"""Give thin places back what smoothing took from them.

Where a surface is even, smoothing adds as much as it takes, stair by stair. But of a vessel of two
voxels it leaves a thread, of a single voxel a point, and a gap between two bones it closes: there
all vertices go the same way. So the mean of the ways around a vertex tells, and is gone back, as
Vollmer, Mencl and Müller do everywhere (1999, doi:10.1111/1467-8659.00334).
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

Array = npt.NDArray[Any]

Neighbours = tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]
"""Where each vertex's begin, of shape (N + 1,), and all of them, one after the other."""

# Rounds of averages over neighbours, and between which bounds, in voxels, what is given back of a
# mean way grows from nothing to all of it: the mean ways of stairs come below the first. Chosen on
# label maps of organs, none of which is to change where it is not thin.
_ROUNDS = 9
_NOTHING_BACK = np.float32(0.1)
_ALL_BACK = np.float32(0.2)
# Fewer rounds see smaller places; there, all stays as it was that went further on an average.
_ROUNDS_TO_SEE = 5
_LARGEST_WAY = np.float32(0.1)


def given_back(
    vertices_index: npt.NDArray[np.float32],
    normals: npt.NDArray[np.float32],
    ways: npt.NDArray[np.float32],
    neighbours: Neighbours,
    stair_voxels: float,
) -> npt.NDArray[np.float32]:
    """Vertices of a smoothed surface, moved back along the normals where it became thin.

    Parameters
    ----------
    vertices_index, normals : ndarray of float32, shape (N, 3)
    ways : ndarray of float32, shape (N,)
        From :func:`ways_back`, to the voxels' own surface, beyond which no vertex goes.
    neighbours : Neighbours
    stair_voxels : float
        Width of the stairs that smoothing removed.

    Returns
    -------
    ndarray of float32, shape (N, 3)
    """
    mean = _averaged(ways, *neighbours, round(_ROUNDS * stair_voxels))
    moved: npt.NDArray[np.float32] = _given_back(
        vertices_index, normals, ways, mean, np.float32(stair_voxels)
    )
    return moved


def became_thin(
    ways: npt.NDArray[np.float32], neighbours: Neighbours, stair_voxels: float
) -> npt.NDArray[np.bool_]:
    """About which vertices a surface became thinner.

    Parameters
    ----------
    ways : ndarray of float32, shape (N,)
        From :func:`ways_back`, to the surface as it was before.
    neighbours : Neighbours
    stair_voxels : float
        Width of the stairs that are to go.

    Returns
    -------
    ndarray of bool, shape (N,)
    """
    mean = _averaged(ways, *neighbours, round(_ROUNDS_TO_SEE * stair_voxels))
    thin: npt.NDArray[np.bool_] = np.abs(mean) > _LARGEST_WAY * np.float32(stair_voxels)
    return thin


def ways_back(
    before: npt.NDArray[np.float32],
    after: npt.NDArray[np.float32],
    normals: npt.NDArray[np.float32],
) -> npt.NDArray[np.float32]:
    """How far back along its normal each vertex was.

    Parameters
    ----------
    before, after : ndarray of float32, shape (N, 3)
        Vertices, in voxels.
    normals : ndarray of float32, shape (N, 3)
        Unit normals, outward: positive is what went inward.

    Returns
    -------
    ndarray of float32, shape (N,)
    """
    ways: npt.NDArray[np.float32] = _ways_along(before, after, normals)
    return ways


@njit(nogil=True, cache=True)
def _ways_along(before: Array, after: Array, normals: Array) -> Array:
    ways = np.zeros(len(before), np.float32)
    for vertex in range(len(before)):
        for axis in range(3):
            ways[vertex] += (before[vertex, axis] - after[vertex, axis]) * normals[vertex, axis]
    return ways


@njit(nogil=True, cache=True)
def _averaged(values: Array, starts: Array, neighbours: Array, rounds: int) -> Array:
    """The mean of the neighbours' values, some times over.

    At first twice halfway, which ends what goes up and down from one to the next.
    """
    here, there = values.copy(), np.empty_like(values)
    for done in range(rounds):
        own = np.float32(0.5) if done < 2 else np.float32(0.0)
        for vertex in range(len(here)):
            total = np.float32(0.0)
            begin, end = starts[vertex], starts[vertex + 1]
            for at in range(begin, end):
                total += here[neighbours[at]]
            mean = total / np.float32(end - begin)
            there[vertex] = own * here[vertex] + (np.float32(1.0) - own) * mean
        here, there = there, here
    return here


@njit(nogil=True, cache=True)
def _given_back(
    after: Array, normals: Array, ways: Array, mean: Array, stair_voxels: np.float32
) -> Array:
    moved = after.copy()
    nothing, everything = _NOTHING_BACK * stair_voxels, _ALL_BACK * stair_voxels
    for vertex in range(len(after)):
        share = (abs(mean[vertex]) - nothing) / (everything - nothing)
        if share <= 0:
            continue
        share = min(share, np.float32(1.0))
        share *= share * (np.float32(3.0) - np.float32(2.0) * share)  # grows without a bend
        least, most = min(ways[vertex], np.float32(0.0)), max(ways[vertex], np.float32(0.0))
        way = min(max(share * mean[vertex], least), most)
        for axis in range(3):
            moved[vertex, axis] += way * normals[vertex, axis]
    return moved
