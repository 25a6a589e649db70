"""NIfTI-1 and NIfTI-2 files: header by nibabel, voxels streamed slice by slice."""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import nibabel
import numpy as np
import numpy.typing as npt
from iris_oculus.errors import NotAnImage, UnreadableScan, UntrustedGeometry
from iris_oculus.job import JobWarning
from nibabel.spatialimages import HeaderDataError

from iris_imaging.content import GZIP_MAGIC, HEAD_BYTES, is_nifti, open_perhaps_gzipped
from iris_imaging.description import ScanDescription
from iris_imaging.geometry import check_affine, check_shape, orientation_letters
from iris_imaging.limits import ReadLimits
from iris_imaging.volume import Affine, Modality, spacing_mm
from iris_imaging.voxel_buffer import VoxelBuffer, rescaled

_CHUNK_BYTES = 4 * 2**20
_GZIP_MAX_RATIO = 1032
"""Deflate cannot expand more than this (zlib's technical notes: 1032:1)."""

_MM_PER_UNIT = {0: 1.0, 1: 1000.0, 2: 1.0, 3: 0.001}
"""By the three lowest bits of ``xyzt_units``: unknown (taken as mm, as every reader does), m, mm,
micrometre (nifti1.h)."""

_TRUNCATED = "The file ends before its last voxel: it is truncated."
_UPLOAD_AGAIN = "Check the file on your side, then upload it again."


@dataclass(frozen=True, eq=False)
class _Header:
    shape: tuple[int, int, int]
    stored_dtype: np.dtype[Any]
    offset_bytes: int
    slope: float
    intercept: float
    affine_ras_mm: Affine
    orientation_trusted: bool
    warnings: tuple[JobWarning, ...]

    @property
    def voxel_bytes(self) -> int:
        i, j, k = self.shape
        return i * j * k * self.stored_dtype.itemsize


def _parse(stream: BinaryIO) -> Any:
    """Header object of nibabel; untyped, because nibabel's own annotations are incomplete."""
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    if not is_nifti(head):
        raise NotAnImage("The file is no NIfTI image.")
    nifti1 = head[4:7] != b"n+2"
    header_class = nibabel.Nifti1Header if nifti1 else nibabel.Nifti2Header
    return header_class.from_fileobj(stream)


def _qform(header: Any) -> Affine | None:
    try:
        return np.asarray(header.get_qform(), dtype=np.float64)
    except (ValueError, HeaderDataError):
        return None  # a quaternion longer than 1


def _affine_conflict(header: Any, shape: tuple[int, int, int]) -> tuple[JobWarning, ...]:
    """Warn when sform and qform place some voxel of the grid more than half a voxel apart."""
    if not (header["sform_code"] > 0 and header["qform_code"] > 0):
        return ()
    sform, qform = np.asarray(header.get_sform(), dtype=np.float64), _qform(header)
    if qform is None:
        text = "The file's qform is invalid; its sform was used."
        return (JobWarning("affine_conflict", text),)
    # The distance is a convex function of the index: largest at a corner of the grid.
    corners = np.array(list(itertools.product(*((0, n - 1) for n in shape))), dtype=np.float64)
    distances = np.linalg.norm(nibabel.affines.apply_affine(sform - qform, corners), axis=1)
    if distances.max() <= 0.5 * min(spacing_mm(sform)):
        return ()
    text = "The file's sform and qform place it differently; the sform was used."
    return (JobWarning("affine_conflict", text),)


def _geometry(header: Any, shape: tuple[int, int, int]) -> tuple[Affine, tuple[JobWarning, ...]]:
    """The choice of nibabel (sform, else qform, else spacing alone), in mm."""
    try:
        affine = np.array(header.get_best_affine(), dtype=np.float64)
    except (ValueError, HeaderDataError):
        raise UntrustedGeometry("The file's qform is no rotation.") from None
    mm = _MM_PER_UNIT.get(int(header["xyzt_units"]) & 7)
    if mm is None:
        raise UntrustedGeometry(
            "The file's unit of length is unknown.", hint="Set xyzt_units of the header to mm."
        )
    affine[:3] *= mm
    check_affine(affine)
    if header["sform_code"] > 0 or header["qform_code"] > 0:
        return affine, _affine_conflict(header, shape)
    text = "The file does not say where left is: left and right may be exchanged."
    return affine, (JobWarning("orientation_unknown", text),)


def _read_header(stream: BinaryIO, limits: ReadLimits) -> _Header:
    header = _parse(stream)
    shape = check_shape(tuple(int(n) for n in header.get_data_shape()))
    dtype = np.dtype(header.get_data_dtype())
    if dtype.kind not in "iuf" or dtype.itemsize > 8:
        raise UnreadableScan(
            "The voxels are colours or complex numbers, not intensities.",
            hint="Send the original scan, not a rendering or a derived map.",
        )
    slope, intercept = header.get_slope_inter()
    affine, warnings = _geometry(header, shape)
    parsed = _Header(
        shape=shape,
        stored_dtype=dtype,
        offset_bytes=int(header.get_data_offset()),
        slope=1.0 if slope is None else float(slope),
        intercept=0.0 if intercept is None else float(intercept),
        affine_ras_mm=affine,
        orientation_trusted=bool(header["sform_code"] > 0 or header["qform_code"] > 0),
        warnings=warnings,
    )
    if parsed.offset_bytes + parsed.voxel_bytes > limits.max_uncompressed_bytes:
        raise UnreadableScan(
            f"The scan unpacks to more than {limits.max_uncompressed_bytes / 2**30:.3g} GiB.",
            hint="Crop or resample the scan, then upload it again.",
        )
    return parsed


def _check_size(path: Path, header: _Header) -> None:
    """Refuse what must be truncated, before memory is allocated for it."""
    with path.open("rb") as stream:
        gzipped = stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    most = path.stat().st_size * (_GZIP_MAX_RATIO if gzipped else 1)
    if most < header.offset_bytes + header.voxel_bytes:
        raise UnreadableScan(_TRUNCATED, hint=_UPLOAD_AGAIN)


def _describe(header: _Header) -> ScanDescription:
    return ScanDescription(
        file_format="nifti",
        modality=Modality.UNKNOWN,
        shape=header.shape,
        affine_ras_mm=header.affine_ras_mm,
        orientation=orientation_letters(header.affine_ras_mm),
        orientation_trusted=header.orientation_trusted,
        series_count=1,
        warnings=header.warnings,
    )


def describe_nifti(path: Path, limits: ReadLimits) -> ScanDescription:
    """Describe a NIfTI file by its header.

    Parameters
    ----------
    path : Path
        Gzipped or not.
    limits : ReadLimits

    Raises
    ------
    UnreadableScan
        Or a subclass: see :func:`iris_imaging.scan.describe_scan`.
    """
    with open_perhaps_gzipped(path) as stream:
        header = _read_header(stream, limits)
    _check_size(path, header)
    return _describe(header)


def _read_exactly(stream: BinaryIO, size: int) -> bytearray:
    data = bytearray(size)
    view, filled = memoryview(data), 0
    while filled < size:
        # EOFError: the gzip stream itself breaks off.
        try:
            count = stream.readinto(view[filled:])  # type: ignore[attr-defined]  # binary files have it
        except EOFError:
            count = 0
        if not count:
            raise UnreadableScan(_TRUNCATED, hint=_UPLOAD_AGAIN)
        filled += count
    return data


def _read_to_the_end(stream: BinaryIO, limits: ReadLimits) -> None:
    """Reach the end, because gzip compares its checksum only there."""
    remaining = limits.max_uncompressed_bytes
    while remaining > 0 and (block := stream.read(_CHUNK_BYTES)):
        remaining -= len(block)


def read_nifti(path: Path, limits: ReadLimits) -> tuple[ScanDescription, npt.NDArray[Any]]:
    """Read a NIfTI file on its own grid and in its own axis order.

    Parameters
    ----------
    path : Path
        Gzipped or not.
    limits : ReadLimits

    Returns
    -------
    description : ScanDescription
    voxels : ndarray of int16, int32 or float32, shape (I, J, K)
        Scaled; may hold values that are not finite.

    Raises
    ------
    UnreadableScan
        Or a subclass: see :func:`iris_imaging.scan.read_scan`.
    """
    with open_perhaps_gzipped(path) as stream:
        header = _read_header(stream, limits)
        _check_size(path, header)
        i, j, k = header.shape
        buffer = VoxelBuffer(header.shape)
        stream.seek(header.offset_bytes)
        slice_bytes = i * j * header.stored_dtype.itemsize
        slices_at_once = max(1, _CHUNK_BYTES // slice_bytes)
        for first in range(0, k, slices_at_once):
            count = min(slices_at_once, k - first)
            data = _read_exactly(stream, count * slice_bytes)
            raw = np.frombuffer(data, header.stored_dtype).reshape((i, j, count), order="F")
            buffer.write(first, rescaled(raw, header.slope, header.intercept))
        _read_to_the_end(stream, limits)
    return _describe(header), buffer.voxels
