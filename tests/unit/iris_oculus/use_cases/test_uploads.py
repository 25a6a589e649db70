import base64

import pytest
from iris_oculus import errors
from iris_oculus.contracts import (
    CompleteRequest,
    MultipartUpload,
    PresignedUploadAnswer,
    SingleUpload,
    UploadRequest,
)
from iris_oculus.job import JobStatus
from iris_oculus.layout import scan_key
from iris_oculus.principal import Principal
from iris_oculus.use_cases.upload_checks import check_filename
from iris_oculus.use_cases.upload_parts import MAX_PARTS, MIN_PART_BYTES, part_size_bytes
from iris_oculus.use_cases.uploads import (
    INLINE_LIMIT_BYTES,
    SINGLE_PUT_LIMIT_BYTES,
)

from tests.unit.iris_oculus.use_cases.system import NIFTI, System

COMPLETE = CompleteRequest()


def presigned(system: System, size: int) -> PresignedUploadAnswer:
    answer = system.uploads.start(system.ada, UploadRequest(filename="scan.nii.gz", size=size))
    assert isinstance(answer, PresignedUploadAnswer)
    return answer


def test_an_inline_scan_is_stored_and_its_inspection_started(system: System) -> None:
    job_id = system.uploaded()
    assert system.objects.read(scan_key(job_id)) == NIFTI
    assert system.job(job_id).status is JobStatus.UPLOADED
    assert system.job(job_id).owner == "anonymous:ada"
    assert system.inspector.asked == [job_id]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"file": "%%%", "filename": "a.nii"}, errors.InvalidBase64),
        ({"file": "", "filename": "a.nii"}, errors.EmptyFile),
        ({"file": "QUJD", "filename": "a.nii"}, errors.NotAnImage),
        ({"file": "QUJD"}, errors.InvalidField),
        ({"filename": "a.nii"}, errors.InvalidField),
        ({"filename": "a.nii", "size": 5, "file": "QUJD"}, errors.InvalidField),
        ({"filename": "a.nii", "size": 0}, errors.EmptyFile),
        ({"filename": "a.nii", "size": 6 * 2**30}, errors.FileTooLarge),
        ({"filename": "a.jpg", "size": 5}, errors.UnsupportedFormat),
        ({"fromJobId": "nothing"}, errors.JobNotFound),
    ],
)
def test_what_can_be_no_scan_is_refused_and_leaves_no_job(
    system: System, fields: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        system.uploads.start(system.ada, UploadRequest.model_validate(fields))
    assert system.jobs.items == {}
    assert system.objects.objects == {}


def test_an_inline_scan_above_the_limit_is_sent_to_presigned_urls(system: System) -> None:
    big = base64.b64encode(NIFTI + bytes(INLINE_LIMIT_BYTES)).decode()
    with pytest.raises(errors.FileTooLarge) as refusal:
        system.uploads.start(system.ada, UploadRequest(filename="a.nii", file=big))
    assert "presigned" in refusal.value.hint


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", errors.InvalidFilename),
        ("..", errors.InvalidFilename),
        (" a.nii", errors.InvalidFilename),
        ("../a.nii", errors.InvalidFilename),
        ("a\\b.nii", errors.InvalidFilename),
        ("a\x00.nii", errors.InvalidFilename),
        ("a\u202e.nii", errors.InvalidFilename),
        ("a.nii.exe", errors.UnsupportedFormat),
        ("nii", errors.UnsupportedFormat),
    ],
)
def test_file_names_that_hide_something_are_refused(name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        check_filename(name)


@pytest.mark.parametrize("name", ["a.nii", "A.NII.GZ", "tórax 1.nii.gz", "study.zip", "x.dcm"])
def test_plain_file_names_pass(name: str) -> None:
    check_filename(name)


def test_a_small_scan_gets_one_url_and_completes_once_it_has_arrived(system: System) -> None:
    answer = presigned(system, len(NIFTI))
    assert isinstance(answer.upload, SingleUpload)
    assert scan_key(answer.jobId) in answer.upload.url
    with pytest.raises(errors.ScanNotFound):
        system.uploads.complete(system.ada, answer.jobId, COMPLETE)
    system.objects.put(scan_key(answer.jobId), NIFTI[:-1])
    with pytest.raises(errors.ScanNotFound, match=r"399|bytes arrived"):
        system.uploads.complete(system.ada, answer.jobId, COMPLETE)
    assert system.job(answer.jobId).status is JobStatus.AWAITING_UPLOAD
    system.objects.put(scan_key(answer.jobId), NIFTI)
    for _ in range(2):  # repeating it is harmless
        state = system.uploads.complete(system.ada, answer.jobId, COMPLETE)
        assert state.status is JobStatus.UPLOADED
    assert system.inspector.asked == [answer.jobId]


def test_a_presigned_upload_that_is_no_scan_fails_the_job_with_the_reason(system: System) -> None:
    answer = presigned(system, 3)
    system.objects.put(scan_key(answer.jobId), b"abc")
    with pytest.raises(errors.NotAnImage):
        system.uploads.complete(system.ada, answer.jobId, COMPLETE)
    job = system.job(answer.jobId)
    assert job.status is JobStatus.FAILED
    assert job.failure is not None
    assert job.failure.code == "not_an_image"


def test_parts_are_signed_listed_and_joined_in_order(system: System) -> None:
    size = SINGLE_PUT_LIMIT_BYTES + 1
    answer = presigned(system, size)
    upload = answer.upload
    assert isinstance(upload, MultipartUpload)
    assert upload.part_count == 7
    assert [part.partNumber for part in upload.parts] == list(range(1, 8))
    scan = NIFTI + bytes(size - len(NIFTI))
    step = upload.part_size_bytes
    for number in (2, 1, 3, 7, 6, 5):
        system.objects.put_part(
            scan_key(answer.jobId), number, scan[(number - 1) * step : number * step]
        )
    state = system.uploads.state(system.ada, answer.jobId)
    assert [part.partNumber for part in state.parts] == [1, 2, 3, 5, 6, 7]
    with pytest.raises(errors.PartsMissing, match=": 4"):
        system.uploads.complete(system.ada, answer.jobId, COMPLETE)
    system.objects.put_part(scan_key(answer.jobId), 4, scan[3 * step : 4 * step - 1])
    with pytest.raises(errors.PartsMissing, match=": 4"):  # cut short
        system.uploads.complete(system.ada, answer.jobId, COMPLETE)
    signed = system.uploads.sign_parts(system.ada, answer.jobId, [4])
    assert [part.partNumber for part in signed.parts] == [4]
    system.objects.put_part(scan_key(answer.jobId), 4, scan[3 * step : 4 * step])
    system.uploads.complete(system.ada, answer.jobId, COMPLETE)
    assert system.objects.read(scan_key(answer.jobId)) == scan
    with pytest.raises(errors.JobConflict):
        system.uploads.sign_parts(system.ada, answer.jobId, [1])
    assert system.uploads.state(system.ada, answer.jobId).parts == []


def test_a_part_beyond_the_last_is_not_signed(system: System) -> None:
    answer = presigned(system, SINGLE_PUT_LIMIT_BYTES + 1)
    with pytest.raises(errors.InvalidField, match="7 parts"):
        system.uploads.sign_parts(system.ada, answer.jobId, [8])


@pytest.mark.parametrize("size", [1, MIN_PART_BYTES, 100 * 2**30, 5 * 2**40])
def test_ten_thousand_parts_hold_every_size(size: int) -> None:
    assert part_size_bytes(size) * MAX_PARTS >= size
    assert part_size_bytes(size) % 2**20 == 0


def test_a_new_job_takes_another_jobs_scan(system: System) -> None:
    first = system.uploaded()
    second = system.uploads.start(Principal(), UploadRequest(fromJobId=first)).jobId
    assert second != first
    assert system.objects.read(scan_key(second)) == NIFTI
    assert system.job(second).owner == "anonymous:ada"
    assert system.job(second).status is JobStatus.UPLOADED
    system.results.delete(system.ada, first)
    assert system.objects.read(scan_key(second)) == NIFTI


def test_a_scan_that_has_not_arrived_makes_no_second_job(system: System) -> None:
    waiting = presigned(system, 10).jobId
    with pytest.raises(errors.NotUploaded):
        system.uploads.start(system.ada, UploadRequest(fromJobId=waiting))


def test_somebody_elses_scan_is_not_taken(system: System) -> None:
    job_id = system.uploaded()
    for stranger in (Principal(user_id="bob"), Principal(subject="ada")):
        with pytest.raises(errors.JobNotYours):
            system.uploads.start(stranger, UploadRequest(fromJobId=job_id))


def test_an_anonymous_caller_says_who_it_is(system: System) -> None:
    with pytest.raises(errors.InvalidField, match="userId"):
        system.uploads.start(Principal(), UploadRequest(filename="a.nii", size=10))
