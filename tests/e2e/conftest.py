"""The local stack with its page, a browser, and scans that went through both."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nibabel
import pytest
from playwright.sync_api import Browser, BrowserContext

from local_stack.client import ApiClient, ApiError
from local_stack.emulator import INTERPRETER
from local_stack.phantom import PhantomOptions, make_torso
from tests.conftest import REPOSITORY, SHARED_DATA
from tests.e2e.browser import NoBrowser, drawing_chromium
from tests.e2e.pages.oculus_page import OculusPage
from tests.e2e.scans import MIRRORED, OBLIQUE, write_damaged_scan, write_scan, write_study
from tests.e2e.screens import USER, Stock
from tests.functional.running_app import ObservedApp

FRONTEND = REPOSITORY / "frontend"
JOB_TIMEOUT_S = 120
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Submission:
    """A scan that went through the page, and what the page showed on the way.

    Attributes
    ----------
    job_id : str
    scan : Path
    stages : tuple of str
        That were shown as the present one, in order.
    asked : tuple of str
        Method and path of what was sent to the API and to the store, in order.
    """

    job_id: str
    scan: Path
    stages: tuple[str, ...]
    asked: tuple[str, ...]


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObservedApp]:
    """The running stack, with the built page."""
    if not INTERPRETER.exists():
        pytest.fail("the emulator's environment is not installed: run `make setup`")
    if not (FRONTEND / "dist" / "index.html").exists():
        pytest.fail("the page is not built: run `make frontend/dist/index.html`")
    running = ObservedApp(tmp_path_factory.mktemp("stack"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def url(app: ObservedApp) -> str:
    """Where the page is."""
    return f"http://localhost:{app.port}"


@pytest.fixture(scope="session")
def api(app: ObservedApp) -> Iterator[ApiClient]:
    """The API, for what is done beside the page."""
    with app.client(USER) as client:
        yield client


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser that draws."""
    try:
        with drawing_chromium() as browser:
            yield browser
    except NoBrowser as error:
        pytest.fail(str(error))


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make a browser profile: nothing is stored in it yet."""
    made: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        made.append(chromium.new_context(**({"viewport": WIDE, "locale": "en-GB"} | options)))
        return made[-1]

    yield make
    for context in made:
        context.close()


@pytest.fixture
def new_page(
    new_context: Callable[..., BrowserContext], url: str
) -> Iterator[Callable[..., OculusPage]]:
    """Open tabs; afterwards: the console is clean, and nobody else was asked for anything."""
    made: list[OculusPage] = []

    def make(context: BrowserContext | None = None, **options: Any) -> OculusPage:
        made.append(OculusPage(context or new_context(**options), url))
        return made[-1]

    yield make
    for page in made:
        assert page.console == []
        assert page.foreign_requests == []


@pytest.fixture
def page(new_page: Callable[..., OculusPage]) -> OculusPage:
    """A fresh tab in a fresh profile."""
    return new_page()


# -------------------------------------------------------------------- scans and jobs


@pytest.fixture(scope="session")
def phantom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A coarse chest as NIfTI, asymmetric as people are."""
    volume = make_torso(PhantomOptions(spacing_mm=(6, 6, 6), z_low_mm=-100, z_high_mm=150)).volume
    path = tmp_path_factory.mktemp("scan") / "chest.nii.gz"
    nibabel.save(nibabel.Nifti1Image(volume.voxels, volume.affine_ras_mm), path)
    return path


@pytest.fixture(scope="session")
def real_ct(phantom: Path) -> Path:
    """A real CT where there is one, else the phantom."""
    found = SHARED_DATA / "slab_ct" / "ct.nii.gz"
    return found if found.exists() else phantom


@pytest.fixture(scope="session")
def scans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Scans of the known body, by the way in which their grid lies."""
    folder = tmp_path_factory.mktemp("known")
    return {
        "mirrored": write_scan(folder / "mirrored.nii.gz", *MIRRORED),
        "oblique": write_scan(folder / "oblique.nii.gz", *OBLIQUE),
    }


@pytest.fixture(scope="session")
def begun(api: ApiClient, phantom: Path, scans: dict[str, Path]) -> dict[str, str]:
    """Jobs that were begun together, to be processed while other tests run."""
    jobs = {}
    for name, scan in {**scans, "phantom": phantom}.items():
        jobs[name] = api.upload_presigned(scan)
        api.process(jobs[name])
    return jobs


@pytest.fixture(scope="session")
def finished(api: ApiClient, begun: dict[str, str]) -> Callable[[str], dict[str, Any]]:
    """Wait for one of the jobs and get what the API says of it."""

    def wait(name: str) -> dict[str, Any]:
        job = api.wait(begun[name], timeout_s=JOB_TIMEOUT_S)
        assert job["status"] == "completed", job["error"]
        return job

    return wait


@pytest.fixture
def busy(api: ApiClient, begun: dict[str, str]) -> Iterator[Callable[[], None]]:
    """Give the worker something to do, so that what comes after it waits; call it to end that."""
    job_id = api.upload_from(begun["phantom"])
    api.process(job_id)

    def end() -> None:
        try:
            api.cancel(job_id)
        except ApiError as error:
            if error.status != HTTPStatus.CONFLICT:  # it is over
                raise

    yield end
    end()


@pytest.fixture(scope="session")
def submission(chromium: Browser, url: str, real_ct: Path) -> Submission:
    """A CT that was sent by the page, and watched there to its end."""
    with chromium.new_context(viewport=WIDE, locale="en-GB") as context:
        page = OculusPage(context, url)
        page.open()
        page.choosing.drop(real_ct)
        page.choosing.expect_picture(page.choosing.scans)
        page.choosing.expect_ready()
        page.way.record_stages()
        page.choosing.begin()
        page.expect_screen("result", timeout_ms=JOB_TIMEOUT_S * 1000)
        page.viewer.wait_until_drawn()
        assert page.console == []
        assert page.foreign_requests == []
        asked = tuple(
            f"{request.method} {urlsplit(request.url).path}"
            for request in page.requests
            if request.method != "GET"
        )
        return Submission(page.job_id, real_ct, tuple(page.way.stages_seen()), asked)


@pytest.fixture
def result(page: OculusPage, submission: Submission) -> OculusPage:
    """A fresh tab on the link of the CT that was sent by the page."""
    page.open_result(submission.job_id)
    return page


@pytest.fixture
def known(page: OculusPage, finished: Callable[[str], dict[str, Any]]) -> OculusPage:
    """A fresh tab on the known body, from a mirrored grid."""
    page.open_result(finished("mirrored")["jobId"])
    return page


@pytest.fixture(scope="session")
def failed_job(
    api: ApiClient, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], dict[str, Any]]:
    """Get a job on a scan that is damaged beyond its header."""
    scan = write_damaged_scan(tmp_path_factory.mktemp("damaged") / "damaged.nii.gz")
    job_id = api.upload_presigned(scan)
    api.process(job_id)

    def wait() -> dict[str, Any]:
        job = api.wait(job_id, timeout_s=JOB_TIMEOUT_S)
        assert job["status"] == "failed"
        return job

    return wait


@pytest.fixture(scope="session")
def stock(
    finished: Callable[[str], dict[str, Any]],
    failed_job: Callable[[], dict[str, Any]],
    scans: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Stock:
    """Something to show on every screen."""
    folder = tmp_path_factory.mktemp("stock")
    text = folder / "notes.txt"
    text.write_text("These are words, and no picture of anything.")
    return Stock(
        nifti=scans["mirrored"],
        dicom_folder=write_study(folder / "study"),
        text=text,
        completed=finished("phantom"),
        failed=failed_job(),
    )
