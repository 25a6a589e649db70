"""Coarser grids: means of intensities, and labels at centres."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from scan_to_mesh.exporters.in_order import in_order

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Shape = tuple[int, int, int]

_BATCH = 32  # slices a thread takes at a time: a single one is done before the next thread wakes


@dataclass(frozen=True, eq=False)
class _Cover:
    """Which samples along an axis each coarse sample covers.

    Attributes
    ----------
    first, end : ndarray of int64, shape (N,)
        The samples that coarse sample n touches: from ``first[n]`` to before ``end[n]``.
    shares : ndarray of float32, shape (N, widest)
        How much of coarse sample n each of them fills; a row's sum is 1.
    """

    first: Numbers
    end: Numbers
    shares: Floats


def box_means(voxels: npt.NDArray[Any], reduced: Shape) -> Floats:
    """Mean over the box of the scan that each coarse voxel covers, cut voxels by their share.

    Parameters
    ----------
    voxels : ndarray, shape (I, J, K)
        Of any dtype that 32-bit floats can hold.
    reduced : tuple of int
        Voxels along each axis, at most those of ``voxels``.

    Returns
    -------
    ndarray of float32, shape reduced
        With its axes in the same order in memory as ``voxels``.
    """
    axes = _memory_axes(voxels)
    slices = voxels.transpose(axes)
    slow, middle, fast = (_cover(voxels.shape[axis], reduced[axis]) for axis in axes)
    means = np.empty([reduced[axis] for axis in axes], dtype=np.float32)

    def reduce_slices(numbers: range) -> None:
        for number in numbers:
            covered = slices[slow.first[number] : slow.end[number]]
            _mean_of_slices(
                np.require(covered, np.float32, ["C", "W", "E"]),
                slow.shares[number],
                (middle.first, middle.end, middle.shares),
                (fast.first, fast.end, fast.shares),
                means[number],
            )

    numbers = range(len(means))
    for _ in in_order(reduce_slices, (numbers[i : i + _BATCH] for i in numbers[::_BATCH])):
        pass
    return means.transpose(np.argsort(axes))


def at_centres(labels: npt.NDArray[Any], reduced: Shape) -> npt.NDArray[Any]:
    """Label at the centre of each coarse voxel.

    Parameters
    ----------
    labels : ndarray, shape (I, J, K)
    reduced : tuple of int
        Voxels along each axis, at most those of ``labels``.

    Returns
    -------
    ndarray, shape reduced
        Of the same dtype, with its axes in the same order in memory.
    """
    axes = _memory_axes(labels)
    taken = labels.transpose(axes)
    for place, axis in enumerate(axes):
        size, count = labels.shape[axis], reduced[axis]
        if count < size:
            taken = taken.take(((np.arange(count) + 0.5) * size / count).astype(int), axis=place)
    return taken.transpose(np.argsort(axes))


def _memory_axes(array: npt.NDArray[Any]) -> list[int]:
    """Axes from the slowest to the fastest in memory."""
    return sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis]))


def _cover(size: int, count: int) -> _Cover:
    edges = np.arange(count + 1) * (size / count)
    edges[-1] = size
    low, high = edges[:-1, None], edges[1:, None]
    first, end = np.floor(low[:, 0]).astype(np.int64), np.ceil(high[:, 0]).astype(np.int64)
    samples = first[:, None] + np.arange((end - first).max())
    shares = np.clip(np.minimum(samples + 1, high) - np.maximum(samples, low), 0, None)
    return _Cover(first, end, (shares / (high - low)).astype(np.float32))


@njit(
    "void(f4[:,:,::1], f4[::1], Tuple((i8[::1], i8[::1], f4[:,::1])),"
    " Tuple((i8[::1], i8[::1], f4[:,::1])), f4[:,::1])",
    nogil=True,
    cache=True,
)
def _mean_of_slices(
    slices: Floats,
    slice_shares: Floats,
    rows: tuple[Numbers, Numbers, Floats],
    columns: tuple[Numbers, Numbers, Floats],
    means: Floats,
) -> None:
    """One coarse slice: whole rows are added first, since neighbours in memory add fastest."""
    first_row, end_row, row_shares = rows
    first_column, end_column, column_shares = columns
    total = np.empty(slices.shape[2], np.float32)
    for y in range(len(means)):
        total[:] = 0
        for number in range(len(slices)):
            for row in range(first_row[y], end_row[y]):
                share = slice_shares[number] * row_shares[y, row - first_row[y]]
                for column in range(len(total)):
                    total[column] += share * slices[number, row, column]
        for x in range(len(first_column)):
            mean = np.float32(0)
            for column in range(first_column[x], end_column[x]):
                mean += column_shares[x, column - first_column[x]] * total[column]
            means[y, x] = mean
