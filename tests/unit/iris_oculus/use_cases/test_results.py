from dataclasses import replace
from pathlib import Path

import pytest
from iris_oculus import errors
from iris_oculus.contracts import ProcessRequest
from iris_oculus.documents import Inspection, WarningEntry
from iris_oculus.job import JobStatus, Progress, Stage
from iris_oculus.layout import artifact_key, job_prefix
from iris_oculus.principal import Principal
from iris_oculus.use_cases.completion import InferenceOutcome
from iris_oculus.use_cases.results import INLINE_ARTIFACT_BYTES

from tests.unit.iris_oculus.use_cases.system import System


def test_a_completed_job_shows_its_engine_and_its_artifacts(system: System) -> None:
    job_id = system.completed()
    view = system.results.job(system.ada, job_id).job
    assert view.status is JobStatus.COMPLETED
    assert view.progress == 1.0
    assert view.engine is not None
    assert view.engine.name == "totalsegmentator"
    (artifact,) = view.artifacts
    assert artifact.name == "liver.stl"
    assert artifact_key(job_id, "liver.stl") in artifact.url


def test_a_listing_shows_a_picture_of_what_is_completed(system: System) -> None:
    waiting = system.uploaded()
    completed = system.completed()
    listed = system.results.list(system.ada, limit=5, cursor=None).jobs
    urls = {job.jobId: job.thumbnail_url for job in listed}
    assert urls[waiting] is None
    assert artifact_key(completed, "thumbnail.png") in (urls[completed] or "")


def test_progress_and_time_left_of_a_processing_job(system: System) -> None:
    job_id = system.processing_job()
    assert system.results.job(system.ada, job_id).job.eta_s is None
    system.clock.advance(30)
    progress = Progress(Stage.MESHING, 0.75, done=71, total=117)
    system.jobs.report(job_id, attempt=1, now=system.clock.now(), progress=progress)
    view = system.results.job(system.ada, job_id).job
    assert (view.stage, view.progress, view.eta_s) == (Stage.MESHING, 0.75, 10.0)
    assert view.stageDetail is not None
    assert (view.stageDetail.done, view.stageDetail.total) == (71, 117)
    assert view.artifacts == []


def test_a_listing_holds_the_callers_jobs_newest_first_page_by_page(system: System) -> None:
    mine = []
    for _ in range(5):
        mine.append(system.uploaded())
        system.clock.advance(1)
    system.results.delete(system.ada, mine[2])
    expected = [mine[4], mine[3], mine[1], mine[0]]
    first = system.results.list(system.ada, limit=3, cursor=None)
    assert [job.jobId for job in first.jobs] == expected[:3]
    second = system.results.list(system.ada, limit=3, cursor=first.cursor)
    assert [job.jobId for job in second.jobs] == expected[3:]
    assert second.cursor is None
    assert system.results.list(Principal(user_id="bob"), limit=3, cursor=None).jobs == []


@pytest.mark.parametrize(("limit", "cursor"), [(0, None), (101, None), (5, "made up")])
def test_a_listing_that_cannot_be(system: System, limit: int, cursor: str | None) -> None:
    with pytest.raises(errors.InvalidField):
        system.results.list(system.ada, limit=limit, cursor=cursor)


def test_nobodys_jobs_are_not_listed(system: System) -> None:
    with pytest.raises(errors.InvalidField, match="userId"):
        system.results.list(Principal(), limit=5, cursor=None)


def test_a_small_artifact_comes_itself_and_a_large_one_by_its_url(system: System) -> None:
    job_id = system.completed()
    small = system.results.file(system.ada, job_id, "liver.stl")
    assert (small.body, small.url, small.content_type) == (b"solid", None, "model/stl")
    large = bytes(INLINE_ARTIFACT_BYTES + 1)
    system.objects.write(artifact_key(job_id, "model.obj"), large, content_type="model/obj")
    found = system.results.file(system.ada, job_id, "model.obj")
    assert found.body is None
    assert found.url is not None


def test_an_artifact_that_is_packed_for_its_way_comes_from_the_bucket(
    system: System, tmp_path: Path
) -> None:
    job_id = system.completed()
    packed = tmp_path / "model.web.glb"
    packed.write_bytes(b"small")
    key = artifact_key(job_id, packed.name)
    system.objects.upload(packed, key, content_type="model/gltf-binary", content_encoding="gzip")
    found = system.results.file(system.ada, job_id, packed.name)
    assert found.body is None
    assert found.url is not None


@pytest.mark.parametrize("name", ["", "..", "../scan", "a/b", "a\\b", ".hidden", "x" * 200, "a\n"])
def test_names_that_are_no_artifacts(system: System, name: str) -> None:
    job_id = system.completed()
    with pytest.raises(errors.InvalidFilename):
        system.results.file(system.ada, job_id, name)


def test_artifacts_that_there_are_not(system: System) -> None:
    with pytest.raises(errors.FileNotFound):
        system.results.file(system.ada, system.completed(), "spleen.stl")
    with pytest.raises(errors.FileNotFound, match="uploaded"):
        system.results.file(system.ada, system.uploaded(), "liver.stl")


def test_deleting_leaves_nothing_but_a_tombstone_without_the_file_name(system: System) -> None:
    job_id = system.completed()
    answer = system.results.delete(system.ada, job_id)
    assert answer.deletedObjects == 4  # scan, invocation, artifact, result
    assert answer.remainingObjects == 0
    assert list(system.objects.keys(job_prefix(job_id))) == []
    tombstone = system.job(job_id)
    assert tombstone.status is JobStatus.DELETED
    assert tombstone.filename == ""
    for use in (system.results.job, system.results.delete):
        with pytest.raises(errors.JobDeleted):
            use(system.ada, job_id)


def test_somebody_elses_job_is_neither_seen_nor_deleted(system: System) -> None:
    job_id = system.completed()
    for stranger in (Principal(user_id="bob"), Principal(subject="ada")):
        for use in (system.results.job, system.results.delete):
            with pytest.raises(errors.JobNotYours):
                use(stranger, job_id)
        with pytest.raises(errors.JobNotYours):
            system.results.file(stranger, job_id, "liver.stl")
    assert system.results.job(Principal(), job_id).job.jobId == job_id  # the id is the key


def test_a_retried_job_says_so_beside_what_the_inspection_found(system: System) -> None:
    job_id = system.uploaded()
    job = system.job(job_id)
    doubt = WarningEntry(code="several_series", message="The largest one is taken.")
    inspection = Inspection(accepted=True, file_sha256="0" * 64, warnings=[doubt])
    system.jobs.replace(replace(job, inspection=inspection.model_dump(mode="json")), expected=job)
    system.processing.process(system.ada, ProcessRequest(jobId=job_id))
    assert codes(system, job_id) == {"several_series"}
    system.completion.finish(InferenceOutcome(job_id, 1, "the instance was taken away"))
    view = system.results.job(system.ada, job_id).job
    assert (view.status, view.attempt) == (JobStatus.PROCESSING, 2)
    assert codes(system, job_id) == {"retried", "several_series"}
    system.write_result(job_id, attempt=2)
    system.completion.finish(InferenceOutcome(job_id, 2, None))
    assert "retried" in codes(system, job_id)


def codes(system: System, job_id: str) -> set[str]:
    """Of the warnings that the job and its line in the list show; they are the same."""
    shown = system.results.job(system.ada, job_id).job.warnings
    (listed,) = system.results.list(system.ada, limit=1, cursor=None).jobs
    assert listed.warnings == shown
    return {warning.code for warning in shown}
