"""A segmentation engine that does what a test's task name says; usable in a spawned process."""

import os
import signal
import time
from collections.abc import Callable, Mapping

import numpy as np
from iris_imaging.volume import LabelMap, Volume
from iris_oculus.documents import EngineEntry
from iris_oculus.errors import EngineUnavailable, SegmentationFailed, WrongModality
from iris_oculus.job import JobWarning
from iris_oculus.structures import Structure
from scan_to_mesh.segmenters.protocol import ReportSteps, Segmentation, SegmentationRequest

BLOB = Structure("blob", 1, "Blob", (200, 50, 50), "test")
SPECK = Structure("speck", 2, "Speck", (50, 200, 50), "test")
ABSENT = Structure("absent", 3, "Absent", (50, 50, 200), "test")

THRESHOLD_HU = 100


def _sleep(report: ReportSteps) -> None:
    """Work for a minute without a word, as a network's forward pass does."""
    del report
    time.sleep(60)


def _chatty(report: ReportSteps) -> None:
    for done in range(1, 6):
        report(done, 5)


def _hide_exceptions(report: ReportSteps) -> None:
    try:
        report(1, 2)
    except Exception as error:
        raise SegmentationFailed("the engine does not know what went wrong") from error


def _wrong_modality(report: ReportSteps) -> None:
    raise WrongModality("the task is for MR")


def _bug(report: ReportSteps) -> None:
    raise RuntimeError("Patient Jane Doe")


def _no_memory(report: ReportSteps) -> None:
    raise MemoryError


def _exit(report: ReportSteps) -> None:
    os._exit(3)


def _die(number: signal.Signals) -> Callable[[ReportSteps], None]:
    def act(report: ReportSteps) -> None:
        os.kill(os.getpid(), number)

    return act


BEHAVIOURS: Mapping[str, Callable[[ReportSteps], None]] = {
    "find_blob": lambda report: None,
    "find_nothing": lambda report: None,
    "chatty": _chatty,
    "hide_exceptions": _hide_exceptions,
    "sleep": _sleep,
    "wrong_modality": _wrong_modality,
    "bug": _bug,
    "no_memory": _no_memory,
    "killed": _die(signal.SIGKILL),
    "segfault": _die(signal.SIGSEGV),
    "exit": _exit,
}


class ScriptedSegmenter:
    """Does what the task is called, then finds the voxels above a threshold."""

    name = "scripted"

    def __init__(self) -> None:
        self.jobs_seen = 0

    def segment(
        self, volume: Volume, request: SegmentationRequest, report: ReportSteps
    ) -> Segmentation:
        self.jobs_seen += 1
        BEHAVIOURS[request.task](report)
        found = volume.voxels > THRESHOLD_HU
        if request.task == "find_nothing":
            found[:] = False
        labels = found.astype(np.uint8)
        structures = {each.label_value: each for each in (BLOB, SPECK, ABSENT)}
        engine = EngineEntry(
            name=self.name,
            version=f"{os.getpid()}/{self.jobs_seen}",
            device="cpu",
            limits="A test's engine.",
        )
        label_map = LabelMap(labels, volume.affine_ras_mm, structures)
        return Segmentation(label_map, engine, (JobWarning("scripted", "A test's engine ran."),))


def open_unavailable() -> ScriptedSegmenter:
    """An engine whose weights are missing."""
    raise EngineUnavailable("the weights are missing", hint="Bake them into the image.")


def open_dying() -> ScriptedSegmenter:
    """An engine whose native library crashes when it is loaded."""
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError("unreachable")
