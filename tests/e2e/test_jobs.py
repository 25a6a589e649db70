"""This browser's jobs: found again, opened, processed again, deleted."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from local_stack.client import ApiClient, ApiError
from tests.e2e.pages.oculus_page import OculusPage
from tests.e2e.screens import USER

FILENAME = "oblique.nii.gz"
IS_SOMEBODY = "localStorage.setItem('userId', {user!r})"


@pytest.fixture
def owner(
    new_context: Callable[..., BrowserContext],
    new_page: Callable[..., OculusPage],
    finished: Callable[[str], dict[str, Any]],
) -> OculusPage:
    """A tab of the browser that the jobs were made with."""
    finished("oblique")
    context = new_context()
    context.add_init_script(IS_SOMEBODY.format(user=USER))
    page = new_page(context)
    page.open()
    return page


def test_jobs_are_listed_with_pictures_and_opened(
    owner: OculusPage, finished: Callable[[str], dict[str, Any]]
) -> None:
    job_id = finished("oblique")["jobId"]
    owner.open_jobs()
    item = owner.jobs.item(job_id)

    expect(item).to_have_attribute("data-status", "completed")
    picture = item.locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("async (image) => (await image.decode(), image.naturalWidth)") > 32

    # Its middle: what is there for screen readers alone begins the link, where no pointer gets.
    item.get_by_text(FILENAME).click(position={"x": 40, "y": 10})
    owner.expect_screen("result")

    assert owner.job_id == job_id


def test_jobs_of_another_browser_are_not_listed(page: OculusPage) -> None:
    page.open()
    page.open_jobs()

    expect(page.tab.get_by_role("main")).to_contain_text("No jobs yet")
    expect(page.jobs.items).to_have_count(0)


def test_deleting_asks_first_and_leaves_nothing(
    owner: OculusPage, api: ApiClient, begun: dict[str, str]
) -> None:
    job_id = api.upload_from(begun["oblique"])
    owner.open_jobs()
    owner.jobs.ask_to_delete(job_id)
    expect(owner.jobs.dialog).to_be_visible()

    owner.tab.keyboard.press("Escape")
    expect(owner.jobs.dialog).to_have_count(0)
    assert api.job(job_id)["status"] == "uploaded"
    owner.jobs.ask_to_delete(job_id)
    owner.jobs.dialog.get_by_role("button", name=re.compile("^Delete")).click()

    expect(owner.jobs.item(job_id)).to_have_count(0)
    expect(owner.tab.get_by_role("main")).to_contain_text(job_id)  # it says what was deleted
    with pytest.raises(ApiError) as gone:
        api.job(job_id)
    assert gone.value.status in {404, 410}
