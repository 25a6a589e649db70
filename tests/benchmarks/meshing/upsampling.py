"""A coarse label map on a finer grid, with boundaries that are smooth there."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from skimage.measure import marching_cubes

_BLUR_VOXELS = 0.6
_MARGIN_VOXELS = 3
_RIM_VOXELS = 0.01


Field = tuple[int, tuple[slice, ...], npt.NDArray[np.float32]]
"""Label value, its box in the finer grid, and how strong the label is at each voxel of that."""


def fields(labels: npt.NDArray[np.uint8], shape: tuple[int, ...]) -> Iterator[Field]:
    """Blurred mask of every label and of the background, on a finer grid over the same field.

    Parameters
    ----------
    labels : ndarray of uint8, shape (I, J, K)
    shape : tuple of int
        Voxels of the finer grid.
    """
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
        blurred = ndimage.gaussian_filter(
            (labels[region] == value).astype(np.float32), _BLUR_VOXELS, mode="nearest"
        )
        for axis in range(3):
            centres = (np.arange(start[axis], stop[axis]) + 0.5) / factors[axis] - 0.5 - low[axis]
            blurred = _resampled(blurred, axis, centres)
        yield value, tuple(slice(a, b) for a, b in zip(start, stop, strict=True)), blurred


def upsample(labels: npt.NDArray[np.uint8], shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """Strongest label at each voxel of a finer grid; in Fortran order, as NIfTI files are read."""
    strongest = np.zeros(shape, np.float32, order="F")
    finer = np.zeros(shape, np.uint8, order="F")
    for value, box, field in fields(labels, shape):
        stronger = field > strongest[box]
        strongest[box][stronger] = field[stronger]
        finer[box][stronger] = value
    return finer


def true_surfaces(
    labels: npt.NDArray[np.uint8], shape: tuple[int, ...]
) -> Iterator[tuple[int, npt.NDArray[np.float64], npt.NDArray[np.int32]]]:
    """Where each label is as strong as the strongest other one: what the finer grid samples.

    Yields
    ------
    value : int
    vertices : ndarray of float64, shape (N, 3)
        Indices of the finer grid. Closed half a voxel beyond its border.
    faces : ndarray of int, shape (M, 3)
        Wound outward in a frame that is not mirrored.
    """
    strongest = np.zeros(shape, np.float32, order="F")
    second = np.zeros(shape, np.float32, order="F")
    for _, box, field in fields(labels, shape):
        second[box] = np.maximum(second[box], np.minimum(field, strongest[box]))
        strongest[box] = np.maximum(strongest[box], field)
    for value, box, field in fields(labels, shape):
        if value == 0:
            continue
        rival = np.where(field < strongest[box], strongest[box], second[box])
        # Fields go on beyond the border as they are at it. Marching cubes would cut the rim off
        # between the last layer inside and the first outside: so these two lie close together.
        lead = np.pad(field - rival, 2, mode="edge")
        outside = np.ones(lead.shape, bool)
        outside[1:-1, 1:-1, 1:-1] = False
        lead[outside] = -np.abs(lead[outside])
        if lead.max() > 0:
            vertices, faces, _, _ = marching_cubes(lead, 0.0)
            places = [
                np.interp(along, np.arange(size), _layers(size))
                for along, size in zip(vertices.T, lead.shape, strict=True)
            ]
            yield value, np.stack(places, axis=1) + [side.start for side in box], faces[:, ::-1]


def _layers(size: int) -> npt.NDArray[np.float64]:
    """Where a padded field's layers lie: one more at each side just within the border."""
    layers = np.arange(size) - 2.0
    layers[[0, 1]] = -0.5 - _RIM_VOXELS, -0.5 + _RIM_VOXELS
    layers[[-2, -1]] = size - 4.5 - _RIM_VOXELS, size - 4.5 + _RIM_VOXELS
    return layers


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
