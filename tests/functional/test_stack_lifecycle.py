"""The stack as a process: it stops in order, keeps what it was given, and never shares its data."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from local_stack.client import ApiClient
from local_stack.emulator import INTERPRETER
from tests.conftest import REPOSITORY
from tests.functional.conftest import RunningApp


def children_of(pid: int) -> set[int]:
    """Processes whose parent this is."""
    listed = Path(f"/proc/{pid}/task")
    found: set[int] = set()
    for task in listed.iterdir():
        found |= {int(child) for child in (task / "children").read_text().split()}
    return found


@pytest.fixture
def own_app(tmp_path: Path) -> RunningApp:
    """A stack that the test may stop and kill."""
    if not INTERPRETER.exists():
        pytest.skip("the emulator's environment is not installed: run `make setup`")
    return RunningApp(tmp_path / "data")


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_jobs_survive_every_way_to_end(own_app: RunningApp, with_signal: signal.Signals) -> None:
    own_app.start()
    with own_app.client() as client:
        job_id = client.call(
            "POST", "/upload", {"filename": "a.nii", "userId": "tester", "size": 100}
        )["jobId"]
    children = children_of(own_app.process.pid)
    assert children

    status = own_app.stop(with_signal)

    assert status == (-signal.SIGKILL if with_signal is signal.SIGKILL else 0)
    own_app.start()
    with own_app.client() as client:
        assert client.job(job_id)["status"] == "awaiting_upload"
    assert own_app.stop() == 0
    assert not [pid for pid in children if Path(f"/proc/{pid}/exe").exists()]


def test_a_second_stack_on_the_same_data_says_so(app: RunningApp) -> None:
    second = subprocess.run(
        [sys.executable, "app.py"],
        cwd=REPOSITORY,
        env=os.environ | {"PORT": "0", "DATA_DIR": str(app.data_dir)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert second.returncode == 1
    assert "in use" in second.stderr


def test_large_bodies_leave_the_api_flat(app: RunningApp, api: ApiClient) -> None:
    def resident_kb() -> int:
        for line in Path(f"/proc/{app.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1])
        raise AssertionError

    api.list_jobs()
    before = resident_kb()
    piece = bytes(2**20)

    response = httpx.post(f"{app.url}/upload", content=(piece for _ in range(200)), timeout=120)

    assert response.status_code == 413
    assert response.json()["error"]["code"] == "file_too_large"
    assert resident_kb() - before < 60 * 1024
