"""``ct_preview.nii.gz`` and ``segmentation_preview.nii.gz``: what the page draws as slices.

Both lie on one grid, coarse enough for a browser. They are for looking at: every number comes from
the scan's own grid.
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse
from iris_imaging.volume import Affine, LabelMap, Volume

from scan_to_mesh.exporters.nifti import nifti_image, write_compressed

MAX_SIDE = 320
"""Voxels: 320³ make 65 MB of half floats on the graphics card, and some 20 MB to send."""
_HIGHEST_LABEL = np.iinfo(np.uint8).max
_HIGHEST_INTENSITY = np.iinfo(np.int16).max
_SLAB = 16  # slices at a time, so that no second copy of the scan is made
_GZIP_LEVEL = 1


@dataclass(frozen=True, eq=False)
class PageVolumes:
    """The reduced scan and label map.

    Attributes
    ----------
    intensities : ndarray of int16, shape (I, J, K)
        Times ``slope``: the scan's unit, HU for CT.
    slope : float
        1 unless the scan's values go beyond 16 bits.
    labels : ndarray of uint8, shape (I, J, K), or None
        None where a label value goes beyond 8 bits, which a page cannot show.
    affine_ras_mm : ndarray, shape (4, 4)
        Of both.
    """

    intensities: npt.NDArray[np.int16]
    slope: float
    labels: npt.NDArray[np.uint8] | None
    affine_ras_mm: Affine


def reduce_for_page(volume: Volume, label_map: LabelMap, max_side: int = MAX_SIDE) -> PageVolumes:
    """Reduce a scan and its label map to at most ``max_side`` voxels along each axis.

    A reduced intensity is the mean over the part of the scan that its voxel covers; a reduced
    label is the one at the voxel's centre. Axes that are short enough stay as they are.

    Parameters
    ----------
    volume : Volume
    label_map : LabelMap
        On the same grid.
    max_side : int
    """
    shape = volume.voxels.shape
    reduced = [min(size, max_side) for size in shape]
    factors = np.array(shape) / reduced
    to_index = np.diag([*factors, 1.0])
    to_index[:3, 3] = (factors - 1) / 2  # the first voxel's centre
    means = _means(volume.voxels, reduced)
    slope = max(1.0, float(np.abs(means).max()) / _HIGHEST_INTENSITY)
    return PageVolumes(
        intensities=np.rint(means / slope).astype(np.int16),
        slope=slope,
        labels=_at_centres(label_map.labels, reduced),
        affine_ras_mm=volume.affine_ras_mm @ to_index,
    )


def write_page_volumes(volumes: PageVolumes, folder: Path) -> list[Path]:
    """Write both as NIfTI-1; returns the files that were written."""
    scan = nifti_image(volumes.intensities, volumes.affine_ras_mm)
    scan.header.set_slope_inter(volumes.slope, 0)
    written = [folder / "ct_preview.nii.gz"]
    write_compressed(scan, written[0], _GZIP_LEVEL)
    if volumes.labels is not None:
        labels = nifti_image(volumes.labels, volumes.affine_ras_mm)
        labels.header.set_intent("label")
        written.append(folder / "segmentation_preview.nii.gz")
        write_compressed(labels, written[1], _GZIP_LEVEL)
    return written


def _means(voxels: npt.NDArray[Any], reduced: list[int]) -> npt.NDArray[np.float32]:
    first, second, third = (
        _averaging(size, count) for size, count in zip(voxels.shape, reduced, strict=True)
    )
    partly = np.empty((reduced[0], reduced[1], voxels.shape[2]), dtype=np.float32)
    for start in range(0, voxels.shape[2], _SLAB):
        slab = voxels[:, :, start : start + _SLAB].astype(np.float32)
        slab = _along(first, slab, 0)
        partly[:, :, start : start + _SLAB] = _along(second, slab, 1)
    return _along(third, partly, 2)


def _averaging(size: int, count: int) -> Any:
    """Matrix that averages ``size`` samples into ``count``: row i holds each one's share in i."""
    edges = np.linspace(0, size, count + 1)
    rows, columns, shares = [], [], []
    for row, (low, high) in enumerate(pairwise(edges)):
        covered = np.arange(int(low), int(np.ceil(high)))
        share = np.minimum(covered + 1, high) - np.maximum(covered, low)
        rows += [row] * len(covered)
        columns += covered.tolist()
        shares += (share / (high - low)).tolist()
    return scipy.sparse.csr_array(
        (np.array(shares, dtype=np.float32), (rows, columns)), shape=(count, size)
    )


def _along(matrix: Any, array: npt.NDArray[np.float32], axis: int) -> npt.NDArray[np.float32]:
    if matrix.shape[0] == matrix.shape[1]:
        return array
    moved = np.moveaxis(array, axis, 0)
    product = matrix @ moved.reshape(len(moved), -1)
    result: npt.NDArray[np.float32] = np.moveaxis(product.reshape(-1, *moved.shape[1:]), 0, axis)
    return result


def _at_centres(labels: npt.NDArray[Any], reduced: list[int]) -> npt.NDArray[np.uint8] | None:
    if labels.max() > _HIGHEST_LABEL:
        return None
    places = [
        ((np.arange(count) + 0.5) * size / count).astype(int)
        for size, count in zip(labels.shape, reduced, strict=True)
    ]
    return labels[np.ix_(*places)].astype(np.uint8)
