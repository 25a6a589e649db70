"""Organs and vessels that contrast agent makes as dense as bone."""

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from scan_to_mesh.segmenters.hounsfield.landmarks import Landmarks, find_landmarks
from scan_to_mesh.segmenters.hounsfield.morphology import (
    Box,
    Image,
    Mask,
    Spacing,
    components,
    dilate,
)

# Blood and kidneys reach this with contrast agent; between these and 650 HU they cannot be told
# from bone by density.
PLATEAU_HU = (130, 650)
WINDOW_MM = 9
# Flat means little more variation than the scanner's noise in soft tissue.
NOISE_FACTOR = 1.7
NOISE_MARGIN_HU = 5
LEAST_NOISE_HU = 15
SMALLEST_PLATEAU_ML = 2
# Vessels and kidneys lie this near the midline; hips and shoulders farther out.
CENTRAL_MM = 80
# From the tips of the spinous processes: vertebral bodies end about 75 mm farther forward. A stack
# of vertebrae is tall and its middle lies nearer, the aorta is tall and its middle lies farther.
BEFORE_SPINE_MM = 85
TALL_BEFORE_SPINE_MM = 66
TALL_MM = 60
# The sternum lies in the foremost third between spine and skin.
STERNUM_SHARE = 0.7
# Bone has a shell brighter than its core.
BRIGHTER_HU = 80
BRIGHT_SHELL_SHARE = 0.15
WALL_MM = 5
BRANCH_ML = 5


def find_enhanced(hu: Image, body: Mask, dense: Mask, spacing_mm: Spacing) -> Mask:
    """Find what contrast agent fills: heart, great vessels, kidneys, bladder.

    It is flat (no texture beyond the noise), has no bright shell, and lies in front of the spine
    near the midline; bone there is the sternum alone, which lies far in front. What cannot be
    judged (coarse voxels, no spine in the scan) stays with bone.

    Parameters
    ----------
    dense : ndarray of bool
        Voxels that could be bone by density.

    Returns
    -------
    ndarray of bool
        Part of ``dense``.
    """
    plateaus = components(_flat(hu, body, spacing_mm))
    landmarks = find_landmarks(body, dense, spacing_mm)
    enhanced = np.zeros_like(dense)
    voxel_ml = float(np.prod(spacing_mm)) / 1000
    reach_mm = max(WALL_MM, 1.8 * max(spacing_mm))
    for number, box in enumerate(ndimage.find_objects(plateaus.numbers), start=1):
        if plateaus.voxels[number] * voxel_ml < SMALLEST_PLATEAU_ML:
            continue
        inside = plateaus.numbers[box] == number
        if _lies_before_spine(inside, box, landmarks, spacing_mm):
            wide = _widened(box, dense.shape, reach_mm, spacing_mm)
            numbers = plateaus.numbers[wide]
            enhanced[wide] |= _with_rim(hu[wide], numbers, number, reach_mm, spacing_mm)
    return _with_branches(hu, dense, enhanced & dense, voxel_ml)


def _flat(hu: Image, body: Mask, spacing_mm: Spacing) -> Mask:
    """Dense voxels whose surroundings vary no more than the noise."""
    window = [max(3, round(WINDOW_MM / mm) | 1) for mm in spacing_mm]
    mean = ndimage.uniform_filter(hu, window)
    # Squares of values shifted by a constant lose no precision in float32.
    variance = ndimage.uniform_filter(np.square(hu - mean), window)
    soft = body & (mean > 0) & (mean < 100)
    if not soft.any():
        return np.zeros_like(body)
    noise_hu = float(np.sqrt(np.percentile(variance[soft], 25)))
    limit_hu = max(LEAST_NOISE_HU, NOISE_FACTOR * noise_hu) + NOISE_MARGIN_HU
    low, high = PLATEAU_HU
    flat: Mask = body & (hu > low) & (mean > low) & (mean < high) & (variance < limit_hu**2)
    return flat


def _lies_before_spine(inside: Mask, box: Box, landmarks: Landmarks, spacing_mm: Spacing) -> bool:
    x, y, z = (index + s.start for index, s in zip(np.nonzero(inside), box, strict=True))
    tips = landmarks.spine_tips[z]
    if not np.isfinite(tips).all():
        return False
    if abs(x.mean() - landmarks.midline) * spacing_mm[0] > CENTRAL_MM:
        return False
    before_mm = float((y - tips).mean() * spacing_mm[1])
    depth_mm = float((landmarks.front[z] - tips).mean() * spacing_mm[1])
    if before_mm > STERNUM_SHARE * depth_mm:
        return False
    is_tall = inside.shape[2] * spacing_mm[2] >= TALL_MM
    return before_mm > (TALL_BEFORE_SPINE_MM if is_tall else BEFORE_SPINE_MM)


def _widened(box: Box, shape: tuple[int, ...], margin_mm: float, spacing_mm: Spacing) -> Box:
    i, j, k = (
        slice(max(0, s.start - int(margin_mm / mm) - 1), min(n, s.stop + int(margin_mm / mm) + 1))
        for s, n, mm in zip(box, shape, spacing_mm, strict=True)
    )
    return i, j, k


def _with_rim(
    hu: Image,
    plateaus: npt.NDArray[np.int32],
    number: int,
    reach_mm: float,
    spacing_mm: Spacing,
) -> Mask:
    """A plateau and its rim; nothing, if the rim is the bright shell of a bone."""
    core = plateaus == number
    near = dilate(core, reach_mm, spacing_mm)
    brightest_hu = float(hu[core].mean()) + BRIGHTER_HU
    if (hu[near & ~core] > brightest_hu).mean() > BRIGHT_SHELL_SHARE:
        return np.zeros_like(core)
    other_plateau = (plateaus > 0) & ~core
    with_rim: Mask = near & ~other_plateau & (hu < brightest_hu)
    return with_rim


def _with_branches(hu: Image, dense: Mask, enhanced: Mask, voxel_ml: float) -> Mask:
    """Add small dense pieces that hang on what is enhanced and are not brighter than it."""
    if not enhanced.any():
        return enhanced
    limit_hu = float(hu[enhanced].mean()) + BRIGHTER_HU
    rest = components(dense & ~enhanced)
    touched = np.unique(rest.numbers[ndimage.binary_dilation(enhanced) & ~enhanced])
    small = touched[(touched > 0) & (rest.voxels[touched] * voxel_ml < BRANCH_ML)]
    keep = np.zeros(len(rest.voxels), bool)
    if small.size:
        keep[small] = np.asarray(ndimage.mean(hu, rest.numbers, small)) < limit_hu
    return enhanced | rest.chosen(keep)
