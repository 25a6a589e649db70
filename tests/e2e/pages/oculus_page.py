"""One tab with the page: where it is, what it asks for, what its console says."""

import re
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Request,
    expect,
)

from tests.e2e.pages.choosing_screen import ChoosingScreen
from tests.e2e.pages.jobs_list import JobsList
from tests.e2e.pages.result_panels import ResultPanels
from tests.e2e.pages.structure_tree import StructureTree
from tests.e2e.pages.viewer import Viewer
from tests.e2e.pages.way import Way

Language = Literal["en", "es"]
Theme = Literal["light", "dark", "system"]

OWN_HOSTS = {"localhost", "127.0.0.1"}
ANSWER_TIMEOUT_MS = 20_000
"""Of whatever takes no job: generous, since the machine may be busy."""
REFUSED_BY_API = "Failed to load resource: the server responded with a status of 4"
"""Chromium itself logs every such answer."""


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
        self.tab.set_default_timeout(ANSWER_TIMEOUT_MS)
        self.console: list[str] = []
        self.foreign_requests: list[str] = []
        self.requests: list[Request] = []
        self.tab.on("console", self._on_console)
        self.tab.on("pageerror", lambda error: self.console.append(str(error)))
        self.tab.on("request", self._on_request)
        self.choosing = ChoosingScreen(self.tab)
        self.way = Way(self.tab)
        self.tree = StructureTree(self.tab)
        self.viewer = Viewer(self.tab)
        self.panels = ResultPanels(self.tab)
        self.jobs = JobsList(self.tab)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.console.append(f"{message.text} ({message.location['url']})")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"blob", "data"}:
            return
        self.requests.append(request)
        if address.hostname not in OWN_HOSTS:
            self.foreign_requests.append(request.url)

    # ---------------------------------------------------------------- doing

    def open(self, job_id: str | None = None) -> None:
        """Open the page, or a job's link."""
        self.tab.goto(f"{self.url}/{'' if job_id is None else '#' + job_id}")
        expect(self.screen).to_be_visible()

    def open_result(self, job_id: str) -> None:
        """Open a finished job's link and wait until all of it is drawn."""
        self.open(job_id)
        self.viewer.wait_until_drawn()

    def open_jobs(self) -> None:
        """Go to the list of jobs."""
        self.tab.locator("[data-go=jobs]").click()
        self.expect_screen("jobs")

    def new_scan(self) -> None:
        """Begin anew."""
        self.tab.locator("[data-go=new-scan]").click()

    def choose_language(self, language: Language) -> None:
        """Pick a language in the header's menu."""
        self._choose("language", language)
        expect(self.tab.locator("html")).to_have_attribute("lang", language)

    def choose_theme(self, theme: Theme) -> None:
        """Pick a theme in the header's menu."""
        self._choose("theme", theme)

    def _choose(self, menu: str, option: str) -> None:
        self.tab.locator(f"[data-menu={menu}]").click()
        self.tab.get_by_role("menu").locator(f"[data-option={option}]").click()
        expect(self.tab.get_by_role("menu")).to_have_count(0)

    def forgive_refusals(self, count: int) -> None:
        """Take back what Chromium logged of answers that the test provoked."""
        refusals = [text for text in self.console if text.startswith(REFUSED_BY_API)]
        assert len(refusals) == count, self.console
        self.console = [text for text in self.console if text not in refusals]

    # ---------------------------------------------------------------- seeing

    @property
    def screen(self) -> Locator:
        """The screen that is shown."""
        return self.tab.locator("[data-screen]")

    def expect_screen(self, name: str, *, timeout_ms: float = ANSWER_TIMEOUT_MS) -> None:
        """Wait for a screen."""
        expect(self.screen).to_have_attribute("data-screen", name, timeout=timeout_ms)

    @property
    def job_id(self) -> str:
        """The job in the address."""
        return urlsplit(self.tab.url).fragment

    def job(self, job_id: str | None = None) -> dict[str, Any]:
        """What the API says of a job, by default of the one in the address."""
        answer = self.tab.request.get(f"{self.url}/jobs/{job_id or self.job_id}")
        assert answer.ok, answer.text()
        job: dict[str, Any] = answer.json()["job"]
        return job

    def sent(self, method: str, path: str) -> list[Request]:
        """Requests so far with this method, to paths of this pattern, to whichever host."""
        return [
            request
            for request in self.requests
            if request.method == method and re.fullmatch(path, urlsplit(request.url).path)
        ]
