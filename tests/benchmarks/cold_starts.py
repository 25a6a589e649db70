"""Measure cold starts of every handler under the real runtime client, and write the figures.

`make benchmark-cold-starts` builds the layers for this machine by their Makefiles, drives each
handler through awslambdaric and writes docs/COLD_STARTS.md. It takes some minutes.
"""

import argparse
import logging
import os
import platform
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

from scripts.operations.lambda_python import VERSION, lambda_python
from tests.benchmarks.mounted_layers import (
    FUNCTIONS_TO_COMPARE,
    REPOSITORY,
    Mounted,
    mount,
    runtime,
    without_bytecode,
)
from tests.benchmarks.runtime_api import RuntimeApi
from tests.unit.lambdas.conftest import proxy_event
from tests.unit.lambdas.test_events import inference_event, sqs_event

DOCUMENT = REPOSITORY / "docs" / "COLD_STARTS.md"
LIMIT_MS = {"health": 100.0}
LIMIT_OF_OTHERS_MS = 250.0
CONTROL_WHERE_LIMITS_WERE_SET_MS = 85.0
JOB_ID = "abc123def456"
EVENTS: Mapping[str, dict[str, Any]] = {
    "authorizer": {"type": "REQUEST", "methodArn": "arn:aws:execute-api:us-east-1:1:a/s/GET/jobs"},
    "control": proxy_event("GET", "/healthz"),
    "completion": sqs_event(inference_event(JOB_ID, "Completed")),
    "empty": {},
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


def environment(name: str, mounted: Mounted, endpoint_url: str) -> dict[str, str]:
    """A function's environment."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": mounted.python_path(name),
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
        "POWERTOOLS_METRICS_NAMESPACE": "IrisOculus/benchmark",
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


def measure(repetitions: int, folder: Path, interpreter: Path) -> dict[str, tuple[Start, Start]]:
    """Every function's start, without and with bytecode in its layers."""
    python = runtime(folder / "runtime", interpreter)
    compiled = mount(folder / "compiled", python)
    trees = (without_bytecode(compiled, folder / "sources"), compiled)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # moto's log of requests
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    make_resources(url)
    starts: dict[str, tuple[list[Start], list[Start]]] = {name: ([], []) for name in EVENTS}
    # In turns, so that a spell in which the machine is slow weighs on all alike.
    for _ in range(repetitions):
        for name, both in starts.items():
            for tree, those in zip(trees, both, strict=True):
                those.append(cold_start(name, python, environment(name, tree, url)))
    server.stop()
    return {
        name: (typical(sources), typical(bytecode)) for name, (sources, bytecode) in starts.items()
    }


def version_of(interpreter: Path) -> str:
    """Full version of a Python."""
    ask = [interpreter, "-c", "import platform; print(platform.python_version())"]
    return subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip()


def row(name: str, found: Mapping[str, tuple[Start, Start]]) -> str:
    """One function's line of the table."""
    sources, compiled = found[name]
    ours = name not in FUNCTIONS_TO_COMPARE
    limit = LIMIT_MS.get(name, LIMIT_OF_OTHERS_MS)
    cells = [
        f"`{name}`" if ours else f"({name})",
        f"{sources.init_ms:.0f}",
        f"{compiled.init_ms:.0f}",
        f"{limit:.0f}" if ours else "",
        ("yes" if compiled.init_ms <= limit else "no") if ours else "",
        f"{compiled.init_ms / found['control'][1].init_ms:.2f}",
        f"{sources.first_call_ms:.0f}",
        f"{compiled.first_call_ms:.0f}",
        f"{compiled.memory_mb:.0f}",
    ]
    return "| " + " | ".join(cells) + " |"


def document(version: str, repetitions: int, found: Mapping[str, tuple[Start, Start]]) -> str:
    """Text of docs/COLD_STARTS.md."""
    names = [*FUNCTIONS_TO_COMPARE, *sorted(found.keys() - FUNCTIONS_TO_COMPARE.keys())]
    own_limit, limit = (
        each / CONTROL_WHERE_LIMITS_WERE_SET_MS for each in (LIMIT_MS["health"], LIMIT_OF_OTHERS_MS)
    )
    return TEXT.format(
        version=version,
        machine=platform.machine(),
        repetitions=repetitions,
        rows="\n".join(row(name, found) for name in names),
        control=CONTROL_WHERE_LIMITS_WERE_SET_MS,
        here=found["control"][1].init_ms,
        health_ratio=own_limit,
        ratio=limit,
    )


TEXT = """# Cold starts of the functions

CPU milliseconds that a new execution environment of each function spends, medians of {repetitions}
starts: every handler under the real `awslambdaric`, with its layers built by their own Makefiles,
for this machine (Python {version}, {machine}), and an emulator in AWS's place. Written by

```sh
make benchmark-cold-starts
```

| function | init: sources | bytecode | limit | within | ratio | call: sources | bytecode | MB |
| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: |
{rows}

- **Sources**: layers without `.pyc` files, which compile every module anew at each cold start, as
  Lambda's file system is read-only. **Bytecode**: layers as a deployment builds them where it finds
  a Python 3.13 (`LAMBDA_PYTHON`).
- **Limit** is for init with bytecode: 100 ms for `health`, 250 ms for the others; **within** is
  this run's word on it. **Call** is the first call, **MB** the most memory that was in use.
- **(empty)** is a function that does nothing, and **(control)** one that has Powertools' logger and
  HTTP resolver and nothing of ours. **Ratio**, init with bytecode to the control's, tells the
  functions from the machine's speed: where the limits were set, the control took about
  {control:.0f} ms, which makes the limits {health_ratio:.1f} and {ratio:.1f}. In this run
  it took {here:.0f} ms.
- boto3 is imported and clients are made at the first call that needs them; so are the libraries
  with which `inspect` reads scans. Nobody waits for that function: it is invoked asynchronously.
- CPU time depends little on what else runs, but on how fast the machine is at the moment. Wall time
  in AWS is another matter: it adds fetching the code, and after the init Lambda gives a function
  CPU in proportion to its memory.
"""


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=9)
    options = parser.parse_args()
    interpreter = lambda_python(os.environ)
    if interpreter is None:
        parser.error(f"there is no Python {VERSION} here: set LAMBDA_PYTHON to one")
    with tempfile.TemporaryDirectory() as folder:
        found = measure(options.repetitions, Path(folder), interpreter)
    text = document(version_of(interpreter), options.repetitions, found)
    DOCUMENT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
