"""One scan in every form in which it may be sent."""

import itertools
import zipfile
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import numpy.typing as npt

from tests.dicom_series import write_dicom_series

PADDING_BYTES = 101 * 2**20
"""Beyond the 100 MiB above which an upload comes in parts."""

Affine = npt.NDArray[np.float64]


def load(path: Path) -> tuple[npt.NDArray[np.int16], Affine]:
    """Whole-numbered voxels and affine of a NIfTI file."""
    image: Any = nibabel.load(path)
    return np.asarray(image.dataobj).astype(np.int16), np.asarray(image.affine, np.float64)


def write_nifti(path: Path, voxels: npt.NDArray[Any], affine_ras_mm: Affine) -> Path:
    """Write a scan as NIfTI, gzipped if the name says so."""
    nibabel.save(nibabel.Nifti1Image(voxels, affine_ras_mm), path)
    return path


def write_padded_nifti(
    path: Path, voxels: npt.NDArray[Any], affine_ras_mm: Affine, padding_bytes: int = PADDING_BYTES
) -> Path:
    """Write a valid NIfTI that is huge and yet small: a gap lies between header and voxels.

    Parameters
    ----------
    padding_bytes : int
        A multiple of 16, as the format asks for.
    """
    header = nibabel.Nifti1Image(voxels, affine_ras_mm).header
    header["vox_offset"] = padding_bytes
    header["magic"] = b"n+1"
    with path.open("wb") as file:
        file.write(header.binaryblock)
        file.truncate(padding_bytes)  # a hole: takes no room on disk
        file.seek(padding_bytes)
        file.write(voxels.tobytes(order="F"))
    return path


def write_dicom_zip(path: Path, voxels: npt.NDArray[np.int16], affine_ras_mm: Affine) -> Path:
    """Write a scan as scanners do: axial slices, rows to the left, columns to the back.

    Parameters
    ----------
    voxels : ndarray, shape (I, J, K)
        Index axes along RAS+.
    """
    turned, affine_ras_mm = reoriented(
        voxels, affine_ras_mm, nibabel.orientations.axcodes2ornt("LPS")
    )
    files = write_dicom_series(path.with_suffix(""), turned, affine_ras_mm)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, f"study/{file.name}")
    return path


def orientations() -> list[npt.NDArray[np.float64]]:
    """All 48 ways in which three axes can be ordered and flipped, for nibabel."""
    return [
        np.array(list(zip(order, flips, strict=True)), dtype=np.float64)
        for order in itertools.permutations(range(3))
        for flips in itertools.product((1.0, -1.0), repeat=3)
    ]


def reoriented(
    voxels: npt.NDArray[Any], affine_ras_mm: Affine, orientation: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[Any], Affine]:
    """The same image with its axes in another order."""
    turned = nibabel.apply_orientation(voxels, orientation)
    back = nibabel.orientations.inv_ornt_aff(orientation, voxels.shape)
    return turned, affine_ras_mm @ back
