"""What holds for every route: CORS, errors of one shape, and the four that are fixed."""

import base64
from pathlib import Path
from typing import Any

import httpx
import pytest

from local_stack.client import ApiClient, Json
from tests.functional.answers import DESCRIPTION
from tests.functional.conftest import JOB_TIMEOUT_S
from tests.functional.running_app import ObservedApp

PAGE = "http://localhost:5173"
OPERATIONS = [
    (method.upper(), path)
    for path, operations in DESCRIPTION["paths"].items()
    for method in operations
]


def filled(path: str) -> str:
    return path.replace("{jobId}", "000000000000").replace("{filename}", "model.glb")


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_a_page_may_call_every_route(http: httpx.Client, method: str, path: str) -> None:
    asked = {
        "Origin": PAGE,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    preflight = http.options(filled(path), headers=asked)

    assert preflight.is_success
    assert preflight.headers["access-control-allow-origin"] == PAGE
    assert method in preflight.headers["access-control-allow-methods"]
    allowed = preflight.headers["access-control-allow-headers"].lower()
    assert {"authorization", "content-type"} <= {word.strip() for word in allowed.split(",")}

    answer = http.request(method, filled(path), headers={"Origin": PAGE})
    assert answer.headers["access-control-allow-origin"] == PAGE


def test_a_strange_page_may_not(http: httpx.Client) -> None:
    answer = http.get("/healthz", headers={"Origin": "https://example.com"})

    assert answer.headers.get("access-control-allow-origin") != "https://example.com"
    assert answer.headers.get("access-control-allow-origin") != "*"


def test_a_page_may_send_parts_to_the_bucket_and_read_their_etags(
    api: ApiClient, finished_job: Json
) -> None:
    fields = {"filename": "a.nii", "userId": "tester", "size": 200_000_000}
    url = api.call("POST", "/upload", fields)["upload"]["parts"][0]["url"]
    origin = {"Origin": PAGE}
    preflight = httpx.options(url, headers={**origin, "Access-Control-Request-Method": "PUT"})
    sent = httpx.put(url, headers=origin, content=b"x")
    got = httpx.get(finished_job["artifacts"][0]["url"], headers=origin)

    assert preflight.is_success
    for answer in (preflight, sent, got):
        assert answer.headers["access-control-allow-origin"] == PAGE
    assert "etag" in sent.headers["access-control-expose-headers"].lower()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing"),
        ("POST", "/nothing/at/all"),
        ("DELETE", "/upload"),
        ("PUT", "/jobs/1"),
        ("GET", "/process/totalseg"),
    ],
)
def test_unknown_routes_answer_as_all_others_do(http: httpx.Client, method: str, path: str) -> None:
    answer = http.request(method, path, headers={"Origin": PAGE})

    assert answer.status_code == 404
    assert answer.json()["error"].keys() == {"code", "message", "hint"}
    assert answer.json()["error"]["code"] == "route_not_found"
    assert "access-control-allow-origin" in answer.headers


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/upload", b"no json", "not_json"),
        ("/upload", b"[1]", "not_json"),
        ("/upload", b"{}", "invalid_field"),
        ("/upload", b'{"filename": "a.nii", "size": 5, "sizes": 5}', "invalid_field"),
        ("/upload", b'{"filename": "a.nii", "size": -5}', "invalid_field"),
        ("/process/totalseg", b"{}", "invalid_field"),
        ("/process/totalseg", b'{"jobId": "1", "reduction_percent": 100}', "invalid_field"),
        ("/process/totalseg", b'{"jobId": "1", "device": "tpu"}', "invalid_field"),
    ],
)
def test_bad_bodies_are_named(http: httpx.Client, path: str, body: bytes, code: str) -> None:
    answer = http.post(path, content=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"task": "nothing"}, "unknown_task"),
        ({"task": "lung_vessels"}, "task_unavailable"),
        ({"roi_subset": ["liver"]}, "unknown_structure"),
        ({"formats": ["docx"]}, "unknown_format"),
    ],
)
def test_options_that_are_none_are_named(
    http: httpx.Client, api: ApiClient, phantom_scan: Path, options: dict[str, Any], code: str
) -> None:
    job_id = api.upload_inline(phantom_scan)

    answer = http.post("/process/totalseg", json={"jobId": job_id, "userId": "tester", **options})

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert api.job(job_id)["status"] == "uploaded"


def test_the_four_fixed_routes_field_for_field(
    app: ObservedApp, http: httpx.Client, phantom_scan: Path
) -> None:
    file = base64.b64encode(phantom_scan.read_bytes()).decode()
    upload = http.post(
        "/upload", json={"file": file, "filename": "scan.nii.gz", "userId": "user123"}
    )
    job_id = upload.json()["jobId"]
    assert upload.json() == {"ok": True, "jobId": job_id}

    options = {"device": "gpu", "fast": True, "reduction_percent": 90}
    process = http.post("/process/totalseg", json={"jobId": job_id, **options})
    assert process.json() == {"ok": True, "jobId": job_id, "status": "processing"}

    health = http.get("/healthz")
    assert health.json() == {"ok": True, "service": "iris-oculus-api", "version": "1.0.0"}

    with app.client("user123") as client:
        client.wait(job_id, timeout_s=JOB_TIMEOUT_S)
    file_answer = http.get(f"/files/{job_id}/lung_left.obj", headers={"Accept": "*/*"})
    assert file_answer.status_code == 200
    assert file_answer.headers["content-type"] == "model/obj"
    assert file_answer.content.startswith(b"# IRIS Oculus")


def test_the_description_that_is_served_is_the_committed_one(http: httpx.Client) -> None:
    assert http.get("/openapi.json").json() == DESCRIPTION


def test_the_tasks_are_those_of_the_engine_that_runs(http: httpx.Client) -> None:
    tasks = http.get("/tasks").json()

    assert tasks["engine"] == "hounsfield"
    (total,) = [task for task in tasks["tasks"] if task["available"]]
    assert total["name"] == "total"
    assert {"lung_left", "lung_right", "bone"} <= {each["name"] for each in total["structures"]}
