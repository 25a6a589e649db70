"""The stack as a process: it never shares its data, and large bodies do not fill its memory."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np

from local_stack.client import ApiClient
from tests.conftest import REPOSITORY
from tests.functional.running_app import ObservedApp, wait_until
from tests.functional.scans import write_padded_nifti

GROWTH_LIMIT_KB = 30 * 1024
LOOK_EVERY_S = 0.01


def resident_kb(pid: int) -> int:
    """Memory of a process that is in RAM now."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    raise AssertionError


@contextmanager
def memory_stays_flat(pid: int) -> Iterator[None]:
    """Watch a process all the time, and after."""
    before = peak = resident_kb(pid)
    over = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(LOOK_EVERY_S):
            peak = max(peak, resident_kb(pid))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    assert peak - before < GROWTH_LIMIT_KB
    assert resident_kb(pid) - before < GROWTH_LIMIT_KB


def test_a_second_stack_on_the_same_data_says_so(app: ObservedApp) -> None:
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


def test_a_scan_of_200_mb_never_fills_the_apis_memory(
    app: ObservedApp, api: ApiClient, tmp_path: Path
) -> None:
    voxels = np.zeros((8, 8, 8), np.int16)
    small = write_padded_nifti(tmp_path / "a.nii", voxels, np.eye(4), 20 * 2**20)
    scan = write_padded_nifti(tmp_path / "b.nii", voxels, np.eye(4), 200 * 2**20)
    inspected(api, api.upload_presigned(small))  # so that code and threads are there already

    with memory_stays_flat(app.process.pid):
        job_id = api.upload_presigned(scan)
        inspected(api, job_id)

    assert api.job(job_id)["size_bytes"] == scan.stat().st_size > 200 * 2**20
    assert api.delete(job_id)["remainingObjects"] == 0


def inspected(api: ApiClient, job_id: str) -> None:
    """Wait until the scan has been read."""
    wait_until(lambda: api.job(job_id)["inspection"], "the inspection ends", timeout_s=60)
    assert api.job(job_id)["inspection"]["accepted"]


def test_a_body_above_the_gateways_limit_is_refused_and_not_kept(
    app: ObservedApp, http: httpx.Client
) -> None:
    piece = bytes(2**20)
    for size_mib in (11, 200):
        with memory_stays_flat(app.process.pid):
            response = http.post("/upload", content=(piece for _ in range(size_mib)))
        assert response.status_code == 413
        assert response.json()["error"]["code"] == "file_too_large"


def test_an_inline_scan_above_its_limit_is_refused_with_the_way_to_send_it(
    http: httpx.Client,
) -> None:
    fields = {"filename": "a.nii.gz", "userId": "tester", "file": "A" * 4_800_000}

    response = http.post("/upload", json=fields)

    assert response.status_code == 413
    assert response.json()["error"]["code"] == "file_too_large"
    assert "presigned" in response.json()["error"]["hint"]
