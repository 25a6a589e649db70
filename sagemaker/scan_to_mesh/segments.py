"""Where each segment of a label map lies."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from iris_imaging.volume import Affine, LabelMap
from iris_oculus.structures import Structure
from numba import njit

Axes = tuple[int, int, int]
Box = tuple[slice, slice, slice]

# Columns of the table in which a pass over a label map gathers what it finds.
_VALUE, _VOXELS, _LOW, _HIGH, _SUM, _COLUMNS = 0, 1, 2, 5, 8, 11
_FIRST_CAPACITY = 1024
_HASH_FACTOR = 0x9E3779B1  # Fibonacci hashing


@dataclass(frozen=True)
class Segment:
    """A label value that occurs, and the smallest box around its voxels.

    Attributes
    ----------
    label_value : int
    box : tuple of slice
        One slice per axis of the array that was searched.
    voxels : int
    centroid_index : tuple of float
        Mean index of the voxels in the array that was searched.
    """

    label_value: int
    box: Box
    voxels: int
    centroid_index: tuple[float, float, float]

    @property
    def origin_index(self) -> tuple[int, int, int]:
        """Index of the box's first voxel."""
        first, second, third = self.box
        return first.start, second.start, third.start

    @property
    def shape(self) -> tuple[int, int, int]:
        """Voxels of the box along each axis."""
        first, second, third = (axis.stop - axis.start for axis in self.box)
        return first, second, third


def memory_axes(array: npt.NDArray[Any]) -> Axes:
    """Order of the axes from the slowest to the fastest in memory.

    Passes over ``array.transpose(memory_axes(array))`` read memory forwards. NIfTI files are read
    in Fortran order, where a pass along the wrong axis costs several times more.
    """
    first, second, third = sorted(range(3), key=lambda axis: -abs(array.strides[axis]))
    return first, second, third


def permuted_affine(affine_ras_mm: Affine, axes: Axes) -> Affine:
    """Affine of an array whose axes were permuted by ``transpose(axes)``.

    Parameters
    ----------
    affine_ras_mm : ndarray of float64, shape (4, 4)
        Voxel index to RAS+ world mm.
    axes : tuple of int
        The permutation.
    """
    return affine_ras_mm[:, [*axes, 3]]


def cropped_affine(affine_ras_mm: Affine, origin_index: tuple[int, int, int]) -> Affine:
    """Affine of a crop that starts at an index of the array that the affine belongs to."""
    cropped = affine_ras_mm.copy()
    cropped[:3, 3] += affine_ras_mm[:3, :3] @ origin_index
    return cropped


def find_segments(labels: npt.NDArray[Any]) -> list[Segment]:
    """Every label value above 0 that occurs, ascending, with its bounding box.

    One pass over the array, however many label values there are and however large they are.

    Parameters
    ----------
    labels : ndarray of unsigned integers, shape (I, J, K)
        Fastest where the axes are in memory order, see :func:`memory_axes`.
    """
    native = labels.astype(labels.dtype.newbyteorder("="), copy=False)
    rows = _measure_runs(native, np.zeros((_FIRST_CAPACITY, _COLUMNS), np.int64))
    values = rows[:, _VALUE].astype(np.uint64)
    order = np.argsort(values)
    return [
        Segment(
            label_value=int(value),
            box=(
                slice(int(row[_LOW]), int(row[_HIGH]) + 1),
                slice(int(row[_LOW + 1]), int(row[_HIGH + 1]) + 1),
                slice(int(row[_LOW + 2]), int(row[_HIGH + 2]) + 1),
            ),
            voxels=int(row[_VOXELS]),
            centroid_index=(
                float(row[_SUM] / row[_VOXELS]),
                float(row[_SUM + 1] / row[_VOXELS]),
                float(row[_SUM + 2] / (2 * row[_VOXELS])),
            ),
        )
        for value, row in zip(values[order], rows[order], strict=True)
    ]


@njit(inline="always")
def _slot_of(table: npt.NDArray[np.int64], value: int) -> int:
    """Where a value is in a table with open addressing, or where it belongs."""
    last = len(table) - 1
    slot = (value * _HASH_FACTOR) & last
    while table[slot, _VOXELS] != 0 and table[slot, _VALUE] != value:
        slot = (slot + 1) & last
    return slot


@njit(nogil=True, cache=True)
def _doubled(table: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    doubled = np.zeros((2 * len(table), table.shape[1]), np.int64)
    for row in range(len(table)):
        if table[row, _VOXELS] != 0:
            doubled[_slot_of(doubled, table[row, _VALUE])] = table[row]
    return doubled


@njit(nogil=True, cache=True)
def _measure_runs(labels: npt.NDArray[Any], table: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Count and bound the runs of equal labels along the last axis."""
    values = 0
    for i in range(labels.shape[0]):
        for j in range(labels.shape[1]):
            line = labels[i, j]
            k = 0
            while k < len(line):
                begin = k
                label = line[begin]
                k += 1
                while k < len(line) and line[k] == label:
                    k += 1
                if label == 0:
                    continue
                value = int(label)
                slot = _slot_of(table, value)
                row = table[slot]
                length = k - begin
                if row[_VOXELS] == 0:
                    row[_VALUE] = value
                    row[_LOW], row[_LOW + 1], row[_LOW + 2] = i, j, begin
                    row[_HIGH], row[_HIGH + 1], row[_HIGH + 2] = i, j, k - 1
                    values += 1
                row[_VOXELS] += length
                row[_LOW + 1] = min(row[_LOW + 1], j)
                row[_LOW + 2] = min(row[_LOW + 2], begin)
                row[_HIGH] = i
                row[_HIGH + 1] = max(row[_HIGH + 1], j)
                row[_HIGH + 2] = max(row[_HIGH + 2], k - 1)
                row[_SUM] += i * length
                row[_SUM + 1] += j * length
                row[_SUM + 2] += (begin + k - 1) * length  # twice the sum of begin to k - 1
                if 2 * values > len(table):
                    table = _doubled(table)
    found: npt.NDArray[np.int64] = table[table[:, _VOXELS] != 0]
    return found


def structures_of(label_map: LabelMap, segments: list[Segment]) -> list[Structure]:
    """Structure of each segment, in the same order.

    Raises
    ------
    ValueError
        If the label map holds values that it does not name: they would vanish from the result.
    """
    unnamed = [s.label_value for s in segments if s.label_value not in label_map.structures]
    if unnamed:
        raise ValueError(f"label values without a structure: {unnamed}")
    return [label_map.structures[segment.label_value] for segment in segments]
