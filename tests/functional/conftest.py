"""The whole local stack, once for all tests: its own process, its own data folder."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from local_stack.client import ApiClient, Json
from local_stack.emulator import INTERPRETER
from local_stack.phantom import Phantom, PhantomOptions, make_torso
from local_stack.recorded_calls import VARIABLE
from tests.functional.running_app import ObservedApp
from tests.functional.scans import write_nifti

JOB_TIMEOUT_S = 120


@pytest.fixture(scope="session")
def emulator_installed() -> None:
    """Skips where nothing can run."""
    if not INTERPRETER.exists():
        pytest.skip("the emulator's environment is not installed: run `make setup`")


@pytest.fixture(scope="session", autouse=True)
def recorded_calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where every stack of the tests writes what its functions call."""
    path = tmp_path_factory.mktemp("calls") / "calls.jsonl"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(path))
        yield path


@pytest.fixture(scope="session")
def app(
    tmp_path_factory: pytest.TempPathFactory, emulator_installed: None
) -> Iterator[ObservedApp]:
    """The running stack. Tests that stop or kill it make one of their own."""
    running = ObservedApp(tmp_path_factory.mktemp("stack"))
    running.start()
    yield running
    assert running.stop() == 0


@pytest.fixture
def api(app: ObservedApp) -> Iterator[ApiClient]:
    """A client of the running stack."""
    with app.client() as client:
        yield client


@pytest.fixture
def http(app: ObservedApp) -> Iterator[httpx.Client]:
    """Plain requests of the running stack."""
    with app.http() as client:
        yield client


@pytest.fixture(scope="session")
def phantom() -> Phantom:
    """A coarse chest: a second's work for the engine, and asymmetric as people are."""
    return make_torso(PhantomOptions(spacing_mm=(6, 6, 6), z_low_mm=-100, z_high_mm=150))


@pytest.fixture(scope="session")
def phantom_scan(phantom: Phantom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The phantom as a small file."""
    volume = phantom.volume
    path = tmp_path_factory.mktemp("phantom") / "phantom.nii.gz"
    return write_nifti(path, volume.voxels, volume.affine_ras_mm)


@pytest.fixture(scope="session")
def finished_job(app: ObservedApp, phantom_scan: Path) -> Json:
    """A completed job on the phantom, with the API's default options."""
    with app.client("finished") as client:
        job_id = client.upload_presigned(phantom_scan)
        client.process(job_id)
        job = client.wait(job_id, timeout_s=JOB_TIMEOUT_S)
    assert job["status"] == "completed", job["error"]
    return job


@pytest.fixture
def finished_api(app: ObservedApp) -> Iterator[ApiClient]:
    """A client of the finished job's owner."""
    with app.client("finished") as client:
        yield client
