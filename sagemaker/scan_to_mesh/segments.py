"""Where each segment of a label map lies."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from iris_imaging.volume import Affine, LabelMap
from iris_oculus.structures import Structure
from scipy import ndimage

Axes = tuple[int, int, int]
Box = tuple[slice, slice, slice]

# find_objects makes a list as long as the largest label value.
_LARGEST_DIRECT_LABEL_VALUE = 65_535


@dataclass(frozen=True)
class Segment:
    """A label value that occurs, and the smallest box around its voxels.

    Attributes
    ----------
    label_value : int
    box : tuple of slice
        One slice per axis of the array that was searched.
    """

    label_value: int
    box: Box

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

    One pass over the array, however many label values there are.

    Parameters
    ----------
    labels : ndarray of unsigned integers, shape (I, J, K)
        Fastest where the axes are in memory order, see :func:`memory_axes`.
    """
    if labels.dtype.itemsize <= 2 or labels.max() <= _LARGEST_DIRECT_LABEL_VALUE:
        boxes = ndimage.find_objects(labels)
        return [Segment(value, box) for value, box in enumerate(boxes, start=1) if box is not None]
    values, ranks = np.unique(labels, return_inverse=True)
    boxes = ndimage.find_objects(ranks.reshape(labels.shape) + 1)
    return [
        Segment(int(value), box) for value, box in zip(values, boxes, strict=True) if value != 0
    ]


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
