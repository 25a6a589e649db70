import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from iris_oculus.documents import Result
from iris_oculus.errors import EngineUnavailable
from iris_oculus.job import JobStatus
from iris_oculus.layout import artifact_prefix
from iris_oculus.wiring import ContainerPorts, container_ports
from scan_to_mesh.publishing import find_result
from scan_to_mesh.worker import HandedBack, Worker, WorkerPlan

from tests.unit.scan_to_mesh.jobs_and_scans import add_job, invocation, set_status
from tests.unit.scan_to_mesh.scripted_segmenter import (
    ScriptedSegmenter,
    open_dying,
    open_unavailable,
)

PLAN = WorkerPlan(container_ports, ScriptedSegmenter)


class Workers:
    """Gives every test a worker that takes jobs: the same one, unless a test used it up."""

    def __init__(self, ports: ContainerPorts) -> None:
        self._ports = ports
        self._worker: Worker | None = None

    def one(self) -> Worker:
        if self._worker is None or not self._worker.usable:
            self.close()
            self._worker = Worker(PLAN, self._ports, heartbeat_s=0.2)
            self._worker.start()
        return self._worker

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where workers put their folders."""
    before = tempfile.tempdir
    tempfile.tempdir = str(tmp_path_factory.mktemp("scratch"))
    yield Path(tempfile.tempdir)
    tempfile.tempdir = before


@pytest.fixture(scope="module")
def workers(aws_ports: ContainerPorts, scratch: Path) -> Iterator[Workers]:
    workers = Workers(aws_ports)
    yield workers
    workers.close()


@pytest.fixture
def worker(workers: Workers) -> Worker:
    return workers.one()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "nothing happened for a minute"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


class Background:
    """A job that runs in a thread; leaving the block ends it one way or the other."""

    def __init__(self, worker: Worker, task: str, job_id: str) -> None:
        self.outcome: Result | HandedBack | None = None
        self._worker = worker
        self._invocation = invocation(task, job_id)
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self.outcome = self._worker.run(self._invocation)
        except HandedBack as error:
            self.outcome = error

    def __enter__(self) -> "Background":
        self._thread.start()
        return self

    def join(self) -> None:
        self._thread.join(timeout=30)
        assert not self._thread.is_alive()

    def __exit__(self, *_: object) -> None:
        if self._thread.is_alive():
            self._worker.abandon()
        self._thread.join()


def segmenting(ports: ContainerPorts, job_id: str) -> bool:
    job = ports.jobs.get(job_id)
    return job is not None and job.progress is not None and job.progress.stage == "segmenting"


def test_one_process_keeps_the_engine_from_job_to_job(
    worker: Worker, aws_ports: ContainerPorts, job_id: str, scratch: Path
) -> None:
    versions = []
    for number in (1, 2):
        add_job(aws_ports.jobs, aws_ports.objects, f"{job_id}{number}")
        result = worker.run(invocation("find_blob", f"{job_id}{number}"))
        assert result.status is JobStatus.COMPLETED
        assert result.engine is not None
        versions.append(result.engine.version)
    assert versions == [f"{worker.pid}/1", f"{worker.pid}/2"]
    assert worker.pid != os.getpid()
    assert [path for path in scratch.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ("killed", "the worker process was killed (SIGKILL): most likely it ran out of memory"),
        ("segfault", "the worker process crashed (SIGSEGV)"),
    ],
)
def test_a_crash_fails_the_job_with_its_reason_and_the_next_job_works(
    *, task: str, reason: str, worker: Worker, aws_ports: ContainerPorts, job_id: str, scratch: Path
) -> None:
    add_job(aws_ports.jobs, aws_ports.objects, job_id)
    first_pid = worker.pid
    result = worker.run(invocation(task, job_id))
    assert result.status is JobStatus.FAILED
    assert result.failure is not None
    assert (result.failure.code, result.failure.message) == ("worker_died", reason)
    assert find_result(aws_ports.objects, invocation(task, job_id)) == result
    assert [path for path in scratch.rglob("*") if path.is_file()] == []

    add_job(aws_ports.jobs, aws_ports.objects, f"{job_id}2")
    assert worker.run(invocation("find_blob", f"{job_id}2")).status is JobStatus.COMPLETED
    assert worker.pid != first_pid


def test_only_the_first_job_of_a_billed_machine_waited_for_it(
    aws_ports: ContainerPorts, job_id: str, scratch: Path
) -> None:
    plan = replace(PLAN, instance_type="ml.g6.xlarge")
    worker = Worker(plan, aws_ports, heartbeat_s=0.2)
    firsts = []
    for number, task in enumerate(["find_blob", "killed", "find_blob"]):
        add_job(aws_ports.jobs, aws_ports.objects, f"{job_id}{number}")
        instance = worker.run(invocation(task, f"{job_id}{number}")).instance
        firsts.append(None if instance is None else instance.first_job)
    worker.close()
    # Nobody measured the one that was killed; the process after it runs on the same machine.
    assert firsts == [True, None, False]


def test_a_worker_that_died_while_idle_is_replaced(
    worker: Worker, aws_ports: ContainerPorts, job_id: str
) -> None:
    add_job(aws_ports.jobs, aws_ports.objects, job_id)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    os.waitid(os.P_PID, worker.pid, os.WEXITED | os.WNOWAIT)  # dead, and still to be collected
    assert worker.run(invocation("find_blob", job_id)).status is JobStatus.COMPLETED


def heartbeat(ports: ContainerPorts, job_id: str) -> float:
    job = ports.jobs.get(job_id)
    assert job is not None
    return job.heartbeat_at or 0.0


def test_a_silent_engine_looks_alive_and_can_be_cancelled(
    worker: Worker, aws_ports: ContainerPorts, job_id: str
) -> None:
    add_job(aws_ports.jobs, aws_ports.objects, job_id)
    first_pid = worker.pid
    with Background(worker, "sleep", job_id) as job:
        wait_until(lambda: segmenting(aws_ports, job_id))
        first = heartbeat(aws_ports, job_id)
        wait_until(lambda: heartbeat(aws_ports, job_id) > first)
        set_status(aws_ports.jobs, JobStatus.CANCELLED, job_id)
        job.join()
    assert job.outcome == Result(job_id=job_id, attempt=1, status=JobStatus.CANCELLED)
    assert find_result(aws_ports.objects, invocation("sleep", job_id)) == job.outcome
    assert list(aws_ports.objects.keys(artifact_prefix(job_id))) == []
    assert first_pid is not None
    assert not is_alive(first_pid)


def test_a_deletion_stops_the_work_and_nothing_is_written(
    worker: Worker, aws_ports: ContainerPorts, job_id: str
) -> None:
    add_job(aws_ports.jobs, aws_ports.objects, job_id)
    with Background(worker, "sleep", job_id) as job:
        wait_until(lambda: segmenting(aws_ports, job_id))
        set_status(aws_ports.jobs, JobStatus.DELETED, job_id)
        job.join()
    assert job.outcome == Result(job_id=job_id, attempt=1, status=JobStatus.CANCELLED)
    assert list(aws_ports.objects.keys(f"jobs/{job_id}/")) == [f"jobs/{job_id}/scan"]


def test_an_abandoned_job_is_handed_back_unmarked(
    worker: Worker, aws_ports: ContainerPorts, job_id: str
) -> None:
    add_job(aws_ports.jobs, aws_ports.objects, job_id)
    with Background(worker, "sleep", job_id) as running:
        wait_until(lambda: segmenting(aws_ports, job_id))
        worker.abandon()
        running.join()
    assert isinstance(running.outcome, HandedBack)
    assert find_result(aws_ports.objects, invocation("sleep", job_id)) is None
    job = aws_ports.jobs.get(job_id)
    assert job is not None
    assert job.status is JobStatus.PROCESSING
    assert not worker.usable
    with pytest.raises(HandedBack):
        worker.run(invocation("find_blob", job_id))


def test_an_engine_that_cannot_be_loaded_is_named(aws_ports: ContainerPorts, scratch: Path) -> None:
    before = set(scratch.iterdir())
    worker = Worker(WorkerPlan(container_ports, open_unavailable), aws_ports)
    with pytest.raises(EngineUnavailable, match="the weights are missing") as caught:
        worker.start()
    assert caught.value.hint == "Bake them into the image."
    assert worker.pid is None
    assert set(scratch.iterdir()) == before


def test_an_engine_that_crashes_while_it_is_loaded_is_named(
    aws_ports: ContainerPorts, scratch: Path
) -> None:
    before = set(scratch.iterdir())
    worker = Worker(WorkerPlan(container_ports, open_dying), aws_ports)
    with pytest.raises(EngineUnavailable, match="SIGSEGV"):
        worker.start()
    assert set(scratch.iterdir()) == before


def test_the_worker_and_its_files_go_when_the_server_is_killed(tmp_path: Path) -> None:
    program = """
import sys, tempfile, time
from iris_oculus.wiring import ContainerPorts
from scan_to_mesh.worker import Worker, WorkerPlan
from tests.fakes import FakeClock, FakeJobStore, FakeObjectStore
from tests.unit.scan_to_mesh.scripted_segmenter import ScriptedSegmenter

def open_ports():
    return ContainerPorts(FakeJobStore(), FakeObjectStore(), FakeClock())

if __name__ == "__main__":
    tempfile.tempdir = sys.argv[1]
    worker = Worker(WorkerPlan(open_ports, ScriptedSegmenter), open_ports())
    worker.start()
    print(worker.pid, flush=True)
    time.sleep(60)
"""
    script = tmp_path / "server_side.py"
    script.write_text(program)
    folders = tmp_path / "folders"
    folders.mkdir()
    with subprocess.Popen(
        [sys.executable, str(script), str(folders)], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        pid = int(server.stdout.readline())
        assert len(list(folders.iterdir())) == 1
        server.kill()
    wait_until(lambda: not is_alive(pid))
    assert list(folders.iterdir()) == []


def test_the_server_side_loads_neither_numpy_nor_torch() -> None:
    program = "import sys, scan_to_mesh.server; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", program], text=True).split()
    assert not {"numpy", "torch", "nibabel", "scipy", "boto3"} & set(loaded)
