"""Reading a scan, whatever its format: the front door of this package.

A scan is a NIfTI file, gzipped or not; a zip archive of DICOM files; one DICOM file with several
frames; or a folder of DICOM files. Which of them is told by its bytes, never by its name.
"""

from dataclasses import replace
from pathlib import Path

from iris_imaging.content import ContentKind, detect_content
from iris_imaging.content_hash import content_sha256
from iris_imaging.description import Scan, ScanDescription
from iris_imaging.dicom import describe_dicom, read_dicom
from iris_imaging.hostile_bytes import refusing_what_cannot_be_read
from iris_imaging.intensities import settle_intensities
from iris_imaging.limits import DEFAULT_LIMITS, ReadLimits
from iris_imaging.nifti import describe_nifti, read_nifti
from iris_imaging.packing import pack_dicom_folder
from iris_imaging.volume import Volume

__all__ = [
    "ReadLimits",
    "Scan",
    "ScanDescription",
    "describe_scan",
    "pack_dicom_folder",
    "read_scan",
]


def describe_scan(path: Path, *, limits: ReadLimits = DEFAULT_LIMITS) -> ScanDescription:
    """Describe a scan by its headers; no voxel is decoded.

    Repeated DICOM slices are only counted here: :func:`read_scan` refuses them if they differ.

    Parameters
    ----------
    path : Path
        A file of any name, or a folder of DICOM files.
    limits : ReadLimits, optional

    Raises
    ------
    NotAnImage
        If it is neither NIfTI nor DICOM.
    NotThreeDimensional
        If it is a picture, fewer than three slices, or a series in time.
    UntrustedGeometry
        If positions or spacing are missing, absurd or contradict each other.
    UnsupportedTransferSyntax
        If no codec for the pixels is here.
    UnreadableScan
        If it is damaged, encrypted or larger than the limits.
    """
    with refusing_what_cannot_be_read():
        kind = detect_content(path)
        if kind is ContentKind.NIFTI:
            return describe_nifti(path, limits)
        return describe_dicom(path, kind, limits)


def read_scan(path: Path, *, limits: ReadLimits = DEFAULT_LIMITS) -> Scan:
    """Read a scan: its voxels on the file's own grid, in its own axis order.

    DICOM voxels are indexed (column, row, slice), slices running along the normal of the image
    plane. Whole numbers come as int16 or int32, all others as float32, in Fortran order.

    A NIfTI file does not name its modality: it is taken as CT if its intensities look like
    Hounsfield units (:func:`iris_imaging.intensities.looks_like_hounsfield`), else unknown.

    Parameters
    ----------
    path : Path
        A file of any name, or a folder of DICOM files.
    limits : ReadLimits, optional

    Raises
    ------
    UnreadableScan
        Or a subclass, as :func:`describe_scan`; also when a voxel cannot be decoded.
    NotThreeDimensional
        Also when several different slices lie at the same place.
    """
    with refusing_what_cannot_be_read():
        kind = detect_content(path)
        if kind is ContentKind.NIFTI:
            description, voxels = read_nifti(path, limits)
            modality, warnings = settle_intensities(voxels, None)
        else:
            description, voxels = read_dicom(path, kind, limits)
            modality, warnings = settle_intensities(voxels, description.modality)
        affine_ras_mm = description.affine_ras_mm
        return Scan(
            description=replace(
                description, modality=modality, warnings=(*description.warnings, *warnings)
            ),
            volume=Volume(voxels, affine_ras_mm, modality),
            content_sha256=content_sha256(voxels, affine_ras_mm),
        )
