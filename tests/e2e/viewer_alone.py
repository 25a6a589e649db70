"""The viewer without API and panels, and what can be measured on its pictures."""

import io
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Route, expect

from tests.conftest import REPOSITORY

Picture = npt.NDArray[np.uint8]
LOADED_MS = 60_000
SERVER_TIMEOUT_S = 30
ALL_DRAWN = """() => new Promise(done => {
  const canvas = document.querySelector('canvas')
  let quiet = 0
  const look = () => {
    quiet = canvas.dataset.frames === canvas.dataset.done && canvas.dataset.done === look.last
      ? quiet + 1 : 0
    look.last = canvas.dataset.done
    quiet > 12 ? done() : setTimeout(look, 30)
  }
  look()
})"""


class NoServer(Exception):
    """Vite does not answer."""


@contextmanager
def vite() -> Iterator[str]:
    """The page's development server; yields its address.

    Raises
    ------
    NoServer
        If it does not start.
    """
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    address = f"http://localhost:{port}"
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            ["npx", "vite", "--port", str(port), "--strictPort"],
            cwd=REPOSITORY / "frontend",
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            if not _answers(address, process):
                said.seek(0)
                raise NoServer(said.read().decode())
            yield address
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=SERVER_TIMEOUT_S)


def _answers(address: str, process: subprocess.Popen[bytes]) -> bool:
    """Whether the server comes up: asked of its port, as its words change with CI's colours."""
    deadline = time.monotonic() + SERVER_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return httpx.get(address, timeout=SERVER_TIMEOUT_S).is_success
        except httpx.TransportError:
            time.sleep(0.1)
    return False


class ViewerAlone:
    """One tab with the viewer.

    Parameters
    ----------
    context : BrowserContext
    address : str
        Of the development server.
    job_folder : Path
        With ``job.json`` and the artifacts.
    """

    def __init__(self, context: BrowserContext, address: str, job_folder: Path) -> None:
        self.tab = context.new_page()
        self.problems: list[str] = []
        self.tab.on("pageerror", lambda error: self.problems.append(str(error)))
        self._folder = job_folder
        self.tab.route(lambda url: urlsplit(url).path.startswith("/data/"), self._answer)
        self.tab.goto(f"{address}/viewer_harness.html?job=/data/job.json")
        workspace = self.tab.locator("[data-workspace]")
        expect(workspace).to_have_attribute("data-model", "ready", timeout=LOADED_MS)
        expect(workspace).to_have_attribute("data-slices", "ready", timeout=LOADED_MS)
        self.wait_until_drawn()

    def _answer(self, route: Route) -> None:
        path = self._folder / Path(urlsplit(route.request.url).path).name
        route.fulfill(body=path.read_bytes(), content_type="application/octet-stream")

    def do(self, script: str) -> None:
        """Run JavaScript that knows ``scene`` and ``camera``, and wait until all is drawn."""
        self.tab.evaluate(f"() => {{ {script} }}")
        self.wait_until_drawn()

    def ask(self, script: str) -> object:
        """What a JavaScript expression says."""
        answer: object = self.tab.evaluate(script)
        return answer

    def wait_until_drawn(self) -> None:
        """Also what is drawn again, finer, when movement has ended."""
        self.tab.evaluate(ALL_DRAWN)

    def pane(self, name: str) -> Locator:
        """``3d``, ``axial``, ``coronal`` or ``sagittal``."""
        return self.tab.locator(f'[data-pane="{name}"]')

    def picture(self, pane: str) -> Picture:
        """Pixels of a pane, shape (rows, columns, 3)."""
        png = self.pane(pane).screenshot()
        return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))

    def mm_per_pixel(self, plane: str) -> float:
        """By the scale bar."""
        label = self.pane(plane).locator("[data-scale-label]").inner_text()
        number, unit = label.split()
        length_mm = float(number) * {"mm": 1, "cm": 10}[unit]
        bar = self.pane(plane).locator("[data-scale-label] + div").bounding_box()
        assert bar is not None
        return length_mm / bar["width"]


def where(picture: Picture, colour: str) -> tuple[float, float]:
    """Middle of a colour's pixels, in pixels from the left and from the top.

    Parameters
    ----------
    picture : ndarray of uint8, shape (rows, columns, 3)
    colour : str
        ``red``, ``green``, ``blue`` or ``yellow``, in any brightness.
    """
    mask = _mask(picture, colour)
    assert mask.sum() > 50, f"no {colour} is to be seen"
    rows, columns = np.nonzero(mask)
    return float((columns.min() + columns.max()) / 2), float((rows.min() + rows.max()) / 2)


def _mask(picture: Picture, colour: str) -> npt.NDArray[np.bool_]:
    r, g, b = np.moveaxis(picture.astype(int), 2, 0)
    strong = picture.max(axis=2) > 60
    masks = {
        "red": (r > 3 * g) & (r > 3 * b),
        "green": (g > 2 * r) & (g > 2 * b),
        "blue": (b > 3 * r) & (b > 3 * g),
        "yellow": (np.abs(r - g) < 40) & (r > 3 * b),
    }
    mask: npt.NDArray[np.bool_] = strong & masks[colour]
    return mask
