import http.client
import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from iris_oculus.documents import FailureEntry, Invocation, Result
from iris_oculus.job import JobStatus
from iris_oculus.wiring import ContainerPorts
from scan_to_mesh.invocation_request import MAX_BODY_BYTES
from scan_to_mesh.publishing import find_result
from scan_to_mesh.server import InferenceServer
from scan_to_mesh.worker import HandedBack, JobLost

from tests.conftest import REPOSITORY
from tests.unit.scan_to_mesh.jobs_and_scans import JOB_ID, add_job, body_scan, invocation

FAILURE = FailureEntry(code="worker_died", message="it died", hint="try again")
INFERENCE = REPOSITORY / "sagemaker" / "inference.py"


@dataclass
class ScriptedRunner:
    """A worker without a process: a job goes on until the test lets it end."""

    usable: bool = True
    outcome: Result | Exception = field(
        default_factory=lambda: Result(job_id=JOB_ID, attempt=1, status=JobStatus.COMPLETED)
    )
    started: threading.Event = field(default_factory=threading.Event)
    may_end: threading.Event = field(default_factory=threading.Event)
    received: list[Invocation] = field(default_factory=list)

    def run(self, invocation: Invocation) -> Result:
        self.received.append(invocation)
        self.started.set()
        assert self.may_end.wait(timeout=30)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def abandon(self) -> None:
        self.usable = False
        self.outcome = HandedBack()
        self.may_end.set()


@pytest.fixture
def runner() -> ScriptedRunner:
    return ScriptedRunner()


@pytest.fixture
def server(runner: ScriptedRunner) -> Iterator[InferenceServer]:
    with InferenceServer(("127.0.0.1", 0), runner) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        server.open_for_jobs()
        yield server
        runner.may_end.set()
        server.shutdown()
        thread.join()


Answer = tuple[int, dict[str, Any]]


def call(port: int, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        data = response.read()
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["Content-Length"] == str(len(data))
        return response.status, json.loads(data)
    finally:
        connection.close()


def invoke(port: int, invocation: Invocation) -> Answer:
    return call(port, "POST", "/invocations", invocation.model_dump_json().encode())


class InvokeInBackground(threading.Thread):
    """An invocation whose answer is waited for elsewhere."""

    def __init__(self, port: int, invocation: Invocation) -> None:
        super().__init__()
        self.answer: Answer | None = None
        self._call = (port, invocation)
        self.start()

    def run(self) -> None:
        self.answer = invoke(*self._call)


# --- answers


def test_an_invocation_runs_and_its_status_is_answered(
    server: InferenceServer, runner: ScriptedRunner
) -> None:
    runner.may_end.set()
    asked = invocation("total", reduction_percent=50)
    assert invoke(server.server_port, asked) == (
        200,
        {"ok": True, "jobId": JOB_ID, "attempt": 1, "status": "completed", "failure": None},
    )
    assert runner.received == [asked]


def test_a_failed_job_is_an_answer_all_the_same(
    server: InferenceServer, runner: ScriptedRunner
) -> None:
    runner.may_end.set()
    runner.outcome = Result(job_id=JOB_ID, attempt=1, status=JobStatus.FAILED, failure=FAILURE)
    status, body = invoke(server.server_port, invocation())
    assert status == 200
    assert (body["status"], body["failure"]) == ("failed", FAILURE.model_dump())


@pytest.mark.parametrize("error", [JobLost(), ConnectionError("https://bucket/jobs/x?signature")])
def test_a_job_without_a_result_is_a_server_error_and_the_next_one_is_taken(
    server: InferenceServer, runner: ScriptedRunner, error: Exception
) -> None:
    runner.may_end.set()
    runner.outcome = error
    status, body = invoke(server.server_port, invocation())
    assert (status, body["ok"], body["error"]["code"]) == (500, False, "internal_error")
    assert "signature" not in json.dumps(body)
    runner.outcome = Result(job_id=JOB_ID, attempt=1, status=JobStatus.COMPLETED)
    assert invoke(server.server_port, invocation())[0] == 200


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "body"),
        (b"not json", "body"),
        (b"[]", "body"),
        (b'{"job_id": "abc", "attempt": 0, "options": {}}', "attempt"),
        (b'{"job_id": "abc", "attempt": 1, "options": {"reduction_percent": 100}}', "reduction"),
        (b'{"job_id": "abc", "attempt": 1, "options": {}, "extra": 1}', "extra"),
        (b'{"attempt": 1, "options": {}}', "job_id"),
    ],
)
def test_nonsense_is_refused_and_the_field_named(
    server: InferenceServer, runner: ScriptedRunner, body: bytes, said: str
) -> None:
    status, answer = call(server.server_port, "POST", "/invocations", body)
    assert (status, answer["ok"], answer["error"]["code"]) == (400, False, "bad_request")
    assert said in answer["error"]["message"]
    assert answer["error"]["hint"]
    assert runner.received == []


def test_a_body_that_is_no_invocation_document_is_not_even_read(
    server: InferenceServer, runner: ScriptedRunner
) -> None:
    status, answer = call(server.server_port, "POST", "/invocations", b"x" * (MAX_BODY_BYTES + 1))
    assert (status, answer["error"]["code"]) == (413, "file_too_large")


def test_a_chunked_body_is_read(server: InferenceServer, runner: ScriptedRunner) -> None:
    runner.may_end.set()
    body = invocation().model_dump_json().encode()
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    connection.request("POST", "/invocations", iter([body[:10], body[10:]]), encode_chunked=True)
    assert connection.getresponse().status == 200
    connection.close()
    assert runner.received == [invocation()]


def test_chunks_that_are_none_are_refused(server: InferenceServer) -> None:
    headers = {"Transfer-Encoding": "chunked"}
    status, _ = call(server.server_port, "POST", "/invocations", b"so many bytes\r\n", **headers)
    assert status == 400


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("POST", "/ping")])
def test_there_are_no_other_routes(server: InferenceServer, method: str, path: str) -> None:
    status, answer = call(server.server_port, method, path, b"")
    assert (status, answer["error"]["code"]) == (404, "route_not_found")


def test_one_connection_serves_many_requests(server: InferenceServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    for _ in range(3):
        connection.request("GET", "/ping")
        assert connection.getresponse().read() == b'{"ok": true}'
    connection.close()


# --- one job at a time


def test_a_busy_server_pings_and_refuses_a_second_job(
    server: InferenceServer, runner: ScriptedRunner
) -> None:
    first = InvokeInBackground(server.server_port, invocation())
    assert runner.started.wait(timeout=30)
    assert call(server.server_port, "GET", "/ping")[0] == 200
    status, answer = invoke(server.server_port, invocation())
    assert (status, answer["error"]["code"]) == (503, "busy")
    runner.may_end.set()
    first.join()
    assert first.answer is not None
    assert first.answer[0] == 200
    assert invoke(server.server_port, invocation())[0] == 200


def test_nothing_is_taken_before_the_engine_is_loaded(runner: ScriptedRunner) -> None:
    with InferenceServer(("127.0.0.1", 0), runner) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        assert call(server.server_port, "GET", "/ping")[0] == 503
        status, answer = invoke(server.server_port, invocation())
        assert (status, answer["error"]["code"]) == (503, "loading")
        server.open_for_jobs()
        assert call(server.server_port, "GET", "/ping")[0] == 200
        server.shutdown()
        thread.join()


def test_a_broken_engine_fails_the_ping(server: InferenceServer, runner: ScriptedRunner) -> None:
    runner.usable = False
    assert call(server.server_port, "GET", "/ping")[0] == 503


# --- stopping


def test_a_stopping_server_lets_the_running_job_end(
    server: InferenceServer, runner: ScriptedRunner
) -> None:
    first = InvokeInBackground(server.server_port, invocation())
    assert runner.started.wait(timeout=30)
    draining = threading.Thread(target=server.drain, args=(30.0,))
    draining.start()
    while server.healthy:
        time.sleep(0.01)
    status, answer = invoke(server.server_port, invocation())
    assert (status, answer["error"]["code"]) == (503, "stopping")
    assert call(server.server_port, "GET", "/ping")[0] == 503
    runner.may_end.set()
    draining.join()
    first.join()
    assert first.answer is not None
    assert first.answer[0] == 200


def test_a_job_that_outlasts_the_grace_is_handed_back(
    server: InferenceServer, runner: ScriptedRunner
) -> None:
    first = InvokeInBackground(server.server_port, invocation())
    assert runner.started.wait(timeout=30)
    server.drain(0.05)
    first.join()
    assert first.answer is not None
    status, answer = first.answer
    assert (status, answer["error"]["code"]) == (503, "stopping")


# --- as a process


@dataclass
class Container:
    """A container's server in a process of its own."""

    process: subprocess.Popen[str]
    port: int

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


def read_until_ready(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    for line in process.stdout:
        record = json.loads(line)
        if record["message"] == "ready":
            return int(record["port"])
    raise AssertionError("the container ended before it was ready")


@contextmanager
def container(*command: str, **environment: str) -> Iterator[Container]:
    with subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "SAGEMAKER_BIND_TO_PORT": "0", **environment},
    ) as process:
        try:
            yield Container(process, read_until_ready(process))
        finally:
            process.kill()


def scripted(grace_s: float) -> tuple[str, ...]:
    return "-m", "tests.unit.scan_to_mesh.scripted_container", str(grace_s)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "nothing happened for a minute"
        time.sleep(0.02)


def test_sigterm_in_the_middle_of_a_job_hands_it_back(
    aws_ports: ContainerPorts, job_id: str
) -> None:
    def segmenting() -> bool:
        job = aws_ports.jobs.get(job_id)
        return job is not None and job.progress is not None and job.progress.stage == "segmenting"

    add_job(aws_ports.jobs, aws_ports.objects, job_id)
    with container(*scripted(grace_s=0.1)) as running:
        invoked = InvokeInBackground(running.port, invocation("sleep", job_id))
        wait_until(segmenting)
        assert call(running.port, "GET", "/ping") == (200, {"ok": True})
        assert running.stop() == 0
        invoked.join()
    assert invoked.answer is not None
    assert invoked.answer[0] == 503
    assert find_result(aws_ports.objects, invocation("sleep", job_id)) is None
    job = aws_ports.jobs.get(job_id)
    assert job is not None
    assert job.status is JobStatus.PROCESSING


def test_the_entry_point_runs_a_job_with_the_embedded_engine_and_stops_when_told(
    aws_ports: ContainerPorts, job_id: str
) -> None:
    add_job(aws_ports.jobs, aws_ports.objects, job_id, scan=body_scan())
    with container(str(INFERENCE), "serve", ENGINE="hounsfield") as running:
        status, answer = invoke(running.port, invocation("total", job_id))
        assert running.stop() == 0
    assert (status, answer["status"], answer["failure"]) == (200, "completed", None)
    result = find_result(aws_ports.objects, invocation("total", job_id))
    assert result is not None
    assert result.engine is not None
    assert result.engine.name == "hounsfield"
    gas_ml = 2 * 4 / 3 * math.pi * 9 * 11 * 15 * 0.6**3
    gas = [each for each in result.structures if each.mean_hu is not None and each.mean_hu < -700]
    assert sum(each.volume_ml for each in gas) == pytest.approx(gas_ml, rel=0.05)


def run_to_the_end(tmp_path: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ended = subprocess.run(
        [sys.executable, str(INFERENCE), *arguments],
        capture_output=True,
        text=True,
        env={**kept, "TOTALSEG_HOME_DIR": str(tmp_path), **environment},
        timeout=120,
    )
    messages = [json.loads(line)["message"] for line in ended.stdout.splitlines()]
    return ended.returncode, " ".join(messages)


AWS = {
    "S3_BUCKET": "b",
    "DYNAMODB_TABLE": "t",
    "AWS_DEFAULT_REGION": "us-east-1",
    "SAGEMAKER_BIND_TO_PORT": "0",
}


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        (AWS, "ENGINE"),
        ({**AWS, "ENGINE": "guesswork"}, "hounsfield, totalsegmentator"),
        ({"ENGINE": "hounsfield", "AWS_DEFAULT_REGION": "us-east-1"}, "DYNAMODB_TABLE"),
    ],
)
def test_a_container_that_is_not_told_what_it_needs_refuses_to_start(
    environment: dict[str, str], said: str, tmp_path: Path
) -> None:
    code, messages = run_to_the_end(tmp_path, "serve", **environment)
    assert code == 1
    assert "cannot start" in messages
    assert said in messages


def test_without_weights_it_refuses_to_start_and_takes_no_other_engine(tmp_path: Path) -> None:
    code, messages = run_to_the_end(tmp_path, "serve", **AWS, ENGINE="totalsegmentator")
    assert code == 1
    assert "cannot start" in messages
    assert "ready" not in messages


def test_there_is_no_other_command(tmp_path: Path) -> None:
    code, messages = run_to_the_end(tmp_path, "train")
    assert code == 2
    assert "serve" in messages
