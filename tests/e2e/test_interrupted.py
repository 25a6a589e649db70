"""What happens when the way is interrupted: by a reload, a lost connection, a scan that fails."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Request, expect

from local_stack.client import ApiClient
from tests.e2e.pages.oculus_page import OculusPage
from tests.e2e.scans import MIRRORED, scan_of, write_damaged_scan
from tests.functional.running_app import ObservedApp, wait_until
from tests.functional.scans import write_padded_nifti

UPLOAD_BYTES_PER_S = 12 * 10**6
"""So slow that 100 MB are on their way for some seconds, whatever the machine."""
CRAWLING_BYTES_PER_S = 1000


@pytest.fixture(scope="module")
def large_scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More than what goes in one piece."""
    affine, shape = MIRRORED
    path = tmp_path_factory.mktemp("large") / "large.nii"
    return write_padded_nifti(path, scan_of(affine, shape), affine)


def part_number(request: Request) -> int:
    """Which part of the scan a request sends."""
    return int(parse_qs(urlsplit(request.url).query)["partNumber"][0])


def has_arrived(app: ObservedApp, job_id: str) -> set[int]:
    """Parts that the store holds."""
    with app.client() as api:
        return {part["partNumber"] for part in api.upload_state(job_id)["parts"]}


@pytest.mark.usefixtures("busy")
def test_an_upload_goes_on_after_a_reload_where_it_was(
    page: OculusPage, app: ObservedApp, api: ApiClient, large_scan: Path
) -> None:
    page.open()
    page.way.throttle_uploads(UPLOAD_BYTES_PER_S)
    page.choosing.choose_files(large_scan)
    page.choosing.expect_ready()
    page.choosing.begin()
    page.way.expect_upload("sending")
    expect(page.way.upload).to_contain_text("reload")  # its bytes are kept

    expect(page.way.figures).to_contain_text("/s")
    (begun,) = page.sent("POST", "/upload")
    job_id = begun.response().json()["jobId"]  # type: ignore[union-attr]
    wait_until(lambda: has_arrived(app, job_id), "a part arrives", timeout_s=60)
    page.way.throttle_uploads(CRAWLING_BYTES_PER_S)
    before = has_arrived(app, job_id)
    page.tab.reload()

    page.requests.clear()
    page.way.expect_upload("sending")
    page.way.throttle_uploads(-1)
    page.expect_screen("following", timeout_ms=60_000)

    assert page.job_id == job_id
    sent_later = {part_number(put) for put in page.sent("PUT", ".*")}
    assert sent_later  # it was truly on its way
    assert not sent_later & before
    assert page.job()["size_bytes"] == large_scan.stat().st_size
    assert page.sent("POST", "/upload") == []
    page.way.act("cancel")
    page.expect_screen("ended")


def test_pause_holds_an_upload_and_giving_it_up_forgets_it(
    page: OculusPage, api: ApiClient, large_scan: Path
) -> None:
    page.open()
    page.way.throttle_uploads(UPLOAD_BYTES_PER_S)
    page.choosing.choose_files(large_scan)
    page.choosing.expect_ready()
    page.choosing.begin()
    page.way.expect_upload("sending")
    page.way.act_on_upload("pause")
    page.way.expect_upload("paused")
    page.way.act_on_upload("resume")
    page.way.expect_upload("sending")

    page.way.act_on_upload("cancel")
    confirm = page.tab.get_by_role("alertdialog")
    confirm.get_by_role("button").last.click()
    page.expect_screen("start")
    page.tab.reload()

    page.expect_screen("start")
    expect(page.way.upload).to_have_count(0)


def test_being_offline_is_said_and_ends_by_itself(page: OculusPage) -> None:
    page.open()
    banner = page.tab.locator("[data-banner=offline]")
    expect(banner).to_have_count(0)

    page.tab.context.set_offline(True)
    expect(banner).to_be_visible()
    page.tab.context.set_offline(False)

    expect(banner).to_have_count(0)


def test_a_failed_job_says_why_and_can_be_tried_again(page: OculusPage, tmp_path: Path) -> None:
    scan = write_damaged_scan(tmp_path / "scan.nii.gz")
    page.open()
    page.choosing.choose_files(scan)
    page.choosing.expect_ready()
    page.choosing.begin()

    page.expect_screen("ended", timeout_ms=60_000)
    failed = page.job_id
    code = page.job()["error"]["code"]
    expect(page.way.problem(code)).to_be_visible()
    page.way.act("retry")
    expect(page.tab).not_to_have_url(re.compile(f"#({failed})?$"))
    page.expect_screen("ended", timeout_ms=60_000)

    assert page.job()["error"]["code"] == code
    assert len(page.sent("PUT", ".*")) == 1  # the scan's bytes were not sent again
    page.way.act("options")
    page.expect_screen("choosing")
    expect(page.choosing.begin_button).to_be_enabled()
