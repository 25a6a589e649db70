"""Writes down which AWS operations each function calls, to hold them against its rights."""

import contextlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boto3.session import Session
    from botocore.model import OperationModel

VARIABLE = "RECORD_AWS_CALLS"
"""Names the file of the record; nothing is recorded while it is not set."""

_running: ContextVar[str | None] = ContextVar("running", default=None)


@contextlib.contextmanager
def running(function_id: str) -> Iterator[None]:
    """Ascribe what this thread calls to a function, by its logical id."""
    token = _running.set(function_id)
    try:
        yield
    finally:
        _running.reset(token)


class CallRecorder:
    """Appends a line of JSON for each new pair of function and operation.

    Parameters
    ----------
    path : Path
        Many processes may append to it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: set[tuple[str | None, str]] = set()
        self._lock = threading.Lock()

    def watch(self, session: "Session") -> None:
        """Record what clients do that are made of the session from now on, signing URLs included.

        Transfers of files run in threads of their own, and are ascribed to no function.
        """
        session.events.register("before-parameter-build", self._record)

    def _record(self, model: "OperationModel", **_event: Any) -> None:
        call = f"{model.service_model.service_name}:{model.name}"
        with self._lock:
            if (_running.get(), call) in self._seen:
                return
            self._seen.add((_running.get(), call))
            with self._path.open("a") as file:
                file.write(json.dumps({"function": _running.get(), "call": call}) + "\n")


def record_calls(session: "Session", environment: Mapping[str, str] = os.environ) -> None:
    """Record a session's calls where the environment asks for it."""
    path = environment.get(VARIABLE)
    if path:
        CallRecorder(Path(path)).watch(session)
