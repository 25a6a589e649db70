"""The emulator's process: ministack behind uvicorn, with a state that survives being killed.

Runs in the emulator's own environment, not in the project's: ministack pins botocore. By itself it
saves tables, topics and queues on a graceful stop only; here also within a second of a change.
"""

import argparse
import asyncio
import contextlib
import fcntl
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import uvicorn
from ministack import app as ministack
from ministack.core.persistence import save_all

SAVE_EVERY_S = 1.0
READING = frozenset({"GET", "HEAD", "OPTIONS"})

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class SavingApp:
    """ministack's ASGI application, which remembers whether there is something to save."""

    def __init__(self) -> None:
        self._changed = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request; at start-up, also begin to save."""
        if scope["type"] == "lifespan":
            async with self._saving():
                await ministack.app(scope, receive, send)
            return
        try:
            await ministack.app(scope, receive, send)
        finally:
            if scope.get("method") not in READING:
                self._changed = True

    @contextlib.asynccontextmanager
    async def _saving(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._save_for_ever())
        try:
            yield
        finally:
            task.cancel()

    async def _save_for_ever(self) -> None:
        while True:
            await asyncio.sleep(SAVE_EVERY_S)
            if self._changed:
                self._changed = False
                # Private, and pinned by the lock file: the list of services that hold state.
                save_all(ministack._build_persistence_save_dict())  # noqa: SLF001


def main() -> None:
    """Serve on the given loopback port until SIGTERM; one process per data folder at a time."""
    parser = argparse.ArgumentParser(description="AWS emulator of the local stack")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--lock", type=Path, required=True)
    arguments = parser.parse_args()
    with arguments.lock.open("w") as lock:
        # The emulator of a stack that was killed may still be saving: its state comes first.
        fcntl.flock(lock, fcntl.LOCK_EX)
        uvicorn.run(
            SavingApp(),
            host="127.0.0.1",
            port=arguments.port,
            access_log=False,
            log_level="warning",
            timeout_keep_alive=75,
            timeout_graceful_shutdown=3,
        )


if __name__ == "__main__":
    main()
