"""DICOM uploads: from files to a description, and to voxels."""

from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy.typing as npt

from iris_imaging.content import ContentKind
from iris_imaging.description import ScanDescription
from iris_imaging.dicom_pixels import check_decodable, read_voxels
from iris_imaging.dicom_series import Series, choose_series, read_all_frames
from iris_imaging.dicom_sources import DicomSource, open_archive, open_paths
from iris_imaging.geometry import check_shape, orientation_letters
from iris_imaging.limits import ReadLimits


def _open_source(
    path: Path, kind: ContentKind, limits: ReadLimits
) -> AbstractContextManager[DicomSource]:
    return open_archive(path, limits) if kind is ContentKind.ARCHIVE else open_paths(path, limits)


def _find_series(source: DicomSource, limits: ReadLimits) -> Series:
    series = choose_series(read_all_frames(source))
    check_shape(series.shape)
    check_decodable(series, limits)
    return series


def _describe(series: Series) -> ScanDescription:
    affine_ras_mm = series.stack.affine_ras_mm
    return ScanDescription(
        file_format="dicom",
        modality=series.modality,
        shape=series.shape,
        affine_ras_mm=affine_ras_mm,
        orientation=orientation_letters(affine_ras_mm),
        orientation_trusted=True,
        series_count=series.series_count,
        warnings=series.warnings,
    )


def describe_dicom(path: Path, kind: ContentKind, limits: ReadLimits) -> ScanDescription:
    """Describe the series of an upload by its headers; no pixel is decoded.

    Parameters
    ----------
    path : Path
    kind : ContentKind
        ``ARCHIVE``, ``DICOM`` or ``FOLDER``.
    limits : ReadLimits

    Raises
    ------
    UnreadableScan
        Or a subclass: see :func:`iris_imaging.scan.describe_scan`.
    """
    with _open_source(path, kind, limits) as source:
        return _describe(_find_series(source, limits))


def read_dicom(
    path: Path, kind: ContentKind, limits: ReadLimits
) -> tuple[ScanDescription, npt.NDArray[Any]]:
    """Read the series of an upload.

    Parameters
    ----------
    path : Path
    kind : ContentKind
        ``ARCHIVE``, ``DICOM`` or ``FOLDER``.
    limits : ReadLimits

    Returns
    -------
    description : ScanDescription
        With the warnings that decoding gave.
    voxels : ndarray of int16, int32 or float32, shape (columns, rows, slices)

    Raises
    ------
    UnreadableScan
        Or a subclass: see :func:`iris_imaging.scan.read_scan`.
    """
    with _open_source(path, kind, limits) as source:
        series = _find_series(source, limits)
        voxels, warnings = read_voxels(source, series)
    description = _describe(series)
    return replace(description, warnings=(*description.warnings, *warnings)), voxels
