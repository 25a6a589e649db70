"""Measure cold starts of every handler under the real runtime client, and write the figures.

`python -m tests.benchmarks.cold_starts` builds the layers for this machine from their locks, drives
each handler through awslambdaric and writes docs/COLD_STARTS.md. It takes some minutes.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

from tests.benchmarks.runtime_api import RuntimeApi
from tests.unit.lambdas.conftest import proxy_event
from tests.unit.lambdas.test_events import inference_event, sqs_event

REPOSITORY = Path(__file__).resolve().parents[2]
DOCUMENT = REPOSITORY / "docs" / "COLD_STARTS.md"
UV = REPOSITORY / ".venvs" / "dev" / "bin" / "uv"
LAYERS = ("dependencies", "authorizer_dependencies", "imaging_dependencies")
OWN = ("iris_oculus", "iris_imaging")
# Which layers a function has besides these two (template.yaml).
SHARED = ("iris_oculus", "dependencies")
FURTHER = {
    "authorizer": ("authorizer_dependencies",),
    "inspect": ("iris_imaging", "imaging_dependencies"),
}
LIMIT_MS = {"health": 100.0}
LIMIT_OF_OTHERS_MS = 250.0
JOB_ID = "abc123def456"
EVENTS: Mapping[str, dict[str, Any]] = {
    "authorizer": {"type": "REQUEST", "methodArn": "arn:aws:execute-api:us-east-1:1:a/s/GET/jobs"},
    "completion": sqs_event(inference_event(JOB_ID, "Completed")),
    "download": proxy_event("GET", f"/files/{JOB_ID}/liver.stl"),
    "health": proxy_event("GET", "/healthz"),
    "inspect": {"jobId": JOB_ID},
    "janitor": {},
    "jobs": proxy_event("GET", f"/jobs/{JOB_ID}"),
    "process": proxy_event("POST", "/process/totalseg", {"jobId": JOB_ID}),
    "reference": proxy_event("GET", "/tasks"),
    "upload": proxy_event("POST", "/upload", {"filename": "a.nii", "userId": "ada", "size": 9}),
}


@dataclass(frozen=True)
class Start:
    """One cold start; CPU milliseconds of the function's process, all of its threads."""

    init_ms: float
    first_call_ms: float
    memory_mb: float


def build(target: Path, python: Path) -> None:
    """Lay out the layers as Lambda would mount them, with this machine's wheels."""
    install = [UV, "pip", "install", "--quiet", "--python", python]
    install += ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
    for name in LAYERS:
        locked = REPOSITORY / "layers" / name / "requirements.txt"
        subprocess.run([*install, "--target", target / name, "-r", locked], check=True)
    for name in OWN:
        shutil.copytree(
            REPOSITORY / "layers" / name / "python",
            target / name,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    shutil.copytree(
        REPOSITORY / "lambdas", target / "lambdas", ignore=shutil.ignore_patterns("__pycache__")
    )


def runtime(folder: Path, version: str) -> Path:
    """Python of an environment with what Lambda's runtime brings along."""
    make = [UV, "venv", "--quiet", "--no-python-downloads", "--python", version, folder]
    subprocess.run(make, check=True)
    python = folder / "bin" / "python"
    sync = [UV, "pip", "sync", "--quiet", "--compile-bytecode", "--python", python]
    locked = REPOSITORY / "requirements" / "cold-starts.txt"
    subprocess.run([*sync, "--require-hashes", locked], check=True)
    return python


def environment(name: str, tree: Path, endpoint_url: str) -> dict[str, str]:
    """A function's environment."""
    layers = [tree / layer for layer in (*SHARED, *FURTHER.get(name, ()))]
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(str, [tree / "lambdas" / name, *layers])),
        "PYTHONDONTWRITEBYTECODE": "1",  # Lambda's file system is read-only
        "AWS_LAMBDA_FUNCTION_NAME": "iris-benchmark",
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_ENDPOINT_URL": endpoint_url,
        "POWERTOOLS_SERVICE_NAME": "iris-oculus-api",
        "POWERTOOLS_METRICS_NAMESPACE": "IrisOculus",
        "S3_BUCKET": "bucket",
        "DYNAMODB_TABLE": "jobs",
        "SAGEMAKER_ENDPOINT_NAME": "endpoint",
        "INSPECT_FUNCTION_NAME": "iris-inspect",
        "ENGINE": "totalsegmentator",
        "ALLOWED_ORIGINS": "https://iris-oculus.com",
    }


def cold_start(name: str, python: Path, variables: dict[str, str]) -> Start:
    """Start a function, let it answer one event, and stop it."""
    api = RuntimeApi()
    process = subprocess.Popen(
        [python, "-m", "awslambdaric", "handler.handler"],
        env={**variables, "AWS_LAMBDA_RUNTIME_API": api.address},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        api.wait_until_ready()
        init_ms = cpu_ms(process.pid)
        ended = api.invoke(EVENTS[name])
        if ended.kind != "response":
            raise RuntimeError(f"{name} failed: {ended.body}")
        return Start(init_ms, cpu_ms(process.pid) - init_ms, peak_memory_mb(process.pid))
    finally:
        process.kill()
        process.wait()
        api.close()


def cpu_ms(pid: int) -> float:
    """CPU time of a process so far (Linux: schedstat counts nanoseconds by thread)."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6


def peak_memory_mb(pid: int) -> float:
    """Highest resident size of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def typical(starts: Sequence[Start]) -> Start:
    """Medians."""
    return Start(
        statistics.median(start.init_ms for start in starts),
        statistics.median(start.first_call_ms for start in starts),
        statistics.median(start.memory_mb for start in starts),
    )


def make_resources(url: str) -> None:
    """A bucket and a job table."""
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    where = {"region_name": "us-east-1", "endpoint_url": url}
    boto3.client("s3", **keys, **where).create_bucket(Bucket="bucket")
    names = ("job_id", "status")
    boto3.client("dynamodb", **keys, **where).create_table(
        TableName="jobs",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        KeySchema=[{"AttributeName": "job_id", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-status",
                "KeySchema": [{"AttributeName": "status", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )


def measure(
    repetitions: int, folder: Path, python_version: str
) -> tuple[str, dict[str, tuple[Start, Start]]]:
    """The Python that was used, and every function's start without and with bytecode."""
    python = runtime(folder / "runtime", python_version)
    version = subprocess.run(
        [python, "-c", "import platform; print(platform.python_version())"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    sources, compiled = folder / "sources", folder / "compiled"
    build(sources, python)
    shutil.copytree(sources, compiled)
    subprocess.run([python, "-m", "compileall", "-q", compiled], check=False)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    make_resources(url)
    found = {}
    for name in sorted(EVENTS):
        both = []
        for tree in (sources, compiled):
            variables = environment(name, tree, url)
            starts = [cold_start(name, python, variables) for _ in range(repetitions)]
            both.append(typical(starts))
        found[name] = (both[0], both[1])
    server.stop()
    return version, found


def document(version: str, repetitions: int, found: Mapping[str, tuple[Start, Start]]) -> str:
    """Text of docs/COLD_STARTS.md."""
    rows = []
    for name, (source, compiled) in found.items():
        limit = LIMIT_MS.get(name, LIMIT_OF_OTHERS_MS)
        verdict = "yes" if compiled.init_ms <= limit else "no"
        cells = (source.init_ms, compiled.init_ms, limit)
        further = (source.first_call_ms, compiled.first_call_ms, compiled.memory_mb)
        rows.append(
            f"| `{name}` | "
            + " | ".join(f"{cell:.0f}" for cell in cells)
            + f" | {verdict} | "
            + " | ".join(f"{cell:.0f}" for cell in further)
            + " |"
        )
    return TEXT.format(
        version=version, machine=platform.machine(), repetitions=repetitions, rows="\n".join(rows)
    )


TEXT = """# Cold starts of the functions

CPU milliseconds that a new execution environment of each function spends, medians of {repetitions}
starts: every handler under the real `awslambdaric`, with the layers installed from their locks for
this machine (Python {version}, {machine}) and an emulator in AWS's place. Written by

```sh
.venvs/dev/bin/python -m tests.benchmarks.cold_starts
```

CPU time depends little on what else runs. Wall time in AWS is another matter: it adds fetching the
code, and after the init Lambda gives a function CPU in proportion to its memory.

| function | init: sources | bytecode | limit | within | first call: sources | bytecode | peak MB |
| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: |
{rows}

- **Sources** is what a layer without `.pyc` files does at every cold start: it compiles every
  module anew, because Lambda's file system is read-only. **Bytecode** needs the `.pyc` files of
  Lambda's own version of Python in the layers.
- The limits are for init with bytecode: 100 ms for `health`, 250 ms for the others.
- boto3 is imported and clients are made at the first call that needs them, so that they weigh on
  that call and not on init.
"""


def main() -> int:
    """Measure and write; always returns 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=9)
    parser.add_argument(
        "--python", default="3.13", help="as uv takes it; Lambda's, which the locks are for"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        version, found = measure(options.repetitions, Path(folder), options.python)
    DOCUMENT.write_text(document(version, options.repetitions, found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
