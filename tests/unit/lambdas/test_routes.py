"""Every route as a caller sees it: fields, statuses, errors, CORS."""

import base64
import io
import json

import pytest

from tests.unit.iris_oculus.use_cases.system import NIFTI, System
from tests.unit.lambdas.conftest import ORIGINS, Call

SCAN = base64.b64encode(NIFTI).decode()
UPLOAD = {"file": SCAN, "filename": "scan.nii", "userId": "ada"}


def test_the_four_fixed_routes_field_for_field(call: Call, system: System) -> None:
    health = call("GET", "/healthz")
    assert health.json == {"ok": True, "service": "iris-oculus-api", "version": "1.0.0"}
    upload = call("POST", "/upload", UPLOAD)
    job_id = upload.json["jobId"]
    assert upload.json == {"ok": True, "jobId": job_id}
    options = {"jobId": job_id, "device": "gpu", "fast": True, "reduction_percent": 90}
    process = call("POST", "/process/totalseg", options)
    assert process.json == {"ok": True, "jobId": job_id, "status": "processing"}
    done = system.completed()
    file = call("GET", f"/files/{done}/liver.stl")
    assert (file.status, file.raw) == (200, b"solid")
    assert file.headers["Content-Type"] == "model/stl"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"file=scan.nii", "not_json"),
        (b"[1, 2]", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"", "invalid_field"),
        (b'{"filename": "scan.nii"}', "invalid_field"),
        (b'{"filename": 3, "size": 5}', "invalid_field"),
        (b'{"filename": "scan.nii", "size": -1, "userId": "ada"}', "invalid_field"),
        (b'{"filename": "scan.nii", "size": 5, "userId": "a b"}', "invalid_field"),
        (b'{"filename": "scan.nii", "size": 5, "colour": "red"}', "invalid_field"),
        (b'{"filename": "../scan.nii", "size": 5, "userId": "ada"}', "invalid_filename"),
        (b'{"filename": "a\\u0007.nii", "size": 5, "userId": "ada"}', "invalid_filename"),
        (b'{"filename": "scan.png", "size": 5, "userId": "ada"}', "unsupported_format"),
        (b'{"filename": "scan.nii", "size": 0, "userId": "ada"}', "empty_file"),
        (b'{"filename": "scan.nii", "file": "*", "userId": "ada"}', "invalid_base64"),
        (b'{"filename": "scan.nii", "file": "QUJD", "userId": "ada"}', "not_an_image"),
    ],
)
def test_bad_uploads_are_named(call: Call, raw: bytes, code: str) -> None:
    answer = call("POST", "/upload", raw=raw)
    assert (answer.status, answer.error_code) == (400, code)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"reduction_percent": 100}, "invalid_field"),
        ({"reduction_percent": -1}, "invalid_field"),
        ({"reduction_percent": "many"}, "invalid_field"),
        ({"device": "tpu"}, "invalid_field"),
        ({"task": "toes"}, "unknown_task"),
        ({"formats": ["docx"]}, "unknown_format"),
        ({"roi_subset": ["wings"]}, "unknown_structure"),
    ],
)
def test_bad_options_are_named(
    call: Call, system: System, fields: dict[str, object], code: str
) -> None:
    job_id = system.uploaded()
    answer = call("POST", "/process/totalseg", {"jobId": job_id, **fields})
    assert (answer.status, answer.error_code) == (400, code)
    if code == "invalid_field":
        assert next(iter(fields)) in answer.json["error"]["message"]


def test_states_that_do_not_allow_it_are_conflicts(call: Call, system: System) -> None:
    start = {"filename": "scan.nii", "size": 400, "userId": "ada"}
    waiting = call("POST", "/upload", start).json["jobId"]
    answer = call("POST", "/process/totalseg", {"jobId": waiting})
    assert (answer.status, answer.error_code) == (409, "not_uploaded")
    answer = call("POST", f"/upload/{waiting}/complete")
    assert (answer.status, answer.error_code) == (404, "scan_not_found")
    big = call("POST", "/upload", {**start, "size": 200 * 2**20}).json["jobId"]
    answer = call("POST", f"/upload/{big}/complete")
    assert (answer.status, answer.error_code) == (409, "parts_missing")
    processing = system.processing_job()
    answer = call("POST", "/process/totalseg", {"jobId": processing, "fast": False})
    assert (answer.status, answer.error_code) == (409, "already_processed")


def test_jobs_of_nobody_and_of_somebody_else(call: Call, system: System) -> None:
    job_id = system.completed()
    answer = call("GET", "/jobs/000000000000")
    assert (answer.status, answer.error_code) == (404, "job_not_found")
    for path in (f"/jobs/{job_id}", f"/files/{job_id}/liver.stl"):
        for stranger in ({"query": {"userId": "bob"}}, {"subject": "ada"}):
            answer = call("GET", path, **stranger)
            assert (answer.status, answer.error_code) == (403, "job_not_yours")
    answer = call("DELETE", f"/jobs/{job_id}", query={"userId": "bob"})
    assert answer.error_code == "job_not_yours"
    mine = call("POST", "/upload", {**UPLOAD, "userId": "bob"}, subject="carol").json["jobId"]
    assert system.job(mine).owner == "subject:carol"  # a token's subject beats what the body says


def test_a_stopped_endpoint_is_503(call: Call, system: System) -> None:
    system.endpoint.running = False
    answer = call("POST", "/process/totalseg", {"jobId": system.uploaded()})
    assert (answer.status, answer.error_code) == (503, "endpoint_stopped")


def test_a_deleted_job_is_gone(call: Call, system: System) -> None:
    job_id = system.completed()
    assert call("DELETE", f"/jobs/{job_id}").json == {
        "ok": True,
        "jobId": job_id,
        "status": "deleted",
        "deletedObjects": 4,
        "remainingObjects": 0,
    }
    answer = call("GET", f"/jobs/{job_id}")
    assert (answer.status, answer.error_code) == (410, "job_deleted")


@pytest.mark.parametrize("name", ["..%2Fscan", "a%00b", "%2e%2e"])
def test_file_names_that_are_paths(call: Call, system: System, name: str) -> None:
    job_id = system.completed()
    answer = call("GET", f"/files/{job_id}/{name}")
    assert answer.status in {400, 404}
    assert answer.error_code in {"invalid_filename", "route_not_found"}


def test_unknown_routes_and_listings(call: Call, system: System) -> None:
    assert call("PUT", "/upload", {}).error_code == "route_not_found"
    job_id = system.uploaded()
    listing = call("GET", "/jobs", query={"userId": "ada", "limit": "5"}).json
    assert [job["jobId"] for job in listing["jobs"]] == [job_id]
    assert call("GET", "/jobs", query={"userId": "ada", "limit": "x"}).status == 400
    assert call("GET", "/jobs").error_code == "invalid_field"


@pytest.mark.parametrize("size", [5, 5_000_000])
def test_an_artifact_of_json_is_a_file_like_the_others(
    call: Call, system: System, size: int
) -> None:
    job_id = system.completed()
    content = b'"' + b"x" * (size - 2) + b'"'
    key = f"jobs/{job_id}/artifacts/manifest.json"
    system.objects.write(key, content, content_type="application/json")
    answer = call("GET", f"/files/{job_id}/manifest.json")
    assert answer.status == (200 if size == 5 else 302)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.raw == (content if size == 5 else b"")


def test_a_large_artifact_is_a_redirect(call: Call, system: System) -> None:
    job_id = system.completed()
    key = f"jobs/{job_id}/artifacts/model.obj"
    system.objects.write(key, bytes(5_000_000), content_type="model/obj")
    answer = call("GET", f"/files/{job_id}/model.obj")
    assert answer.status == 302
    assert key in answer.headers["Location"]


def test_errors_and_answers_carry_cors_headers_of_allowed_origins_only(call: Call) -> None:
    for origin in ORIGINS:
        for path in ("/healthz", "/jobs"):
            answer = call("GET", path, origin=origin)
            assert answer.headers["Access-Control-Allow-Origin"] == origin
    stranger = call("GET", "/healthz", origin="https://evil.test")
    assert stranger.headers.get("Access-Control-Allow-Origin") != "https://evil.test"
    preflight = call("OPTIONS", "/upload")
    assert preflight.status == 204
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]


def test_tasks_say_what_this_deployment_may_run(call: Call) -> None:
    tasks = {task["name"]: task for task in call("GET", "/tasks").json["tasks"]}
    assert tasks["total"]["available"] is True
    assert len(tasks["total"]["structures"]) == 117
    assert tasks["brain_aneurysm"]["available"] is False


def test_an_unforeseen_error_says_nothing_of_its_cause(
    call: Call, system: System, log: io.StringIO
) -> None:
    system.jobs.get = lambda job_id: 1 / 0
    answer = call("GET", "/jobs/abc")
    assert (answer.status, answer.error_code) == (500, "internal_error")
    logged = [json.loads(line) for line in log.getvalue().splitlines()]
    (line,) = [line for line in logged if line.get("message") == "failed"]
    assert (line["error_type"], line["job_id"]) == ("ZeroDivisionError", "abc")


def test_logs_name_the_job_but_no_file(
    call: Call, log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    call("POST", "/upload", {**UPLOAD, "filename": "MARIA_LOPEZ.nii"})
    printed = log.getvalue() + capsys.readouterr().out
    assert "MARIA" not in printed
    lines = [json.loads(line) for line in printed.splitlines()]
    assert any(line.get("job_id") == "000000000001" for line in lines)
    assert any("_aws" in line for line in lines), "no metric was emitted"
