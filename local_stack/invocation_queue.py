"""The endpoint's queue, kept on disk: one small JSON file per invocation.

An invocation leaves the queue only when its outcome has been published; whatever was waiting or
running when the stack ended is delivered again when it starts.
"""

import json
import logging
import os
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class QueuedInvocation:
    """What a caller of the asynchronous API asked for.

    Attributes
    ----------
    received_at : float
        UTC epoch seconds.
    output_location, failure_location : str
        S3 URIs that were promised to the caller.
    """

    inference_id: str
    endpoint_name: str
    input_location: str
    output_location: str
    failure_location: str
    content_type: str
    accept: str | None
    custom_attributes: str | None
    timeout_s: int
    ttl_s: int
    received_at: float


class InvocationQueue:
    """First in, first out, one consumer.

    Parameters
    ----------
    folder : Path
        Holds one file per invocation; made if it is missing.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._arrived = threading.Condition()
        self._closed = False

    def put(self, invocation: QueuedInvocation) -> None:
        """Keep an invocation; it is on disk when this returns."""
        with self._arrived:
            path = self._folder / f"{time.time_ns():020d}.json"
            part = path.with_suffix(".part")
            with part.open("w", encoding="utf-8") as file:
                json.dump(asdict(invocation), file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            self._arrived.notify()

    def oldest(self) -> tuple[Path, QueuedInvocation] | None:
        """Wait for the oldest invocation, without taking it out; None once the queue is closed."""
        with self._arrived:
            while not self._closed:
                for path in sorted(self._folder.glob("*.json")):
                    invocation = _read(path)
                    if invocation is not None:
                        return path, invocation
                self._arrived.wait()
            return None

    def remove(self, ticket: Path) -> None:
        """Forget an invocation: its outcome has been published."""
        ticket.unlink(missing_ok=True)

    def __len__(self) -> int:
        return len(list(self._folder.glob("*.json")))

    def close(self) -> None:
        """Wake whoever waits; nothing is handed out any more."""
        with self._arrived:
            self._closed = True
            self._arrived.notify_all()


def _read(path: Path) -> QueuedInvocation | None:
    """The invocation in a file; one that cannot be read is put aside, so that the others go on."""
    try:
        return QueuedInvocation(**json.loads(path.read_text(encoding="utf-8")))
    except (json.JSONDecodeError, TypeError):
        logger.error("%s is no invocation", path)  # noqa: TRY400 - nothing to trace
        path.rename(path.with_suffix(".unreadable"))
        return None
