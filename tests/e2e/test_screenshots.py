"""The page looks as it did when somebody looked at it."""

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Route

from tests.e2e.conftest import PHONE, WIDE
from tests.e2e.pages.oculus_page import OculusPage
from tests.e2e.screens import SCREENS, Job, Stock, answer_with
from tests.e2e.screenshots import (
    FOLDER,
    LARGEST_SHARE,
    compare_with_stored,
    different_share,
)

SOME_DAY = "2026-03-02T09:30:00.000+00:00"
PICTURES = [
    ("start", "light", WIDE),
    ("start", "dark", PHONE),
    ("chosen_series", "dark", WIDE),
    ("refused", "light", PHONE),
    ("processing", "light", PHONE),
    ("result", "dark", WIDE),
    ("result_selected", "light", WIDE),
    ("result", "light", PHONE),
    ("numbers", "light", WIDE),
    ("files", "dark", PHONE),
    ("about", "dark", WIDE),
    ("jobs", "light", WIDE),
    ("deleting", "dark", PHONE),
    ("help", "light", WIDE),
]


def names(pictures: list[tuple[str, str, dict[str, int]]]) -> list[str]:
    return [f"{screen}-{theme}-{size['width']}" for screen, theme, size in pictures]


@pytest.mark.parametrize(("screen", "theme", "size"), PICTURES, ids=names(PICTURES))
def test_a_screen_looks_as_it_did(
    new_page: Callable[..., OculusPage],
    stock: Stock,
    screen: str,
    theme: str,
    size: dict[str, int],
) -> None:
    page = new_page(
        color_scheme=theme, viewport=size, reduced_motion="reduce", timezone_id="UTC", locale="en"
    )
    dated = replace(stock, completed=of_some_day(stock.completed))
    if screen != "processing":  # it has an answer of its own
        answer_with(page, dated.completed)
    only_this_job(page, dated.completed)
    SCREENS[screen](page, dated)
    if "result" in screen:
        page.viewer.settle()

    (name,) = names([(screen, theme, size)])
    compare_with_stored(page.tab, name)


def of_some_day(job: Job) -> Job:
    """The same job without what is different at each run."""
    return job | {
        "createdAt": SOME_DAY,
        "timings_s": dict.fromkeys(job["timings_s"], 1.5),
        "engine": job["engine"] | {"version": "1.0.0"},
    }


def only_this_job(page: OculusPage, job: Job) -> None:
    """Let the list hold this job alone."""

    def answer(route: Route) -> None:
        summary = {name: job[name] for name in job if name not in {"structures", "artifacts"}}
        body = json.dumps({"ok": True, "jobs": [summary], "cursor": None})
        route.fulfill(status=200, content_type="application/json", body=body)

    page.tab.route("**/jobs?*", answer)


def test_a_difference_as_small_as_a_button_is_noticed() -> None:
    picture = np.asarray(Image.open(FOLDER / "result-dark-1280.png").convert("RGB"))
    changed = picture.copy()
    changed[60:96, 930:1050] = changed[700, 700]

    assert different_share(picture, picture) == 0
    assert different_share(picture, changed) > LARGEST_SHARE
    assert different_share(picture, picture[:-8]) == 1


def test_noise_is_not_noticed() -> None:
    picture = np.asarray(Image.open(FOLDER / "result-dark-1280.png").convert("RGB"))
    noise = np.random.default_rng(2).integers(-20, 21, picture.shape)

    noisy = np.clip(picture + noise, 0, 255).astype(np.uint8)

    assert different_share(picture, noisy) == 0


def test_stored_pictures_are_those_of_the_tests_and_small() -> None:
    stored = {path.name for path in FOLDER.glob("*.png") if not path.name.endswith(".seen.png")}

    assert stored == {f"{name}.png" for name in names(PICTURES)}
    assert sum((FOLDER / name).stat().st_size for name in stored) < 2.5e6
