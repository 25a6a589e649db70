"""AWS on the laptop: one emulator process with real HTTP endpoints for S3, DynamoDB, SNS and SQS.

The emulator is ministack (MIT). Of what can be had without Docker it alone enforces presigned
URLs (signature, expiry, signed headers), bucket CORS and queue policies, and keeps objects on
disk. The choice lies in this file and :mod:`local_stack.emulator_process`; everything else knows
an endpoint URL.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from local_stack.child_process import ChildFailed, ChildProcess, Launch, free_port

REGION = "us-east-1"
ACCOUNT_ID = "000000000000"
ACCESS_KEY_ID = "iris-local"
SECRET_ACCESS_KEY = "iris-local-secret"  # noqa: S105 - opens nothing but the emulator

REPOSITORY = Path(__file__).resolve().parent.parent
INTERPRETER = REPOSITORY / ".venvs" / "emulator" / "bin" / "python"
START_TIMEOUT_S = 60.0
STOP_GRACE_S = 8.0


@dataclass(frozen=True)
class Emulator:
    """A running emulator."""

    process: ChildProcess
    endpoint_url: str

    def stop(self) -> None:
        """Stop it gracefully: it saves its state first."""
        self.process.stop(grace_s=STOP_GRACE_S)


def start_emulator(data_dir: Path) -> Emulator:
    """Start the emulator on a free port, on the state that the data folder holds.

    Parameters
    ----------
    data_dir : Path
        Objects, tables, topics and queues are kept here.

    Raises
    ------
    ChildFailed
        If its environment is not installed, or it does not come up.
    """
    if not INTERPRETER.exists():
        raise ChildFailed("the emulator's environment is not installed: run `make setup`")
    state = data_dir / "emulator"
    (state / "s3").mkdir(parents=True, exist_ok=True)
    port = free_port()
    process = ChildProcess(
        Launch(
            name="the AWS emulator",
            command=[
                str(INTERPRETER),
                str(Path(__file__).with_name("emulator_process.py")),
                f"--port={port}",
                f"--lock={state / 'lock'}",
            ],
            environment=_environment(state, port),
            log=data_dir / "logs" / "emulator.log",
            folder=state,
        )
    )
    try:
        process.wait_until_ready(port, "/_ministack/ready", timeout_s=START_TIMEOUT_S)
    except ChildFailed:
        process.stop(grace_s=STOP_GRACE_S)
        raise
    return Emulator(process, f"http://127.0.0.1:{port}")


def client_environment(endpoint_url: str) -> dict[str, str]:
    """Environment in which an unmodified AWS client talks to the emulator."""
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _environment(state: Path, port: int) -> dict[str, str]:
    """Settings of ministack; it reads them when it is imported."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(state),
        "TMPDIR": str(state),
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_ACCOUNT_ID": ACCOUNT_ID,
        "MINISTACK_REGION": REGION,
        "AUTH": "true",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(state / "s3"),
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
    }
