"""What the voxels say about themselves: whether they are Hounsfield units, and finite."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from iris_oculus.errors import UnreadableScan
from iris_oculus.job import JobWarning

from iris_imaging.volume import Modality

AIR_HU = -1024
"""Lowest value of 12-bit CT, the usual one outside the field of view."""

LOWEST_HU = -4000
"""Padding outside the field of view is stored as low as -3024 (-2000 raw, intercept -1024)."""

HIGHEST_MINIMUM_HU = -500
"""A CT holds some air or lung, all of it below this."""

AIR_AND_LUNG_BELOW_HU = -200
SOFT_TISSUE_HU = (-200, 300)
"""Fat, muscle, organs and blood, with and without contrast medium."""

MIN_SHARE = 0.01
"""Of the voxels, for air and lung and for soft tissue each."""


@dataclass(frozen=True)
class IntensityStatistics:
    """Counts over the finite voxels of a volume."""

    voxels: int
    finite: int
    minimum: float
    air_or_lung: int
    soft_tissue: int


def measure_intensities(voxels: npt.NDArray[Any]) -> IntensityStatistics:
    """Count slice by slice, so that nothing of the volume's size is allocated.

    Parameters
    ----------
    voxels : ndarray, shape (I, J, K)
    """
    finite, air_or_lung, soft_tissue, minimum = 0, 0, 0, np.inf
    low, high = SOFT_TISSUE_HU
    for k in range(voxels.shape[2]):
        values = voxels[:, :, k]
        if values.dtype.kind == "f":
            values = values[np.isfinite(values)]
        if values.size == 0:
            continue
        finite += values.size
        minimum = min(minimum, float(values.min()))
        air_or_lung += int(np.count_nonzero(values < AIR_AND_LUNG_BELOW_HU))
        soft_tissue += int(np.count_nonzero((values >= low) & (values <= high)))
    return IntensityStatistics(voxels.size, finite, minimum, air_or_lung, soft_tissue)


def looks_like_hounsfield(statistics: IntensityStatistics) -> bool:
    """Whether the intensities can be Hounsfield units of a body.

    True when the minimum lies where air or padding does, and both air or lung and soft tissue
    make up at least ``MIN_SHARE`` of the voxels.
    """
    needed = MIN_SHARE * statistics.finite
    return (
        LOWEST_HU <= statistics.minimum <= HIGHEST_MINIMUM_HU
        and statistics.air_or_lung >= needed
        and statistics.soft_tissue >= needed
    )


def settle_intensities(
    voxels: npt.NDArray[Any], modality: Modality | None
) -> tuple[Modality, tuple[JobWarning, ...]]:
    """Decide the modality where the header names none, and fill voxels that are not finite.

    Non-finite voxels are padding in the files that have them. They are set, in place, to
    ``AIR_HU`` in CT and to the lowest finite value otherwise.

    Parameters
    ----------
    voxels : ndarray, shape (I, J, K)
    modality : Modality or None
        What the header says; None where the format has no place for it (NIfTI).

    Returns
    -------
    modality : Modality
    warnings : tuple of JobWarning
        ``not_hounsfield``, ``non_finite_voxels``.

    Raises
    ------
    UnreadableScan
        If no voxel is finite.
    """
    statistics = measure_intensities(voxels)
    if statistics.finite == 0:
        raise UnreadableScan("Not one voxel of the scan holds a finite number.")
    plausible = looks_like_hounsfield(statistics)
    if modality is None:
        modality = Modality.CT if plausible else Modality.UNKNOWN
    warnings = []
    if modality is not Modality.MR and not plausible:
        warnings.append(
            JobWarning(
                "not_hounsfield",
                "The intensities do not look like Hounsfield units of a body: "
                "segmentation of CT will not be reliable.",
            )
        )
    missing = statistics.voxels - statistics.finite
    if missing:
        fill = AIR_HU if modality is Modality.CT else statistics.minimum
        for k in range(voxels.shape[2]):
            values = voxels[:, :, k]
            values[~np.isfinite(values)] = fill
        warnings.append(
            JobWarning(
                "non_finite_voxels",
                f"{missing} voxels held no finite number and were set to {fill:g}.",
            )
        )
    return modality, tuple(warnings)
