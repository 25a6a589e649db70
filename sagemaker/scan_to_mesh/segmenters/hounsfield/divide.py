"""From densities to a label map, on the working grid."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from scan_to_mesh.segmenters.hounsfield.body import find_body
from scan_to_mesh.segmenters.hounsfield.bone import find_bone
from scan_to_mesh.segmenters.hounsfield.lungs import find_gas_spaces
from scan_to_mesh.segmenters.hounsfield.morphology import Image, Mask, Spacing, bounding_box, erode
from scan_to_mesh.segmenters.hounsfield.soft_tissue import Surroundings, divide_soft_tissue
from scan_to_mesh.segmenters.hounsfield.specks import absorb_specks
from scan_to_mesh.segmenters.hounsfield.tissue import Tissue

Labels = npt.NDArray[np.uint8]

SHELL_MM = 3
STEPS = 4


def divide_tissues(hu: Image, spacing_mm: Spacing, step_done: Callable[[], None]) -> Labels:
    """Label every voxel of the patient with exactly one tissue.

    Parameters
    ----------
    hu : ndarray of float32, shape (I, J, K)
        Index axes RAS+.
    step_done : callable
        Called ``STEPS`` times.

    Returns
    -------
    ndarray of uint8, shape (I, J, K)
        Values of :class:`Tissue`; all 0 where there is no patient.
    """
    labels = np.zeros(hu.shape, np.uint8)
    body = find_body(hu, spacing_mm)
    step_done()
    box = bounding_box(body, 2 * max(spacing_mm), spacing_mm)
    if box is not None:
        labels[box] = _divide_body(hu[box], body[box], spacing_mm, step_done)
    return labels


def _divide_body(
    hu: Image, body: Mask, spacing_mm: Spacing, step_done: Callable[[], None]
) -> Labels:
    labels = np.zeros(hu.shape, np.uint8)
    spaces = find_gas_spaces(hu, body, spacing_mm)
    labels[spaces.lung_left] = Tissue.LUNG_LEFT
    labels[spaces.lung_right] = Tissue.LUNG_RIGHT
    labels[spaces.airway] = Tissue.AIRWAY
    labels[spaces.other_gas] = Tissue.GAS_OTHER
    step_done()
    bone = find_bone(hu, body & (labels == 0), spacing_mm)
    labels[bone] = Tissue.BONE
    step_done()
    shell = body & ~erode(body, max(SHELL_MM, *spacing_mm), spacing_mm)
    labels[shell & (labels != Tissue.BONE)] = Tissue.BODY_SURFACE
    around = Surroundings(
        body=body, bone=bone, lungs=spaces.lung_left | spaces.lung_right, free=body & (labels == 0)
    )
    soft = divide_soft_tissue(hu, around, spacing_mm)
    labels[soft.fat] = Tissue.FAT
    labels[soft.muscle] = Tissue.MUSCLE
    labels[soft.other] = Tissue.SOFT_TISSUE_OTHER
    absorb_specks(labels, spacing_mm)
    step_done()
    return labels
