"""Boxes around labels, which every peer that meshes label by label needs."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Box = tuple[slice, slice, slice]


def boxes_of(labels: npt.NDArray[np.uint8]) -> Mapping[int, Box]:
    """Box of every label that occurs; searched in the order in which the array lies in memory."""
    boxes = ndimage.find_objects(labels.T)
    return {
        value: (box[2], box[1], box[0]) for value, box in enumerate(boxes, 1) if box is not None
    }


def padded_mask(
    labels: npt.NDArray[np.uint8], value: int, box: Box, margin: int, dtype: npt.DTypeLike
) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    """Mask of a label with some voxels more on every side, empty beyond the image.

    Returns
    -------
    mask : ndarray, shape (I, J, K)
        In Fortran order.
    origin : ndarray of int, shape (3,)
        Index of its first voxel in the label map; below 0 beyond the image.
    """
    origin = np.array([side.start - margin for side in box])
    stop = np.array([side.stop + margin for side in box])
    low, high = origin.clip(0), np.minimum(stop, labels.shape)
    mask = np.zeros(stop - origin, dtype, order="F")
    inner = tuple(slice(a, b) for a, b in zip(low - origin, high - origin, strict=True))
    mask[inner] = labels[tuple(slice(a, b) for a, b in zip(low, high, strict=True))] == value
    return mask, origin
