"""The page as the tests use it: what a user does, what a user sees."""

import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import BrowserContext, ConsoleMessage, Request, expect

JOB_TIMEOUT_MS = 90_000
OWN_HOSTS = {"localhost", "127.0.0.1"}
BACKGROUND_RGB = (0x10, 0x14, 0x1A)
# Every text that the status line ever shows, without polling for it.
RECORD_STATUS = """() => {
  const line = document.getElementById('status')
  window.statusTexts = []
  new MutationObserver(() => window.statusTexts.push(line.textContent)).observe(line, {
    childList: true, characterData: true, subtree: true,
  })
}"""
# The view is drawn in the next frame after a change; the one after that shows it.
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


class OculusPage:
    """One tab with the page.

    Parameters
    ----------
    context : BrowserContext
    url : str
        Where the stack listens.
    """

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.url = url
        self.tab = context.new_page()
        self.tab.set_default_timeout(15_000)
        self.console_errors: list[str] = []
        self.foreign_requests: list[str] = []
        self.tab.on("console", self._on_console)
        self.tab.on("pageerror", lambda error: self.console_errors.append(str(error)))
        self.tab.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.console_errors.append(message.text)

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"blob", "data"} and address.hostname not in OWN_HOSTS:
            self.foreign_requests.append(request.url)

    # ---------------------------------------------------------------- doing

    def open(self, job_id: str | None = None) -> None:
        """Open the page, or a job's link."""
        self.tab.goto(f"{self.url}/{'' if job_id is None else '#' + job_id}")

    def submit(self, scan: Path) -> None:
        """Choose a file and send it."""
        self.tab.evaluate(RECORD_STATUS)
        self.tab.set_input_files("#scan", scan)
        self.tab.get_by_role("button", name="Segment").click()

    def wait_for_result(self) -> None:
        """Wait until the model is drawn."""
        self.tab.wait_for_selector("#viewer[data-loaded]", timeout=JOB_TIMEOUT_MS)
        self.tab.evaluate(TWO_FRAMES)

    def toggle(self, structure: str) -> None:
        """Click a structure's box."""
        self.tab.locator(f"tr[data-structure={structure}] input").click()
        self.tab.evaluate(TWO_FRAMES)

    def show_only(self, *structures: str) -> None:
        """Leave exactly these boxes ticked."""
        for row in self.tab.locator("tr[data-structure]").all():
            row.locator("input").set_checked(row.get_attribute("data-structure") in structures)
        self.tab.evaluate(TWO_FRAMES)

    # ---------------------------------------------------------------- seeing

    @property
    def job_id(self) -> str:
        """The job in the address."""
        return urlsplit(self.tab.url).fragment

    def job(self) -> dict[str, Any]:
        """What the API says of the job in the address."""
        answer = self.tab.request.get(f"{self.url}/jobs/{self.job_id}")
        assert answer.ok
        job: dict[str, Any] = answer.json()["job"]
        return job

    def status_texts(self) -> list[str]:
        """All that the status line said since the scan was sent."""
        texts: list[str] = self.tab.evaluate("() => window.statusTexts")
        return texts

    def expect_status(self, pattern: str | re.Pattern[str], *, kind: str = "info") -> None:
        """Wait for the status line to say this."""
        status = self.tab.get_by_role("status")
        expect(status).to_have_text(pattern, timeout=JOB_TIMEOUT_MS)
        expect(status).to_have_attribute("data-kind", kind)

    def picture(self) -> npt.NDArray[np.uint8]:
        """The 3D view as it is on the screen, shape (rows, columns, 3)."""
        png = self.tab.locator("#viewer canvas").screenshot()
        return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
