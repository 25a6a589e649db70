"""The whole way of a scan: dropped, sent, processed before one's eyes, found again by its link."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.conftest import Submission
from tests.e2e.pages.oculus_page import OculusPage
from tests.e2e.pages.way import STAGES


def test_a_dropped_ct_is_sent_once_and_processed(submission: Submission) -> None:
    assert [call for call in submission.asked if not call.startswith("PUT")] == [
        "POST /upload",
        f"POST /upload/{submission.job_id}/complete",
        "POST /process/totalseg",
    ]
    assert len([call for call in submission.asked if call.startswith("PUT")]) == 1


def test_stages_are_shown_while_they_happen(submission: Submission) -> None:
    assert len(set(submission.stages)) >= 2
    assert list(submission.stages) == sorted(submission.stages, key=STAGES.index)


def test_a_link_finds_the_result_in_another_browser(
    result: OculusPage, submission: Submission
) -> None:
    structures = {structure["name"] for structure in result.job()["structures"]}

    assert set(result.tree.rows.evaluate_all("rows => rows.map(row => row.dataset.structure)")) == (
        structures
    )
    expect(result.tab).to_have_title("Result · IRIS Oculus")

    result.tab.reload()
    result.viewer.wait_until_drawn()

    assert result.job_id == submission.job_id


@pytest.mark.usefixtures("busy")
def test_options_are_sent_as_they_were_chosen_and_a_job_can_be_cancelled(
    page: OculusPage, scans: dict[str, Any]
) -> None:
    page.open()
    page.choosing.choose_files(scans["oblique"])
    page.choosing.choose_structures(["lung_right", "bone"])
    page.choosing.open_advanced()
    page.choosing.reduction.press("Home")
    page.choosing.reduction.press("ArrowRight")
    page.choosing.begin()
    page.expect_screen("following")

    assert page.job()["options"] | {"roi_subset": set(page.job()["options"]["roi_subset"])} == {
        "task": "total",
        "device": "auto",
        "fast": True,
        "roi_subset": {"lung_right", "bone"},
        "reduction_percent": 1,
        "formats": ["glb", "obj", "stl", "zip"],
    }

    page.way.act("cancel")
    page.expect_screen("ended")

    assert page.job()["status"] == "cancelled"
    expect(page.tab.get_by_role("heading", level=1)).to_be_focused()

    cancelled = page.job_id
    page.way.act("retry")
    page.expect_screen("following")

    assert page.job_id != cancelled
    assert len(page.sent("PUT", ".*")) == 1  # the scan's bytes were not sent again
    assert page.job()["options"]["reduction_percent"] == 1
    page.way.act("cancel")
    page.expect_screen("ended")


def test_a_job_goes_on_when_the_page_is_loaded_anew(
    page: OculusPage, scans: dict[str, Any], busy: Callable[[], None]
) -> None:
    page.open()
    page.choosing.choose_files(scans["mirrored"])
    page.choosing.expect_ready()
    page.choosing.begin()
    page.expect_screen("following")
    job_id = page.job_id
    page.tab.reload()

    page.expect_screen("following")
    expect(page.way.stages).to_have_count(len(STAGES))
    assert page.job()["status"] == "processing"
    busy()
    page.expect_screen("result", timeout_ms=120_000)

    assert page.job_id == job_id
    assert page.job()["status"] == "completed"
    assert len(page.sent("POST", "/process/totalseg")) == 1


def test_back_and_forward_walk_through_what_was_seen(
    page: OculusPage, submission: Submission
) -> None:
    page.open()
    page.open_jobs()
    page.tab.goto(f"{page.url}/#{submission.job_id}")
    page.viewer.wait_until_drawn()

    page.tab.go_back()
    page.expect_screen("jobs")
    page.tab.go_back()
    page.expect_screen("start")
    page.tab.go_forward()
    page.expect_screen("jobs")
    page.tab.go_forward()
    page.expect_screen("result")

    assert page.job_id == submission.job_id


def test_a_link_to_no_job_says_so(page: OculusPage) -> None:
    page.open("nosuchjob123")

    expect(page.way.problem("job_not_found")).to_be_visible()

    page.forgive_refusals(1)


@pytest.fixture
def stored_theme(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    """A profile on a machine that is set to light."""
    return new_context(color_scheme="light")


def test_theme_and_language_are_kept(
    stored_theme: BrowserContext, new_page: Callable[..., OculusPage]
) -> None:
    page = new_page(stored_theme)
    page.open()
    light = page.tab.evaluate("() => getComputedStyle(document.body).backgroundColor")

    page.choose_theme("dark")
    page.choose_language("es")
    dark = page.tab.evaluate("() => getComputedStyle(document.body).backgroundColor")
    page.tab.reload()
    page.expect_screen("start")

    assert light != dark
    assert page.tab.evaluate("() => getComputedStyle(document.body).backgroundColor") == dark
    expect(page.tab.locator("html")).to_have_attribute("lang", "es")
    expect(page.tab.get_by_role("button", name="Elegir archivos")).to_be_visible()


def test_the_systems_theme_and_the_browsers_language_are_the_first_choice(
    new_page: Callable[..., OculusPage],
) -> None:
    page = new_page(color_scheme="dark", locale="es-MX")
    page.open()
    background = "() => getComputedStyle(document.body).backgroundColor"
    at_first = page.tab.evaluate(background)
    expect(page.tab.locator("html")).to_have_attribute("lang", "es")

    page.choose_theme("light")
    assert page.tab.evaluate(background) != at_first
    page.choose_theme("dark")
    assert page.tab.evaluate(background) == at_first
