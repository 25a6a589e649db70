"""A process that the stack runs: started tethered, awaited until it answers, stopped in order."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

TETHER = Path(__file__).with_name("tether.py")
PROBE_EVERY_S = 0.05


class ChildFailed(Exception):
    """A child ended, or did not answer in time, while the stack needed it."""


def free_port() -> int:
    """A TCP port of the loopback interface that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int, path: str, *, timeout_s: float = 1.0) -> bool:
    """Whether ``GET path`` on the loopback port answers 200 in time."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return response.status == http.HTTPStatus.OK
    finally:
        connection.close()


@dataclass(frozen=True)
class Launch:
    """How to start a child.

    Attributes
    ----------
    name : str
        What messages call it.
    command : sequence of str
        Interpreter first: it also runs the tether.
    environment : mapping of str to str
        All of the child's environment.
    log : Path
        Its output is appended here.
    folder : Path
        Its working directory.
    when_orphaned : signal
        What it gets when this process ends without stopping it.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    folder: Path
    when_orphaned: signal.Signals = signal.SIGTERM


class ChildProcess:
    """One running child, started when this is made.

    It lives in a session of its own: Ctrl-C in a terminal reaches the stack only, which then stops
    its children in the right order.
    """

    def __init__(self, launch: Launch) -> None:
        self.name = launch.name
        self.log = launch.log
        launch.log.parent.mkdir(parents=True, exist_ok=True)
        tether = [launch.command[0], str(TETHER), launch.when_orphaned.name]
        with launch.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*tether, *launch.command],
                env=dict(launch.environment),
                cwd=launch.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def wait_until_ready(self, port: int, path: str, *, timeout_s: float) -> None:
        """Wait until ``GET path`` answers 200.

        Raises
        ------
        ChildFailed
            If the process ends first, or the time is over.
        """
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if not self.running:
                raise ChildFailed(f"{self.name} ended while starting; see {self.log}")
            if answers(port, path):
                return
            time.sleep(PROBE_EVERY_S)
        raise ChildFailed(f"{self.name} did not answer within {timeout_s:.0f} s; see {self.log}")

    def wait(self, timeout_s: float) -> bool:
        """Whether it ended within the time."""
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self, *, grace_s: float) -> None:
        """SIGTERM, then SIGKILL to its whole session when the grace is over."""
        if self.running:
            self._process.terminate()
        if not self.wait(grace_s):
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop(grace_s=10)
