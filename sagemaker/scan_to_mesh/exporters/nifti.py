"""NIfTI-1 files: the affine is the same however it is read, the bytes depend on content alone."""

import io
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import numpy.typing as npt
from iris_imaging.volume import Affine
from isal import igzip_threaded

_SCANNER = 1  # NIFTI_XFORM_SCANNER_ANAT: the affine leads to the scanner's own frame
_ABSENT = 0
_SAME_PLACE_MM = 1e-3
_GZIP_LEVEL = 2  # of ISA-L's 0 to 3: the third is slower, and larger for label maps
_GZIP_THREADS = 2
_SLAB_BYTES = 1 << 22  # written at a time, so that no second copy of the voxels is made


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
    image.header.set_slope_inter(1, 0)
    return image


def write_compressed(image: Any, path: Path) -> None:
    """Write an image as ``.nii.gz``; the same image gives the same bytes.

    The voxels are stored as they are: the header's slope is for those who read them. The file is
    one gzip member without a name or a time in its header.

    Parameters
    ----------
    image : nibabel.Nifti1Image
        As :func:`nifti_image` makes it.
    path : Path
    """
    header = io.BytesIO()
    image.header.write_to(header)  # settles the offset of the voxels, too
    voxels = np.asarray(image.dataobj)
    slab = max(1, _SLAB_BYTES * voxels.shape[2] // voxels.nbytes)
    open_gzip: Any = igzip_threaded.open  # which has no annotations
    with open_gzip(path, "wb", compresslevel=_GZIP_LEVEL, threads=_GZIP_THREADS) as compressed:
        compressed.write(header.getvalue().ljust(image.header.get_data_offset(), b"\0"))
        for start in range(0, voxels.shape[2], slab):
            # The first index runs fastest in a file.
            compressed.write(np.ascontiguousarray(voxels[:, :, start : start + slab].T).data)


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
