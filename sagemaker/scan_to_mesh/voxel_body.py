"""What a segment's voxels say that its mesh has to agree with: size and place."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from iris_imaging.volume import Affine, voxel_volume_ml

Index = npt.NDArray[np.float64]
"""Three voxel indices, whole or between voxels."""


@dataclass(frozen=True)
class VoxelBody:
    """A segment's voxels as a body in the world.

    Attributes
    ----------
    volume_ml : float
    centroid_ras_mm : tuple of float
        Mean position of the voxels' centres.
    mirrors_x_ras_mm : tuple of float
        Sagittal planes about which a mistake would mirror the body: the world's (a sign of x), the
        image's (an axis of the file) and the segment's own (an axis of its crop).
    voxel_width_mm : float
        Extent of one voxel from left to right.
    """

    volume_ml: float
    centroid_ras_mm: tuple[float, float, float]
    mirrors_x_ras_mm: tuple[float, float, float]
    voxel_width_mm: float


def centroid_index(mask: npt.NDArray[np.bool_]) -> Index:
    """Mean index of the true voxels, at least one, from the counts of each plane."""
    per_row = np.count_nonzero(mask, axis=2)
    counts = (per_row.sum(axis=1), per_row.sum(axis=0), np.count_nonzero(mask, axis=(0, 1)))
    return np.array([np.average(np.arange(len(plane)), weights=plane) for plane in counts])


def voxel_body(
    voxels: int,
    centroid: Index,
    crop_shape: tuple[int, ...],
    crop_affine_ras_mm: Affine,
    image_middle_x_ras_mm: float,
) -> VoxelBody:
    """Place a segment in the world.

    Parameters
    ----------
    voxels : int
        At least one.
    centroid : ndarray of float64, shape (3,)
        Mean index of the voxels, counted from the crop's first.
    crop_shape : tuple of int
        Of the smallest box around them.
    crop_affine_ras_mm : ndarray of float64, shape (4, 4)
        The crop's voxel index to RAS+ world mm; mirrored, oblique or sheared as it may be.
    image_middle_x_ras_mm : float
        Of the whole label map, see :func:`middle_x_ras_mm`.
    """
    x, y, z = crop_affine_ras_mm[:3, :3] @ centroid + crop_affine_ras_mm[:3, 3]
    return VoxelBody(
        volume_ml=voxels * voxel_volume_ml(crop_affine_ras_mm),
        centroid_ras_mm=(float(x), float(y), float(z)),
        mirrors_x_ras_mm=(
            0.0,
            image_middle_x_ras_mm,
            middle_x_ras_mm(crop_shape, crop_affine_ras_mm),
        ),
        voxel_width_mm=float(np.abs(crop_affine_ras_mm[0, :3]).sum()),
    )


def middle_x_ras_mm(shape: tuple[int, ...], affine_ras_mm: Affine) -> float:
    """Where the middle of a grid lies between left and right."""
    middle = (np.array(shape) - 1) / 2
    return float(affine_ras_mm[0, :3] @ middle + affine_ras_mm[0, 3])
