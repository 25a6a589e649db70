"""DICOM files made from a volume and its affine: the ground truth of the reader's tests."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gdcm
import numpy as np
import numpy.typing as npt
from openjpeg.utils import encode_array
from pydicom import Dataset, FileDataset, dcmread, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    CTImageStorage,
    EnhancedCTImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
    generate_uid,
)
from pydicom.valuerep import format_number_as_ds

PATIENT_NAME = "Surname^Given"
"""What must never show up in a message."""

_NATIVE = {ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian}
_ENCODERS = {
    RLELossless: "pydicom",
    JPEGLSLossless: "pyjpegls",
}
_GDCM_SYNTAXES = {
    JPEGLossless: gdcm.TransferSyntax.JPEGLosslessProcess14,
    JPEGLosslessSV1: gdcm.TransferSyntax.JPEGLosslessProcess14_1,
}


def _decimal_strings(numbers: Sequence[float]) -> list[str]:
    return [format_number_as_ds(float(number)) for number in numbers]


def _plane(affine_ras_mm: npt.NDArray[np.float64], k: float) -> tuple[Any, Any, Any]:
    """Position, orientation and pixel spacing of slice k in LPS."""
    lps = np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine_ras_mm
    column_spacing, row_spacing = np.linalg.norm(lps[:3, :2], axis=0)
    row_direction, column_direction = lps[:3, 0] / column_spacing, lps[:3, 1] / row_spacing
    if abs(row_direction @ column_direction) > 1e-6:
        raise ValueError("the first two axes of a DICOM slice are at right angles")
    position = (lps @ [0, 0, k, 1])[:3]
    return position, [*row_direction, *column_direction], [row_spacing, column_spacing]


def _image(syntax: UID, sop_class: UID, modality: str) -> FileDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = syntax
    image = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    image.SOPClassUID = sop_class
    image.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    image.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    image.PatientName = PATIENT_NAME
    image.PatientID = "PATIENT-ID"
    image.Modality = modality
    image.StudyInstanceUID = "1.2.3.4"
    return image


def _describe_pixels(image: Dataset, stored: npt.NDArray[Any]) -> None:
    image.SamplesPerPixel = 1
    image.PhotometricInterpretation = "MONOCHROME2"
    image.Columns, image.Rows = stored.shape[:2]
    image.BitsAllocated = image.BitsStored = 16
    image.HighBit = 15
    image.PixelRepresentation = int(stored.dtype.kind == "i")


def _stored(voxels: npt.NDArray[Any], slope: float, intercept: float, *, signed: bool) -> Any:
    exact = (np.asarray(voxels, np.float64) - intercept) / slope
    stored = np.rint(exact).astype(np.int16 if signed else np.uint16)
    if not np.allclose(stored, exact):
        raise ValueError("the voxels do not fit 16 bits with this slope and intercept")
    return stored


def _pixel_bytes(stored_slice: npt.NDArray[Any], syntax: UID) -> bytes:
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    return stored_slice.T.astype(stored_slice.dtype.newbyteorder(order)).tobytes()


def _save(image: FileDataset, path: Path, syntax: UID) -> None:
    if syntax in _NATIVE:
        dcmwrite(
            path,
            image,
            implicit_vr=syntax == ImplicitVRLittleEndian,
            little_endian=syntax != ExplicitVRBigEndian,
            force_encoding=True,
        )
    elif syntax in _ENCODERS:
        image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        image.compress(syntax, encoding_plugin=_ENCODERS[syntax], generate_instance_uid=False)
        image.save_as(path)
    elif syntax == JPEG2000Lossless:
        image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        pixels = image.pixel_array.reshape(-1, image.Rows, image.Columns)
        codestreams = [encode_array(frame, codec_format=0) for frame in pixels]
        image.file_meta.TransferSyntaxUID = syntax
        image.PixelData = encapsulate(codestreams)
        image.save_as(path, implicit_vr=False, little_endian=True)
    else:
        image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        image.save_as(path, implicit_vr=False, little_endian=True)
        transcode(path, _GDCM_SYNTAXES[syntax])


def transcode(path: Path, gdcm_syntax: int, codec: gdcm.ImageCodec | None = None) -> None:
    """Compress the pixels of a native file in place.

    Parameters
    ----------
    gdcm_syntax : int
        One of ``gdcm.TransferSyntax``.
    codec : gdcm.ImageCodec, optional
        With settings of its own.
    """
    reader, writer = gdcm.ImageReader(), gdcm.ImageWriter()
    reader.SetFileName(str(path))
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(gdcm_syntax))
    if codec is not None:
        change.SetUserCodec(codec)
    change.SetInput(reader.GetImage())
    assert change.Change()
    image = dcmread(path)
    writer.SetFileName(str(path))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    assert writer.Write()
    # The writer replaces the geometry of multi-frame files: only the pixels are taken from it.
    compressed = dcmread(path)
    image.file_meta.TransferSyntaxUID = compressed.file_meta.TransferSyntaxUID
    image.PixelData = compressed.PixelData
    image["PixelData"].is_undefined_length = True
    image.save_as(path)


def write_dicom_series(
    folder: Path,
    voxels: npt.NDArray[Any],
    affine_ras_mm: npt.NDArray[np.float64],
    *,
    transfer_syntax: str = ExplicitVRLittleEndian,
    modality: str = "CT",
    slope: float = 1.0,
    intercept: float = 0.0,
    signed: bool = True,
    series_uid: str | None = None,
    tags: dict[str, Any] | None = None,
) -> list[Path]:
    """Write one file per slice of a volume, in shuffled order of names.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    voxels : ndarray, shape (I, J, K)
        i runs along a row (column index), j down a column, k from slice to slice.
    affine_ras_mm : ndarray, shape (4, 4)
        Its first two columns at right angles; the third may be sheared.
    transfer_syntax : str
        UID: native, RLE, JPEG lossless, JPEG-LS or JPEG 2000 lossless.
    slope, intercept : float
        Stored pixels are ``(voxels - intercept) / slope``, which must be whole 16-bit numbers.
    signed : bool
        Whether they are int16 or uint16.
    series_uid : str, optional
        A new one if left out.
    tags : dict, optional
        More tags for each file; None removes a tag.

    Returns
    -------
    list of Path
        The files in the order of slices.
    """
    folder.mkdir(parents=True, exist_ok=True)
    syntax = UID(transfer_syntax)
    stored = _stored(voxels, slope, intercept, signed=signed)
    series_uid = series_uid or generate_uid()
    taken = len(list(folder.iterdir()))
    names = np.random.default_rng(7).permutation(stored.shape[2]) + taken
    paths = []
    for k in range(stored.shape[2]):
        image = _image(syntax, CTImageStorage, modality)
        image.SeriesInstanceUID = series_uid
        image.InstanceNumber = k + 1
        position, orientation, pixel_spacing = _plane(affine_ras_mm, k)
        image.ImagePositionPatient = _decimal_strings(position)
        image.ImageOrientationPatient = _decimal_strings(orientation)
        image.PixelSpacing = _decimal_strings(pixel_spacing)
        image.RescaleSlope, image.RescaleIntercept = _decimal_strings([slope, intercept])
        _describe_pixels(image, stored)
        image.PixelData = _pixel_bytes(stored[:, :, k], syntax)
        image["PixelData"].VR = "OW"
        for keyword, value in (tags or {}).items():
            if value is None:
                delattr(image, keyword)
            else:
                setattr(image, keyword, value)
        path = folder / f"IM{names[k]:05d}"
        _save(image, path, syntax)
        paths.append(path)
    return paths


def _functional_groups(
    affine_ras_mm: npt.NDArray[np.float64], k: int, slope: float, intercept: float
) -> Dataset:
    position, orientation, pixel_spacing = _plane(affine_ras_mm, k)
    groups, plane, direction, measures, transformation = (Dataset() for _ in range(5))
    plane.ImagePositionPatient = _decimal_strings(position)
    direction.ImageOrientationPatient = _decimal_strings(orientation)
    measures.PixelSpacing = _decimal_strings(pixel_spacing)
    transformation.RescaleSlope, transformation.RescaleIntercept = _decimal_strings(
        [slope, intercept]
    )
    groups.PlanePositionSequence = [plane]
    groups.PlaneOrientationSequence = [direction]
    groups.PixelMeasuresSequence = [measures]
    groups.PixelValueTransformationSequence = [transformation]
    return groups


def write_enhanced_ct(
    path: Path,
    voxels: npt.NDArray[Any],
    affine_ras_mm: npt.NDArray[np.float64],
    *,
    transfer_syntax: str = ExplicitVRLittleEndian,
    slopes: Sequence[float] | None = None,
    frame_order: Sequence[int] | None = None,
    undefined_lengths: bool = False,
) -> None:
    """Write a volume as one multi-frame file (Enhanced CT).

    Parameters
    ----------
    slopes : sequence of float, optional
        Rescale slope of each slice, in its own functional group; else a shared one of 1.
    frame_order : sequence of int, optional
        Which slice each frame is.
    undefined_lengths : bool
        Whether sequences end at a delimiter instead of stating their length.
    """
    syntax = UID(transfer_syntax)
    order = list(frame_order or range(voxels.shape[2]))
    image = _image(syntax, EnhancedCTImageStorage, "CT")
    image.SeriesInstanceUID = generate_uid()
    image.NumberOfFrames = len(order)
    frames, pixels = [], []
    for k in order:
        slope = slopes[k] if slopes else 1.0
        groups = _functional_groups(affine_ras_mm, k, slope, 0.0)
        if not slopes:
            shared = groups
            groups = Dataset()
            groups.PlanePositionSequence = shared.PlanePositionSequence
            del shared.PlanePositionSequence
            image.SharedFunctionalGroupsSequence = [shared]
        frames.append(groups)
        stored = _stored(voxels[:, :, k], slope, 0.0, signed=True)
        pixels.append(_pixel_bytes(stored, syntax))
    image.PerFrameFunctionalGroupsSequence = frames
    if undefined_lengths:
        image["PerFrameFunctionalGroupsSequence"].is_undefined_length = True
        for groups in frames:
            groups.is_undefined_length_sequence_item = True
    _describe_pixels(image, _stored(voxels[:, :, :1], slopes[0] if slopes else 1, 0.0, signed=True))
    image.PixelData = b"".join(pixels)
    image["PixelData"].VR = "OW"
    _save(image, path, syntax)
