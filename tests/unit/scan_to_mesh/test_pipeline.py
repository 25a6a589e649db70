import gzip
import hashlib
import io
import json
import logging
import math
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import nibabel
import numpy as np
import pytest
from iris_imaging.volume import LabelMap, Volume
from iris_oculus.documents import Invocation, Manifest, Result
from iris_oculus.job import JobStatus, Progress, Stage
from iris_oculus.layout import artifact_key, artifact_prefix, result_key, scan_key
from iris_oculus.wiring import ContainerPorts
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scan_to_mesh.pipeline import process
from scan_to_mesh.publishing import find_result, write_result
from scan_to_mesh.segmenters.protocol import ReportSteps, Segmentation, SegmentationRequest

from tests.fakes import FakeClock, FakeJobStore, FakeObjectStore
from tests.unit.scan_to_mesh.jobs_and_scans import (
    AFFINE_RAS_MM,
    BALL_CENTRE_RAS_MM,
    BALL_RADIUS_MM,
    JOB_ID,
    SHAPE,
    add_job,
    invocation,
    processing_job,
    set_status,
)
from tests.unit.scan_to_mesh.scripted_segmenter import BLOB, SPECK, ScriptedSegmenter

BALL_ML = 4 / 3 * math.pi * BALL_RADIUS_MM**3 / 1000


@dataclass
class ActingJobStore(FakeJobStore):
    """Calls ``on_report`` before a report is written: that is how the API comes in between."""

    on_report: Callable[[Progress], None] = lambda progress: None
    progress: list[Progress] = field(default_factory=list)

    def report(
        self, job_id: str, *, attempt: int, now: float, progress: Progress | None = None
    ) -> None:
        if progress is not None:
            self.on_report(progress)
        super().report(job_id, attempt=attempt, now=now, progress=progress)
        if progress is not None:
            self.progress.append(progress)


class TickingClock(FakeClock):
    """Two seconds between any two looks at it, so that no report is held back."""

    def now(self) -> float:
        self.advance(2)
        return super().now()


@pytest.fixture
def jobs() -> ActingJobStore:
    return ActingJobStore()


@pytest.fixture
def objects() -> FakeObjectStore:
    return FakeObjectStore()


@pytest.fixture
def ports(jobs: ActingJobStore, objects: FakeObjectStore) -> ContainerPorts:
    return ContainerPorts(jobs, objects, TickingClock())


@pytest.fixture
def run(ports: ContainerPorts, tmp_path: Path) -> Callable[[Invocation], Result]:
    def run(invocation: Invocation) -> Result:
        return process(invocation, segmenter=ScriptedSegmenter(), ports=ports, folder=tmp_path)

    return run


Run = Callable[[Invocation], Result]


@dataclass(frozen=True)
class Completed:
    """A job that went well, run once for all the tests that look at what it left."""

    objects: FakeObjectStore
    result: Result


@pytest.fixture(scope="module")
def completed(tmp_path_factory: pytest.TempPathFactory) -> Completed:
    ports = ContainerPorts(FakeJobStore(), FakeObjectStore(), TickingClock())
    add_job(ports.jobs, ports.objects)
    folder = tmp_path_factory.mktemp("completed")
    result = process(DONE, segmenter=ScriptedSegmenter(), ports=ports, folder=folder)
    assert isinstance(ports.objects, FakeObjectStore)
    return Completed(ports.objects, result)


DONE = invocation(reduction_percent=50)


def artifact(objects: FakeObjectStore, name: str) -> bytes:
    return objects.objects[artifact_key(JOB_ID, name)][0]


def published(objects: FakeObjectStore) -> set[str]:
    return {
        key.removeprefix(artifact_prefix(JOB_ID)) for key in objects.keys(artifact_prefix(JOB_ID))
    }


FOR_THE_PAGE = {"ct_preview.nii.gz", "segmentation_preview.nii.gz", "thumbnail.png"}


# --- a job that goes well


def test_a_scan_becomes_artifacts_and_the_result_comes_last(completed: Completed) -> None:
    objects, result = completed.objects, completed.result
    assert result.failure is None
    assert result.status is JobStatus.COMPLETED
    assert published(objects) == {
        "model.glb",
        "model.web.glb",
        "model.obj",
        "model.mtl",
        "blob.obj",
        "blob.stl",
        "segmentation.nii.gz",
        "statistics.json",
        "statistics.csv",
        "preview.png",
        "manifest.json",
        "bundle.zip",
        *FOR_THE_PAGE,
    }
    assert objects.written[-1] == result_key(JOB_ID, 1)
    assert find_result(objects, DONE) == result


def test_the_result_lists_every_artifact_as_it_is_stored(completed: Completed) -> None:
    objects, result = completed.objects, completed.result
    assert {entry.name for entry in result.artifacts} == published(objects)
    for entry in result.artifacts:
        body, content_type = objects.objects[artifact_key(JOB_ID, entry.name)]
        assert (len(body), content_type) == (entry.size_bytes, entry.content_type)
        assert hashlib.sha256(body).hexdigest() == entry.sha256


def test_the_numbers_are_those_of_the_ball(completed: Completed) -> None:
    (structure,) = completed.result.structures
    assert (structure.name, structure.label_value) == (BLOB.name, BLOB.label_value)
    assert structure.volume_ml == pytest.approx(BALL_ML, rel=0.03)
    assert structure.mean_hu == pytest.approx(200)
    assert structure.centroid_ras_mm == pytest.approx(BALL_CENTRE_RAS_MM, abs=0.5)
    assert structure.mesh is not None
    assert structure.mesh.watertight
    assert structure.mesh.volume_ml == pytest.approx(structure.volume_ml, rel=0.03)
    assert structure.mesh.surface_cm2 == pytest.approx(4 * math.pi * 1.2**2, rel=0.1)


def test_the_mesh_is_reported_against_its_voxels(completed: Completed) -> None:
    """The ball lies on the left, clear of every middle but its own."""
    (structure,) = completed.result.structures
    mesh = structure.mesh
    assert mesh is not None
    assert mesh.volume_ml is not None
    difference = 100 * (mesh.volume_ml / structure.volume_ml - 1)
    assert mesh.volume_difference_percent == pytest.approx(difference)
    assert mesh.deviation_p95_mm is not None
    assert mesh.deviation_max_mm is not None
    assert 0 < mesh.deviation_p95_mm <= mesh.deviation_max_mm < 2.0
    assert mesh.centroid_difference_mm is not None
    assert mesh.centroid_difference_mm < 0.5
    assert mesh.same_side is True


def test_the_label_map_lies_on_the_scans_grid(completed: Completed) -> None:
    objects = completed.objects
    image = nibabel.Nifti1Image.from_bytes(
        gzip.decompress(artifact(objects, "segmentation.nii.gz"))
    )
    assert image.shape == SHAPE
    np.testing.assert_allclose(image.affine, AFFINE_RAS_MM)


def test_the_manifest_tells_what_ran_on_what(completed: Completed) -> None:
    objects, result = completed.objects, completed.result
    manifest = Manifest.model_validate_json(artifact(objects, "manifest.json"))
    assert manifest.job_id == JOB_ID
    assert manifest.options == DONE.options
    assert manifest.engine == result.engine
    assert manifest.engine.name == "scripted"
    assert manifest.structures == result.structures
    assert manifest.geometry.orientation == "LPS"
    assert manifest.geometry.shape == list(SHAPE)
    assert manifest.geometry.spacing_mm == pytest.approx([2, 2, 2.5])
    np.testing.assert_allclose(manifest.geometry.affine_ras_mm, AFFINE_RAS_MM)
    assert "scripted" in {warning.code for warning in manifest.warnings}
    assert manifest.warnings == result.warnings
    others = [e for e in result.artifacts if e.name not in ("manifest.json", "bundle.zip")]
    assert manifest.artifacts == others
    assert manifest.timings_s.keys() < result.timings_s.keys()


def test_the_page_s_model_is_stored_as_browsers_unpack_it(completed: Completed) -> None:
    entry = next(e for e in completed.result.artifacts if e.name == "model.web.glb")
    assert entry.content_encoding == "gzip"
    assert gzip.decompress(artifact(completed.objects, entry.name))[:4] == b"glTF"


def test_the_bundle_holds_everything_that_is_not_for_the_page(completed: Completed) -> None:
    objects = completed.objects
    with zipfile.ZipFile(io.BytesIO(artifact(objects, "bundle.zip"))) as bundle:
        names = {Path(name).name for name in bundle.namelist()}
        assert names == published(objects) - FOR_THE_PAGE - {"model.web.glb", "bundle.zip"}
        for name in bundle.namelist():
            assert bundle.read(name) == artifact(objects, Path(name).name)


def test_the_statistics_are_those_of_the_manifest(completed: Completed) -> None:
    manifest = json.loads(artifact(completed.objects, "manifest.json"))
    statistics = json.loads(artifact(completed.objects, "statistics.json"))
    assert statistics["structures"] == manifest["structures"]


def test_only_the_formats_asked_for_are_made(
    ports: ContainerPorts, objects: FakeObjectStore, run: Run
) -> None:
    add_job(ports.jobs, objects)
    run(invocation(formats=["stl"]))
    assert published(objects) == {
        "blob.stl",
        "segmentation.nii.gz",
        "statistics.json",
        "statistics.csv",
        "preview.png",
        "manifest.json",
        *FOR_THE_PAGE,
    }


def test_every_stage_is_timed_and_reported_in_order(
    jobs: ActingJobStore, ports: ContainerPorts, objects: FakeObjectStore, run: Run
) -> None:
    add_job(jobs, objects)
    result = run(invocation("chatty"))
    stages = [stage for stage in Stage if stage is not Stage.QUEUED]
    assert list(result.timings_s) == [stage.value for stage in stages]
    assert all(seconds >= 0 for seconds in result.timings_s.values())
    assert list(dict.fromkeys(report.stage for report in jobs.progress)) == stages
    fractions = [report.fraction for report in jobs.progress]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    steps = [report for report in jobs.progress if report.stage is Stage.SEGMENTING]
    assert [(step.done, step.total) for step in steps] == [
        (None, None),
        *[(done, 5) for done in range(1, 6)],
    ]


def test_the_engine_gets_the_options(ports: ContainerPorts, tmp_path: Path) -> None:
    requests: list[SegmentationRequest] = []

    class Listening(ScriptedSegmenter):
        def segment(
            self, volume: Volume, request: SegmentationRequest, report: ReportSteps
        ) -> Segmentation:
            requests.append(request)
            return super().segment(volume, request, report)

    add_job(ports.jobs, ports.objects)
    options = {"fast": False, "roi_subset": ["blob"], "device": "cpu"}
    process(
        invocation("find_blob", JOB_ID, **options),
        segmenter=Listening(),
        ports=ports,
        folder=tmp_path,
    )
    assert requests == [SegmentationRequest("find_blob", False, ("blob",), "cpu")]


def test_a_structure_without_a_mesh_is_kept_with_a_warning(
    ports: ContainerPorts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class TwoStructures(ScriptedSegmenter):
        def segment(
            self, volume: Volume, request: SegmentationRequest, report: ReportSteps
        ) -> Segmentation:
            found = super().segment(volume, request, report)
            found.label_map.labels[0, 0, 0] = SPECK.label_value
            return found

    def mesh_all_but_specks(
        label_map: LabelMap, options: MeshingOptions, report: ReportSteps
    ) -> list[SurfaceMesh]:
        meshes = mesh_label_map(label_map, options, report)
        return [mesh for mesh in meshes if mesh.structure != SPECK]

    monkeypatch.setattr("scan_to_mesh.pipeline.mesh_label_map", mesh_all_but_specks)
    add_job(ports.jobs, ports.objects)
    result = process(invocation(), segmenter=TwoStructures(), ports=ports, folder=tmp_path)
    assert result.status is JobStatus.COMPLETED
    assert [(s.name, s.mesh is None) for s in result.structures] == [
        ("blob", False),
        ("speck", True),
    ]
    assert [w.message for w in result.warnings if w.code == "mesh_missing"] == [
        "Speck: no mesh could be made of 1 voxels."
    ]


def test_an_attempt_that_has_a_result_is_not_run_again(
    ports: ContainerPorts, objects: FakeObjectStore, run: Run
) -> None:
    add_job(ports.jobs, objects)
    known = Result(job_id=JOB_ID, attempt=1, status=JobStatus.COMPLETED)
    write_result(objects, known)
    before = dict(objects.objects)
    assert run(invocation()) == known
    assert objects.objects == before


# --- a job that fails


@pytest.mark.parametrize(
    ("task", "code", "stage"),
    [
        ("wrong_modality", "wrong_modality", Stage.SEGMENTING),
        ("find_nothing", "nothing_found", Stage.MESHING),
        ("no_memory", "out_of_memory", Stage.SEGMENTING),
        ("bug", "internal_error", Stage.SEGMENTING),
    ],
)
def test_what_goes_wrong_makes_a_failed_result_that_says_why(
    *, task: str, code: str, stage: Stage, ports: ContainerPorts, objects: FakeObjectStore, run: Run
) -> None:
    add_job(ports.jobs, objects)
    result = run(invocation(task))
    assert result.status is JobStatus.FAILED
    assert result.failure is not None
    assert result.failure.code == code
    assert result.failure.message
    assert result.failure.hint
    assert list(result.timings_s)[-1] == stage
    assert result.artifacts == []
    assert published(objects) == set()
    assert find_result(objects, invocation(task)) == result


def test_a_scan_that_is_no_image_fails_by_its_own_name(
    ports: ContainerPorts, objects: FakeObjectStore, run: Run
) -> None:
    add_job(ports.jobs, objects, scan=b"to be, or not to be" * 100)
    result = run(invocation())
    assert result.failure is not None
    assert result.failure.code == "not_an_image"


def test_a_scan_that_is_not_there_fails_by_its_own_name(
    ports: ContainerPorts, objects: FakeObjectStore, run: Run
) -> None:
    add_job(ports.jobs, objects)
    del objects.objects[scan_key(JOB_ID)]
    result = run(invocation())
    assert result.failure is not None
    assert result.failure.code == "scan_not_found"


def test_a_bug_leaves_its_place_in_the_log_and_no_text_anywhere(
    ports: ContainerPorts, objects: FakeObjectStore, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    add_job(ports.jobs, objects)
    result = run(invocation("bug"))
    assert "Jane" not in result.model_dump_json()
    (record,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert "Jane" not in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[0] is RuntimeError
    assert record.__dict__["job_id"] == JOB_ID
    assert record.__dict__["stage"] == "segmenting"


def test_an_upload_that_fails_makes_a_failed_result(
    jobs: ActingJobStore, run: Run, tmp_path: Path
) -> None:
    class NoArtifacts(FakeObjectStore):
        def upload(
            self, path: Path, key: str, *, content_type: str, content_encoding: str | None = None
        ) -> None:
            raise ConnectionError

    objects = NoArtifacts()
    add_job(jobs, objects)
    ports = ContainerPorts(jobs, objects, FakeClock())
    result = process(invocation(), segmenter=ScriptedSegmenter(), ports=ports, folder=tmp_path)
    assert result.status is JobStatus.FAILED
    assert find_result(objects, invocation()) == result


# --- a job that is over before it is done


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.QUEUED])
def test_a_cancelled_job_publishes_nothing(
    stage: Stage, jobs: ActingJobStore, objects: FakeObjectStore, run: Run
) -> None:
    add_job(jobs, objects)

    def cancel(progress: Progress) -> None:
        if progress.stage is stage and progress.done != 0:
            jobs.on_report = lambda progress: None
            set_status(jobs, JobStatus.CANCELLED)

    jobs.on_report = cancel
    result = run(invocation("chatty"))
    assert result.status is JobStatus.CANCELLED
    assert published(objects) == set()
    assert find_result(objects, invocation()) == result
    assert objects.written[-1] == result_key(JOB_ID, 1)


def test_a_cancel_in_the_middle_of_publishing_takes_back_what_was_published(
    jobs: ActingJobStore, objects: FakeObjectStore, run: Run
) -> None:
    add_job(jobs, objects)

    def cancel(progress: Progress) -> None:
        if progress.stage is Stage.PUBLISHING and progress.done == 3:
            jobs.on_report = lambda progress: None
            set_status(jobs, JobStatus.CANCELLED)

    jobs.on_report = cancel
    assert run(invocation()).status is JobStatus.CANCELLED
    assert len([key for key in objects.written if "artifacts" in key]) >= 3
    assert published(objects) == set()


def test_an_engine_that_hides_the_cancel_does_not_turn_it_into_a_failure(
    jobs: ActingJobStore, objects: FakeObjectStore, run: Run
) -> None:
    add_job(jobs, objects)

    def cancel(progress: Progress) -> None:
        if progress.done == 1:
            jobs.on_report = lambda progress: None
            set_status(jobs, JobStatus.CANCELLED)

    jobs.on_report = cancel
    assert run(invocation("hide_exceptions")).status is JobStatus.CANCELLED


def test_nothing_is_written_for_a_job_that_was_deleted(
    jobs: ActingJobStore, objects: FakeObjectStore, run: Run
) -> None:
    add_job(jobs, objects)
    objects.written.clear()
    jobs.on_report = lambda progress: (
        set_status(jobs, JobStatus.DELETED) if progress.stage is Stage.MESHING else None
    )
    assert run(invocation()).status is JobStatus.CANCELLED
    assert objects.written == []


def test_an_attempt_that_another_took_over_leaves_the_job_alone(
    jobs: ActingJobStore, objects: FakeObjectStore, run: Run
) -> None:
    add_job(jobs, objects)
    jobs.items[JOB_ID] = replace(processing_job(), attempt=2)
    objects.written.clear()
    assert run(invocation()).status is JobStatus.CANCELLED
    assert objects.written == []
    assert jobs.items[JOB_ID].heartbeat_at is None
