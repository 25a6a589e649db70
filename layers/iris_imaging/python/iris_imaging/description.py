"""What reading a scan gives: its description from the headers alone, and the scan itself."""

from dataclasses import dataclass
from typing import Literal

from iris_oculus.job import JobWarning

from iris_imaging.volume import Affine, Modality, Volume


@dataclass(frozen=True, eq=False)
class ScanDescription:
    """What the headers say; no voxel has been looked at.

    Attributes
    ----------
    file_format : {"nifti", "dicom"}
    modality : Modality
        Always ``UNKNOWN`` for NIfTI, whose header does not name one.
    shape : tuple of int
        Voxels along each index axis (i, j, k).
    affine_ras_mm : ndarray of float64, shape (4, 4)
        Voxel index to RAS+ world mm.
    orientation : str
        Nearest anatomical letters towards which each index axis runs: ``RAS``, ``LPS``.
    orientation_trusted : bool
        False where the file does not say where left is.
    series_count : int
        Series of images found in the upload; localisers and reports are not counted.
    warnings : tuple of JobWarning
    """

    file_format: Literal["nifti", "dicom"]
    modality: Modality
    shape: tuple[int, int, int]
    affine_ras_mm: Affine
    orientation: str
    orientation_trusted: bool
    series_count: int
    warnings: tuple[JobWarning, ...]


@dataclass(frozen=True, eq=False)
class Scan:
    """A scan that was read completely.

    Attributes
    ----------
    description : ScanDescription
        With the modality and the warnings that only the voxels could tell.
    volume : Volume
    content_sha256 : str
        Hex digest of voxels and affine: see :func:`iris_imaging.content_hash.content_sha256`.
    """

    description: ScanDescription
    volume: Volume
    content_sha256: str
