"""One order of voxels for every way in which a file may store them."""

from typing import Any

import nibabel
import numpy as np
import numpy.typing as npt
from iris_imaging.volume import Affine


def along_patient_axes(
    mask: npt.NDArray[np.bool_], affine_ras_mm: Affine
) -> tuple[npt.NDArray[np.bool_], Affine]:
    """The same voxels with index axes that run nearest to right, anterior and superior.

    Extraction and decimation decide ties by the order in which they meet voxels and triangles. In
    the patient's order a scan gives the same mesh as NIfTI (mostly RAS or LAS) and as DICOM (LPS).

    Parameters
    ----------
    mask : ndarray of bool, shape (I, J, K)
    affine_ras_mm : ndarray of float64, shape (4, 4)
        Index of the mask's voxels to RAS+ world mm.

    Returns
    -------
    mask : ndarray of bool
        Contiguous; axes swapped and flipped.
    affine_ras_mm : ndarray of float64, shape (4, 4)
    """
    to_ras = nibabel.io_orientation(affine_ras_mm)
    turned: npt.NDArray[Any] = nibabel.apply_orientation(mask, to_ras)
    back: Affine = nibabel.orientations.inv_ornt_aff(to_ras, mask.shape)
    return np.ascontiguousarray(turned), affine_ras_mm @ back
