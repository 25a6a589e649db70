"""The container's HTTP server, as SageMaker calls it: ``GET /ping`` and ``POST /invocations``.

Standard library only: there is one caller, one job at a time, and a ping every few seconds, so
an ASGI server would bring an event loop and three packages for nothing.
"""

import functools
import json
import logging
import signal
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import FrameType
from typing import Protocol

from iris_oculus.documents import Invocation, Result
from iris_oculus.errors import EngineUnavailable
from iris_oculus.settings import SettingMissing
from iris_oculus.wiring import container_ports

from scan_to_mesh.invocation_request import (
    NO_ROUTE,
    Refusal,
    parse_invocation,
    read_body,
    unavailable,
)
from scan_to_mesh.json_logs import configure_logs
from scan_to_mesh.segmenters import check_engine, open_segmenter
from scan_to_mesh.settings import ContainerSettings, InvalidEnvironment
from scan_to_mesh.worker import HandedBack, Worker, WorkerPlan

logger = logging.getLogger(__name__)

GRACE_S = 25.0
"""What a running job gets after SIGTERM; SageMaker sends SIGKILL 30 s after it."""
BUSY_WAIT_S = 2.0
"""The next job may come before the last one's answer is quite put away."""
IDLE_CONNECTION_S = 60.0


class JobRunner(Protocol):
    """What the server needs of :class:`scan_to_mesh.worker.Worker`."""

    @property
    def usable(self) -> bool:
        """Whether it takes jobs."""

    def run(self, invocation: Invocation) -> Result:
        """Run one job to its end; raises HandedBack after :meth:`abandon`."""

    def abandon(self) -> None:
        """Stop, also in the middle of a job."""


class InferenceServer(ThreadingHTTPServer):
    """Takes one invocation at a time, and pings always.

    Parameters
    ----------
    address : tuple of str and int
        Host and port; port 0 takes a free one.
    worker : JobRunner
    """

    daemon_threads = True  # an idle kept-alive connection must not hold up the end

    def __init__(self, address: tuple[str, int], worker: JobRunner) -> None:
        super().__init__(address, _Handler)
        self._worker = worker
        self._busy = threading.Lock()
        self._loaded = False
        self._stopping = False

    @property
    def healthy(self) -> bool:
        """Whether an invocation would be taken now or once the running one is over."""
        return self._loaded and not self._stopping and self._worker.usable

    def open_for_jobs(self) -> None:
        """Take invocations from now on: the worker has its engine."""
        self._loaded = True

    def try_begin(self) -> None:
        """Claim the worker for one request; :meth:`end` gives it back.

        Raises
        ------
        Refusal
            If it is taken, not loaded yet, or the server is stopping.
        """
        if not self._loaded:
            raise unavailable("loading", "the engine is still being loaded")
        if self._stopping:
            raise unavailable("stopping", "the container is stopping")
        if not self._busy.acquire(timeout=BUSY_WAIT_S):
            raise unavailable("busy", "another job is running")
        if self._stopping:  # meanwhile
            self._busy.release()
            raise unavailable("stopping", "the container is stopping")

    def end(self) -> None:
        """Give the worker back, once the answer is written."""
        self._busy.release()

    def run(self, invocation: Invocation) -> Result:
        """Run one job; see :class:`JobRunner`."""
        return self._worker.run(invocation)

    def drain(self, grace_s: float) -> None:
        """Take no more invocations, give the running one some time, then hand it back."""
        self._stopping = True
        if not self._busy.acquire(timeout=grace_s):
            logger.warning("the running job is handed back: the container has to stop")
            self._worker.abandon()
            self._busy.acquire(timeout=3)  # its answer is still to be written


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: InferenceServer
    protocol_version = "HTTP/1.1"
    timeout = IDLE_CONNECTION_S

    def do_GET(self) -> None:
        """``/ping``."""
        if self.path != "/ping":
            self._refuse(NO_ROUTE)
        elif self.server.healthy:
            self._answer(HTTPStatus.OK, {"ok": True})
        else:
            self._refuse(unavailable("not_ready", "the worker takes no jobs"))

    def do_POST(self) -> None:
        """``/invocations``."""
        try:
            body = read_body(self.headers, self.rfile)
        except Refusal as refusal:
            self.close_connection = True  # what remains of the body is not read
            self._refuse(refusal)
            return
        if self.path != "/invocations":
            self._refuse(NO_ROUTE)
            return
        try:
            invocation = parse_invocation(body)
            self.server.try_begin()
        except Refusal as refusal:
            self._refuse(refusal)
            return
        try:
            self._run(invocation)
        finally:
            self.server.end()

    def _run(self, invocation: Invocation) -> None:
        try:
            result = self.server.run(invocation)
        except HandedBack:
            self._refuse(unavailable("stopping", "the container is stopping"))
        except Exception:  # the caller must get an answer
            logger.exception(
                "the invocation ended without a result", extra={"job_id": invocation.job_id}
            )
            self._refuse(
                Refusal(
                    HTTPStatus.INTERNAL_SERVER_ERROR,
                    "internal_error",
                    "no result could be written",
                    "Send the invocation again later.",
                )
            )
        else:
            self._answer(HTTPStatus.OK, _summary(result))

    def _refuse(self, refusal: Refusal) -> None:
        self._answer(refusal.status, refusal.body)

    def _answer(self, status: HTTPStatus, body: dict[str, object]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))  # asynchronous endpoints insist on it
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Write no access log: pings would drown everything else."""


def _summary(result: Result) -> dict[str, object]:
    return {
        "ok": True,
        "jobId": result.job_id,
        "attempt": result.attempt,
        "status": result.status.value,
        "failure": result.failure.model_dump() if result.failure else None,
    }


def serve(plan: WorkerPlan, *, host: str, port: int, grace_s: float = GRACE_S) -> None:
    """Serve until SIGTERM or SIGINT.

    Parameters
    ----------
    plan : WorkerPlan
        What each worker process opens.
    host : str
        The address to listen on.
    port : int
        Where to listen; 0 takes a free port, which the log line ``ready`` names.
    grace_s : float
        How long a running job may go on after the signal before it is handed back.

    Raises
    ------
    EngineUnavailable
        If the engine cannot be loaded: nothing else takes its place.
    """
    worker = Worker(plan, plan.open_ports())
    stop = threading.Event()
    _on_stop_signals(lambda: sys.exit(0))  # while loading there is nothing to finish
    with InferenceServer((host, port), worker) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            worker.start()
            _on_stop_signals(stop.set)
            server.open_for_jobs()
            logger.info("ready", extra={"port": server.server_port})
            stop.wait()
            server.drain(grace_s)
        finally:
            server.shutdown()
            worker.close()
    logger.info("stopped")


def _on_stop_signals(act: Callable[[], object]) -> None:
    def handle(_number: int, _frame: FrameType | None) -> None:
        act()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)


def main(arguments: list[str]) -> int:
    """Run the container's command line: ``serve`` is all that SageMaker ever asks for.

    Returns
    -------
    int
        Exit code: 0 after a stop that was asked for, 1 if the container cannot run, 2 for a
        command that does not exist.
    """
    configure_logs()
    if arguments != ["serve"]:
        logger.error("the only command is: serve")
        return 2
    try:
        settings = ContainerSettings.from_environment()
        check_engine(settings.engine)
        logger.info("starting", extra={"engine": settings.engine})
        plan = WorkerPlan(
            container_ports, functools.partial(open_segmenter, settings), settings.instance_type
        )
        serve(plan, host=settings.host, port=settings.port)
    except (InvalidEnvironment, SettingMissing) as error:
        logger.critical("the container cannot start: %s", error)
        return 1
    except EngineUnavailable as error:
        logger.critical(
            "the container cannot start: %s. %s",
            error.message.rstrip("."),
            error.hint,
            extra={"code": error.code},
        )
        return 1
    except Exception:
        logger.critical("the container cannot run", exc_info=True)
        return 1
    return 0
