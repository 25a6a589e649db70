from dataclasses import replace

import pytest
from iris_oculus import errors
from iris_oculus.contracts import ProcessRequest
from iris_oculus.documents import Invocation
from iris_oculus.job import Job, JobStatus
from iris_oculus.ports import ConditionFailed, EndpointNotRunning
from iris_oculus.use_cases.job_access import change_job

from tests.unit.iris_oculus.use_cases.system import System


def inspect(system: System, job_id: str) -> None:
    """What another function writes to the job at any time."""
    system.clock.advance(1)
    job = system.job(job_id)
    inspected = replace(
        job,
        inspection={"accepted": True, "file_sha256": "0" * 64},
        updated_at=system.clock.now(),
    )
    system.jobs.replace(inspected, expected=job)


def failed(job: Job) -> Job:
    return replace(job, status=JobStatus.FAILED)


def test_a_change_and_an_inspection_at_the_same_time_are_both_kept(system: System) -> None:
    job_id = system.processing_job()
    read_before = system.job(job_id)
    inspect(system, job_id)

    change_job(system.jobs, read_before, failed)

    job = system.job(job_id)
    assert job.status is JobStatus.FAILED
    assert job.inspection is not None


@pytest.mark.parametrize("meanwhile", [{"status": JobStatus.CANCELLED}, {"attempt": 2}])
def test_a_job_that_moved_on_is_not_changed(system: System, meanwhile: dict[str, object]) -> None:
    job_id = system.processing_job()
    read_before = system.job(job_id)
    moved = replace(read_before, updated_at=system.clock.now() + 1, **meanwhile)  # type: ignore[arg-type]  # by name
    system.jobs.replace(moved, expected=read_before)

    with pytest.raises(ConditionFailed):
        change_job(system.jobs, read_before, failed)

    assert system.job(job_id) == moved


def test_an_endpoint_found_stopped_during_the_inspection_leaves_the_job_uploaded(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = system.uploaded()

    def refuse(invocation: Invocation, *, input_key: str) -> None:
        inspect(system, invocation.job_id)
        raise EndpointNotRunning

    monkeypatch.setattr(system.endpoint, "invoke", refuse)
    with pytest.raises(errors.EndpointStopped):
        system.processing.process(system.ada, ProcessRequest(jobId=job_id))

    job = system.job(job_id)
    assert (job.status, job.options, job.attempt) == (JobStatus.UPLOADED, None, 0)
    assert job.inspection is not None
