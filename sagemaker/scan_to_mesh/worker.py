"""The worker: a process of its own that keeps the engine loaded and runs one job at a time.

A crash of native code or the kernel's out-of-memory killer then ends one job and not the
container, a cancelled job can be stopped in the middle of anything, and the server, which loads
neither numpy nor torch, answers at once however busy the worker is.
"""

import logging
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TYPE_CHECKING

from iris_oculus.documents import FailureEntry, Invocation, Result
from iris_oculus.errors import EngineUnavailable, WorkerDied
from iris_oculus.job import JobStatus
from iris_oculus.ports import ConditionFailed
from iris_oculus.wiring import ContainerPorts

from scan_to_mesh.publishing import find_result, withdraw, write_result
from scan_to_mesh.worker_process import Broken, Finished, Machine, Message, Ready, run_jobs

if TYPE_CHECKING:  # the protocol's module loads numpy
    from scan_to_mesh.segmenters.protocol import Segmenter

logger = logging.getLogger(__name__)

HEARTBEAT_S = 10.0
"""How often a running job's record is touched, and a cancel noticed."""


class HandedBack(Exception):
    """The worker was stopped in the middle of a job; nothing was written, so it can be retried."""


class JobLost(Exception):
    """The attempt ended and its result could not be written."""


@dataclass(frozen=True)
class WorkerPlan:
    """What a new worker process opens; both are called inside it, so they must be picklable.

    Attributes
    ----------
    open_ports : callable
        Returns the ports to work with.
    open_segmenter : callable
        Returns the loaded engine; raises EngineUnavailable where it cannot be.
    instance_type : str or None
        What the container runs on, where that is billed.
    """

    open_ports: Callable[[], ContainerPorts]
    open_segmenter: "Callable[[], Segmenter]"
    instance_type: str | None = None


@dataclass(frozen=True)
class _Running:
    """One worker process, the server's end of its connection, and its folder."""

    process: SpawnProcess
    connection: Connection
    scratch: Path

    def receive(self) -> Message | None:
        """The next message, or None if there is none (any more)."""
        try:
            return self.connection.recv() if self.connection.poll() else None
        except (EOFError, OSError):
            return None

    def kill(self) -> None:
        """Kill the process and its children: it leads a group of its own (see ``run_jobs``)."""
        pid = self.process.pid
        with suppress(ProcessLookupError):
            if pid is not None and os.getpgid(pid) == pid:
                os.killpg(pid, signal.SIGKILL)
        self.process.kill()

    def clear(self) -> None:
        """Kill it, wait for its end, and remove its files."""
        self.kill()
        self.process.join()
        self.connection.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def epitaph(self) -> str:
        """Why it ended, once it has."""
        code = self.process.exitcode or 0
        if code == -signal.SIGKILL:
            return "the worker process was killed (SIGKILL): most likely it ran out of memory"
        if code < 0:
            return f"the worker process crashed ({signal.Signals(-code).name})"
        return f"the worker process ended with exit code {code}"


class Worker:
    """The server's side of the worker process. One job at a time: the caller sees to that.

    Parameters
    ----------
    plan : WorkerPlan
    ports : ContainerPorts
        The server's own, for heartbeats and for the result of a worker that died.
    heartbeat_s : float
    """

    def __init__(
        self, plan: WorkerPlan, ports: ContainerPorts, *, heartbeat_s: float = HEARTBEAT_S
    ) -> None:
        self._plan = plan
        self._ports = ports
        self._heartbeat_s = heartbeat_s
        self._lock = threading.Lock()  # `abandon` comes from another thread
        self._current: _Running | None = None
        self._failure: FailureEntry | None = None
        self._abandoned = False
        self._job_was_run = False

    @property
    def pid(self) -> int | None:
        """Process id of the worker, if there is one."""
        return self._current.process.pid if self._current else None

    @property
    def usable(self) -> bool:
        """Whether the worker takes jobs: its engine is not known to be broken."""
        return self._failure is None and not self._abandoned

    def start(self) -> None:
        """Start the process and wait until its engine is loaded.

        Raises
        ------
        EngineUnavailable
            If the engine cannot be loaded, or the process died while loading it.
        """
        current = self._process()
        wait([current.connection, current.process.sentinel])
        message = current.receive()
        if isinstance(message, Ready):
            return
        self._clear()
        if isinstance(message, Broken):
            raise EngineUnavailable(message.failure.message, hint=message.failure.hint)
        raise EngineUnavailable(f"While loading the engine, {current.epitaph()}.")

    def run(self, invocation: Invocation) -> Result:
        """Run one job to its end.

        Returns
        -------
        Result
            As stored, whatever its status. A worker that dies makes one with status ``failed``,
            and a new process takes the next job.

        Raises
        ------
        HandedBack
            If :meth:`abandon` was called before or meanwhile.
        JobLost
            If no result could be written.
        """
        current = self._process()
        self._job_was_run = True
        with suppress(BrokenPipeError):  # it died just now: noticed below
            current.connection.send(invocation)
        while True:
            wait([current.connection, current.process.sentinel], timeout=self._heartbeat_s)
            message = current.receive()
            match message:
                case Finished(result=None):
                    raise JobLost
                case Finished(result=Result() as result):
                    return result
                case Ready():
                    self._failure = None
                case Broken(failure=failure):
                    self._failure = failure
                case _ if not current.process.is_alive():
                    return self._bury(current, invocation)
                case _ if not self._beat(invocation):
                    return self._stop_working(invocation)

    def abandon(self) -> None:
        """Stop the process, for good; may be called while another thread is in :meth:`run`."""
        with self._lock:
            self._abandoned = True
            if self._current is not None:
                self._current.kill()

    def close(self) -> None:
        """End the process and remove its files; to be called when no job runs."""
        self.abandon()
        self._clear()

    def _process(self) -> _Running:
        if self._current is not None and not self._current.process.is_alive():
            if not self._abandoned:
                logger.warning("the worker died while idle: %s", self._current.epitaph())
            self._clear()
        with self._lock:
            if self._abandoned:
                raise HandedBack
            if self._current is None:
                self._current = _spawn(self._plan, used_before=self._job_was_run)
            return self._current

    def _clear(self) -> None:
        with self._lock:
            if self._current is not None:
                self._current.clear()
                self._current = None

    def _beat(self, invocation: Invocation) -> bool:
        """Touch the job's record; False if the job is over."""
        try:
            self._ports.jobs.report(
                invocation.job_id, attempt=invocation.attempt, now=self._ports.clock.now()
            )
        except ConditionFailed:
            return False
        except Exception:
            logger.warning(
                "a heartbeat could not be written",
                exc_info=True,
                extra={"job_id": invocation.job_id},
            )
        return True

    def _stop_working(self, invocation: Invocation) -> Result:
        self._clear()
        result = withdraw(self._ports.jobs, self._ports.objects, invocation)
        self._warm_up()
        return result

    def _bury(self, dead: _Running, invocation: Invocation) -> Result:
        """Write the result of a job whose worker died, unless there is one or it was told to."""
        self._clear()
        known = find_result(self._ports.objects, invocation)
        if known is not None:
            return known
        if self._abandoned:
            raise HandedBack
        if not self._beat(invocation):
            return self._stop_working(invocation)
        failure = self._failure or FailureEntry.of(WorkerDied(dead.epitaph()))
        logger.error(failure.message, extra={"job_id": invocation.job_id, "code": failure.code})
        result = Result(
            job_id=invocation.job_id,
            attempt=invocation.attempt,
            status=JobStatus.FAILED,
            failure=failure,
        )
        write_result(self._ports.objects, result)
        if self._failure is None:
            self._warm_up()
        return result

    def _warm_up(self) -> None:
        """Let the next process load its engine while there is no job."""
        with suppress(HandedBack):
            self._process()


def _spawn(plan: WorkerPlan, *, used_before: bool) -> _Running:
    # Not fork: boto3's and torch's threads and locks do not survive it.
    context = multiprocessing.get_context("spawn")
    scratch = Path(tempfile.mkdtemp(prefix="iris-oculus-"))
    ours, theirs = context.Pipe()
    machine = Machine(plan.instance_type, used_before)
    process = context.Process(
        target=run_jobs,
        args=(theirs, plan.open_ports, plan.open_segmenter, scratch, machine),
        name="scan-to-mesh-worker",
    )
    process.start()
    theirs.close()  # only the worker holds its end: its death ends the connection
    return _Running(process, ours, scratch)
