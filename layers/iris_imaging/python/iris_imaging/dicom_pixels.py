"""Decoding the pixels of a series, frame by frame, into one volume.

GDCM is native code: damaged JPEG streams have been seen to end the process instead of raising. Read
voxels of strangers in a process that may die; headers need no codec.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, BinaryIO

import gdcm
import numpy as np
import numpy.typing as npt
from iris_oculus.errors import NotThreeDimensional, UnreadableScan, UnsupportedTransferSyntax
from iris_oculus.job import JobWarning
from pydicom import uid
from pydicom.pixels.utils import iter_pixels

from iris_imaging.dicom_headers import Frame
from iris_imaging.dicom_series import Series
from iris_imaging.dicom_sources import DicomSource
from iris_imaging.limits import ReadLimits
from iris_imaging.volume import Modality
from iris_imaging.voxel_buffer import VoxelBuffer, rescaled

# By name, so that the result does not depend on which other plugins happen to be installed.
_PLUGINS: dict[str, str] = {
    uid.ImplicitVRLittleEndian: "",
    uid.ExplicitVRLittleEndian: "",
    uid.ExplicitVRBigEndian: "",
    uid.RLELossless: "pydicom",
    uid.JPEGBaseline8Bit: "gdcm",
    uid.JPEGExtended12Bit: "gdcm",
    uid.JPEGLossless: "gdcm",
    uid.JPEGLosslessSV1: "gdcm",
    uid.JPEGLSLossless: "gdcm",
    uid.JPEGLSNearLossless: "gdcm",
    uid.JPEG2000Lossless: "gdcm",
    uid.JPEG2000: "gdcm",
}

# pydicom refuses 12-bit JPEG Extended with GDCM, which decodes it exactly: the JPEG stream itself
# names its process, so that GDCM needs no more than a transfer syntax of the JPEG family.
_PASSED_TO_THE_DECODER_AS = {uid.JPEGExtended12Bit: uid.JPEGLossless}

AIR_BELOW_HU = -900
"""Padding below this cannot be mistaken for tissue."""


def check_decodable(series: Series, limits: ReadLimits) -> None:
    """Refuse, by the headers, what cannot be decoded or is too large.

    Raises
    ------
    UnsupportedTransferSyntax
        If no codec is here for a transfer syntax.
    UnreadableScan
        If the voxels are more than the limit.
    """
    unknown = {frame.transfer_syntax for frame in series.frames} - set(_PLUGINS)
    if unknown:
        names = sorted({syntax.name if syntax.is_transfer_syntax else "" for syntax in unknown})
        # A private syntax has no name, only a UID that the sender made up.
        named = [name for name in names if name and not name[0].isdigit()]
        raise UnsupportedTransferSyntax(
            f"The pixels are stored as {', '.join(named) or 'an unknown format'}, "
            "which cannot be decoded."
        )
    columns, rows, _ = series.shape
    if 2 * columns * rows * len(series.frames) > limits.max_uncompressed_bytes:
        raise UnreadableScan(
            f"The scan unpacks to more than {limits.max_uncompressed_bytes / 2**30:.3g} GiB.",
            hint="Send one series only, not the whole study.",
        )


def _decoded(stream: BinaryIO, syntax: uid.UID) -> Iterator[npt.NDArray[Any]]:
    plugin = _PLUGINS[syntax]
    if plugin == "gdcm":
        # The names come from a compiled module, which mypy cannot see.
        gdcm.Trace.WarningOff()  # type: ignore[attr-defined]
        gdcm.Trace.ErrorOff()  # type: ignore[attr-defined]
    passed_as = _PASSED_TO_THE_DECODER_AS.get(syntax, syntax)
    yield from iter_pixels(
        stream, raw=True, decoding_plugin=plugin, transfer_syntax_uid=str(passed_as)
    )


def _frames_by_file(series: Series) -> dict[int, dict[int, tuple[int, Frame]]]:
    """File index, then frame index, to the slice that the frame belongs to."""
    files: dict[int, dict[int, tuple[int, Frame]]] = defaultdict(dict)
    for slice_index, indices in enumerate(series.stack.slices):
        for index in indices:
            frame = series.frames[index]
            files[frame.file_index][frame.frame_index] = slice_index, frame
    return dict(sorted(files.items()))


def _decoded_slices(
    source: DicomSource, series: Series
) -> Iterator[tuple[int, Frame, npt.NDArray[Any]]]:
    """Slice index, frame and stored pixels (rows, columns) of each frame, file after file."""
    for file_index, frames in _frames_by_file(series).items():
        syntax = next(iter(frames.values()))[1].transfer_syntax
        with source.open_seekable(file_index) as stream:
            found = 0
            for frame_index, pixels in enumerate(_decoded(stream, syntax)):
                if frame_index in frames:
                    yield *frames[frame_index], pixels
                    found += 1
        if found < len(frames):
            raise UnreadableScan("A DICOM file holds fewer slices than its header says.")


def _padding_inside_range(frame: Frame, modality: Modality, pixels: npt.NDArray[Any]) -> int:
    """Number of padding pixels that could be mistaken for tissue."""
    if modality is not Modality.CT or frame.padding is None:
        return 0
    if frame.padding * frame.slope + frame.intercept < AIR_BELOW_HU:
        return 0
    return int(np.count_nonzero(pixels == frame.padding))


def _padding_warning(count: int, voxels: int) -> tuple[JobWarning, ...]:
    if count * 100 < voxels:
        return ()
    text = (
        f"{100 * count / voxels:.0f} % of the voxels hold the value declared as padding, "
        "which is not below that of air: what lies outside the scanned field may look like tissue."
    )
    return (JobWarning("padding_like_tissue", text),)


def read_voxels(
    source: DicomSource, series: Series
) -> tuple[npt.NDArray[Any], tuple[JobWarning, ...]]:
    """Decode and rescale all slices of a series.

    Only one decoded slice exists beside the volume. Padding keeps its value: it lies below air in
    practice, and where it does not, nothing tells it from tissue that has the same value; a
    warning then says so.

    Parameters
    ----------
    source : DicomSource
    series : Series
        Checked by :func:`check_decodable`.

    Returns
    -------
    voxels : ndarray of int16, int32 or float32, shape (columns, rows, slices)
    warnings : tuple of JobWarning

    Raises
    ------
    NotThreeDimensional
        If slices at one place differ: several phases or acquisitions.
    UnreadableScan
        If a slice cannot be decoded.
    """
    buffer = VoxelBuffer(series.shape)
    written: set[int] = set()
    padding = 0
    for k, frame, pixels in _decoded_slices(source, series):
        if pixels.shape != (frame.rows, frame.columns):
            raise UnreadableScan("A slice has another size than its header says.")
        padding += _padding_inside_range(frame, series.modality, pixels)
        values = rescaled(pixels.T, frame.slope, frame.intercept)
        if k not in written:
            buffer.write(k, values[:, :, None])
            written.add(k)
        elif not buffer.holds(k, values):
            raise NotThreeDimensional(
                "Several different slices lie at the same place: phases or acquisitions.",
                hint="Send one phase only.",
            )
    return buffer.voxels, _padding_warning(padding, buffer.voxels.size)
