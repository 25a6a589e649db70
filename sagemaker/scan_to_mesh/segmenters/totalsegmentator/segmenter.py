"""TotalSegmentator as a segmentation engine."""

import importlib.metadata
import importlib.util
import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from iris_imaging.volume import LabelMap, Modality, Volume
from iris_oculus.documents import EngineEntry
from iris_oculus.errors import (
    EngineUnavailable,
    SegmentationFailed,
    TaskUnavailable,
    UnknownStructure,
    UnknownTask,
    WrongModality,
)
from iris_oculus.job import JobWarning
from iris_oculus.structures import Structure, Task, catalogue

from scan_to_mesh.segmenters.protocol import ReportSteps, Segmentation, SegmentationRequest
from scan_to_mesh.segmenters.totalsegmentator.models import (
    CheckpointHashes,
    TrainedModel,
    are_synthetic,
    has_any_checkpoint,
    missing_models,
    required_models,
    voxel_mm,
)
from scan_to_mesh.segmenters.totalsegmentator.package_call import Labels, PackageCall
from scan_to_mesh.segmenters.totalsegmentator.runtime import (
    Deployment,
    inside,
    prepare_process,
    write_configuration,
)
from scan_to_mesh.segmenters.totalsegmentator.warm import WarmPredictors, register_trainers

PACKAGE = "TotalSegmentator"
LIMITS = (
    "Found by neural networks trained on routine clinical scans of adults. A research tool, not a "
    "medical device: every structure needs a look before anything is decided by it."
)
FAST_LIMITS = " Coarse model: thin and small structures are approximate."
UNVERIFIED_LIMITS = " The weights were not compared with a list of known hashes."
SYNTHETIC_LIMITS = (
    "NOT FOR PATIENTS: these weights were trained on synthetic phantoms only, to test the software."
    " They segment no patient, and whatever they find in a real scan is meaningless."
)


@dataclass(frozen=True)
class _Plan:
    """A request that was found possible."""

    task: Task
    wanted: tuple[Structure, ...]
    fast: bool
    crop_to: list[str] | None
    device: str
    models: list[TrainedModel]


class TotalSegmentatorSegmenter:
    """The unmodified TotalSegmentator package, its models kept loaded between scans.

    Parameters
    ----------
    allow_download : bool
        Whether weights that are missing may be fetched when a task first needs them.
    environment : mapping of str to str, optional
        Where folders and licence are read from (:meth:`Deployment.from_environment`); the
        process's own when left out.

    Raises
    ------
    EngineUnavailable
        If the package is not installed, its home folder cannot be written, or there are no weights
        and none may be downloaded.
    """

    name = "totalsegmentator"

    def __init__(
        self, *, allow_download: bool, environment: Mapping[str, str] | None = None
    ) -> None:
        if importlib.util.find_spec("totalsegmentator") is None:
            raise EngineUnavailable(
                "TotalSegmentator is not installed.",
                hint="Install it, or choose another engine.",
            )
        values = os.environ if environment is None else environment
        self._deployment = Deployment.from_environment(values)
        self._allow_download = allow_download
        if not allow_download and not has_any_checkpoint(self._weights_dir):
            raise EngineUnavailable(
                "There are no TotalSegmentator weights here and none may be downloaded.",
                hint="Install weights (`totalseg_download_weights`) or allow the download.",
            )
        write_configuration(self._deployment)
        prepare_process()
        self._predictors = WarmPredictors(self._weights_dir)
        self._hashes = CheckpointHashes(self._weights_dir)
        with inside(self._deployment):
            register_trainers()

    @property
    def _weights_dir(self) -> Path:
        return self._deployment.weights_dir

    def segment(
        self, volume: Volume, request: SegmentationRequest, report: ReportSteps
    ) -> Segmentation:
        """Find the structures of a task in a volume.

        Parameters
        ----------
        volume : Volume
            Any orientation; CT in Hounsfield units for a CT task.
        request : SegmentationRequest
            ``roi_subset`` makes the models of the whole-body tasks look at the neighbourhood of
            these structures only; in other tasks the rest is left out of the result.
        report : callable
            Called whenever one of the models is through.

        Raises
        ------
        UnknownTask, UnknownStructure
            If the catalogue does not have them.
        TaskUnavailable
            If this deployment has no licence for the task.
        WrongModality
            If the volume is known to be of another modality than the task's.
        EngineUnavailable
            If weights are missing or not the expected ones, before anything is computed.
        OutOfMemory
            If the GPU's memory does not suffice.
        SegmentationFailed
            If TotalSegmentator gives up on this volume or returns something else than asked for.
        """
        warnings = list(_doubts(volume, request))
        _check_voxels(volume)
        plan = self._plan(request)
        models = self._hashes.describe(plan.models)
        labels = self._run(volume, plan, report)
        return Segmentation(
            label_map=LabelMap(
                labels=labels,
                affine_ras_mm=volume.affine_ras_mm,
                structures={structure.label_value: structure for structure in plan.wanted},
            ),
            engine=EngineEntry(
                name=self.name,
                version=importlib.metadata.version(PACKAGE),
                device="cuda" if plan.device == "gpu" else "cpu",
                models=models,
                limits=self._limits(plan),
            ),
            warnings=tuple(warnings),
            model_voxel_mm=voxel_mm(plan.task.name, fast=plan.fast),
        )

    def _plan(self, request: SegmentationRequest) -> _Plan:
        task = _find_task(request.task)
        self._check_licence(task)
        wanted = _find_structures(task, request.roi_subset)
        # The package crops by structure in its whole-body tasks only.
        cropped = request.roi_subset is not None and task.name.startswith("total")
        fast = request.fast and task.has_fast
        with inside(self._deployment):
            _check_classes(task)
            models = required_models(task.name, fast=fast, with_subset=cropped)
            self._provide(models)
            device = "gpu" if _has_gpu() and request.device != "cpu" else "cpu"
        names = [structure.name for structure in wanted]
        return _Plan(task, wanted, fast, names if cropped else None, device, models)

    def _check_licence(self, task: Task) -> None:
        if task.licence == "commercial" and self._deployment.license_number is None:
            raise TaskUnavailable(
                f"Task {task.name} needs a TotalSegmentator licence key.",
                hint="Set TOTALSEG_LICENSE_NUMBER, or choose a task with an open licence.",
            )
        if task.licence == "non_commercial" and not self._deployment.non_commercial:
            raise TaskUnavailable(
                f"The weights of task {task.name} are for non-commercial use only.",
                hint="Set TOTALSEG_NON_COMMERCIAL=true where that applies.",
            )

    def _provide(self, models: Sequence[TrainedModel]) -> None:
        """Make sure that all the models are there, by downloading them if that is allowed."""
        from totalsegmentator.libs import download_pretrained_weights

        missing = missing_models(models, self._weights_dir)
        if missing and self._allow_download:
            try:
                for model in missing:
                    download_pretrained_weights(model.dataset_id)
            except (OSError, zipfile.BadZipFile, SystemExit) as error:  # requests raises OSError
                raise EngineUnavailable(
                    "TotalSegmentator's weights could not be downloaded.",
                    hint="Check the network, or install the weights beforehand.",
                ) from error
            missing = missing_models(missing, self._weights_dir)
        if missing:
            ids = ", ".join(str(model.dataset_id) for model in missing)
            raise EngineUnavailable(
                f"TotalSegmentator's weights are missing or incomplete: dataset {ids}.",
                hint="Install them (`totalseg_download_weights`), or try fast=true or false.",
            )

    def _run(self, volume: Volume, plan: _Plan, report: ReportSteps) -> Labels:
        steps = len(plan.models)
        done = 0

        def on_model_done() -> None:
            nonlocal done
            done += 1
            report(min(done, steps), steps)

        call = PackageCall(plan.task.name, plan.fast, plan.crop_to, plan.device)
        with inside(self._deployment), self._predictors.in_place(on_model_done):
            labels = call.run(volume, [model.dataset_id for model in plan.models])
        report(steps, steps)
        return _only_wanted(labels, plan)

    def _limits(self, plan: _Plan) -> str:
        if are_synthetic(self._weights_dir):
            return SYNTHETIC_LIMITS
        limits = LIMITS + (FAST_LIMITS if plan.fast else "")
        return limits if self._hashes.have_a_list else limits + UNVERIFIED_LIMITS


def _find_task(name: str) -> Task:
    task = catalogue("totalsegmentator").get(name)
    if task is None:
        raise UnknownTask("TotalSegmentator has no such task.")
    return task


def _find_structures(task: Task, subset: tuple[str, ...] | None) -> tuple[Structure, ...]:
    if subset is None:
        return task.structures
    unknown = set(subset) - {structure.name for structure in task.structures}
    if unknown or not subset:
        raise UnknownStructure(
            f"The roi_subset is empty or names what task {task.name} does not have."
        )
    return tuple(structure for structure in task.structures if structure.name in subset)


def _check_classes(task: Task) -> None:
    """Make sure that label values mean to the installed package what they mean to us."""
    from totalsegmentator.registry import get_task_classes

    ours = {structure.label_value: structure.name for structure in task.structures}
    if get_task_classes(task.name) != ours:
        raise EngineUnavailable(
            f"The installed TotalSegmentator numbers the structures of {task.name} otherwise.",
            hint="Install the version that requirements/totalsegmentator.txt names.",
        )


def _check_voxels(volume: Volume) -> None:
    if volume.voxels.dtype.kind == "f" and not np.isfinite(volume.voxels).all():
        raise SegmentationFailed(
            "The scan holds voxels that are not numbers.",
            hint="Export the scan again without NaN or infinite values.",
        )


def _doubts(volume: Volume, request: SegmentationRequest) -> Iterator[JobWarning]:
    task = _find_task(request.task)
    if volume.modality is Modality.UNKNOWN:
        yield JobWarning(
            "modality_unknown",
            f"The scan does not say whether it is CT or MR; it was taken for {task.modality}.",
        )
    elif volume.modality != task.modality:
        raise WrongModality(f"Task {task.name} is for {task.modality}, the scan is another kind.")
    if request.fast and not task.has_fast:
        yield JobWarning(
            "fast_unavailable", f"Task {task.name} has one model only; fast=true changes nothing."
        )
    if request.device == "gpu" and not _has_gpu():
        yield JobWarning("gpu_missing", "There is no GPU here: the scan was processed on the CPU.")


def _has_gpu() -> bool:
    import torch

    return bool(torch.cuda.is_available())


def _only_wanted(labels: Labels, plan: _Plan) -> Labels:
    known = {structure.label_value for structure in plan.task.structures}
    present = set(np.flatnonzero(np.bincount(labels.ravel(), minlength=256)).tolist()) - {0}
    if present - known:
        raise SegmentationFailed("TotalSegmentator's result holds labels that the task lacks.")
    keep = np.zeros(256, np.uint8)
    for structure in plan.wanted:
        keep[structure.label_value] = structure.label_value
    return keep[labels]
