"""Gas inside the body, divided into lungs, airway and the rest."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from skimage.segmentation import watershed

from scan_to_mesh.segmenters.hounsfield.airway import find_airway
from scan_to_mesh.segmenters.hounsfield.landmarks import middle
from scan_to_mesh.segmenters.hounsfield.morphology import (
    Components,
    Image,
    Mask,
    Spacing,
    bounding_box,
    closing,
    components,
    depth_mm,
    dilate,
)

# Half way between inflated lung (about -850 HU) and what lies round it.
GAS_HU = -425
# Inflated lung: emphysema and gas in the bowel are darker, pneumonia is denser.
LUNG_HU = (-945, -450)
# Lung is speckled with vessels, gas in the bowel shows the scanner's noise alone; a space as large
# as a lobe is lung also where thick slices have blurred the speckle.
LUNG_SPECKLE_HU = 40
LOBE_ML = 200
CORE_DEPTH_MM = 4
LUNG_CORE_DEPTH_MM = 8
SMALLEST_CORE_ML = 2
# Share of a lung that may lie beyond the midline: hearts and scoliosis push lungs across it.
ACROSS_MIDLINE = 0.2
SPLITTING_DEPTHS_MM = (5, 6.5, 8, 10, 13, 17)
# Vessels inside the lung narrower than twice this belong to it; so does their wall of any density
# that is not calcified.
VESSEL_RADIUS_MM = 6
VESSEL_HU = 200
CRUMB_DISTANCE_MM = 5

LEFT, RIGHT, AIRWAY, OTHER_GAS, CRUMB = 1, 2, 3, 4, 5


@dataclass(frozen=True, eq=False)
class GasSpaces:
    """Masks that do not overlap."""

    lung_left: Mask
    lung_right: Mask
    airway: Mask
    other_gas: Mask


def find_gas_spaces(hu: Image, body: Mask, spacing_mm: Spacing) -> GasSpaces:
    """Tell lungs, airway and other gas apart.

    The deep parts of every gas space are judged by density and speckle; the airway is looked for
    as a tube; then all gas goes to the nearest of these markers by a watershed on the depth, which
    cuts where gas spaces touch at their narrowest.

    Parameters
    ----------
    hu : ndarray of float32, shape (I, J, K)
        Index axes RAS+: the patient's right has the larger first index.
    body : ndarray of bool
    """
    parts = np.zeros(body.shape, np.uint8)
    gas = body & (hu < GAS_HU)
    box = bounding_box(gas, 2 * VESSEL_RADIUS_MM, spacing_mm)
    if box is not None:
        midline = middle(body) - box[0].start
        parts[box] = _divide(hu[box], body[box], gas[box], midline, spacing_mm)
    return GasSpaces(*(parts == part for part in (LEFT, RIGHT, AIRWAY, OTHER_GAS)))


def _divide(
    hu: Image, body: Mask, gas: Mask, midline: float, spacing_mm: Spacing
) -> npt.NDArray[np.uint8]:
    depth = depth_mm(gas, spacing_mm)
    cores = components(gas & (depth > max(CORE_DEPTH_MM, 1.1 * max(spacing_mm))))
    volumes_ml = cores.voxels * float(np.prod(spacing_mm)) / 1000
    is_large = volumes_ml >= SMALLEST_CORE_ML
    is_lung = is_large & _look_like_lung(hu, cores, depth, volumes_ml)
    lung_cores = cores.chosen(is_lung)
    airway = find_airway(hu, body, lung_cores, midline, spacing_mm)

    markers = np.zeros(gas.shape, np.int32)
    markers[cores.chosen(is_large & ~is_lung)] = OTHER_GAS
    near_airway = dilate(airway, 1.1 * max(spacing_mm), spacing_mm)
    lung_cores &= ~near_airway
    markers[lung_cores] = _sides(lung_cores, depth, midline)[lung_cores]
    markers[airway] = AIRWAY
    parts = _flood(depth, markers, gas | airway)
    parts[gas & (parts == 0)] = CRUMB
    _join_crumbs(hu, parts, spacing_mm)
    _add_vessels(hu, body, parts, spacing_mm)
    return parts


def _flood(depth: Image, markers: npt.NDArray[np.int32], mask: Mask) -> npt.NDArray[np.uint8]:
    """Give every voxel to the marker that reaches it without crossing a narrow place."""
    # scikit-image has no type hints.
    parts: npt.NDArray[np.int32] = watershed(-depth, markers, mask=mask)  # type: ignore[no-untyped-call]
    return parts.astype(np.uint8)


def _look_like_lung(
    hu: Image, cores: Components, depth: Image, volumes_ml: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Which cores are lung, by number: thick, with the density and the speckle of lung."""
    low, high = LUNG_HU
    is_lung = np.zeros(len(cores.voxels), bool)
    for number, box in enumerate(ndimage.find_objects(cores.numbers), start=1):
        inside = cores.numbers[box] == number
        values = hu[box][inside]
        is_lung[number] = (
            depth[box][inside].max() > LUNG_CORE_DEPTH_MM
            and low < np.median(values) < high
            and (values.std() > LUNG_SPECKLE_HU or volumes_ml[number] > LOBE_ML)
        )
    return is_lung


def _sides(lungs: Mask, depth: Image, midline: float) -> npt.NDArray[np.uint8]:
    """Left or right for every voxel of the lungs' cores."""
    sides = np.zeros(lungs.shape, np.uint8)
    parts = components(lungs)
    for number, box in enumerate(ndimage.find_objects(parts.numbers), start=1):
        part = parts.numbers[box] == number
        middle = midline - box[0].start
        if _share_across(part, middle) <= ACROSS_MIDLINE:
            sides[box][part] = _side(part, middle)
        else:
            sides[box][part] = _split(part, depth[box], middle)[part]
    return sides


def _side(part: Mask, midline: float) -> int:
    return RIGHT if np.nonzero(part)[0].mean() > midline else LEFT


def _share_across(part: Mask, midline: float) -> float:
    """Share of a part that lies on the other side than most of it; 0 to 0.5."""
    right = float((np.nonzero(part)[0] > midline).mean())
    return min(right, 1 - right)


def _split(joined: Mask, depth: Image, midline: float) -> npt.NDArray[np.uint8]:
    """Cut lungs that touch in front of the heart or behind the gullet, where they are thinnest.

    Looks for the smallest depth at which what is left falls into parts that each keep to one side;
    where there is none, the midline is the cut.
    """
    for least_depth in SPLITTING_DEPTHS_MM:
        seeds = components(joined & (depth > least_depth))
        large = np.flatnonzero(seeds.voxels > 0.05 * seeds.voxels.sum())
        masks = [seeds.numbers == number for number in large]
        if any(_share_across(mask, midline) > ACROSS_MIDLINE for mask in masks):
            continue
        markers = np.zeros(joined.shape, np.int32)
        for mask in masks:
            markers[mask] = _side(mask, midline)
        if len(np.unique(markers)) == 3:
            return _flood(depth, markers, joined)
    halves = np.where(np.arange(joined.shape[0]) > midline, RIGHT, LEFT).astype(np.uint8)
    return np.broadcast_to(halves[:, None, None], joined.shape)


def _join_crumbs(hu: Image, parts: npt.NDArray[np.uint8], spacing_mm: Spacing) -> None:
    """Give gas without a marker to the lung beside it, if it is as dense; thin rims at the base."""
    crumbs = components(parts == CRUMB)
    near = {side: dilate(parts == side, CRUMB_DISTANCE_MM, spacing_mm) for side in (LEFT, RIGHT)}
    for number, box in enumerate(ndimage.find_objects(crumbs.numbers), start=1):
        crumb = crumbs.numbers[box] == number
        side = max(near, key=lambda s: np.count_nonzero(near[s][box] & crumb))
        beside = bool((near[side][box] & crumb).any())
        is_lung = beside and np.median(hu[box][crumb]) > LUNG_HU[0]
        parts[box][crumb] = side if is_lung else OTHER_GAS


def _add_vessels(hu: Image, body: Mask, parts: npt.NDArray[np.uint8], spacing_mm: Spacing) -> None:
    """Add to each lung the vessels in it."""
    free = body & (parts == 0) & (hu < VESSEL_HU)
    for side in (LEFT, RIGHT):
        closed = closing(parts == side, VESSEL_RADIUS_MM, spacing_mm)
        parts[closed & free & (parts == 0)] = side
