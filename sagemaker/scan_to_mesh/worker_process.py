"""What runs inside the worker process, and what it says to the server's side."""

import faulthandler
import logging
import multiprocessing
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from iris_oculus.documents import FailureEntry, InstanceEntry, Invocation, Result
from iris_oculus.errors import EngineUnavailable, IrisOculusError
from iris_oculus.wiring import ContainerPorts

from scan_to_mesh.json_logs import configure_logs

if TYPE_CHECKING:  # the protocol's module loads numpy, which the server does without
    from scan_to_mesh.segmenters.protocol import Segmenter

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ready:
    """The engine is loaded."""


@dataclass(frozen=True)
class Broken:
    """The engine cannot be loaded; the process ends."""

    failure: FailureEntry


@dataclass(frozen=True)
class Finished:
    """A job is over; ``result`` is None where it could not be stored."""

    result: Result | None


Message = Ready | Broken | Finished


@dataclass(frozen=True)
class Machine:
    """What the worker runs on.

    Attributes
    ----------
    instance_type : str or None
        None where the machine is not billed by the hour.
    used_before : bool
        An earlier worker process of this container has taken jobs.
    """

    instance_type: str | None
    used_before: bool

    def entry(self, *, first_of_process: bool, began_at: float) -> InstanceEntry | None:
        """What a result says of it; None where there is nothing to bill."""
        if self.instance_type is None:
            return None
        return InstanceEntry(
            instance_type=self.instance_type,
            first_job=first_of_process and not self.used_before,
            began_at=began_at,
        )


def run_jobs(
    connection: Connection,
    open_ports: Callable[[], ContainerPorts],
    open_segmenter: "Callable[[], Segmenter]",
    scratch: Path,
    machine: Machine,
) -> None:
    """Load the engine, then process invocations until the connection closes.

    Parameters
    ----------
    connection : Connection
        Gives :class:`Invocation` objects, takes :data:`Message` objects.
    open_ports, open_segmenter : callable
        See :class:`scan_to_mesh.worker.WorkerPlan`.
    scratch : Path
        Folder of this process alone.
    machine : Machine
    """
    os.setsid()  # a Ctrl-C for the server is not for the job; and children end with the group
    configure_logs()
    faulthandler.enable()
    threading.Thread(target=_end_with_parent, args=(scratch,), daemon=True).start()
    try:
        segmenter = open_segmenter()
        ports = open_ports()
        # Here, and not above: this module is also the server's, which stays light.
        from scan_to_mesh.pipeline import process
    except Exception as error:  # the server decides what becomes of it
        logger.exception("the engine cannot be loaded")
        connection.send(Broken(_why_broken(error)))
        return
    connection.send(Ready())
    first = True
    while True:
        try:
            invocation: Invocation = connection.recv()
        except EOFError:  # the server is gone
            shutil.rmtree(scratch, ignore_errors=True)
            return
        result = None
        instance = machine.entry(first_of_process=first, began_at=ports.clock.now())
        first = False
        try:
            with tempfile.TemporaryDirectory(dir=scratch) as folder:
                result = process(
                    invocation,
                    segmenter=segmenter,
                    ports=ports,
                    folder=Path(folder),
                    instance=instance,
                )
        except Exception:  # the bucket or the table cannot be reached
            logger.exception("no result could be written", extra={"job_id": invocation.job_id})
        connection.send(Finished(result))


def _why_broken(error: Exception) -> FailureEntry:
    if isinstance(error, IrisOculusError):
        return FailureEntry.of(error)
    return FailureEntry.of(EngineUnavailable("The engine could not be loaded."))


def _end_with_parent(scratch: Path) -> None:
    """End at once when the server's process is gone: its job is retried by whoever notices."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        shutil.rmtree(scratch, ignore_errors=True)
        os._exit(1)
