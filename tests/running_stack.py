"""``python app.py`` for tests: a process, a port and a data folder of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from local_stack.child_process import answers, free_port
from local_stack.client import ApiClient
from tests.conftest import REPOSITORY

START_TIMEOUT_S = 120
STOP_TIMEOUT_S = 30


class RunningApp:
    """``python app.py`` as a user runs it; tests may kill it and start it again on its data."""

    def __init__(self, data_dir: Path, engine: str = "hounsfield") -> None:
        self.data_dir = data_dir
        self.engine = engine
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = {
            "PORT": str(self.port),
            "DATA_DIR": str(self.data_dir),
            "ENGINE": self.engine,
        }
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with (self.data_dir / "app.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=REPOSITORY,
                env=os.environ | settings,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not answers(self.port, "/healthz"):
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.1)

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        return self.process.wait(STOP_TIMEOUT_S)

    def log(self) -> str:
        """What it printed."""
        return (self.data_dir / "app.log").read_text(errors="replace")

    def client(self, user_id: str = "tester") -> ApiClient:
        """A client for a user; close it, or use it in a `with`."""
        return ApiClient(self.url, user_id=user_id)
