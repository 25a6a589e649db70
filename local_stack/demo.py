"""``python -m local_stack.demo [SCAN]``: the main job, from a scan to meshes, by the public API.

SCAN is a ``.nii``, a ``.nii.gz``, a folder of DICOM files or a ``.zip`` of one; a phantom is made
without it. The results lie in ``out/<scan>/`` afterwards.
"""

import argparse
import contextlib
import math
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from iris_oculus.errors import IrisOculusError
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from local_stack.child_process import ChildFailed, ChildProcess, Launch, free_port
from local_stack.client import ApiClient, ApiError, DownloadDamaged, ProcessOptions
from local_stack.demo_report import (
    engine_note,
    explain_times,
    structure_table,
    time_table,
    warning_notes,
)

REPOSITORY = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 90.0
STOP_GRACE_S = 15.0
JOB_TIMEOUT_S = 2 * 3600.0
POLL_EVERY_S = 0.2
EXTENSIONS = (".nii.gz", ".nii", ".zip")


class DemoFailed(Exception):
    """The demo cannot go on; the message says why and what to do."""


@dataclass
class Stopwatch:
    """Seconds by step, in the order of the steps."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        start = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - start


def scan_name(given: Path | None) -> str:
    """What the results of a scan are called.

    Raises
    ------
    DemoFailed
        If there is no such scan, or it is of a kind that the API does not take.
    """
    if given is None:
        return "phantom"
    if given.is_dir():
        return given.resolve().name
    if not given.is_file():
        raise DemoFailed("There is no such scan: give a .nii, .nii.gz, DICOM folder or .zip.")
    for extension in EXTENSIONS:
        if given.name.lower().endswith(extension):
            return given.name[: -len(extension)] or "scan"
    raise DemoFailed("Scans are .nii or .nii.gz files, folders of DICOM files, or .zip of them.")


def scan_file(given: Path | None, folder: Path) -> Path:
    """The scan as one file: a DICOM folder is packed, a phantom is made where nothing is given.

    Parameters
    ----------
    given : Path or None
    folder : Path
        Takes what has to be made.

    Raises
    ------
    iris_oculus.errors.NotAnImage
        If a folder holds no DICOM files.
    """
    if given is None:
        return _phantom_file(folder)
    if given.is_dir():
        # Here, because DICOM's packages take most of a second that other scans need not wait.
        from iris_imaging.scan import pack_dicom_folder

        packed = folder / "scan.zip"
        pack_dicom_folder(given, packed)
        return packed
    return given


def _phantom_file(folder: Path) -> Path:
    import nibabel as nib

    from local_stack.phantom import make_torso

    volume = make_torso().volume
    path = folder / "phantom.nii.gz"
    nib.save(nib.Nifti1Image(volume.voxels, volume.affine_ras_mm), path)
    return path


class DemoStack:
    """The local stack as its own process on a free port; it starts when this is made.

    Parameters
    ----------
    data_dir : Path
    """

    def __init__(self, data_dir: Path) -> None:
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._process = ChildProcess(
            Launch(
                name="the local stack",
                command=[sys.executable, str(REPOSITORY / "app.py")],
                environment={**os.environ, "PORT": str(self._port), "DATA_DIR": str(data_dir)},
                log=data_dir / "logs" / "stack.log",
                folder=REPOSITORY,
            )
        )

    def wait_until_ready(self) -> None:
        """Wait until the API answers.

        Raises
        ------
        ChildFailed
            If it does not come up.
        """
        self._process.wait_until_ready(self._port, "/healthz", timeout_s=START_TIMEOUT_S)

    def stop(self) -> None:
        """Stop it in order."""
        self._process.stop(grace_s=STOP_GRACE_S)


def run(given: Path | None, *, data_dir: Path, out_dir: Path, console: Console) -> Path:
    """Do the main job and print what came out.

    Returns
    -------
    Path
        Folder of the results.

    Raises
    ------
    DemoFailed, ApiError, ChildFailed, DownloadDamaged, TimeoutError, IrisOculusError
        Whatever went wrong; each says what to do.
    """
    watch = Stopwatch()
    results = out_dir / scan_name(given)
    with contextlib.ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        stack = DemoStack(data_dir)
        ends.callback(stack.stop)
        with watch.step("prepare scan"):  # while the stack starts
            scan = scan_file(given, folder)
        with watch.step("start stack"):
            stack.wait_until_ready()
        client = ends.enter_context(ApiClient(stack.url))
        job = _process(client, scan, watch, console)
        results.mkdir(parents=True, exist_ok=True)
        with watch.step("download"):
            for artifact in job["artifacts"]:
                client.download(artifact, results)
    console.print(structure_table(job["structures"]))
    console.print(time_table(explain_times(watch.seconds, job["timings_s"])))
    console.print(engine_note(job["engine"]), warning_notes(job["warnings"]))
    console.print(f"Results: {len(job['artifacts'])} files in {results}")
    return results


def _process(client: ApiClient, scan: Path, watch: Stopwatch, console: Console) -> dict[str, Any]:
    """Upload, process, and show how it goes; the finished job."""
    with _progress(console) as progress:
        size = scan.stat().st_size
        bar = progress.add_task("upload", total=size)
        with watch.step("upload"):
            job_id = client.upload_presigned(scan, lambda count: progress.advance(bar, count))
    console.print(f"job {job_id}")
    with watch.step("process"):
        client.process(job_id, ProcessOptions(device="auto"))
        job = _watch(client, job_id, console)
    if job["status"] != "completed":
        error = job.get("error") or {"message": f"The job is {job['status']}.", "hint": ""}
        raise DemoFailed(f"{error['message']} {error['hint']}")
    return job


def _watch(client: ApiClient, job_id: str, console: Console) -> dict[str, Any]:
    """Show stages and progress until the job is over."""
    columns = (TextColumn("{task.description:<24}"), BarColumn(), TimeElapsedColumn())
    job: dict[str, Any] = {}
    with Progress(*columns, console=console) as progress:
        bar: TaskID = progress.add_task("queued", total=1.0)
        for job in client.watch(job_id, every_s=POLL_EVERY_S, timeout_s=JOB_TIMEOUT_S):
            progress.update(
                bar, description=describe_stage(job), completed=job.get("progress") or 0.0
            )
        if job["status"] == "completed":
            progress.update(bar, description="completed", completed=1.0)
    return job


def describe_stage(job: dict[str, Any]) -> str:
    """Where a job is, in a few words."""
    if job.get("waiting"):
        return _waiting(job["waiting"])
    detail = job.get("stageDetail")
    stage = job.get("stage") or job["status"]
    return f"{stage} {detail['done']}/{detail['total']}" if detail else str(stage)


def _waiting(waiting: dict[str, Any]) -> str:
    if waiting["reason"] == "instance_busy":
        return f"queued, {waiting['jobsAhead']} ahead"
    if waiting["eta_s"] is None:
        return "engine starting"
    return f"GPU starting, about {math.ceil(waiting['eta_s'] / 60)} min"


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<24}"), BarColumn(), DownloadColumn(), console=console
    )


def main() -> int:
    """Run the command line.

    Returns
    -------
    int
        0 when the results are there, 1 with a message when anything failed.
    """
    parser = argparse.ArgumentParser(description="Segment a CT scan by the public API.")
    parser.add_argument("scan", nargs="?", type=Path, help=".nii, .nii.gz, DICOM folder or .zip")
    given: Path | None = parser.parse_args().scan
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the stack is stopped in order
    # Beside the development server's data, not in it: both may run at once.
    data_dir = Path(os.environ.get("DATA_DIR") or ".data").resolve() / "demo"
    try:
        run(given, data_dir=data_dir, out_dir=Path("out"), console=Console())
    except (DemoFailed, ApiError, ChildFailed, DownloadDamaged, TimeoutError) as error:
        return _fail(str(error), data_dir)
    except IrisOculusError as error:
        return _fail(f"{error.message} {error.hint}", data_dir)
    except (httpx.HTTPError, OSError) as error:
        return _fail(f"{type(error).__name__}: {error}", data_dir)
    except KeyboardInterrupt:
        return _fail("Interrupted.", data_dir)
    return 0


def _fail(message: str, data_dir: Path) -> int:
    sys.stderr.write(f"The demo failed. {message}\nLogs: {data_dir / 'logs'}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
