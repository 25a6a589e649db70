"""A hash of what a scan shows, the same for NIfTI and DICOM of one image."""

import hashlib
from typing import Any

import nibabel
import numpy as np
import numpy.typing as npt
from nibabel.orientations import inv_ornt_aff

from iris_imaging.volume import Affine

_QUANTUM_MM = 1e-3
# Formats round the affine differently (NIfTI to float32, DICOM to 16 characters). Lengths in use
# are decimal or binary fractions of a mm, so that a grid of quanta that is shifted by an
# irrational part has no boundary near them.
_SHIFT = 1 / np.pi


def content_sha256(voxels: npt.NDArray[Any], affine_ras_mm: Affine) -> str:
    """Hex SHA-256 of the voxels in their nearest RAS order, and of the affine to 0.001 mm.

    Flipping or permuting the axes, with the affine to match, does not change it; the file format,
    its compression and its number type do not either.

    Parameters
    ----------
    voxels : ndarray, shape (I, J, K)
        Of the dtype that :class:`iris_imaging.voxel_buffer.VoxelBuffer` chose.
    affine_ras_mm : ndarray, shape (4, 4)
    """
    axes = nibabel.io_orientation(affine_ras_mm)
    nearest_ras = nibabel.apply_orientation(voxels, axes)
    affine = affine_ras_mm @ inv_ornt_aff(axes, voxels.shape)
    quanta = np.floor(affine[:3] / _QUANTUM_MM + _SHIFT).astype("<i8")
    little_endian = voxels.dtype.newbyteorder("<")
    digest = hashlib.sha256()
    digest.update(f"{little_endian.str} {nearest_ras.shape}".encode())
    digest.update(quanta.tobytes())
    for k in range(nearest_ras.shape[2]):
        digest.update(nearest_ras[:, :, k].astype(little_endian, copy=False).tobytes(order="F"))
    return digest.hexdigest()
