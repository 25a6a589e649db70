"""The local stack with its page, a browser, and a scan that went through both."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from local_stack.emulator import INTERPRETER
from local_stack.phantom.__main__ import main as write_phantom
from tests.conftest import REPOSITORY
from tests.e2e.browser import NoBrowser, drawing_chromium
from tests.e2e.oculus_page import OculusPage
from tests.running_stack import RunningApp

FRONTEND = REPOSITORY / "frontend"
PHANTOM_SPACING_MM = "5"


@dataclass(frozen=True)
class Submission:
    """A scan that went through the page, and what the page showed on the way.

    Attributes
    ----------
    job_id : str
    status_texts : tuple of str
        All that the status line said, in order.
    """

    job_id: str
    status_texts: tuple[str, ...]


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The running stack, with the built page."""
    if not INTERPRETER.exists():
        pytest.fail("the emulator's environment is not installed: run `make setup`")
    if not (FRONTEND / "dist" / "index.html").exists():
        pytest.fail("the page is not built: run `make frontend/dist/index.html`")
    running = RunningApp(tmp_path_factory.mktemp("stack"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser that draws."""
    try:
        with drawing_chromium() as browser:
            yield browser
    except NoBrowser as error:
        pytest.fail(str(error))


@pytest.fixture
def page(app: RunningApp, chromium: Browser) -> Iterator[OculusPage]:
    """A fresh tab; afterwards: the console is clean, and nobody else was asked for anything."""
    with chromium.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = OculusPage(context, f"http://localhost:{app.port}")
        yield page
        assert page.console_errors == []
        assert page.foreign_requests == []


@pytest.fixture(scope="session")
def phantom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A coarse torso as NIfTI."""
    path = tmp_path_factory.mktemp("scan") / "torso.nii.gz"
    assert write_phantom([str(path), "--spacing", PHANTOM_SPACING_MM]) == 0
    return path


@pytest.fixture(scope="session")
def submission(app: RunningApp, chromium: Browser, phantom: Path) -> Submission:
    """The phantom, submitted by the page and watched there to its end."""
    with chromium.new_context() as context:
        page = OculusPage(context, f"http://localhost:{app.port}")
        page.open()
        page.submit(phantom)
        cancel = page.tab.get_by_role("button", name="Cancel")
        expect(cancel).to_be_visible()
        page.wait_for_result()
        expect(cancel).to_be_hidden()
        assert page.console_errors == []
        return Submission(page.job_id, tuple(page.status_texts()))


@pytest.fixture
def result(page: OculusPage, submission: Submission) -> OculusPage:
    """A fresh tab on the finished job's link."""
    page.open(submission.job_id)
    page.wait_for_result()
    return page
