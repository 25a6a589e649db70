"""What every job store promises."""

from dataclasses import replace

import pytest
from iris_oculus.job import (
    Failure,
    Job,
    JobStatus,
    JobWarning,
    Multipart,
    ProcessOptions,
    Progress,
    Stage,
)
from iris_oculus.ports import ConditionFailed, JobStore

PLAIN = Job(
    job_id="a1",
    owner="anonymous:ada",
    filename="scan.nii",
    size_bytes=None,
    status=JobStatus.AWAITING_UPLOAD,
    created_at=1_760_000_000.25,
    updated_at=1_760_000_000.25,
    expires_at=1_767_776_000,
)
FULL = Job(
    job_id="a2",
    owner="subject:ada",
    filename="tórax.nii.gz",
    size_bytes=2**33,
    status=JobStatus.PROCESSING,
    created_at=1_760_000_000.123456,
    updated_at=1_760_000_001.0,
    expires_at=1_767_776_000,
    multipart=Multipart("upload", 16 * 2**20, 512),
    inspection={"accepted": True, "warnings": [], "geometry": {"shape": [1, 2, 3]}},
    options=ProcessOptions(roi_subset=("liver", "spleen"), formats=("glb",), fast=False),
    attempt=2,
    progress=Progress(Stage.MESHING, 0.625, done=71, total=117),
    heartbeat_at=1_760_000_002.5,
    started_at=1_760_000_001.0,
    finished_at=1_760_000_003.0,
    timings_s={"loading": 0.1, "segmenting": 12.0},
    engine={"name": "hounsfield", "models": []},
    warnings=(JobWarning("gpu_missing", "No GPU."), JobWarning("retried", "Again.")),
    failure=Failure("worker_lost", "Gone.", "Again."),
)


@pytest.mark.parametrize("job", [PLAIN, FULL], ids=["plain", "full"])
def test_a_job_comes_back_as_it_was_written(jobs: JobStore, job: Job) -> None:
    jobs.create(job)
    assert jobs.get(job.job_id) == job


def test_there_is_no_job_before_it_is_created_and_none_twice(jobs: JobStore) -> None:
    assert jobs.get("a1") is None
    jobs.create(PLAIN)
    with pytest.raises(ConditionFailed):
        jobs.create(replace(PLAIN, filename="other.nii"))
    assert jobs.get("a1") == PLAIN


def test_of_two_writers_who_read_the_same_the_second_is_refused(jobs: JobStore) -> None:
    jobs.create(PLAIN)
    first = replace(PLAIN, status=JobStatus.UPLOADED, updated_at=PLAIN.updated_at + 1)
    jobs.replace(first, expected=PLAIN)
    with pytest.raises(ConditionFailed):
        jobs.replace(replace(PLAIN, filename="late.nii"), expected=PLAIN)
    assert jobs.get("a1") == first


@pytest.mark.parametrize(
    "stale",
    [
        replace(FULL, status=JobStatus.CANCELLED),
        replace(FULL, attempt=1),
        replace(FULL, updated_at=FULL.updated_at - 1e-6),
        replace(FULL, job_id="a3"),
    ],
    ids=["status", "attempt", "updated_at", "missing"],
)
def test_a_replacement_expects_state_attempt_and_time(jobs: JobStore, stale: Job) -> None:
    jobs.create(FULL)
    with pytest.raises(ConditionFailed):
        jobs.replace(stale, expected=stale)
    assert jobs.get("a2") == FULL


def test_a_replacement_clears_what_is_none(jobs: JobStore) -> None:
    jobs.create(FULL)
    cleared = replace(FULL, options=None, progress=None, heartbeat_at=None, failure=None)
    jobs.replace(cleared, expected=FULL)
    assert jobs.get("a2") == cleared


def test_a_report_sets_heartbeat_and_progress_and_leaves_writers_alone(jobs: JobStore) -> None:
    jobs.create(FULL)
    jobs.report("a2", attempt=2, now=1_760_000_010.5)
    assert jobs.get("a2") == replace(FULL, heartbeat_at=1_760_000_010.5)
    progress = Progress(Stage.EXPORTING, 0.9)
    jobs.report("a2", attempt=2, now=1_760_000_011.0, progress=progress)
    reported = replace(FULL, heartbeat_at=1_760_000_011.0, progress=progress)
    assert jobs.get("a2") == reported
    done = replace(reported, status=JobStatus.COMPLETED, updated_at=1_760_000_012.0)
    jobs.replace(done, expected=FULL)


@pytest.mark.parametrize(
    "job",
    [replace(FULL, status=JobStatus.CANCELLED), replace(FULL, attempt=3), None],
    ids=["cancelled", "later attempt", "gone"],
)
def test_a_report_on_a_job_that_moved_on_is_refused(jobs: JobStore, job: Job | None) -> None:
    if job is not None:
        jobs.create(job)
    with pytest.raises(ConditionFailed):
        jobs.report("a2", attempt=2, now=1_760_000_010.0)
    assert jobs.get("a2") == job


def test_a_listing_is_newest_first_page_by_page_without_the_deleted(jobs: JobStore) -> None:
    for number in range(7):
        jobs.create(
            replace(
                PLAIN,
                job_id=f"b{number}",
                created_at=PLAIN.created_at + number,
                status=JobStatus.DELETED if number == 3 else JobStatus.UPLOADED,
            )
        )
    jobs.create(replace(PLAIN, job_id="other", owner="anonymous:bob"))
    found: list[str] = []
    cursor = None
    while True:
        page = jobs.list_by_owner("anonymous:ada", limit=2, cursor=cursor)
        assert len(page.jobs) <= 2
        found += [job.job_id for job in page.jobs]
        cursor = page.cursor
        if cursor is None:
            break
    assert found == ["b6", "b5", "b4", "b2", "b1", "b0"]
    assert jobs.list_by_owner("anonymous:nobody", limit=2).jobs == ()


@pytest.mark.parametrize("cursor", ["made up", "e30=", "WzFd"])
def test_a_made_up_cursor_is_refused(jobs: JobStore, cursor: str) -> None:
    with pytest.raises(ValueError, match="cursor"):
        jobs.list_by_owner("anonymous:ada", limit=2, cursor=cursor)


def test_the_janitor_finds_jobs_by_their_state(jobs: JobStore) -> None:
    jobs.create(PLAIN)
    jobs.create(FULL)
    assert list(jobs.with_status(JobStatus.PROCESSING)) == [FULL]
    jobs.replace(replace(FULL, status=JobStatus.FAILED), expected=FULL)
    assert list(jobs.with_status(JobStatus.PROCESSING)) == []


def test_the_janitor_finds_jobs_by_when_they_were_written(jobs: JobStore) -> None:
    jobs.create(FULL)
    at_s = FULL.updated_at
    assert list(jobs.with_status(FULL.status, updated_since=at_s)) == [FULL]
    assert list(jobs.with_status(FULL.status, updated_since=at_s - 0.5)) == [FULL]
    assert list(jobs.with_status(FULL.status, updated_since=at_s + 0.5)) == []
    assert list(jobs.with_status(JobStatus.FAILED, updated_since=at_s)) == []


def test_jobs_of_a_state_come_in_their_order_and_no_more_than_asked_for(jobs: JobStore) -> None:
    # Fractions of a second, and ids in the opposite order.
    queued = [replace(FULL, job_id=f"{9 - n:012x}", updated_at=1e9 + n / 8) for n in range(5)]
    for n in (3, 0, 4, 1, 2):
        jobs.create(queued[n])
    status = FULL.status
    assert list(jobs.with_status(status)) == queued
    assert list(jobs.with_status(status, newest_first=True)) == queued[::-1]
    assert list(jobs.with_status(status, limit=2)) == queued[:2]
    assert list(jobs.with_status(status, newest_first=True, limit=1)) == queued[4:]
    assert list(jobs.with_status(status, limit=9)) == queued
    since = list(jobs.with_status(status, updated_since=queued[2].updated_at, limit=2))
    assert since == queued[2:4]
