import pytest
from iris_oculus.contracts import UploadRequest
from iris_oculus.job import JobStatus, Progress, Stage
from iris_oculus.layout import artifact_key, job_prefix
from iris_oculus.use_cases.completion import (
    QUEUED_LIMIT_S,
    UPLOAD_LIMIT_S,
    InferenceOutcome,
)

from tests.unit.iris_oculus.use_cases.system import System


def ok(job_id: str, attempt: int = 1) -> InferenceOutcome:
    return InferenceOutcome(job_id, attempt, None)


def failed(job_id: str, attempt: int = 1) -> InferenceOutcome:
    return InferenceOutcome(job_id, attempt, "ModelError")


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_the_result_decides(system: System, status: str) -> None:
    job_id = system.processing_job()
    system.write_result(job_id, status=status)
    assert system.completion.finish(ok(job_id)) == status
    job = system.job(job_id)
    assert job.status == status
    assert job.timings_s == {"segmenting": 2.5}
    assert job.engine is not None
    assert job.engine["name"] == "totalsegmentator"


def test_late_and_repeated_events_change_nothing(system: System) -> None:
    job_id = system.completed()
    before = system.job(job_id)
    system.clock.advance(10)
    for outcome in (ok(job_id), failed(job_id), ok(job_id, 2)):
        assert system.completion.finish(outcome) is JobStatus.COMPLETED
    assert system.job(job_id) == before
    assert system.completion.finish(ok("nothing")) is None


def test_a_lost_worker_is_retried_once_and_then_given_up(system: System) -> None:
    job_id = system.processing_job()
    assert system.completion.finish(failed(job_id)) is JobStatus.PROCESSING
    job = system.job(job_id)
    assert job.attempt == 2
    assert [warning.code for warning in job.warnings] == ["retried"]
    assert [entry.attempt for entry in system.endpoint.invocations] == [1, 2]
    assert system.completion.finish(failed(job_id, 1)) is JobStatus.PROCESSING  # late
    assert system.completion.finish(failed(job_id, 2)) is JobStatus.FAILED
    failure = system.job(job_id).failure
    assert failure is not None
    assert failure.code == "worker_lost"


def test_a_retry_with_the_endpoint_stopped_fails_with_the_reason(system: System) -> None:
    job_id = system.processing_job()
    system.endpoint.running = False
    assert system.completion.finish(failed(job_id)) is JobStatus.FAILED
    failure = system.job(job_id).failure
    assert failure is not None
    assert "stopped" in failure.message


def test_the_janitor_settles_silent_workers_and_leaves_the_others(system: System) -> None:
    silent, busy, queued, finished = (system.processing_job() for _ in range(4))
    for job_id in (silent, busy):
        system.jobs.report(
            job_id,
            attempt=1,
            now=system.clock.now(),
            progress=Progress(Stage.SEGMENTING, 0.3),
        )
    system.write_result(finished)  # whose event was lost
    system.clock.advance(61)
    system.jobs.report(busy, attempt=1, now=system.clock.now())
    assert system.completion.sweep() == {"processing": 1, "completed": 1}
    assert system.job(silent).attempt == 2
    assert system.job(busy).attempt == 1
    assert system.job(queued).attempt == 1
    assert system.job(finished).status is JobStatus.COMPLETED


def test_the_janitor_knows_when_the_queue_has_dropped_a_job(system: System) -> None:
    job_id = system.processing_job()
    system.clock.advance(QUEUED_LIMIT_S + 1)
    system.completion.sweep()
    assert system.job(job_id).attempt == 2


def test_the_janitor_closes_uploads_that_never_came(system: System) -> None:
    request = UploadRequest(filename="a.nii", size=10)
    job_id = system.uploads.start(system.ada, request).jobId
    system.clock.advance(UPLOAD_LIMIT_S)
    assert system.completion.sweep() == {}
    system.clock.advance(1)
    assert system.completion.sweep() == {"upload_expired": 1}
    failure = system.job(job_id).failure
    assert failure is not None
    assert failure.code == "upload_expired"


def test_what_a_worker_publishes_after_the_deletion_is_deleted_too(system: System) -> None:
    job_id = system.processing_job()
    system.results.delete(system.ada, job_id)
    system.objects.write(artifact_key(job_id, "late.stl"), b"", content_type="model/stl")
    system.completion.sweep()
    assert list(system.objects.keys(job_prefix(job_id))) == []
    system.objects.write(artifact_key(job_id, "later.stl"), b"", content_type="model/stl")
    assert system.completion.finish(ok(job_id)) is JobStatus.DELETED
    assert list(system.objects.keys(job_prefix(job_id))) == []
