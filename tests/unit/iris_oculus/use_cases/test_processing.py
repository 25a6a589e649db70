from dataclasses import replace

import pytest
from iris_oculus import errors
from iris_oculus.contracts import ProcessRequest, UploadRequest
from iris_oculus.documents import FailureEntry, Inspection, Invocation
from iris_oculus.job import JobStatus
from iris_oculus.layout import invocation_key, scan_key
from iris_oculus.principal import Principal

from tests.unit.iris_oculus.use_cases.system import System


def request(job_id: str, **fields: object) -> ProcessRequest:
    return ProcessRequest.model_validate({"jobId": job_id, **fields})


def test_an_uploaded_scan_is_queued_once_however_often_it_is_asked_for(system: System) -> None:
    job_id = system.uploaded()
    for _ in range(3):
        answer = system.processing.process(system.ada, request(job_id, roi_subset=["liver"]))
        assert answer.status is JobStatus.PROCESSING
    (invocation,) = system.endpoint.invocations
    stored = system.objects.read(invocation_key(job_id, 1))
    assert Invocation.model_validate_json(stored) == invocation
    assert invocation.options.roi_subset == ("liver",)
    assert system.job(job_id).attempt == 1


def test_equal_options_are_equal_whatever_their_order(system: System) -> None:
    job_id = system.uploaded()
    system.processing.process(
        system.ada, request(job_id, roi_subset=["liver", "spleen"], formats=["stl", "glb"])
    )
    system.processing.process(
        system.ada, request(job_id, roi_subset=["spleen", "liver"], formats=["glb", "stl"])
    )
    assert len(system.endpoint.invocations) == 1


@pytest.mark.parametrize(
    ("fields", "formats"),
    [
        ({}, ("glb", "obj", "stl", "zip")),
        ({"formats": ["zip", "ply", "stl", "obj", "glb"]}, ("glb", "obj", "stl", "ply", "zip")),
    ],
)
def test_ply_comes_only_where_it_is_asked_for(
    system: System, fields: dict[str, object], formats: tuple[str, ...]
) -> None:
    system.processing.process(system.ada, request(system.uploaded(), **fields))
    (invocation,) = system.endpoint.invocations
    assert invocation.options.formats == formats


def test_other_options_on_a_processed_job_conflict(system: System) -> None:
    job_id = system.processing_job()
    with pytest.raises(errors.AlreadyProcessed) as refusal:
        system.processing.process(system.ada, request(job_id, reduction_percent=50))
    assert "fromJobId" in refusal.value.hint


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"task": "toes"}, errors.UnknownTask),
        ({"task": "brain_aneurysm"}, errors.TaskUnavailable),
        ({"roi_subset": ["liver", "wings"]}, errors.UnknownStructure),
        ({"roi_subset": []}, errors.UnknownStructure),
        ({"formats": ["glb", "docx"]}, errors.UnknownFormat),
    ],
)
def test_options_that_name_what_there_is_not(
    system: System, fields: dict[str, object], error: type[Exception]
) -> None:
    job_id = system.uploaded()
    with pytest.raises(error):
        system.processing.process(system.ada, request(job_id, **fields))
    assert system.job(job_id).status is JobStatus.UPLOADED


def test_processing_before_the_upload(system: System) -> None:
    waiting = system.uploads.start(system.ada, UploadRequest(filename="a.nii", size=10)).jobId
    with pytest.raises(errors.NotUploaded):
        system.processing.process(system.ada, request(waiting))


def test_a_scan_that_is_gone(system: System) -> None:
    job_id = system.uploaded()
    system.objects.delete_prefix(scan_key(job_id))
    with pytest.raises(errors.ScanNotFound):
        system.processing.process(system.ada, request(job_id))


def test_a_scan_that_inspection_refused(system: System) -> None:
    job_id = system.uploaded()
    refused = Inspection(
        accepted=False,
        file_sha256="0" * 64,
        failure=FailureEntry(code="not_3d", message="Four dimensions.", hint="Split it."),
    )
    job = system.job(job_id)
    system.jobs.replace(replace(job, inspection=refused.model_dump(mode="json")), expected=job)
    with pytest.raises(errors.ScanRefused, match="Four dimensions") as refusal:
        system.processing.process(system.ada, request(job_id))
    assert refusal.value.hint == "Split it."


def test_a_stopped_endpoint_leaves_the_job_uploaded(system: System) -> None:
    job_id = system.uploaded()
    system.endpoint.running = False
    with pytest.raises(errors.EndpointStopped) as refusal:
        system.processing.process(system.ada, request(job_id))
    assert "start" in refusal.value.hint
    assert system.job(job_id).status is JobStatus.UPLOADED
    system.endpoint.running = True
    system.clock.advance(1)
    system.processing.process(system.ada, request(job_id))
    assert len(system.endpoint.invocations) == 1


def test_somebody_elses_job(system: System) -> None:
    job_id = system.uploaded()
    with pytest.raises(errors.JobNotYours):
        system.processing.process(Principal(user_id="bob"), request(job_id))
    with pytest.raises(errors.JobNotFound):
        system.processing.process(system.ada, request("nothing"))


def test_cancelling_a_processing_job_and_nothing_else(system: System) -> None:
    job_id = system.uploaded()
    with pytest.raises(errors.JobConflict):
        system.processing.cancel(system.ada, job_id)
    job_id = system.processing_job()
    for _ in range(2):
        assert system.processing.cancel(system.ada, job_id).status is JobStatus.CANCELLED
    with pytest.raises(errors.JobConflict):
        system.processing.cancel(system.ada, system.completed())
