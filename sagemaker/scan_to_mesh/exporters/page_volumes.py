"""``ct_preview.nii.gz`` and ``segmentation_preview.nii.gz``: what the page draws as slices.

Both lie on one grid, coarse enough for a browser. They are for looking at: every number comes from
the scan's own grid.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from iris_imaging.volume import Affine, LabelMap, Volume

from scan_to_mesh.exporters.nifti import nifti_image, write_compressed
from scan_to_mesh.exporters.volume_reduction import at_centres, box_means

MAX_SIDE = 320
"""Voxels: 320³ make 65 MB of half floats on the graphics card, and some 20 MB to send."""
_HIGHEST_LABEL = np.iinfo(np.uint8).max
_HIGHEST_INTENSITY = np.iinfo(np.int16).max


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
    first, second, third = (min(size, max_side) for size in volume.voxels.shape)
    reduced = (first, second, third)
    factors = np.array(volume.voxels.shape) / reduced
    to_index = np.diag([*factors, 1.0])
    to_index[:3, 3] = (factors - 1) / 2  # the first voxel's centre
    means = box_means(volume.voxels, reduced)
    largest = max(float(means.max()), -float(means.min()))
    slope = max(1.0, largest / _HIGHEST_INTENSITY)
    if slope > 1.0:
        means /= np.float32(slope)
    labels = label_map.labels
    return PageVolumes(
        intensities=np.rint(means, out=means).astype(np.int16),
        slope=slope,
        labels=(
            at_centres(labels, reduced).astype(np.uint8) if labels.max() <= _HIGHEST_LABEL else None
        ),
        affine_ras_mm=volume.affine_ras_mm @ to_index,
    )


def write_page_volumes(volumes: PageVolumes, folder: Path) -> list[Path]:
    """Write both as NIfTI-1; returns the files that were written."""
    scan = nifti_image(volumes.intensities, volumes.affine_ras_mm)
    scan.header.set_slope_inter(volumes.slope, 0)
    written = [folder / "ct_preview.nii.gz"]
    write_compressed(scan, written[0])
    if volumes.labels is not None:
        labels = nifti_image(volumes.labels, volumes.affine_ras_mm)
        labels.header.set_intent("label")
        written.append(folder / "segmentation_preview.nii.gz")
        write_compressed(labels, written[1])
    return written
