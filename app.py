"""Local development server: the API of ``template.yaml`` and the page, on one port.

``python app.py`` runs the whole local stack until Ctrl-C. ``PORT``, ``DATA_DIR`` and ``ENGINE``
override what it uses.
"""

import contextlib
import logging
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from local_stack.child_process import ChildFailed
from local_stack.data_folder import DataFolderBusy
from local_stack.gateway import Gateway
from local_stack.stack import StackSettings, local_stack

FRONTEND = Path(__file__).resolve().parent / "frontend" / "dist"


class Site:
    """The API, and the built frontend wherever the API has no route.

    Parameters
    ----------
    gateway : Gateway
    frontend : Path
        Folder of the built frontend; may be missing.
    """

    def __init__(self, gateway: Gateway, frontend: Path) -> None:
        self._gateway = gateway
        self._frontend = frontend

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        reading = scope["method"] in {"GET", "HEAD"}
        if reading and not self._gateway.serves("GET", scope["path"]) and self._frontend.is_dir():
            try:
                page = await StaticFiles(directory=self._frontend, html=True).get_response(
                    scope["path"].lstrip("/") or ".", scope
                )
            except HTTPException:
                pass  # no such file: the API says so in its own words
            else:
                await page(scope, receive, send)
                return
        await self._gateway(scope, receive, send)


@contextlib.contextmanager
def functions_log(path: Path) -> Iterator[None]:
    """Send what functions print, their logs and metrics, to a file instead of the terminal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", buffering=1, encoding="utf-8") as log, contextlib.redirect_stdout(log):
        yield


def main() -> int:
    """Run until Ctrl-C or SIGTERM.

    Returns
    -------
    int
        Exit code: 0 after a stop that was asked for, 1 if the stack cannot run.
    """
    settings = StackSettings.from_environment(os.environ)
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    # As Ctrl-C, so that everything is stopped in order: uvicorn hands the signal on when it ends.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    terminal = sys.stdout
    try:
        with (
            functions_log(settings.data_dir / "logs" / "functions.log"),
            local_stack(settings) as stack,
        ):
            terminal.write(
                f"IRIS Oculus listens on http://localhost:{settings.port}\n"
                f"engine: {settings.engine}\n"
                f"data and logs: {settings.data_dir.resolve()}\n"
            )
            terminal.flush()
            _serve(Site(stack.gateway, FRONTEND), settings.port)
    except (ChildFailed, DataFolderBusy) as error:
        sys.stderr.write(f"The local stack cannot run: {error}\n")
        return 1
    except KeyboardInterrupt:
        pass  # asked for
    return 0


def _serve(site: Site, port: int) -> None:
    uvicorn.run(
        site,
        host="127.0.0.1",
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    sys.exit(main())
