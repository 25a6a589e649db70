"""One scan's way through the container: load, segment, mesh, export, publish."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import iris_oculus
from iris_imaging.preflight import describe_geometry
from iris_imaging.scan import Scan, read_scan
from iris_imaging.volume import LabelMap, Volume
from iris_oculus.documents import (
    ArtifactEntry,
    EngineEntry,
    FailureEntry,
    GeometryEntry,
    InstanceEntry,
    Invocation,
    Manifest,
    Result,
    StructureEntry,
    WarningEntry,
)
from iris_oculus.errors import IrisOculusError, NothingFound, OutOfMemory, ScanNotFound
from iris_oculus.job import JobStatus, JobWarning, Stage
from iris_oculus.layout import THUMBNAIL, scan_key
from iris_oculus.wiring import ContainerPorts

from scan_to_mesh.entries import describe_structures
from scan_to_mesh.exporters import EXPORTERS
from scan_to_mesh.exporters.artifact import describe_artifact
from scan_to_mesh.exporters.bundle import write_bundle
from scan_to_mesh.exporters.glb import WEB_MODEL
from scan_to_mesh.exporters.label_map import write_label_map
from scan_to_mesh.exporters.page_volumes import (
    PageVolumes,
    reduce_for_page,
    write_page_volumes,
)
from scan_to_mesh.exporters.preview import write_preview, write_thumbnail
from scan_to_mesh.exporters.statistics_table import write_statistics
from scan_to_mesh.exporters.transport import compress_for_transport
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scan_to_mesh.progress import ProgressReporter
from scan_to_mesh.publishing import (
    find_result,
    publish_artifacts,
    withdraw,
    write_result,
)
from scan_to_mesh.segmenters.protocol import Segmentation, SegmentationRequest, Segmenter
from scan_to_mesh.statistics import segment_statistics

logger = logging.getLogger(__name__)


@dataclass
class _Attempt:
    """What one attempt has at hand, and what it has to tell so far."""

    invocation: Invocation
    ports: ContainerPorts
    segmenter: Segmenter
    folder: Path
    progress: ProgressReporter
    timings_s: dict[str, float] = field(default_factory=dict)
    warnings: list[JobWarning] = field(default_factory=list)
    engine: EngineEntry | None = None

    @property
    def warning_entries(self) -> list[WarningEntry]:
        unique = dict.fromkeys(self.warnings)
        return [WarningEntry.of(each) for each in unique]

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        self.progress.enter(stage)
        started = time.monotonic()
        try:
            yield
        finally:
            seconds = round(time.monotonic() - started, 3)
            self.timings_s[stage] = seconds
            logger.info(
                "stage ended",
                extra={
                    "job_id": self.invocation.job_id,
                    "attempt": self.invocation.attempt,
                    "stage": stage.value,
                    "seconds": seconds,
                },
            )


@dataclass(frozen=True)
class _Findings:
    """What is known of the scan once its segments are meshed; the voxels are not needed again."""

    label_map: LabelMap
    engine: EngineEntry
    geometry: GeometryEntry
    meshes: list[SurfaceMesh]
    structures: list[StructureEntry]
    page_volumes: PageVolumes


def process(
    invocation: Invocation,
    *,
    segmenter: Segmenter,
    ports: ContainerPorts,
    folder: Path,
    instance: InstanceEntry | None = None,
) -> Result:
    """Process one attempt of a job, and leave its artifacts and, last, its result in the bucket.

    An attempt that has a result already is not processed again. Nothing that goes wrong within
    the pipeline is raised: it makes a result with status ``failed``. An attempt whose job was
    cancelled or deleted in the meantime is withdrawn.

    Parameters
    ----------
    invocation : Invocation
    segmenter : Segmenter
    ports : ContainerPorts
    folder : Path
        An empty folder for the scan and the artifacts; the caller removes it.
    instance : InstanceEntry, optional
        The billed machine that this runs on, for the result.

    Returns
    -------
    Result
        As stored.
    """
    known = find_result(ports.objects, invocation)
    if known is not None:
        return known
    progress = ProgressReporter(ports.jobs, ports.clock, invocation)
    attempt = _Attempt(invocation, ports, segmenter, folder, progress)
    try:
        result = _run(attempt)
    except Exception as error:  # noqa: BLE001 - whatever happens, the job must hear of it
        if progress.stopped:
            return withdraw(ports.jobs, ports.objects, invocation)
        result = _failed(attempt, error)
    result = result.model_copy(update={"instance": instance})
    write_result(ports.objects, result)
    return result


def _run(attempt: _Attempt) -> Result:
    scan = _load(attempt)
    segmentation = _segment(attempt, scan.volume)
    findings = _mesh(attempt, scan, segmentation)
    del scan, segmentation
    files = _export(attempt, findings)
    return _publish(attempt, findings, files)


def _load(attempt: _Attempt) -> Scan:
    with attempt.stage(Stage.LOADING):
        path = attempt.folder / "scan"
        try:
            attempt.ports.objects.download(scan_key(attempt.invocation.job_id), path)
        except KeyError as error:
            raise ScanNotFound("The job's scan is not in the bucket.") from error
        scan = read_scan(path)
        path.unlink()
        attempt.warnings.extend(scan.description.warnings)
        return scan


def _segment(attempt: _Attempt, volume: Volume) -> Segmentation:
    options = attempt.invocation.options
    request = SegmentationRequest(
        task=options.task,
        fast=options.fast,
        roi_subset=options.roi_subset,
        device=options.device,
    )
    with attempt.stage(Stage.SEGMENTING):
        segmentation = attempt.segmenter.segment(volume, request, attempt.progress.step)
        attempt.engine = segmentation.engine
        attempt.warnings.extend(segmentation.warnings)
        return segmentation


def _mesh(attempt: _Attempt, scan: Scan, segmentation: Segmentation) -> _Findings:
    label_map = segmentation.label_map
    reduction = attempt.invocation.options.reduction_percent / 100
    with attempt.stage(Stage.MESHING):
        rows = segment_statistics(label_map, scan.volume)
        if not rows:
            raise NothingFound("None of the structures asked for was found in this scan.")
        meshing = MeshingOptions(reduction, smoothing_mm=segmentation.model_voxel_mm)
        meshes = mesh_label_map(label_map, meshing, attempt.progress.step)
        structures = describe_structures(rows, meshes)
        attempt.warnings.extend(_doubts(structures))
        return _Findings(
            label_map=label_map,
            engine=segmentation.engine,
            geometry=describe_geometry(scan.description),
            meshes=meshes,
            structures=structures,
            page_volumes=reduce_for_page(scan.volume, label_map),
        )


def _doubts(structures: Sequence[StructureEntry]) -> Iterator[JobWarning]:
    for structure in structures:
        if structure.mesh is None:
            yield JobWarning(
                "mesh_missing",
                f"{structure.display_name}: no mesh could be made of {structure.voxels} voxels.",
            )
        elif not structure.mesh.watertight:
            yield JobWarning(
                "mesh_not_closed",
                f"{structure.display_name}: the mesh is not closed, so it encloses no volume.",
            )


def _export(attempt: _Attempt, findings: _Findings) -> list[tuple[Path, ArtifactEntry]]:
    folder = attempt.folder / "artifacts"
    folder.mkdir()
    with attempt.stage(Stage.EXPORTING):
        written = _write_images_and_meshes(attempt, findings, folder)
        paths = [path for path in written if path.name != WEB_MODEL]
        for_page = _write_for_page(findings, folder)
        described = [(path, describe_artifact(path)) for path in [*paths, *for_page]]
        manifest = Manifest(
            job_id=attempt.invocation.job_id,
            created_at=_iso_time(attempt.ports.clock.now()),
            software_version=iris_oculus.__version__,
            options=attempt.invocation.options,
            engine=findings.engine,
            geometry=findings.geometry,
            structures=findings.structures,
            artifacts=[entry for _, entry in described],
            timings_s=dict(attempt.timings_s),
            warnings=attempt.warning_entries,
        )
        last = [folder / "manifest.json"]
        last[0].write_text(manifest.model_dump_json(indent=2), encoding="utf-8")
        if "zip" in attempt.invocation.options.formats:
            write_bundle([*paths, *last], folder / "bundle.zip")
            last.append(folder / "bundle.zip")
        return described + [(path, describe_artifact(path)) for path in last]


def _iso_time(epoch_s: float) -> str:
    return datetime.fromtimestamp(epoch_s, UTC).isoformat(timespec="seconds")


def _write_for_page(findings: _Findings, folder: Path) -> list[Path]:
    """What the page alone needs: it is not in the bundle."""
    thumbnail = folder / THUMBNAIL
    write_thumbnail(folder / "preview.png", thumbnail)
    for_page = [*write_page_volumes(findings.page_volumes, folder), thumbnail]
    model = folder / WEB_MODEL
    if model.exists():  # written with the other GLB
        compress_for_transport(model)
        for_page.append(model)
    return for_page


def _write_images_and_meshes(attempt: _Attempt, findings: _Findings, folder: Path) -> list[Path]:
    formats = [name for name in attempt.invocation.options.formats if name in EXPORTERS]
    steps = len(formats) + 3
    segmentation, preview = folder / "segmentation.nii.gz", folder / "preview.png"
    paths: list[Path] = [segmentation]
    write_label_map(findings.label_map, segmentation)
    attempt.progress.step(1, steps)
    paths += write_statistics(findings.structures, folder)
    attempt.progress.step(2, steps)
    write_preview(findings.meshes, preview)
    paths.append(preview)
    attempt.progress.step(3, steps)
    for done, name in enumerate(formats, start=4):
        if findings.meshes:
            paths += EXPORTERS[name](findings.meshes, folder)
        attempt.progress.step(done, steps)
    return paths


def _publish(
    attempt: _Attempt, findings: _Findings, files: list[tuple[Path, ArtifactEntry]]
) -> Result:
    invocation = attempt.invocation
    with attempt.stage(Stage.PUBLISHING):
        publish_artifacts(attempt.ports.objects, invocation.job_id, files, attempt.progress.step)
    attempt.progress.enter(Stage.PUBLISHING)
    return Result(
        job_id=invocation.job_id,
        attempt=invocation.attempt,
        status=JobStatus.COMPLETED,
        engine=findings.engine,
        structures=findings.structures,
        artifacts=[entry for _, entry in files],
        timings_s=attempt.timings_s,
        warnings=attempt.warning_entries,
    )


def _failed(attempt: _Attempt, error: Exception) -> Result:
    failure = _explain(error)
    logger.error(
        "the attempt failed",
        exc_info=error,
        extra={
            "job_id": attempt.invocation.job_id,
            "attempt": attempt.invocation.attempt,
            "stage": attempt.progress.stage.value,
            "code": failure.code,
        },
    )
    return Result(
        job_id=attempt.invocation.job_id,
        attempt=attempt.invocation.attempt,
        status=JobStatus.FAILED,
        engine=attempt.engine,
        timings_s=attempt.timings_s,
        warnings=attempt.warning_entries,
        failure=failure,
    )


def _explain(error: Exception) -> FailureEntry:
    if isinstance(error, IrisOculusError):
        return FailureEntry.of(error)
    if isinstance(error, MemoryError):
        return FailureEntry.of(OutOfMemory("The scan needs more memory than this machine has."))
    return FailureEntry.of(IrisOculusError("Something unexpected went wrong while processing."))
