"""The embedded engine: what Hounsfield units, connectivity and shape can tell, without a network.

It runs anywhere in seconds and knows no organs. It is there so that the whole system can be tried
where TotalSegmentator or its weights are not installed.
"""

import numpy as np
from iris_imaging.volume import LabelMap, Modality, Volume
from iris_oculus.documents import EngineEntry
from iris_oculus.errors import (
    NothingFound,
    SegmentationFailed,
    UnknownStructure,
    UnknownTask,
    WrongModality,
)
from iris_oculus.job import JobWarning
from iris_oculus.structures import Structure, Task, catalogue

from scan_to_mesh.segmenters.hounsfield.divide import STEPS, Labels, divide_tissues
from scan_to_mesh.segmenters.hounsfield.grid import average_blocks, block_size, orientation_of
from scan_to_mesh.segmenters.hounsfield.refine import refine
from scan_to_mesh.segmenters.protocol import (
    ReportSteps,
    Segmentation,
    SegmentationRequest,
)

VERSION = "1.0.0"
LIMITS = (
    "Separates tissues by X-ray density, connectivity and place. It knows no organs: liver, heart "
    "or kidneys are one soft tissue. Muscle and body regions are approximate; contrast agent, "
    "implants, pathology, children and unusual positions mislead it. Not for diagnosis."
)
# A CT of a person holds fat or air; values that never go below this are probably not in HU.
DARKEST_EXPECTED_HU = -50


class HounsfieldSegmenter:
    """Body surface, lungs, airway, bone, muscle, fat and the rest, from a CT alone."""

    name = "hounsfield"

    def segment(
        self, volume: Volume, request: SegmentationRequest, report: ReportSteps
    ) -> Segmentation:
        """Divide a CT into tissues.

        ``fast`` changes nothing: there is one way only. No GPU is ever used.

        Raises
        ------
        WrongModality
            If the volume is not a CT, or is not known to be one.
        UnknownTask, UnknownStructure
            If the request names what this engine does not have.
        SegmentationFailed
            If intensities are not numbers.
        NothingFound
            If there is no patient in the scan, or none of the structures asked for.
        """
        task = _task(request.task)
        wanted = _wanted(task, request.roi_subset)
        _check(volume)
        labels = _label(volume, report)
        if len(wanted) < len(task.structures):
            kept = np.zeros(256, np.uint8)
            kept[list(wanted)] = list(wanted)
            labels = kept[labels]
        if not labels.any():
            raise NothingFound("None of the structures asked for was found in the scan.")
        return Segmentation(
            label_map=LabelMap(labels, volume.affine_ras_mm, wanted),
            engine=EngineEntry(name=self.name, version=VERSION, device="cpu", limits=LIMITS),
            warnings=_warnings(volume, request),
        )


def _task(name: str) -> Task:
    tasks = catalogue(HounsfieldSegmenter.name)
    if name not in tasks:
        raise UnknownTask(f"The embedded engine has no task {name!r}.")
    return tasks[name]


def _wanted(task: Task, roi_subset: tuple[str, ...] | None) -> dict[int, Structure]:
    by_name = {structure.name: structure for structure in task.structures}
    names = tuple(by_name) if roi_subset is None else roi_subset
    unknown = sorted(set(names) - set(by_name))
    if unknown:
        raise UnknownStructure(f"The embedded engine does not find {', '.join(unknown)}.")
    return {s.label_value: s for s in task.structures if s.name in names}


def _check(volume: Volume) -> None:
    if volume.modality is Modality.UNKNOWN:
        raise WrongModality(
            "The scan does not say what made it, and this engine reads Hounsfield units alone.",
            hint="Send a CT: a DICOM series of modality CT, or a NIfTI in Hounsfield units.",
        )
    if volume.modality is not Modality.CT:
        raise WrongModality(
            f"This engine reads Hounsfield units; the scan is {volume.modality}.",
            hint="Send a CT.",
        )
    if volume.voxels.dtype.kind == "f" and not np.isfinite(volume.voxels).all():
        raise SegmentationFailed(
            "Some voxels of the scan hold no number.", hint="Export the scan again, without NaN."
        )


def _label(volume: Volume, report: ReportSteps) -> Labels:
    """Label map on the volume's own grid; computed in RAS+, so that storage order is irrelevant."""
    total = STEPS + 1
    done = 0

    def step_done() -> None:
        nonlocal done
        done += 1
        report(done, total)

    orientation = orientation_of(volume)
    voxels = orientation.canonical(volume.voxels)
    spacing_mm = orientation.canonical_spacing_mm(volume.affine_ras_mm)
    block = block_size(spacing_mm)
    working_mm = (
        spacing_mm[0] * block[0],
        spacing_mm[1] * block[1],
        spacing_mm[2] * block[2],
    )
    working = average_blocks(voxels, block)
    coarse = divide_tissues(working, working_mm, step_done)
    if not coarse.any():
        raise NothingFound("There is no patient in the scan: nothing has the density of tissue.")
    fine = refine(coarse, working, voxels, block, spacing_mm)
    labels = orientation.original(fine)
    report(total, total)
    return labels


def _warnings(volume: Volume, request: SegmentationRequest) -> tuple[JobWarning, ...]:
    warnings = []
    if request.device == "gpu":
        message = "A GPU was asked for; the embedded engine runs on the CPU alone."
        warnings.append(JobWarning("gpu_missing", message))
    if volume.voxels.min() > DARKEST_EXPECTED_HU:
        message = "Nothing in the scan is as dark as fat or air: is it in Hounsfield units?"
        warnings.append(JobWarning("density_doubtful", message))
    return tuple(warnings)
