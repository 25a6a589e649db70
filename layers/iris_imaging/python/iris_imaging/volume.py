"""The two images that the pipeline passes on: a volume of intensities and a label map."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
from iris_oculus.structures import Structure

Affine = npt.NDArray[np.float64]


class Modality(StrEnum):
    """What made the image; CT intensities are Hounsfield units."""

    CT = "CT"
    MR = "MR"
    UNKNOWN = "unknown"


def spacing_mm(affine_ras_mm: Affine) -> tuple[float, float, float]:
    """Distance in mm between neighbouring voxel centres along each index axis.

    Parameters
    ----------
    affine_ras_mm : ndarray, shape (4, 4)
        Voxel index (i, j, k) to RAS+ world millimetres.
    """
    x, y, z = np.linalg.norm(affine_ras_mm[:3, :3], axis=0)
    return float(x), float(y), float(z)


def voxel_volume_ml(affine_ras_mm: Affine) -> float:
    """Volume of one voxel in ml: the determinant, so that sheared (tilted) grids are right too."""
    return float(abs(np.linalg.det(affine_ras_mm[:3, :3])) / 1000.0)


def _check_grid(array: npt.NDArray[Any], affine_ras_mm: Affine) -> None:
    if array.ndim != 3 or min(array.shape) < 1:
        raise ValueError(f"a volume has three non-empty axes, not shape {array.shape}")
    if affine_ras_mm.shape != (4, 4) or not np.isfinite(affine_ras_mm).all():
        raise ValueError("the affine must be a finite 4x4 matrix")
    if not np.array_equal(affine_ras_mm[3], [0, 0, 0, 1]):
        raise ValueError("the affine's last row must be 0 0 0 1")
    if abs(np.linalg.det(affine_ras_mm[:3, :3])) < 1e-9:
        raise ValueError("the affine is singular")


@dataclass(frozen=True, eq=False)
class Volume:
    """Intensities on a voxel grid, on the grid and in the axis order of the file they came from.

    Attributes
    ----------
    voxels : ndarray, shape (I, J, K)
        Intensities after rescaling (int16, int32 or float32); Hounsfield units for CT.
    affine_ras_mm : ndarray of float64, shape (4, 4)
        Voxel index to RAS+ world mm. May be oblique, mirrored or sheared.
    modality : Modality
    """

    voxels: npt.NDArray[Any]
    affine_ras_mm: Affine
    modality: Modality = Modality.CT

    def __post_init__(self) -> None:
        _check_grid(self.voxels, self.affine_ras_mm)

    @property
    def spacing_mm(self) -> tuple[float, float, float]:
        """Voxel size in mm along each index axis; derived from the affine."""
        return spacing_mm(self.affine_ras_mm)


@dataclass(frozen=True, eq=False)
class LabelMap:
    """One structure per label value, on the grid of the volume that was segmented.

    Attributes
    ----------
    labels : ndarray of unsigned integers, shape (I, J, K)
        0 is background.
    affine_ras_mm : ndarray of float64, shape (4, 4)
        Voxel index to RAS+ world mm.
    structures : mapping of int to Structure
        By label value. Values that do not occur in ``labels`` may be listed.
    """

    labels: npt.NDArray[Any]
    affine_ras_mm: Affine
    structures: Mapping[int, Structure]

    def __post_init__(self) -> None:
        _check_grid(self.labels, self.affine_ras_mm)
        if self.labels.dtype.kind != "u":
            raise ValueError(f"labels are unsigned integers, not {self.labels.dtype}")
        if 0 in self.structures:
            raise ValueError("label value 0 is the background")

    @property
    def spacing_mm(self) -> tuple[float, float, float]:
        """Voxel size in mm along each index axis; derived from the affine."""
        return spacing_mm(self.affine_ras_mm)
