"""Bone: dense voxels, without what contrast agent made dense, with the marrow inside."""

import numpy as np
from scipy import ndimage

from scan_to_mesh.segmenters.hounsfield.contrast import find_enhanced
from scan_to_mesh.segmenters.hounsfield.morphology import (
    CORNERS,
    Image,
    Mask,
    Spacing,
    bounding_box,
    closing,
    components,
    fill_holes_by_slice,
)

# Spongy bone in coarse voxels begins here; a piece of bone has some cortical bone, while a kidney
# full of contrast agent has at most a few stones.
BONE_HU = 150
CORTICAL_HU = 250
CORTICAL_SHARE = 0.03
SMALLEST_PIECE_ML = 0.5
# Marrow within this distance of cortical bone; between trabeculae it is denser than muscle.
MARROW_RADIUS_MM = 6
MARROW_HU = 60
LARGEST_MARROW_SECTION_MM2 = 1000


def find_bone(hu: Image, body: Mask, spacing_mm: Spacing) -> Mask:
    """Find bone with its marrow.

    Parameters
    ----------
    hu : ndarray of float32, shape (I, J, K)
        Index axes RAS+.
    body : ndarray of bool
    """
    bone = np.zeros_like(body)
    dense = body & (hu > BONE_HU)
    box = bounding_box(dense, 2 * MARROW_RADIUS_MM, spacing_mm)
    if box is None:
        return bone
    enhanced = find_enhanced(hu[box], body[box], dense[box], spacing_mm)
    pieces = _pieces_with_cortex(hu[box], dense[box] & ~enhanced, spacing_mm)
    bone[box] = _with_marrow(hu[box], body[box] & ~enhanced, pieces, spacing_mm)
    return bone


def _pieces_with_cortex(hu: Image, dense: Mask, spacing_mm: Spacing) -> Mask:
    parts = components(dense, CORNERS)
    cortical = np.bincount(parts.numbers[dense & (hu > CORTICAL_HU)], minlength=len(parts.voxels))
    volumes_ml = parts.voxels * float(np.prod(spacing_mm)) / 1000
    return parts.chosen(
        (cortical > CORTICAL_SHARE * parts.voxels) & (volumes_ml > SMALLEST_PIECE_ML)
    )


def _with_marrow(hu: Image, allowed: Mask, pieces: Mask, spacing_mm: Spacing) -> Mask:
    """Add the marrow: narrow gaps of its density, and cavities that the bone surrounds.

    A cavity must be enclosed in two of the three slice directions: the spinal canal is in one.
    """
    smooth = ndimage.gaussian_filter(hu, [1.5 / mm for mm in spacing_mm])
    gaps = closing(pieces, MARROW_RADIUS_MM, spacing_mm)
    bone: Mask = pieces | (gaps & allowed & (smooth > MARROW_HU))
    votes = np.zeros(bone.shape, np.uint8)
    for axis in range(3):
        votes += _small_holes(bone, axis, spacing_mm)
    return bone | (allowed & (votes >= 2))


def _small_holes(mask: Mask, axis: int, spacing_mm: Spacing) -> Mask:
    """Holes of the slices across an axis, where they are no larger than a marrow cavity."""
    across = np.moveaxis(mask, axis, 2)
    holes = fill_holes_by_slice(across) & ~across
    pixel_mm2 = float(np.prod([mm for a, mm in enumerate(spacing_mm) if a != axis]))
    for k in np.flatnonzero(holes.any(axis=(0, 1))):
        numbers, _ = ndimage.label(holes[:, :, k])
        is_small = np.bincount(numbers.ravel()) * pixel_mm2 <= LARGEST_MARROW_SECTION_MM2
        holes[:, :, k] &= is_small[numbers]
    return np.moveaxis(holes, 2, axis)
