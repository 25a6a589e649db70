"""Specks: pieces too small to be anything but noise or partial volume."""

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from scan_to_mesh.segmenters.hounsfield.morphology import Spacing, components
from scan_to_mesh.segmenters.hounsfield.tissue import Tissue

Labels = npt.NDArray[np.uint8]

SPECK_ML = 0.3
KEPT = frozenset({Tissue.OUTSIDE, Tissue.LUNG_LEFT, Tissue.LUNG_RIGHT, Tissue.AIRWAY})
"""Lungs and airway were found by connectivity already; what is small of them is their edge."""


def absorb_specks(labels: Labels, spacing_mm: Spacing) -> None:
    """Give every speck to the tissue next to it, in place.

    Parameters
    ----------
    labels : ndarray of uint8, shape (I, J, K)
        Values of :class:`Tissue`. Of each tissue but those of ``KEPT``, pieces below ``SPECK_ML``
        that touch no other piece of it by a face are specks; its largest piece never is.
    """
    voxel_ml = float(np.prod(spacing_mm)) / 1000
    specks = np.zeros(labels.shape, bool)
    for tissue in Tissue:
        if tissue in KEPT:
            continue
        pieces = components(labels == tissue)
        if pieces.count:
            small = pieces.voxels * voxel_ml < SPECK_ML
            small[[0, int(pieces.voxels.argmax())]] = False
            specks |= pieces.chosen(small)
    if not specks.any():
        return
    # What is in the patient stays there, and lungs grow by nothing that was none.
    unknown = specks | np.isin(labels, list(KEPT))
    nearest = ndimage.distance_transform_edt(
        unknown, sampling=spacing_mm, return_distances=False, return_indices=True
    )
    labels[specks] = labels[tuple(index[specks] for index in nearest)]
