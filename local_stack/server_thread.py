"""An ASGI application served on a loopback port from a thread of this process."""

import threading
import time

import uvicorn
from starlette.types import ASGIApp

from local_stack.child_process import free_port

START_TIMEOUT_S = 10.0


class ServerThread:
    """Starts serving when made.

    Parameters
    ----------
    application : ASGI application
    name : str
        Of the thread.

    Raises
    ------
    RuntimeError
        If it does not come up.
    """

    def __init__(self, application: ASGIApp, *, name: str) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._server = uvicorn.Server(
            uvicorn.Config(
                application,
                host="127.0.0.1",
                port=port,
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=2,
            )
        )
        self._thread = threading.Thread(target=self._server.run, name=name, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise RuntimeError(f"{name} did not start")
            time.sleep(0.01)

    def stop(self) -> None:
        """Finish what is being answered and end."""
        self._server.should_exit = True
        self._thread.join(5)
