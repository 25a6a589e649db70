"""Whatever is killed in the middle of a job: the job ends, with a reason, and its scan stays."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local_stack.client import ApiClient, Json, ProcessOptions
from tests.functional.conftest import JOB_TIMEOUT_S
from tests.functional.running_app import ObservedApp, descendants_of, is_running, wait_until

QUICK = ProcessOptions(device="cpu", roi_subset=["lung_left"], formats=["stl"])
END_TIMEOUT_S = 20

Kill = Callable[[ObservedApp], None]


@pytest.fixture(scope="module")
def own_app(
    tmp_path_factory: pytest.TempPathFactory, emulator_installed: None
) -> Iterator[ObservedApp]:
    """A stack that tests may kill; they leave it running."""
    running = ObservedApp(tmp_path_factory.mktemp("killed"))
    running.start()
    yield running
    assert running.stop() == 0


@pytest.fixture
def scan_job(own_app: ObservedApp, phantom_scan: Path) -> str:
    """A new job whose scan has arrived."""
    with own_app.client() as client:
        return client.upload_presigned(phantom_scan)


def freeze_in_the_middle(app: ObservedApp, job_id: str) -> int:
    """Process, and stop the worker's clock in the middle of the work; its pid.

    However fast the machine, the worker cannot be done when what comes next happens.
    """
    with app.client() as client:
        client.process(job_id, QUICK)
        wait_until(
            lambda: client.job(job_id)["stage"] not in {None, "queued"},
            "the container takes the job",
            timeout_s=60,
        )
        worker = app.worker_pid()
        os.kill(worker, signal.SIGSTOP)
        assert client.job(job_id)["status"] == "processing"
    return worker


def thaw(worker: int) -> None:
    """Let a frozen worker go on, if it still exists."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(worker, signal.SIGCONT)


def assert_all_end(pids: set[int]) -> None:
    """Processes that lost their parent end by themselves."""
    wait_until(lambda: not any(map(is_running, pids)), "all processes end", timeout_s=END_TIMEOUT_S)


def assert_scan_is_still_there(client: ApiClient, job_id: str) -> None:
    again = client.upload_from(job_id)
    client.process(again, QUICK)
    job = client.wait(again, timeout_s=JOB_TIMEOUT_S)
    assert job["status"] == "completed", job["error"]


def codes(job: Json) -> list[str]:
    return [warning["code"] for warning in job["warnings"]]


def test_a_killed_worker_fails_its_job_alone(own_app: ObservedApp, scan_job: str) -> None:
    worker = freeze_in_the_middle(own_app, scan_job)
    server = own_app.server_pid()

    os.kill(worker, signal.SIGKILL)

    with own_app.client() as client:
        job = client.wait(scan_job, timeout_s=JOB_TIMEOUT_S)
        assert job["status"] == "failed"
        assert job["error"]["code"] == "worker_died"
        assert "memory" in job["error"]["message"]
        assert job["artifacts"] == []
        assert_scan_is_still_there(client, scan_job)
    assert own_app.server_pid() == server


def test_a_job_whose_container_was_killed_runs_again(own_app: ObservedApp, scan_job: str) -> None:
    worker = freeze_in_the_middle(own_app, scan_job)

    os.kill(own_app.server_pid(), signal.SIGKILL)

    thaw(worker)
    assert_all_end({worker})
    with own_app.client() as client:
        shown = list(client.watch(scan_job, every_s=0.1, timeout_s=JOB_TIMEOUT_S))
        waiting = [job["waiting"] for job in shown if job["waiting"]]
        assert ("instance_starting", None) in [(each["reason"], each["eta_s"]) for each in waiting]
        assert shown[-1]["waiting"] is None
        job = client.wait(scan_job, timeout_s=JOB_TIMEOUT_S)
        assert job["status"] == "completed", job["error"]
        assert job["attempt"] == 2
        assert "retried" in codes(job)
        assert_scan_is_still_there(client, scan_job)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_job_is_finished_after_the_stack_was_stopped(
    own_app: ObservedApp, scan_job: str, number: signal.Signals
) -> None:
    worker = freeze_in_the_middle(own_app, scan_job)
    processes = descendants_of(own_app.process.pid)
    assert {own_app.server_pid(), own_app.emulator_pid(), worker} <= processes

    status = own_app.stop(number)

    assert status == (-signal.SIGKILL if number is signal.SIGKILL else 0)
    thaw(worker)
    assert_all_end(processes)
    own_app.start()
    with own_app.client() as client:
        job = client.wait(scan_job, timeout_s=JOB_TIMEOUT_S)
        assert job["status"] == "completed", job["error"]
        assert_scan_is_still_there(client, scan_job)


def test_a_job_that_nobody_remembers_after_a_power_cut_is_settled_by_the_janitor(
    own_app: ObservedApp, scan_job: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze_in_the_middle(own_app, scan_job)
    with own_app.client() as client:
        later_job = client.upload_from(scan_job)
    table = own_app.data_dir / "emulator" / "state" / "dynamodb.json"
    # The emulator saves once a second; what is younger is lost, and would be with any disk.
    wait_until(lambda: later_job in table.read_text(), "the table is saved", timeout_s=20)
    processes = descendants_of(own_app.process.pid)

    for pid in (own_app.process.pid, *processes):
        os.kill(pid, signal.SIGKILL)

    own_app.process.wait(END_TIMEOUT_S)
    (invocation,) = (own_app.data_dir / "invocations").glob("*.json")
    invocation.unlink()  # the endpoint's queue is lost too: no event will ever come
    monkeypatch.setenv("SILENCE_LIMIT_S", "1")
    own_app.start()
    with own_app.client() as client:
        job = client.wait(scan_job, timeout_s=JOB_TIMEOUT_S)
        assert job["status"] == "completed", job["error"]
        assert (job["attempt"], codes(job).count("retried")) == (2, 1)
        assert_scan_is_still_there(client, scan_job)
