"""Keep a mesh closed for programs that weld vertices which nearly coincide."""

import numpy as np
import numpy.typing as npt
from numba import njit

# STL has no indices: readers weld vertices that round to the same 0.0001 mm, or lie as near.
_APART_MM = 3e-4
_WAY_MM = 1e-3
# Few vertices of flat faces, which lie along the grid's axes, are level along this direction.
_ASKEW = np.array([0.5359, 0.6197, 0.5733], np.float32)
_MOST_PASSES = 6


def safe_to_weld(
    vertices_ras_mm: npt.NDArray[np.float32], faces: npt.NDArray[np.int32]
) -> npt.NDArray[np.float32]:
    """Move vertices apart that lie in one place.

    Parameters
    ----------
    vertices_ras_mm : ndarray of float32, shape (N, 3)
        As they are exported.
    faces : ndarray of int32, shape (M, 3)

    Returns
    -------
    ndarray of float32, shape (N, 3)
        Of vertices that coincided, all but one lie a thousandth of a mm or more towards their
        neighbours.
    """
    for _ in range(_MOST_PASSES):
        twins = _twins(vertices_ras_mm)
        if not len(twins):
            break
        vertices_ras_mm = _nudged(vertices_ras_mm, faces, twins)
    return vertices_ras_mm


def _twins(vertices_ras_mm: npt.NDArray[np.float32]) -> npt.NDArray[np.intp]:
    """Vertices with another one nearby, all but one of each place."""
    along_mm = vertices_ras_mm[:, 0] * _ASKEW[0]
    along_mm += vertices_ras_mm[:, 1] * _ASKEW[1]
    along_mm += vertices_ras_mm[:, 2] * _ASKEW[2]
    order = np.argsort(along_mm)
    return order[_has_one_before(vertices_ras_mm[order], along_mm[order], _APART_MM)]


@njit(nogil=True, cache=True)
def _has_one_before(
    vertices: npt.NDArray[np.float32], along: npt.NDArray[np.float32], distance: float
) -> npt.NDArray[np.bool_]:
    """Whether one of those that were sorted before a vertex lies within a distance of it."""
    found = np.zeros(len(vertices), np.bool_)
    for here in range(len(vertices)):
        there = here + 1
        # Twice: what lies along the direction was rounded.
        while there < len(vertices) and along[there] - along[here] <= 2.0 * distance:
            squared = 0.0
            for axis in range(3):
                squared += (vertices[here, axis] - vertices[there, axis]) ** 2
            if squared <= distance * distance:
                found[there] = True
            there += 1
    return found


def _nudged(
    vertices_ras_mm: npt.NDArray[np.float32],
    faces: npt.NDArray[np.int32],
    twins: npt.NDArray[np.intp],
) -> npt.NDArray[np.float32]:
    """Move some vertices a little towards the middle of the triangles around them."""
    nudged = vertices_ras_mm.astype(np.float64)
    ways = _ways_to_neighbours(nudged, faces, twins)
    lengths = np.linalg.norm(ways, axis=1, keepdims=True)
    shares = np.linspace(1.0, 2.0, len(twins))[:, None]  # twins of one place part ways, too
    nudged[twins] += shares * _WAY_MM * ways / np.where(lengths > 0.0, lengths, 1.0)
    return nudged.astype(np.float32)


@njit(nogil=True, cache=True)
def _ways_to_neighbours(
    vertices_mm: npt.NDArray[np.float64],
    faces: npt.NDArray[np.int32],
    chosen: npt.NDArray[np.intp],
) -> npt.NDArray[np.float64]:
    """Sum of the ways from each chosen vertex to the other corners of its triangles."""
    ways = np.zeros((len(chosen), 3), np.float64)
    number = np.full(len(vertices_mm), -1, np.int64)
    for at in range(len(chosen)):
        number[chosen[at]] = at
    for face in range(len(faces)):
        for corner in range(3):
            at = number[faces[face, corner]]
            if at >= 0:
                for other in range(3):
                    for axis in range(3):
                        ways[at, axis] += (
                            vertices_mm[faces[face, other], axis]
                            - vertices_mm[faces[face, corner], axis]
                        )
    return ways
