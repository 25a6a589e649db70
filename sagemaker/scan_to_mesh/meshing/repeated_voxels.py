"""The grid on which a label map was made, where its own only repeats that one's voxels.

A model that works at 1.5 or 3 mm gives its label map on the scan's grid by repeating voxels, and so
with stairs of its own voxels, which no smoothing takes away that leaves organs as they are. But
what was only repeated can be left out again: slices between which nothing changes are one.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from scan_to_mesh.meshing.patient_axes import LabelGrid

Array = npt.NDArray[Any]

# Fewer changes along an axis may be evenly far apart by chance, and so may some of many slices.
_FEWEST_CHANGES = 12
_LEAST_SHARE = 0.5
# Where fewer are repeated, which one of three or four is not to be told for sure.
_LEAST_REPEATS = 1.4
# In slices: rounding to the nearest ends repeats up to a half too early or too late, and the
# straight line through the ends may lie a bit off.
_LARGEST_OFFSET = 0.7


@dataclass(frozen=True, eq=False)
class _Axis:
    """Slices that stand for all others, at even distances, in slices of the image."""

    slices: npt.NDArray[np.int64]
    first_centre: float
    distance: float


def without_repeats(grid: LabelGrid) -> LabelGrid | None:
    """Labels on the grid on which they were made.

    Parameters
    ----------
    grid : LabelGrid
        Labels as the image has them.

    Returns
    -------
    LabelGrid or None
        Coarser along the axes along which slices repeat others at even distances; None if there
        are none.
    """
    axes = [_axis_of(changes) for changes in _changes(grid.labels)]
    if all(axis.distance == 1.0 for axis in axes):
        return None
    affine_ras_mm = grid.affine_ras_mm.copy()
    affine_ras_mm[:3, :3] *= [axis.distance for axis in axes]
    affine_ras_mm[:3, 3] += grid.affine_ras_mm[:3, :3] @ [axis.first_centre for axis in axes]
    return LabelGrid(
        labels=grid.labels[np.ix_(*(axis.slices for axis in axes))],
        affine_ras_mm=affine_ras_mm,
        border=tuple(
            (
                (begin - axis.first_centre) / axis.distance,
                (end - axis.first_centre) / axis.distance,
            )
            for (begin, end), axis in zip(grid.border, axes, strict=True)
        ),
    )


def _axis_of(changes: npt.NDArray[np.bool_]) -> _Axis:
    """Which slices to keep.

    Parameters
    ----------
    changes : ndarray of bool, shape (N - 1,)
        Whether anything changes from each slice to the next.
    """
    return _evenly_repeated(changes) or _Axis(np.arange(len(changes) + 1), 0.0, 1.0)


def _evenly_repeated(changes: npt.NDArray[np.bool_]) -> _Axis | None:
    steps = np.flatnonzero(changes)
    if len(steps) < _FEWEST_CHANGES:
        return None
    gaps = np.diff(steps)
    # Even repeats differ by one; where neighbours are alike, too, the gap is wider.
    distance = gaps[gaps <= np.median(gaps) + 1].mean()
    if distance < _LEAST_REPEATS:
        return None
    for _ in range(2):  # numbers across wide gaps are right once the distance is
        numbers = np.concatenate([[0], np.cumsum(np.rint(gaps / distance))]).astype(np.int64)
        distance, start = np.polyfit(numbers, steps + 0.5, 1)
    off = np.abs(start + distance * numbers - (steps + 0.5)).max()
    if (
        off > _LARGEST_OFFSET
        or (np.diff(numbers) == 0).any()
        or len(numbers) < _LEAST_SHARE * (numbers[-1] + 1)
    ):
        return None
    # Where nothing changes from one to the next, the border between them may be anywhere near.
    first = -int(np.floor((start + 0.5) / distance))
    last = int(np.floor((len(changes) - start) / distance))
    between = np.arange(first, last + 1)
    ends = np.floor(start + distance * between).astype(np.int64)
    ends[numbers - first] = steps
    begins = np.concatenate([[0], ends + 1])
    ends = np.concatenate([ends, [len(changes)]])
    centres = start + distance * (np.arange(first, last + 2) - 0.5)
    within = (centres > -0.5) & (centres < len(changes) + 0.5)
    if (begins > ends)[within].any():
        return None
    return _Axis(((begins + ends) // 2)[within], float(centres[within][0]), float(distance))


def _changes(labels: Array) -> tuple[npt.NDArray[np.bool_], ...]:
    """Along each axis, whether anything changes from one slice to the next."""
    native = labels.astype(labels.dtype.newbyteorder("="), copy=False)
    changes = tuple(np.zeros(size - 1, np.bool_) for size in labels.shape)
    _mark_changes(native, *changes)
    return changes


@njit(nogil=True, cache=True)
def _mark_changes(labels: Array, first: Array, second: Array, third: Array) -> None:
    for i in range(labels.shape[0]):
        for j in range(labels.shape[1]):
            line = labels[i, j]
            for k in range(1, len(line)):
                if line[k] != line[k - 1]:
                    third[k - 1] = True
            if i > 0 and not first[i - 1]:
                first[i - 1] = _differ(line, labels[i - 1, j])
            if j > 0 and not second[j - 1]:
                second[j - 1] = _differ(line, labels[i, j - 1])


@njit(inline="always")
def _differ(line: Array, other: Array) -> bool:
    k = 0
    while k < len(line) and line[k] == other[k]:
        k += 1
    return k < len(line)
