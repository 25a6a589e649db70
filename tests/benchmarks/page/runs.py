"""One cold tab after another: what a browser needs for the same model, one way and the other."""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from tests.benchmarks.page.inputs import WEB_MODEL, Inputs

Figures = Mapping[str, float]
"""Milliseconds, or megabytes where the name says so."""

WINDOW = {"width": 1600, "height": 1000}
_STEPS = 20
_FIRST_STEPS = 5
"""Are not counted: the page learns in them how fast the graphics are."""
_SETTLED_MS = 900
"""So long after a movement the page has drawn its finest picture, as far as it is going to."""
_PATIENCE_MS = 180_000
MODEL_PANE, AXIAL_PANE = '[data-scope="view3d"]', '[data-plane="axial"]'


@dataclass(frozen=True)
class Network:
    """A line's speed; None for as fast as the machine itself."""

    megabits_per_s: float
    latency_ms: float


@dataclass(frozen=True)
class Picture:
    """As ``frontend/benchmarks/pictures.ts`` saw it; ms since the page began."""

    asked_ms: float | None
    acted_ms: float | None
    started_ms: float
    finished_ms: float
    triangles: float
    draw_calls: int
    has_scan: bool

    @property
    def work_ms(self) -> float:
        """From what was done to the picture that answers it, drawn.

        Without the wait for the screen's next frame, which the browser spares the user's own
        doings, not a script's.
        """
        if self.asked_ms is None:
            return self.finished_ms - self.started_ms
        if self.acted_ms is None:
            return self.finished_ms - self.asked_ms
        return self.acted_ms - self.asked_ms + self.finished_ms - self.started_ms


@dataclass(frozen=True)
class Series:
    """Pictures that answer one thing after another, and the CPU time that each one cost."""

    pictures: Sequence[Picture]
    cpu_ms: float

    def figures(self, name: str) -> Figures:
        """Median, fastest, CPU."""
        works = [each.work_ms for each in self.pictures]
        return {
            name: statistics.median(works),
            f"{name}_fastest": min(works),
            f"{name}_cpu": self.cpu_ms,
        }


class Tab:
    """A page that is being measured."""

    def __init__(self, browser: Browser, page: Page, inputs: Inputs) -> None:
        self.page = page
        self.devtools: CDPSession = page.context.new_cdp_session(page)
        self._inputs = inputs
        self._whole_browser = browser.new_browser_cdp_session()

    def pictures(self) -> list[Picture]:
        """All so far."""
        return [
            Picture(
                one["askedMs"],
                one["actedMs"],
                one["startedMs"],
                one["finishedMs"],
                one["triangles"],
                one["drawCalls"],
                one["hasScan"],
            )
            for one in self.page.evaluate("pictures")
        ]

    def has_model(self, picture: Picture) -> bool:
        """Whether most of the model is in a picture: one structure may be switched off."""
        return picture.triangles > self._inputs.triangles / 2

    def wait_for_model(self) -> Picture:
        """The first picture with the model."""
        self.page.wait_for_function(
            f"pictures.some(({{ triangles }}) => triangles > {self._inputs.triangles / 2})",
            timeout=_PATIENCE_MS,
        )
        return next(filter(self.has_model, self.pictures()))

    def settle(self) -> None:
        """Until nothing more is drawn."""
        count = -1
        while count != (count := self._count()):
            self.page.wait_for_timeout(_SETTLED_MS)

    def _count(self) -> int:
        return int(self.page.evaluate("pictures.length"))

    def files(self, suffix: str) -> tuple[float, float]:
        """When the first of some files was asked for, and when the last one was there."""
        times = self.page.evaluate(
            """suffix => performance.getEntriesByType('resource')
                .filter(({ name }) => name.endsWith(suffix))
                .map(({ startTime, responseEnd }) => [startTime, responseEnd])""",
            suffix,
        )
        return min(start for start, _ in times), max(end for _, end in times)

    def each(self, script: str, values: Sequence[object]) -> Series:
        """Run a script with one value after another."""
        return self._series(
            [partial(self.page.evaluate, f"value => {{ {script} }}", value) for value in values]
        )

    def drag(self, selector: str, dx: float, dy: float) -> Series:
        """Drag over an element with the left button."""
        box = self.page.locator(selector).bounding_box()
        if box is None:
            raise RuntimeError(f"{selector} is not on the screen")
        x, y = box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.4
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        self.settle()
        series = self._series(
            [partial(mouse.move, x + step * dx, y + step * dy) for step in range(1, _STEPS + 1)]
        )
        mouse.up()
        return series

    def _series(self, steps: Sequence[Callable[[], object]]) -> Series:
        answers: list[Picture] = []
        cpu_before_s = 0.0
        for number, step in enumerate(steps):
            if number == _FIRST_STEPS:
                cpu_before_s = self._cpu_s()
            before = self._count()
            step()
            answers.append(self._answer_after(before))
        counted = answers[_FIRST_STEPS:]
        cpu_s = self._cpu_s() - cpu_before_s
        return Series(counted, 1000 * cpu_s / len(counted))

    def _cpu_s(self) -> float:
        """That the browser's processes have used."""
        processes = self._whole_browser.send("SystemInfo.getProcessInfo")["processInfo"]
        return float(sum(process["cpuTime"] for process in processes))

    def _answer_after(self, count: int) -> Picture:
        self.page.evaluate("count => answerAfter(count)", count)
        return next(each for each in self.pictures()[count:] if each.asked_ms is not None)

    def memory(self) -> Figures:
        """After the garbage is gone."""
        self.devtools.send("HeapProfiler.collectGarbage")
        usage = self.devtools.send("Runtime.getHeapUsage")
        return {
            "heap_mb": (usage["usedSize"] + usage["backingStorageSize"]) / 1e6,
            "graphics_mb": self.page.evaluate("graphicsBytes()") / 1e6,
        }


@contextmanager
def cold_tab(
    browser: Browser, inputs: Inputs, window: Mapping[str, int], network: Network | None = None
) -> Iterator[Tab]:
    """A tab with an empty cache."""
    size: Any = dict(window)
    with browser.new_context(viewport=size) as context:
        tab = Tab(browser, context.new_page(), inputs)
        tab.page.set_default_timeout(_PATIENCE_MS)
        if network is not None:
            bytes_per_s = network.megabits_per_s * 1e6 / 8
            tab.devtools.send("Network.enable")
            tab.devtools.send(
                "Network.emulateNetworkConditions",
                {
                    "offline": False,
                    "latency": network.latency_ms,
                    "downloadThroughput": bytes_per_s,
                    "uploadThroughput": bytes_per_s,
                },
            )
        yield tab


def _loading(tab: Tab, suffix: str) -> Figures:
    picture = tab.wait_for_model()
    asked, arrived = tab.files(suffix)
    return {
        "asked_to_picture": picture.finished_ms - asked,
        "arrived_to_picture": picture.finished_ms - arrived,
    }


def _handling(tab: Tab, pane: str) -> Figures:
    tab.settle()
    turned = tab.drag(pane, 9, 2)
    tab.settle()
    at_rest = tab.pictures()[-1]
    toggled = tab.each("toggle(value)", list(range(_STEPS)))
    tab.settle()
    return {
        **turned.figures("turn"),
        "rest": at_rest.work_ms,
        **toggled.figures("toggle"),
        "draw_calls": at_rest.draw_calls,
    }


PLAIN_PAGE = "/benchmarks/plain.html"
MODEL_PAGE = "/benchmarks/ours.html?job=/data/model_job.json&layout=3d"
SLICES_PAGE = "/benchmarks/ours.html?job=/data/job.json&layout=grid"


def load_plain(tab: Tab, url: str) -> Figures:
    """117 OBJ files, until they are seen."""
    tab.page.goto(url + PLAIN_PAGE)
    return _loading(tab, ".obj")


def plain_way(tab: Tab, url: str) -> Figures:
    """117 OBJ files, and what is done with them."""
    return {**load_plain(tab, url), **_handling(tab, "canvas"), **tab.memory()}


def load_model(tab: Tab, url: str) -> Figures:
    """The page's 3D view alone, until the model is seen."""
    tab.page.goto(url + MODEL_PAGE)
    return _loading(tab, WEB_MODEL)


def our_model(tab: Tab, url: str) -> Figures:
    """The page's 3D view alone, and what is done with it."""
    return {**load_model(tab, url), **_handling(tab, MODEL_PANE), **tab.memory()}


def our_slices(tab: Tab, url: str) -> Figures:
    """All panes of the page: the model and three slices."""
    tab.page.goto(url + SLICES_PAGE)
    loaded = _loading(tab, WEB_MODEL)
    tab.page.locator("[data-slices=ready]").wait_for(timeout=_PATIENCE_MS)
    tab.settle()
    _, arrived = tab.files(".nii.gz")
    first = next(each for each in tab.pictures() if each.has_scan)
    crosshair = tab.drag(AXIAL_PANE, 5, 3)
    tab.settle()
    steps = range(_STEPS)
    moved = tab.each("moveCrosshair(value)", [[3 * i, 2 * i, 400 + 3 * i] for i in steps])
    toggled = tab.each("toggle(value)", list(steps))
    overlay = tab.each("setOverlayOpacity(value)", [0.3 + 0.02 * i for i in steps])
    window = tab.each("setWindowCentre(value)", [40 + 5 * i for i in steps])
    tab.settle()
    return {
        "model_beside_slices": loaded["arrived_to_picture"],
        "slices": first.finished_ms - arrived,
        **crosshair.figures("crosshair"),
        **moved.figures("crosshair_all"),
        **toggled.figures("toggle_slices"),
        **overlay.figures("overlay"),
        **window.figures("window"),
        **tab.memory(),
    }


def pane_size(browser: Browser, inputs: Inputs, url: str) -> Mapping[str, int]:
    """Of the page's 3D view, which the plain way gets for its window: as many pixels to draw."""
    with cold_tab(browser, inputs, WINDOW) as tab:
        tab.page.goto(url + MODEL_PAGE)
        box = tab.page.locator(MODEL_PANE).bounding_box()
    if box is None:
        raise RuntimeError("the page shows no 3D view")
    return {"width": round(box["width"]), "height": round(box["height"])}
