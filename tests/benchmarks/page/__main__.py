"""Measure the page against the plain way in a browser, and write docs/PERFORMANCE.md.

`make benchmark-page` makes a finished job's files, builds the pages, and drives both in turns.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser

from tests.benchmarks.page.document import Found, document
from tests.benchmarks.page.inputs import Inputs, make_inputs
from tests.benchmarks.page.runs import (
    WINDOW,
    Figures,
    Network,
    cold_tab,
    load_model,
    load_plain,
    our_model,
    our_slices,
    pane_size,
    plain_way,
)
from tests.benchmarks.page.server import serving
from tests.built_page import Script, describe_script, first_load
from tests.conftest import REPOSITORY
from tests.e2e.browser import drawing_chromium

DOCUMENT = REPOSITORY / "docs" / "PERFORMANCE.md"
FRONTEND = REPOSITORY / "frontend"
BROADBAND = Network(megabits_per_s=50, latency_ms=40)
DRAWN_BY = """() => {
    const gl = document.createElement('canvas').getContext('webgl2')
    const names = gl.getExtension('WEBGL_debug_renderer_info')
    return gl.getParameter(names.UNMASKED_RENDERER_WEBGL)
}"""


def build(out: Path, *options: str) -> Path:
    """Build a page of the frontend into a folder."""
    command = ["npx", "vite", "build", "--logLevel", "error", "--outDir", out, *options]
    subprocess.run(command, cwd=FRONTEND, check=True, timeout=600)
    return out


def measure(browser: Browser, inputs: Inputs, folder: Path, repetitions: int) -> Found:
    """All figures."""
    load_before = os.getloadavg()[0]
    page = build(folder / "page")
    pages = build(folder / "pages", "--config", "benchmarks/vite.config.ts")
    with serving(page, inputs.folder) as url, browser.new_context() as context:
        scripts = first_load(context, f"{url}/index.html")
    with serving(pages, inputs.folder) as url:
        pane = pane_size(browser, inputs, url)
        ways = [
            (plain_way, pane, None),
            (our_model, WINDOW, None),
            (our_slices, WINDOW, None),
            (load_plain, pane, BROADBAND),
            (load_model, WINDOW, BROADBAND),
        ]
        runs: list[list[Figures]] = [[] for _ in ways]
        # In turns, so that a spell in which the machine is slow weighs on all alike.
        for _ in range(repetitions):
            for (way, window, network), own in zip(ways, runs, strict=True):
                with cold_tab(browser, inputs, window, network) as tab:
                    own.append(way(tab, url))
        drawn_by = _ask(browser, DRAWN_BY)
    return Found(
        inputs=inputs,
        repetitions=repetitions,
        plain=runs[0],
        model=runs[1],
        slices=runs[2],
        network=BROADBAND,
        plain_by_network=runs[3],
        model_by_network=runs[4],
        first_load=scripts,
        other_scripts=_others(page, scripts),
        drawn_by=drawn_by,
        processors=os.cpu_count() or 1,
        load=(load_before, os.getloadavg()[0]),
    )


def _ask(browser: Browser, question: str) -> str:
    page = browser.new_page()
    answer = str(page.evaluate(question))
    page.close()
    return answer


def _others(page: Path, loaded: Sequence[Script]) -> list[Script]:
    names = {script.name for script in loaded}
    return [
        describe_script(path.name, path.read_bytes())
        for path in sorted((page / "assets").glob("*.js"))
        if path.name not in names
    ]


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "inputs").mkdir()
        inputs = make_inputs(folder / "inputs")
        with drawing_chromium() as browser:
            found = measure(browser, inputs, folder, options.repetitions)
    DOCUMENT.write_text(document(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
