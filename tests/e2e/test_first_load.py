"""How much JavaScript the page loads before anything is done in it."""

from playwright.sync_api import Browser

from tests.built_page import LIMIT_BYTES, VIEWER_MARK, first_load
from tests.conftest import REPOSITORY

CHUNKS = REPOSITORY / "frontend" / "dist" / "assets"


def test_the_page_begins_small_and_without_the_viewer(url: str, chromium: Browser) -> None:
    with chromium.new_context() as context:
        scripts = first_load(context, url)
    loaded = {script.name for script in scripts}
    drawing = {path.name for path in CHUNKS.glob("*.js") if VIEWER_MARK in path.read_bytes()}
    assert 0 < sum(script.gzip_bytes for script in scripts) <= LIMIT_BYTES
    assert drawing
    assert not loaded & drawing
