"""Which frames of an upload belong together, and which of the stacks is the scan."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from iris_oculus.errors import NotAnImage, UntrustedGeometry
from iris_oculus.job import JobWarning

from iris_imaging.content import GZIP_MAGIC, HEAD_BYTES, is_nifti
from iris_imaging.dicom_geometry import Stack, stack_planes
from iris_imaging.dicom_headers import Frame, read_frames
from iris_imaging.dicom_sources import DicomSource, starts_like_dicom
from iris_imaging.volume import Modality

_MODALITIES = {"CT": Modality.CT, "MR": Modality.MR}

TILT_WORTH_A_WARNING_DEGREES = 0.1


@dataclass(frozen=True, eq=False)
class Series:
    """The series that was chosen, in order.

    Attributes
    ----------
    frames : tuple of Frame
        All of one matrix size, one orientation and one modality.
    stack : Stack
        Indices into ``frames``.
    modality : Modality
    series_count : int
        Stacks of images that lie in space in the upload, this one included.
    warnings : tuple of JobWarning
    """

    frames: tuple[Frame, ...]
    stack: Stack
    modality: Modality
    series_count: int
    warnings: tuple[JobWarning, ...]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Columns, rows, slices: the order of the voxel array's axes."""
        return self.frames[0].columns, self.frames[0].rows, len(self.stack.slices)


def read_all_frames(source: DicomSource) -> list[Frame]:
    """Frames of all DICOM images of a source; files of other kinds are passed over.

    Raises
    ------
    NotAnImage
        If there is no DICOM image.
    """
    frames: list[Frame] = []
    found_dicom = False
    for index in range(source.file_count):
        with source.open_stream(index) as stream:
            if starts_like_dicom(stream):
                found_dicom = True
                frames.extend(read_frames(stream, index))
    if frames:
        return frames
    if found_dicom:
        raise NotAnImage(
            "The DICOM files hold no slices: only localisers, reports or pictures.",
            hint="Send the axial series of the study.",
        )
    raise _no_dicom(source)


def _no_dicom(source: DicomSource) -> NotAnImage:
    for index in range(min(source.file_count, 10)):
        with source.open_stream(index) as stream:
            head = stream.read(HEAD_BYTES)
        if head.startswith(GZIP_MAGIC) or is_nifti(head):
            return NotAnImage(
                "The archive holds no DICOM files.", hint="Send the .nii or .nii.gz file itself."
            )
    return NotAnImage("The upload holds no DICOM files.")


def _split_into_stacks(frames: Iterable[Frame]) -> list[list[Frame]]:
    """By series, modality, matrix size, orientation and pixel spacing."""
    groups: dict[tuple[str, str, int, int], list[list[Frame]]] = defaultdict(list)
    for frame in frames:
        stacks = groups[frame.series_uid, frame.modality, frame.rows, frame.columns]
        for stack in stacks:
            first = stack[0].plane
            if frame.plane is None or first is None:
                fits = frame.plane is first
            else:
                fits = frame.plane.is_parallel_to(first)
            if fits:
                stack.append(frame)
                break
        else:
            stacks.append([frame])
    return [stack for stacks in groups.values() for stack in stacks]


def _preference(stack: Sequence[Frame]) -> tuple[bool, bool, int, int, str]:
    """Sort key: placed in space, from a CT or MR scanner, most slices, largest, first UID."""
    first = stack[0]
    return (
        first.plane is not None,
        first.modality in _MODALITIES,
        len(stack),
        first.rows * first.columns,
        first.series_uid,
    )


def _check_placed(chosen: Sequence[Frame], stacks: Iterable[Sequence[Frame]]) -> None:
    """Every slice of the series must say where it lies: leaving some out would leave holes."""
    first = chosen[0]
    unplaced = sum(
        len(stack)
        for stack in stacks
        if stack[0].plane is None
        and (stack[0].series_uid, stack[0].rows, stack[0].columns)
        == (first.series_uid, first.rows, first.columns)
    )
    if unplaced:
        raise UntrustedGeometry(
            f"{unplaced} slices do not say where they lie: "
            "position, orientation or pixel spacing is missing or invalid.",
            hint="Export the original series; derived pictures have no place in space.",
        )


def _warnings(chosen: Sequence[Frame], stack: Stack, series_count: int) -> tuple[JobWarning, ...]:
    warnings = []
    if series_count > 1:
        text = (
            f"The upload holds {series_count} series; "
            f"the one with {len(stack.slices)} slices is used."
        )
        warnings.append(JobWarning("several_series", text))
    if stack.tilt_degrees > TILT_WORTH_A_WARNING_DEGREES:
        text = (
            f"The slices are tilted by {stack.tilt_degrees:.1f} degrees against their stack "
            "(gantry tilt); the geometry takes it into account."
        )
        warnings.append(JobWarning("gantry_tilt", text))
    repeated = len(chosen) - len(stack.slices)
    if repeated:
        text = f"{repeated} slices occur more than once; repetitions must be identical."
        warnings.append(JobWarning("repeated_slices", text))
    if any(frame.lossy for frame in chosen):
        text = "The images went through lossy compression: intensities are not exact."
        warnings.append(JobWarning("lossy_compression", text))
    return tuple(warnings)


def choose_series(frames: Sequence[Frame]) -> Series:
    """Choose the scan among the frames of an upload, and order its slices.

    Parameters
    ----------
    frames : sequence of Frame
        At least one.

    Raises
    ------
    UntrustedGeometry
        If slices do not say where they lie, or contradict each other.
    NotThreeDimensional
        If no series has at least three slices.
    """
    stacks = _split_into_stacks(frames)
    chosen = max(stacks, key=_preference)
    _check_placed(chosen, stacks)
    stack = stack_planes([frame.plane for frame in chosen if frame.plane is not None])
    series_count = sum(candidate[0].plane is not None for candidate in stacks)
    return Series(
        frames=tuple(chosen),
        stack=stack,
        modality=_MODALITIES.get(chosen[0].modality, Modality.UNKNOWN),
        series_count=series_count,
        warnings=_warnings(chosen, stack, series_count),
    )
