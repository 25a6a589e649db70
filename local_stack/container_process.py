"""The endpoint's container on the laptop: its server as a process, started again when it dies."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from local_stack.child_process import ChildFailed, ChildProcess, Launch, answers, free_port

REPOSITORY = Path(__file__).resolve().parent.parent
SERVER = REPOSITORY / "sagemaker" / "inference.py"
ENGINE_INTERPRETERS = {
    "totalsegmentator": REPOSITORY / ".venvs" / "totalsegmentator" / "bin" / "python"
}
"""Engines with an environment of their own; the others run where the stack runs."""

READY_TIMEOUT_S = 300.0
"""Loading TotalSegmentator's weights from a slow disk takes minutes."""
STOP_GRACE_S = 5.0
"""Short: what is running is delivered again at the next start."""
RESTART_PAUSES_S = (0.5, 2.0, 8.0, 30.0)
GIVE_UP_AFTER = 3
"""Starts in a row that never became ready, after which invocations fail instead of waiting."""
WATCH_EVERY_S = 0.2

logger = logging.getLogger(__name__)


class ContainerBroken(Exception):
    """The container cannot be started: no invocation can be served."""


class ContainerProcess:
    """Keeps one container server running.

    Parameters
    ----------
    engine : str
        Which engine it runs; decides on the interpreter.
    environment : mapping of str to str
        Added to the container's environment: bucket, table, credentials, endpoint URLs.
    log : Path
        Its output is appended here.
    server : Path, optional
        The script that serves.
    """

    def __init__(
        self, engine: str, environment: Mapping[str, str], log: Path, server: Path = SERVER
    ) -> None:
        self._server = server
        self._engine = engine
        self._environment = environment
        self._log = log
        self._port = free_port()
        self._stopping = threading.Event()
        self._child: ChildProcess | None = None
        self._failed_starts = 0
        self._ready = False
        # The thread outlives the child: Linux ties a child to the thread that made it.
        self._thread = threading.Thread(target=self._supervise, name="container", daemon=True)

    def start(self) -> None:
        """Start the server; it becomes ready later."""
        self._thread.start()

    def url(self) -> str:
        """Where it listens.

        Raises
        ------
        ContainerBroken
            If it failed to start several times in a row.
        """
        if self._failed_starts >= GIVE_UP_AFTER:
            raise ContainerBroken(f"the container does not start; see {self._log}")
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int | None:
        """Process id of the server that runs now."""
        return self._child.pid if self._child is not None else None

    @property
    def ready(self) -> bool:
        """Whether the server that runs now can take work."""
        return self._ready

    def stop(self) -> None:
        """Stop the server, for good."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_GRACE_S + 10)

    def _supervise(self) -> None:
        while not self._stopping.is_set():
            try:
                self._run_once()
            except (ChildFailed, OSError):
                self._failed_starts += 1
                logger.error("the container did not start; see %s", self._log)  # noqa: TRY400 - the log says why
            pauses = RESTART_PAUSES_S[: self._failed_starts + 1]
            self._stopping.wait(pauses[-1])

    def _run_once(self) -> None:
        """One life of the server, from start to end."""
        self._port = free_port()
        self._child = ChildProcess(
            Launch(
                name="the container",
                command=[self._interpreter(), str(self._server), "serve"],
                environment=self._all_of_environment(),
                log=self._log,
                folder=REPOSITORY,
                # After SIGTERM it would go on with a job that the next stack takes up as well.
                when_orphaned=signal.SIGKILL,
            )
        )
        try:
            if self._wait_until_ready(self._child):
                self._failed_starts = 0
                self._ready = True
                while not self._stopping.wait(WATCH_EVERY_S) and self._child.running:
                    pass
        finally:
            self._ready = False
            self._child.stop(grace_s=STOP_GRACE_S)
        if not self._stopping.is_set():
            logger.warning("the container ended; it is started again")

    def _wait_until_ready(self, child: ChildProcess) -> bool:
        """Whether it became ready; False if the stack stops first."""
        for _ in range(round(READY_TIMEOUT_S / WATCH_EVERY_S)):
            if self._stopping.wait(WATCH_EVERY_S):
                return False
            if answers(self._port, "/ping"):
                return True
            if not child.running:
                raise ChildFailed("the container ended while starting")
        raise ChildFailed("the container did not become ready in time")

    def _interpreter(self) -> str:
        interpreter = ENGINE_INTERPRETERS.get(self._engine, Path(sys.executable))
        if not interpreter.exists():
            raise ChildFailed(f"the environment of the engine {self._engine} is not installed")
        return str(interpreter)

    def _all_of_environment(self) -> dict[str, str]:
        sources = ("layers/iris_oculus/python", "layers/iris_imaging/python", "sagemaker")
        return {
            "ALLOW_WEIGHTS_DOWNLOAD": "true",  # on a laptop; the image has its weights baked in
            **os.environ,
            **self._environment,
            "ENGINE": self._engine,
            "PYTHONPATH": os.pathsep.join(str(REPOSITORY / source) for source in sources),
            "PYTHONUNBUFFERED": "1",
            "BIND_TO_HOST": "127.0.0.1",  # a scan server is nobody's business on the network
            "SAGEMAKER_BIND_TO_PORT": str(self._port),
        }
