"""A headless Chromium that draws WebGL 2 without a GPU."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.conftest import REPOSITORY

INSTALLER = REPOSITORY / "scripts" / "install-chromium.sh"
QUIET = (
    "--no-sandbox",  # CI containers run as root
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Mesa's software driver is two to three times as fast as SwiftShader, where it is installed.
DRIVERS = {
    "mesa": ("--use-gl=angle", "--use-angle=gl-egl", "--ignore-gpu-blocklist"),
    "swiftshader": ("--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
}
DRIVER_VARIABLE = "E2E_GL"
"""Environment variable that asks for one driver; else the first one that draws is taken."""
HAS_WEBGL2 = "() => document.createElement('canvas').getContext('webgl2') !== null"


class NoBrowser(Exception):
    """The tests cannot run: no browser, or none that draws."""


@contextmanager
def drawing_chromium() -> Iterator[Browser]:
    """A running Chromium with WebGL 2.

    Raises
    ------
    NoBrowser
        If there is none on this machine.
    """
    path = _executable()
    with sync_playwright() as playwright:
        browser = _launch(playwright, path)
        try:
            yield browser
        finally:
            browser.close()


def _executable() -> str:
    found = subprocess.run([INSTALLER, "--find"], capture_output=True, text=True, timeout=120)
    if found.returncode != 0:
        raise NoBrowser(found.stderr.strip())
    return found.stdout.strip()


def _launch(playwright: Playwright, path: str) -> Browser:
    wanted = os.environ.get(DRIVER_VARIABLE)
    for name in DRIVERS if wanted is None else (wanted,):
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *DRIVERS[name]])
        page = browser.new_page()
        draws = page.evaluate(HAS_WEBGL2)
        page.close()
        if draws:
            return browser
        browser.close()
    raise NoBrowser(f"{path} draws no WebGL 2, neither by Mesa nor by SwiftShader")
