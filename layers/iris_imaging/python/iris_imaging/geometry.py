"""Which affines can be trusted, and how they are named."""

import nibabel
import numpy as np
from iris_oculus.errors import NotThreeDimensional, UntrustedGeometry

from iris_imaging.volume import Affine, spacing_mm

MIN_SPACING_MM = 0.01
MAX_SPACING_MM = 50.0
"""Beyond these, a unit or a tag is wrong: CT lies between 0.05 mm (micro-CT) and 10 mm."""

MAX_ORIGIN_MM = 100_000.0
"""No scanner's coordinates lie 100 m from its isocentre."""

MIN_AXIS_INDEPENDENCE = 0.1
"""Smallest voxel volume as a share of the product of the spacings: 1 for right angles, the
cosine of the angle for a tilted gantry (0.87 at 30 degrees)."""

MIN_VOXELS_PER_AXIS = 3
"""Fewer slices have no inside: nothing to segment or to mesh."""


def check_affine(affine_ras_mm: Affine) -> None:
    """Refuse an affine that no scanner makes.

    Parameters
    ----------
    affine_ras_mm : ndarray, shape (4, 4)

    Raises
    ------
    UntrustedGeometry
        If it is not finite, nearly singular, or has absurd spacing or origin.
    """
    if not np.isfinite(affine_ras_mm).all():
        raise UntrustedGeometry("The scan's position in space is not a number.")
    spacing = spacing_mm(affine_ras_mm)
    if min(spacing) < MIN_SPACING_MM or max(spacing) > MAX_SPACING_MM:
        sizes = " x ".join(f"{size:.4g}" for size in spacing)
        raise UntrustedGeometry(
            f"The voxels measure {sizes} mm: outside {MIN_SPACING_MM:g} to {MAX_SPACING_MM:g} mm.",
            hint="Check the units and the spacing of the file, then export it again.",
        )
    independence = abs(np.linalg.det(affine_ras_mm[:3, :3])) / np.prod(spacing)
    if independence < MIN_AXIS_INDEPENDENCE:
        raise UntrustedGeometry("The axes of the scan do not span three dimensions.")
    if np.abs(affine_ras_mm[:3, 3]).max() > MAX_ORIGIN_MM:
        raise UntrustedGeometry("The scan's origin lies further away than any scanner is large.")


def check_shape(shape: tuple[int, ...]) -> tuple[int, int, int]:
    """Three axes of several voxels each; trailing axes of one voxel are dropped.

    Raises
    ------
    NotThreeDimensional
        For a picture, a stack of fewer than three slices, or a series in time.
    """
    while len(shape) > 3 and shape[-1] == 1:
        shape = shape[:-1]
    if len(shape) != 3:
        raise NotThreeDimensional(f"The image has {len(shape)} dimensions, not 3.")
    if min(shape) < MIN_VOXELS_PER_AXIS:
        raise NotThreeDimensional(
            f"The image has {' x '.join(map(str, shape))} voxels: "
            f"fewer than {MIN_VOXELS_PER_AXIS} along an axis are no volume.",
            hint="Send the complete series, not single slices.",
        )
    return shape[0], shape[1], shape[2]


def orientation_letters(affine_ras_mm: Affine) -> str:
    """Nearest anatomical directions towards which the index axes run, such as ``LPS``."""
    return "".join(nibabel.aff2axcodes(affine_ras_mm))
