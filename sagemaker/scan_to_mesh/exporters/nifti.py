"""NIfTI-1 files: the affine is the same however it is read, the bytes depend on content alone."""

import gzip
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import numpy.typing as npt
from iris_imaging.volume import Affine

_SCANNER = 1  # NIFTI_XFORM_SCANNER_ANAT: the affine leads to the scanner's own frame
_ABSENT = 0
_SAME_PLACE_MM = 1e-3


def nifti_image(voxels: npt.NDArray[Any], affine_ras_mm: Affine) -> Any:
    """An image with the affine in both of the header's forms, in millimetres.

    Parameters
    ----------
    voxels : ndarray, shape (I, J, K)
        Of a dtype that NIfTI knows.
    affine_ras_mm : ndarray, shape (4, 4)
        Voxel index to RAS+ world mm.

    Returns
    -------
    nibabel.Nifti1Image
        Without a quaternion where one could not say the same as the affine.
    """
    make: Any = nib.Nifti1Image  # nibabel annotates only part of itself
    image = make(voxels, affine_ras_mm)
    image.set_sform(affine_ras_mm, code=_SCANNER)
    _set_qform(image, affine_ras_mm)
    image.header.set_xyzt_units(xyz="mm")
    return image


def write_compressed(image: Any, path: Path, gzip_level: int) -> None:
    """Write an image as ``.nii.gz``; the same image gives the same bytes."""
    # No name and no time in the gzip header.
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", gzip_level, fileobj=file, mtime=0) as compressed,
    ):
        image.to_stream(compressed)


def _set_qform(image: Any, affine_ras_mm: Affine) -> None:
    """Say the affine a second time as a quaternion, where one can: it cannot hold a shear.

    A quaternion that is a millimetre off would be a second, wrong answer: then it is marked absent.
    """
    image.set_qform(affine_ras_mm, code=_SCANNER, strip_shears=True)
    last = [size - 1 for size in image.shape]
    corners = np.array(
        [[i, j, k, 1] for i in (0, last[0]) for j in (0, last[1]) for k in (0, last[2])]
    )
    shift_mm = np.abs(corners @ (image.get_qform() - affine_ras_mm).T).max()
    if shift_mm > _SAME_PLACE_MM * max(1.0, np.abs(affine_ras_mm).max()):
        image.set_qform(None, code=_ABSENT)
