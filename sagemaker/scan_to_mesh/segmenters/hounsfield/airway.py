"""Trachea and main bronchi: the dark tube between and above the lungs."""

import numpy as np
from scipy import ndimage

from scan_to_mesh.segmenters.hounsfield.morphology import (
    CORNERS,
    Image,
    Mask,
    Spacing,
    components,
)

# A wall of 2 or 3 mm between trachea and lung shows in coarse voxels at the lower threshold only.
GAS_THRESHOLDS_HU = (-500, -700)
# Cross sections: the adult trachea measures 13 to 27 mm across (Breatnach et al., AJR 1984;
# 142:903-906), a child's and a main bronchus less, and both bronchi together more.
CROSS_SECTION_MM2 = (40, 900)
WIDEST_MM = 60
FARTHEST_FROM_MIDLINE_MM = 55
SHORTEST_MM = 25
DARK_HU = -700


def _is_tube_section(points: tuple[slice, slice], area_mm2: float, spacing_mm: Spacing) -> bool:
    low, high = CROSS_SECTION_MM2
    widths = [(s.stop - s.start) * mm for s, mm in zip(points, spacing_mm, strict=False)]
    return low <= area_mm2 <= high and max(widths) <= WIDEST_MM


def _tube_sections(gas: Mask, midline: float, spacing_mm: Spacing) -> Mask:
    """Gas that is, in its axial slice, an island of a trachea's size near the midline."""
    found = np.zeros_like(gas)
    pixel_mm2 = spacing_mm[0] * spacing_mm[1]
    reach = FARTHEST_FROM_MIDLINE_MM / spacing_mm[0]
    for k in np.flatnonzero(gas.any(axis=(0, 1))):
        numbers, _ = ndimage.label(gas[:, :, k])
        areas = np.bincount(numbers.ravel())
        for number, box in enumerate(ndimage.find_objects(numbers), start=1):
            middle = (box[0].start + box[0].stop - 1) / 2
            if abs(middle - midline) > reach:
                continue
            if _is_tube_section(box, float(areas[number] * pixel_mm2), spacing_mm):
                found[:, :, k][box] |= numbers[box] == number
    return found


def find_airway(
    hu: Image, body: Mask, lungs_and_gas: Mask, midline: float, spacing_mm: Spacing
) -> Mask:
    """Find the trachea, with the main bronchi as far as they run apart from the lungs.

    Slice by slice, islands of gas of the right size near the midline; of the stacks that they
    form, the tallest dark one whose middle lies at the height of the lungs' upper half or above.

    Parameters
    ----------
    lungs_and_gas : ndarray of bool
        Lung-like gas; only its height is used.
    midline : float
        Index of the patient's middle on the first axis.

    Returns
    -------
    ndarray of bool
        Empty if there is no such stack of at least 25 mm.
    """
    airway = np.zeros_like(body)
    levels = np.flatnonzero(lungs_and_gas.any(axis=(0, 1)))
    if not levels.size:
        return airway
    lungs_middle = (int(levels[0]) + int(levels[-1])) / 2
    sections = np.zeros_like(body)
    for threshold in GAS_THRESHOLDS_HU:
        sections |= _tube_sections(body & (hu < threshold), midline, spacing_mm)
    stacks = components(sections, CORNERS)
    tallest_mm = float(SHORTEST_MM)
    for number, box in enumerate(ndimage.find_objects(stacks.numbers), start=1):
        height_mm = (box[2].stop - box[2].start) * spacing_mm[2]
        if height_mm < tallest_mm or (box[2].start + box[2].stop) / 2 < lungs_middle:
            continue
        stack = stacks.numbers[box] == number
        if np.median(hu[box][stack]) < DARK_HU:
            tallest_mm = height_mm
            airway[:] = False
            airway[box] = stack
    return airway
