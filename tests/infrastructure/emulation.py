"""Running the repository's shell scripts against an emulator of AWS, over HTTP."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
from moto.server import ThreadedMotoServer

from tests.conftest import REPOSITORY


@contextmanager
def moto_url() -> Iterator[str]:
    """Address of a moto server that lives as long as the block, with nothing in it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        url = f"http://{host}:{port}"
        httpx.post(f"{url}/moto-api/reset").raise_for_status()  # its state is the process's
        yield url
    finally:
        server.stop()


def credentials(endpoint_url: str) -> dict[str, str]:
    """Environment in which AWS clients talk to an emulator and to nothing else."""
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": "emulated",
        "AWS_SECRET_ACCESS_KEY": "emulated",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
    }


def run_script(
    name: str,
    *arguments: str,
    environment: Mapping[str, str],
    answers: str = "",
    checkout: Path = REPOSITORY,
) -> subprocess.CompletedProcess[str]:
    """Run ``scripts/<name>`` of a checkout; ``answers`` is what is typed."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("AWS_", "MAKE", "MFLAGS"))
    }
    return subprocess.run(
        [checkout / "scripts" / name, *arguments],
        env={**kept, **environment},
        input=answers,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
