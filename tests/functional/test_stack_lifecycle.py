"""The stack as a process: it stops in order, keeps what it was given, and never shares its data."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import nibabel as nib
import pytest

from local_stack.client import ApiClient, ProcessOptions
from local_stack.emulator import INTERPRETER
from local_stack.phantom import PhantomOptions, make_torso
from tests.conftest import REPOSITORY
from tests.functional.conftest import RunningApp


def children_of(pid: int) -> set[int]:
    """Processes whose parent this is."""
    listed = Path(f"/proc/{pid}/task")
    found: set[int] = set()
    for task in listed.iterdir():
        found |= {int(child) for child in (task / "children").read_text().split()}
    return found


def descendants_of(pid: int) -> set[int]:
    """Its children, their children, and so on."""
    children = children_of(pid)
    return children.union(*(descendants_of(child) for child in children))


def all_end(pids: set[int]) -> bool:
    """Whether these processes, which lost their parent, end by themselves."""
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


@pytest.fixture
def own_app(tmp_path: Path) -> RunningApp:
    """A stack that the test may stop and kill."""
    if not INTERPRETER.exists():
        pytest.skip("the emulator's environment is not installed: run `make setup`")
    return RunningApp(tmp_path / "data")


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


@pytest.fixture(scope="session")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short phantom."""
    volume = make_torso(
        PhantomOptions(spacing_mm=(4, 4, 4), z_low_mm=-60, z_high_mm=60, noise_hu=5)
    ).volume
    path = tmp_path_factory.mktemp("scan") / "short.nii.gz"
    nib.save(nib.Nifti1Image(volume.voxels, volume.affine_ras_mm), path)
    return path


def begin_job(client: ApiClient, scan: Path) -> str:
    """Upload, process, and wait until the container works on it."""
    job_id = client.upload_presigned(scan)
    client.process(job_id, ProcessOptions(device="cpu"))
    for job in client.watch(job_id, every_s=0.05, timeout_s=60):
        if job["stage"] not in {None, "queued"}:
            assert job["status"] == "processing"
            break
    return job_id


@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGKILL])
def test_a_job_that_ran_when_the_stack_ended_is_finished_after_a_restart(
    own_app: RunningApp, scan: Path, with_signal: signal.Signals
) -> None:
    own_app.start()
    with own_app.client() as client:
        job_id = begin_job(client, scan)
    processes = descendants_of(own_app.process.pid)
    assert len(processes) >= 3  # emulator, container, worker

    status = own_app.stop(with_signal)

    assert status == (-signal.SIGKILL if with_signal is signal.SIGKILL else 0)
    assert all_end(processes)
    own_app.start()
    with own_app.client() as client:
        job = client.wait(job_id, timeout_s=120)
    assert own_app.stop() == 0

    assert job["status"] == "completed", job["error"]
    assert {artifact["name"] for artifact in job["artifacts"]} >= {"model.glb", "manifest.json"}


def test_a_job_whose_container_is_killed_is_settled(app: RunningApp, scan: Path) -> None:
    with app.client() as client:
        job_id = begin_job(client, scan)
        (server,) = (
            pid
            for pid in children_of(app.process.pid)
            if b"inference.py" in Path(f"/proc/{pid}/cmdline").read_bytes()
        )
        os.kill(server, signal.SIGKILL)

        job = client.wait(job_id, timeout_s=120)
        again = client.upload_from(job_id)
        client.process(again, ProcessOptions(device="cpu"))

        assert job["status"] in {"completed", "failed"}
        assert job["status"] == "completed" or job["error"]["message"]
        assert client.wait(again, timeout_s=120)["status"] == "completed"
