"""A coarse label map on a finer grid, with boundaries that are smooth there."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

_BLUR_VOXELS = 0.6
_MARGIN_VOXELS = 3


def upsample(labels: npt.NDArray[np.uint8], shape: tuple[int, int, int]) -> npt.NDArray[np.uint8]:
    """Label of the strongest blurred mask at each voxel of a finer grid over the same field.

    Parameters
    ----------
    labels : ndarray of uint8, shape (I, J, K)
    shape : tuple of int
        Voxels of the finer grid.

    Returns
    -------
    ndarray of uint8
        In Fortran order, as NIfTI files are read.
    """
    strongest = np.zeros(shape, np.float32, order="F")
    finer = np.zeros(shape, np.uint8, order="F")
    factors = np.array(shape) / labels.shape
    masks = [(0, tuple(slice(0, size) for size in labels.shape))] + [
        (value, box) for value, box in enumerate(ndimage.find_objects(labels), 1) if box
    ]
    for value, box in masks:
        low = [max(0, side.start - _MARGIN_VOXELS) for side in box]
        high = [min(n, s.stop + _MARGIN_VOXELS) for n, s in zip(labels.shape, box, strict=True)]
        region = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
        start = np.floor(low * factors).astype(int)
        stop = np.minimum(np.ceil(high * factors).astype(int), shape)
        target = tuple(slice(a, b) for a, b in zip(start, stop, strict=True))
        blurred = ndimage.gaussian_filter(
            (labels[region] == value).astype(np.float32), _BLUR_VOXELS, mode="nearest"
        )
        for axis in range(3):
            centres = (np.arange(start[axis], stop[axis]) + 0.5) / factors[axis] - 0.5 - low[axis]
            blurred = _resampled(blurred, axis, centres)
        stronger = blurred > strongest[target]
        strongest[target][stronger] = blurred[stronger]
        finer[target][stronger] = value
    return finer


def _resampled(
    field: npt.NDArray[np.float32], axis: int, places: npt.NDArray[np.floating[Any]]
) -> npt.NDArray[np.float32]:
    """Between linear and smoothstep interpolation along one axis: no creases at the old voxels."""
    places = places.clip(0, field.shape[axis] - 1)
    before = np.minimum(places.astype(int), max(0, field.shape[axis] - 2))
    share = (places - before).astype(np.float32)
    share = (share + share**2 * (3 - 2 * share)) / 2
    share = share.reshape([-1 if each == axis else 1 for each in range(3)])
    after = np.minimum(before + 1, field.shape[axis] - 1)
    blended: npt.NDArray[np.float32] = (
        np.take(field, before, axis) * (1 - share) + np.take(field, after, axis) * share
    )
    return blended
