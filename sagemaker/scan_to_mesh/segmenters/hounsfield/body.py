"""The patient's outline."""

import numpy as np

from scan_to_mesh.segmenters.hounsfield.morphology import (
    Image,
    Mask,
    Spacing,
    components,
    dilate,
    erode,
    fill_holes_by_slice,
    opening,
)

# Fat reaches down to about -190 HU; below lie lung, gas and, outside, air and foam.
TISSUE_HU = -250
# Table tops and blankets are thinner than twice this, the chest wall over a lung is not.
SHEET_RADIUS_MM = 4
# What is left of a table that touches the patient is thinner than twice this; arms are not.
LIMB_RADIUS_MM = 8
LIMB_SHARE = 0.03
SMALLEST_BODY_ML = 50


def find_body(hu: Image, spacing_mm: Spacing) -> Mask:
    """Find the patient, lungs and other gas inside included, without table and blankets.

    The largest thick piece of tissue is the trunk; others that are at least 3 % of it (arms) belong
    to it too. Slices are filled one by one, because a scan that ends inside the lungs leaves them
    open above or below.

    Parameters
    ----------
    hu : ndarray of float32, shape (I, J, K)
        Index axes RAS+.

    Returns
    -------
    ndarray of bool, shape (I, J, K)
        Empty if nothing in the scan has the density of tissue.
    """
    tissue = hu > TISSUE_HU
    solid = fill_holes_by_slice(opening(tissue, SHEET_RADIUS_MM, spacing_mm))
    parts = components(erode(solid, LIMB_RADIUS_MM, spacing_mm))
    voxel_ml = float(np.prod(spacing_mm)) / 1000
    if parts.voxels.max() * voxel_ml < SMALLEST_BODY_ML:
        return np.zeros_like(tissue)
    core = parts.chosen(parts.voxels >= max(1, LIMB_SHARE * parts.voxels.max()))
    return fill_holes_by_slice(dilate(core, LIMB_RADIUS_MM + SHEET_RADIUS_MM, spacing_mm) & solid)
