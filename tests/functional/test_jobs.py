"""The life of jobs, as a client of the API sees it."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from local_stack.client import ApiClient, ApiError, Json, ProcessOptions
from tests.functional.conftest import JOB_TIMEOUT_S
from tests.functional.running_app import ObservedApp, wait_until

QUICK = ProcessOptions(device="cpu", roi_subset=["lung_left"], formats=["stl"])


def processed(api: ApiClient, job_id: str, options: ProcessOptions) -> Json:
    api.process(job_id, options)
    job = api.wait(job_id, timeout_s=JOB_TIMEOUT_S)
    assert job["status"] == "completed", job["error"]
    return job


@contextmanager
def worker_frozen_at(app: ObservedApp, api: ApiClient, job_id: str) -> Iterator[None]:
    """Process a job; inside, its worker is stopped in the middle of it."""
    api.process(job_id, QUICK)
    wait_until(
        lambda: api.job(job_id)["stage"] not in {None, "queued"},
        "the container takes the job",
        timeout_s=60,
    )
    worker = app.worker_pid()
    os.kill(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(worker, signal.SIGCONT)


def runs_of(app: ObservedApp, job_id: str) -> int:
    """How often the container began to work on a job."""
    log = (app.data_dir / "logs" / "container.log").read_text()
    return sum(job_id in line and '"loading"' in line for line in log.splitlines())


# -------------------------------------------------------------------- listing


def test_jobs_are_listed_newest_first_in_pages(app: ObservedApp) -> None:
    with app.client("pages") as api, app.client("pages-somebody-else") as other:
        assert api.list_jobs() == {"ok": True, "jobs": [], "cursor": None}
        fields = {"filename": "a.nii", "userId": "pages", "size": 1000}
        made = [api.call("POST", "/upload", fields)["jobId"] for _ in range(5)]

        pages = [api.list_jobs(limit=2)]
        while pages[-1]["cursor"]:
            assert len(pages) < 5
            pages.append(api.list_jobs(limit=2, cursor=pages[-1]["cursor"]))

        assert [len(page["jobs"]) for page in pages if page["jobs"]] == [2, 2, 1]
        assert [job["jobId"] for page in pages for job in page["jobs"]] == made[::-1]
        assert other.list_jobs()["jobs"] == []


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "x"}, {"cursor": "none-of-ours"}])
def test_a_page_that_cannot_be_is_a_bad_request(http: httpx.Client, query: dict[str, str]) -> None:
    answer = http.get("/jobs", params={"userId": "tester", **query})

    assert answer.status_code == 400


def test_a_job_belongs_to_who_made_it(app: ObservedApp, finished_job: Json) -> None:
    job_id = finished_job["jobId"]
    with app.client("somebody-else") as stranger:
        for call in (stranger.job, stranger.delete, stranger.cancel, stranger.process):
            with pytest.raises(ApiError) as refused:
                call(job_id)
            assert (refused.value.status, refused.value.code) == (403, "job_not_yours")


# -------------------------------------------------------------------- processing


def test_processing_needs_a_scan(api: ApiClient) -> None:
    fields = {"filename": "a.nii", "userId": "tester", "size": 1000}
    job_id = api.call("POST", "/upload", fields)["jobId"]

    with pytest.raises(ApiError) as refused:
        api.process(job_id)

    assert (refused.value.status, refused.value.code) == (409, "not_uploaded")
    with pytest.raises(ApiError) as incomplete:
        api.complete(job_id)
    assert (incomplete.value.status, incomplete.value.code) == (404, "scan_not_found")


def test_asking_again_changes_nothing_and_asking_otherwise_is_refused(
    app: ObservedApp, api: ApiClient, phantom_scan: Path
) -> None:
    job_id = api.upload_presigned(phantom_scan)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: api.process(job_id, QUICK), range(6)))

    assert answers == [{"ok": True, "jobId": job_id, "status": "processing"}] * 6
    with pytest.raises(ApiError) as refused:
        api.process(job_id, ProcessOptions(reduction_percent=50))
    assert (refused.value.status, refused.value.code) == (409, "already_processed")
    job = api.wait(job_id, timeout_s=JOB_TIMEOUT_S)
    assert api.process(job_id, QUICK)["status"] == job["status"] == "completed"
    assert job["attempt"] == runs_of(app, job_id) == 1
    assert {key for key in app.keys(job_id) if "invocation" in key} == {"invocation-1.json"}


def test_options_mean_what_they_say(finished_api: ApiClient, finished_job: Json) -> None:
    """On the finished job's scan: it has all structures, formats and the default reduction."""
    with_defaults = {each["name"]: each["mesh"] for each in finished_job["structures"]}
    jobs = {}
    for percent, formats in ((0, ["stl"]), (50, ["glb"])):
        options = ProcessOptions(
            device="cpu",
            roi_subset=["lung_right", "lung_left"],
            reduction_percent=percent,
            formats=formats,
        )
        job_id = finished_api.upload_from(finished_job["jobId"])
        jobs[percent] = processed(finished_api, job_id, options)

    for job in jobs.values():
        assert [each["name"] for each in job["structures"]] == ["lung_left", "lung_right"]
    for structure, half in zip(jobs[0]["structures"], jobs[50]["structures"], strict=True):
        whole, halved = structure["mesh"]["triangles"], half["mesh"]["triangles"]
        tenth = with_defaults[structure["name"]]["triangles"]
        assert whole == structure["mesh"]["triangles_before"]
        assert halved == pytest.approx(whole / 2, rel=0.02)
        assert tenth == pytest.approx(whole / 10, rel=0.1)
        assert structure["voxels"] == half["voxels"]
    always = {
        "manifest.json",
        "preview.png",
        "thumbnail.png",
        "ct_preview.nii.gz",
        "segmentation.nii.gz",
        "segmentation_preview.nii.gz",
        "statistics.csv",
        "statistics.json",
    }
    assert names(jobs[0]) == always | {"lung_left.stl", "lung_right.stl"}
    assert names(jobs[50]) == always | {"model.glb", "model.web.glb"}
    assert jobs[50]["options"]["formats"] == ["glb"]
    assert jobs[50]["filename"] == finished_job["filename"]
    assert jobs[50]["inspection"] == finished_job["inspection"]


def names(job: Json) -> set[str]:
    return {artifact["name"] for artifact in job["artifacts"]}


# -------------------------------------------------------------------- the endpoint


def test_a_stopped_endpoint_is_said_and_the_job_can_be_processed_later(
    app: ObservedApp, api: ApiClient, phantom_scan: Path
) -> None:
    job_id = api.upload_presigned(phantom_scan)
    stopped = app.data_dir / "endpoint-stopped"
    stopped.touch()
    try:
        with pytest.raises(ApiError) as refused:
            api.process(job_id, QUICK)
    finally:
        stopped.unlink()

    assert (refused.value.status, refused.value.code) == (503, "endpoint_stopped")
    assert "manage-sagemaker.sh" in refused.value.hint
    assert api.job(job_id)["status"] == "uploaded"
    processed(api, job_id, QUICK)


# -------------------------------------------------------------------- cancelling, deleting


def test_a_cancelled_job_is_dropped_and_the_next_one_runs(
    app: ObservedApp, api: ApiClient, phantom_scan: Path
) -> None:
    job_id = api.upload_presigned(phantom_scan)
    following = api.upload_from(job_id)

    with worker_frozen_at(app, api, job_id):
        assert api.cancel(job_id)["status"] == "cancelled"
        assert api.cancel(job_id)["status"] == "cancelled"
    processed(api, following, QUICK)

    job = api.job(job_id)
    assert (job["status"], job["artifacts"], job["attempt"]) == ("cancelled", [], 1)
    assert sorted(app.keys(job_id)) == ["invocation-1.json", "result-1.json", "scan"]
    with pytest.raises(ApiError) as refused:
        api.cancel(following)
    assert (refused.value.status, refused.value.code) == (409, "job_conflict")


def test_a_job_cancelled_in_the_queue_is_never_run(
    app: ObservedApp, api: ApiClient, phantom_scan: Path
) -> None:
    running = api.upload_presigned(phantom_scan)
    waiting, last = api.upload_from(running), api.upload_from(running)

    with worker_frozen_at(app, api, running):
        api.process(waiting, QUICK)
        assert api.cancel(waiting)["status"] == "cancelled"
    processed(api, last, QUICK)

    assert api.job(running)["status"] == "completed"
    assert api.job(waiting)["status"] == "cancelled"
    assert runs_of(app, waiting) == 0
    assert not [key for key in app.keys(waiting) if "artifacts" in key]


def test_nothing_of_a_deleted_job_stays(
    app: ObservedApp, api: ApiClient, phantom_scan: Path
) -> None:
    job_id = api.upload_presigned(phantom_scan)
    processed(api, job_id, QUICK)
    before = app.keys(job_id)
    assert {"scan", "result-1.json", "artifacts/lung_left.stl"} <= set(before)

    answer = api.delete(job_id)

    assert (answer["deletedObjects"], answer["remainingObjects"]) == (len(before), 0)
    assert app.keys(job_id) == []
    assert job_id not in {job["jobId"] for job in api.list_jobs(limit=100)["jobs"]}
    for call in (api.job, api.process, api.cancel):
        with pytest.raises(ApiError) as gone:
            call(job_id)
        assert (gone.value.status, gone.value.code) == (410, "job_deleted")


def test_a_job_deleted_while_it_runs_leaves_nothing_behind(
    app: ObservedApp, api: ApiClient, phantom_scan: Path
) -> None:
    job_id = api.upload_presigned(phantom_scan)
    following = api.upload_from(job_id)

    with worker_frozen_at(app, api, job_id):
        assert api.delete(job_id)["remainingObjects"] == 0
    processed(api, following, QUICK)

    wait_until(lambda: app.keys(job_id) == [], "the prefix is empty", timeout_s=30)


def test_an_upload_in_parts_that_is_deleted_frees_its_parts(
    app: ObservedApp, api: ApiClient
) -> None:
    fields = {"filename": "a.nii", "userId": "tester", "size": 200_000_000}
    answer = api.call("POST", "/upload", fields)
    job_id, upload = answer["jobId"], answer["upload"]
    size = upload["part_size_bytes"]
    assert httpx.put(upload["parts"][0]["url"], content=bytes(size)).is_success
    state = api.upload_state(job_id)
    assert [(part["partNumber"], part["size_bytes"]) for part in state["parts"]] == [(1, size)]
    with pytest.raises(ApiError) as missing:
        api.complete(job_id)
    assert (missing.value.status, missing.value.code) == (409, "parts_missing")

    api.delete(job_id)

    assert app.keys(job_id) == []
