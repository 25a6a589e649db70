"""What of the built page a browser loads before anything is done in it."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Response

LIMIT_BYTES = 350_000
"""Of JavaScript with gzip, before the viewer is loaded."""
VIEWER_MARK = b"WebGLRenderer"
"""In the chunk that holds three, and in no other."""
_GZIP_LEVEL = 6


@dataclass(frozen=True)
class Script:
    """One JavaScript file.

    Attributes
    ----------
    name : str
    size_bytes, gzip_bytes : int
    draws : bool
        Whether it holds the library that the viewer draws with.
    """

    name: str
    size_bytes: int
    gzip_bytes: int
    draws: bool


def describe_script(name: str, content: bytes) -> Script:
    """Sizes of a file."""
    packed = len(gzip.compress(content, _GZIP_LEVEL, mtime=0))
    return Script(name, len(content), packed, VIEWER_MARK in content)


def first_load(context: BrowserContext, url: str) -> Sequence[Script]:
    """Open the page and list the scripts that it loads until nothing more comes."""
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright marks it
    page.goto(url)
    page.get_by_role("main").wait_for()
    page.wait_for_load_state("networkidle")
    scripts = [
        describe_script(answer.url.rpartition("/")[2], answer.body())
        for answer in answers
        if "javascript" in answer.headers.get("content-type", "")
    ]
    page.close()
    return scripts
