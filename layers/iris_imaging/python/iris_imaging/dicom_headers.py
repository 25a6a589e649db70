"""The header of one DICOM file, read up to its pixels: which frames it has, and where they lie.

Only tags of geometry, pixel format and series are read; none that names a person.
"""

import math
from dataclasses import dataclass
from typing import Any, BinaryIO

from iris_oculus.errors import UnreadableScan, UnsupportedTransferSyntax
from pydicom import Dataset
from pydicom.datadict import tag_for_keyword
from pydicom.filereader import read_dataset
from pydicom.uid import (
    UID,
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    EnhancedCTImageStorage,
    EnhancedMRImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    MRImageStorage,
)

from iris_imaging.dicom_geometry import Plane, plane_from_tags

_FIRST_PIXEL_TAG = 0x7FE00000
_KEYWORDS = (
    "ImageType",
    "Modality",
    "SeriesInstanceUID",
    "LossyImageCompression",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "PixelSpacing",
    "BitsAllocated",
    "PixelRepresentation",
    "PixelPaddingValue",
    "RescaleIntercept",
    "RescaleSlope",
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
)
_TAGS = [tag for keyword in _KEYWORDS if (tag := tag_for_keyword(keyword)) is not None]

# Objects with pixels that are no scan: masks, doses, drawings on images, documents.
_MODALITIES_WITHOUT_INTENSITIES = frozenset(
    {"SEG", "RTDOSE", "RTIMAGE", "RTSTRUCT", "RTPLAN", "PR", "SR", "KO", "REG", "DOC"}
)
_SLICE_CLASSES = frozenset(
    {CTImageStorage, EnhancedCTImageStorage, MRImageStorage, EnhancedMRImageStorage}
)
_SCANNER_MODALITIES = frozenset({"CT", "MR"})


@dataclass(frozen=True, eq=False)
class Frame:
    """One slice, in a file of its own or in a multi-frame file.

    Attributes
    ----------
    file_index, frame_index : int
        Where its pixels are.
    transfer_syntax : UID
    series_uid : str
        To group frames by; never shown.
    modality : str
        DICOM's code.
    rows, columns : int
    plane : Plane or None
        None where the tags of its geometry are missing or invalid.
    slope, intercept : float
        From stored pixel to intensity.
    padding : int or None
        Pixel Padding Value, as stored.
    lossy : bool
        Whether it has been through lossy compression.
    """

    file_index: int
    frame_index: int
    transfer_syntax: UID
    series_uid: str
    modality: str
    rows: int
    columns: int
    plane: Plane | None
    slope: float
    intercept: float
    padding: int | None
    lossy: bool


def _parse(stream: BinaryIO) -> tuple[UID, Dataset | None]:
    """Transfer syntax and the tags of ``_TAGS``; None for a deflated file that is no slice."""
    head = stream.read(134)
    start = 132 if head[128:132] == b"DICM" else 0
    stream.seek(start)
    # The file meta information is always explicit, little endian (PS3.10, section 7.1).
    meta = read_dataset(stream, False, True, stop_when=lambda tag, _vr, _size: tag.group != 2)  # noqa: FBT003 -- pydicom's signature
    syntax = meta.get("TransferSyntaxUID")
    if syntax is None:  # an old export without file meta information
        explicit = head[start + 4 : start + 6].isalpha() and head[start : start + 2] == b"\x08\x00"
        syntax = ExplicitVRLittleEndian if explicit else ImplicitVRLittleEndian
    syntax = UID(syntax)
    if syntax == DeflatedExplicitVRLittleEndian:
        # To be read, all of it would be unpacked at once, to whatever size.
        if meta.get("MediaStorageSOPClassUID") in _SLICE_CLASSES:
            raise UnsupportedTransferSyntax("The DICOM files are deflated as a whole.")
        return syntax, None
    # All others, the compressed ones included, are explicit and little endian (PS3.5, A.4).
    dataset = read_dataset(
        stream,
        is_implicit_VR=syntax == ImplicitVRLittleEndian,
        is_little_endian=syntax != ExplicitVRBigEndian,
        stop_when=lambda tag, _vr, _size: tag >= _FIRST_PIXEL_TAG,
        specific_tags=_TAGS,
    )
    return syntax, dataset


def _groups_of_frames(dataset: Dataset, frame_count: int) -> list[tuple[Dataset, ...]]:
    """For each frame the datasets in which to look for a tag, nearest first.

    Functional groups of the frame, then those shared by all (PS3.3, C.7.6.16), then the file's.
    """
    shared = tuple(dataset.get("SharedFunctionalGroupsSequence") or ())[:1]
    per_frame = tuple(dataset.get("PerFrameFunctionalGroupsSequence") or ())
    if per_frame and len(per_frame) != frame_count:
        raise UnreadableScan("A multi-frame file does not describe each of its frames.")
    if per_frame:
        return [(groups, *shared, dataset) for groups in per_frame]
    # A film without a place for each frame: one frame without geometry stands for it.
    return [(*shared, dataset)] if frame_count == 1 else [()]


def _lookup(groups: tuple[Dataset, ...], sequence: str, keyword: str) -> Any:
    """A tag's value in the nearest functional group that has it, or in the file's own tags."""
    for group in groups:
        for holder in (*tuple(group.get(sequence) or ())[:1], group):
            value = holder.get(keyword)
            if value is not None and value != "":
                return value
    return None


def _floats(value: Any) -> tuple[float, ...]:
    try:
        return tuple(float(number) for number in value) if value is not None else ()
    except (TypeError, ValueError):
        return ()


def _rescale(value: Any, default: float) -> float:
    number = default if value is None else float(value)
    if not math.isfinite(number):
        raise UnreadableScan("A slice's rescale slope or intercept is no number.")
    return number


def _padding(dataset: Dataset) -> int | None:
    """Pixel Padding Value with the sign that the pixels have, whatever the tag's own type."""
    value = dataset.get("PixelPaddingValue")
    if isinstance(value, bytes):  # implicit VR does not say whether it is signed
        value = int.from_bytes(value[:2], "little")
    if not isinstance(value, int):
        return None
    value &= 0xFFFF
    return value - 0x10000 if dataset.get("PixelRepresentation") == 1 and value > 0x7FFF else value


def _is_intensity_image(dataset: Dataset) -> bool:
    image_type = dataset.get("ImageType") or ()
    kinds = [image_type] if isinstance(image_type, str) else list(image_type)
    return (
        str(dataset.get("Modality") or "") not in _MODALITIES_WITHOUT_INTENSITIES
        and "LOCALIZER" not in kinds
        and int(dataset.get("SamplesPerPixel") or 1) == 1
        and str(dataset.get("PhotometricInterpretation") or "MONOCHROME2").startswith("MONOCHROME")
    )


def read_frames(stream: BinaryIO, file_index: int) -> tuple[Frame, ...]:
    """Frames of one DICOM file; none if it holds no intensities or is a localiser.

    MONOCHROME1 only says how to display values: rescaled they mean the same (PS3.3, C.7.6.3.1.2).

    Parameters
    ----------
    stream : binary file
        At its start; read up to the pixels.
    file_index : int
        Passed on to the frames.

    Raises
    ------
    UnreadableScan
        If the file is of a scanner but has no matrix, or does not describe its frames.
    UnsupportedTransferSyntax
        If it is a slice in a deflated file.
    """
    syntax, dataset = _parse(stream)
    if dataset is None or not _is_intensity_image(dataset):
        return ()
    modality = str(dataset.get("Modality") or "")
    rows, columns = int(dataset.get("Rows") or 0), int(dataset.get("Columns") or 0)
    if not (rows and columns and dataset.get("BitsAllocated")):
        if modality in _SCANNER_MODALITIES:
            raise UnreadableScan("A DICOM file of the series is damaged: it has no image matrix.")
        return ()
    frame_count = max(1, int(dataset.get("NumberOfFrames") or 1))
    transformation = "PixelValueTransformationSequence"
    return tuple(
        Frame(
            file_index=file_index,
            frame_index=index,
            transfer_syntax=syntax,
            series_uid=str(dataset.get("SeriesInstanceUID") or ""),
            modality=modality,
            rows=rows,
            columns=columns,
            plane=plane_from_tags(
                _floats(_lookup(groups, "PlanePositionSequence", "ImagePositionPatient")),
                _floats(_lookup(groups, "PlaneOrientationSequence", "ImageOrientationPatient")),
                _floats(_lookup(groups, "PixelMeasuresSequence", "PixelSpacing")),
            ),
            slope=_rescale(_lookup(groups, transformation, "RescaleSlope"), 1.0),
            intercept=_rescale(_lookup(groups, transformation, "RescaleIntercept"), 0.0),
            padding=_padding(dataset),
            lossy=str(dataset.get("LossyImageCompression") or "") == "01",
        )
        for index, groups in enumerate(_groups_of_frames(dataset, frame_count))
    )
