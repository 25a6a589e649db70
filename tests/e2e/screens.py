"""Every screen of the page, and how to get there."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Route, expect

from tests.e2e.pages.oculus_page import OculusPage

Job = dict[str, Any]
USER = "e2e"
"""Owner of the jobs that are made beside the page."""


@dataclass(frozen=True)
class Stock:
    """What there is to be shown.

    Attributes
    ----------
    nifti, dicom_folder, text : Path
    completed, failed : dict
        Jobs, as the API says.
    """

    nifti: Path
    dicom_folder: Path
    text: Path
    completed: Job
    failed: Job


def start(page: OculusPage, stock: Stock) -> None:
    page.open()


def chosen(page: OculusPage, stock: Stock) -> None:
    page.open()
    page.choosing.choose_files(stock.nifti)
    page.choosing.expect_ready()
    page.choosing.expect_picture(page.choosing.scans)


def chosen_series(page: OculusPage, stock: Stock) -> None:
    """Several series, some of no use, with all options unfolded."""
    page.open()
    page.choosing.choose_folder(stock.dicom_folder)
    page.choosing.expect_ready()
    page.choosing.expect_picture(page.choosing.scans.first)
    page.tab.locator("[data-candidates] summary").click()
    page.choosing.choose_structures(["bone"])
    page.choosing.open_advanced()


def refused(page: OculusPage, stock: Stock) -> None:
    page.open()
    page.choosing.choose_files(stock.text)
    expect(page.choosing.refused).to_be_visible()


def uploading(page: OculusPage, stock: Stock) -> None:
    """Held where it is: the store does not answer."""
    page.tab.route(
        "**/*", lambda route: None if route.request.method == "PUT" else route.continue_()
    )
    page.open()
    page.choosing.choose_files(stock.nifti)
    page.choosing.expect_ready()
    page.choosing.begin()
    page.way.expect_upload("sending")
    expect(page.way.upload.locator("p")).not_to_have_count(0)


def processing(page: OculusPage, stock: Stock) -> None:
    """Held in the middle of a stage."""
    going_on = stock.completed | {
        "status": "processing",
        "stage": "meshing",
        "stageDetail": {"done": 3, "total": 8},
        "progress": 0.56,
        "eta_s": 42.0,
        "structures": [],
        "artifacts": [],
        "engine": None,
    }
    answer_with(page, going_on)
    page.open(going_on["jobId"])
    expect(page.way.stages).not_to_have_count(0)


def failed(page: OculusPage, stock: Stock) -> None:
    page.open(stock.failed["jobId"])
    page.expect_screen("ended")


def result(page: OculusPage, stock: Stock) -> None:
    page.open_result(stock.completed["jobId"])


def result_selected(page: OculusPage, stock: Stock) -> None:
    result(page, stock)
    page.tree.select("bone")
    page.tree.solo("lung_right")


def panel(name: str) -> Callable[[OculusPage, Stock], None]:
    """One of the panels beside the viewer."""

    def show(page: OculusPage, stock: Stock) -> None:
        result(page, stock)
        page.panels.open(name)
        if name == "files":
            page.panels.unfold_single_files()

    return show


def clipping(page: OculusPage, stock: Stock) -> None:
    result(page, stock)
    page.tab.locator("button:has(svg.lucide-scissors)").first.click()
    expect(page.tab.get_by_role("dialog")).to_be_visible()


def jobs(page: OculusPage, stock: Stock) -> None:
    page.tab.add_init_script(f"localStorage.setItem('userId', {USER!r})")
    page.open()
    page.open_jobs()
    expect(page.jobs.item(stock.completed["jobId"])).to_be_visible()


def deleting(page: OculusPage, stock: Stock) -> None:
    jobs(page, stock)
    page.jobs.ask_to_delete(stock.completed["jobId"])
    expect(page.jobs.dialog).to_be_visible()


def help_sheet(page: OculusPage, stock: Stock) -> None:
    page.open()
    page.tab.locator("[data-go=help]").click()
    expect(page.tab.get_by_role("dialog")).to_be_visible()


def offline(page: OculusPage, stock: Stock) -> None:
    page.open()
    page.tab.context.set_offline(True)
    expect(page.tab.locator("[data-banner=offline]")).to_be_visible()


SCREENS: dict[str, Callable[[OculusPage, Stock], None]] = {
    "start": start,
    "chosen": chosen,
    "chosen_series": chosen_series,
    "refused": refused,
    "uploading": uploading,
    "processing": processing,
    "failed": failed,
    "result": result,
    "result_selected": result_selected,
    "numbers": panel("numbers"),
    "files": panel("files"),
    "about": panel("about"),
    "clipping": clipping,
    "jobs": jobs,
    "deleting": deleting,
    "help": help_sheet,
    "offline": offline,
}


def answer_with(page: OculusPage, job: Job) -> None:
    """Let the API say this of a job, and nothing else."""

    def answer(route: Route) -> None:
        body = json.dumps({"ok": True, "job": job})
        route.fulfill(status=200, content_type="application/json", body=body)

    page.tab.route(f"**/jobs/{job['jobId']}", answer)
