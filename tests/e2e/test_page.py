"""A user's way through the page in a real browser, over the real stack."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.colours import centre, drawn, hue_deg, typical_hue_deg
from tests.e2e.conftest import Submission
from tests.e2e.oculus_page import OculusPage

REFUSED_IN_CONSOLE = "Failed to load resource: the server responded with a status of 400"


def test_the_status_tells_how_the_job_moves_on(submission: Submission) -> None:
    texts = submission.status_texts

    assert texts[0] == "Sending the scan"
    assert texts[-1] == "Done: torso.nii.gz"
    stages = ("Waiting", "Reading", "Segmenting", "Making meshes", "Writing files", "Storing files")
    seen = [stage for text in texts for stage in stages if text.startswith(stage)]
    assert len(set(seen)) >= 2
    assert seen == sorted(seen, key=stages.index)


def test_a_link_finds_the_result(result: OculusPage, submission: Submission) -> None:
    job = result.job()
    assert job["status"] == "completed"
    result.expect_status("Done: torso.nii.gz")

    rows = result.tab.locator("tr[data-structure]")

    expect(rows.locator("td:first-child")).to_have_text(
        [structure["display_name"] for structure in job["structures"]]
    )
    for row, structure in zip(rows.all(), job["structures"], strict=True):
        volume, density = row.locator("td").all_inner_texts()[1:]
        assert volume.startswith("≥") == structure["truncated"]
        assert float(volume.lstrip("≥ ")) == pytest.approx(structure["volume_ml"], abs=0.5)
        assert float(density) == pytest.approx(structure["mean_hu"], abs=0.5)

    result.tab.reload()
    result.wait_for_result()

    assert result.job_id == submission.job_id
    expect(rows).to_have_count(len(job["structures"]))


def test_the_page_names_the_engine_and_its_limits(result: OculusPage) -> None:
    engine = result.job()["engine"]
    assert engine["name"] == "hounsfield"

    expect(result.tab.locator("#engine")).to_have_text(
        f"Engine: hounsfield {engine['version']}. {engine['limits']}"
    )


def test_what_lies_around_everything_is_not_shown_at_first(result: OculusPage) -> None:
    ticked = {
        row.get_attribute("data-structure")
        for row in result.tab.locator("tr[data-structure]:has(input:checked)").all()
    }

    assert {"lung_left", "lung_right", "airway", "bone"} <= ticked
    assert not {"body_surface", "fat", "muscle"} & ticked


def test_structures_are_drawn_in_their_colour(result: OculusPage) -> None:
    colors_rgb = {s["name"]: s["color_rgb"] for s in result.job()["structures"]}

    for name in ("lung_left", "airway", "bone", "fat"):
        result.show_only(name)
        picture = result.picture()
        assert drawn(picture).mean() > 0.001, name
        assert picture[drawn(picture)].std() > 5, name  # light falls on a shape
        assert typical_hue_deg(picture) == pytest.approx(hue_deg(colors_rgb[name]), abs=6), name


def test_the_patients_left_is_on_the_viewers_right(result: OculusPage) -> None:
    places = {}
    for name in ("lung_left", "lung_right", "airway"):
        result.show_only(name)
        places[name] = centre(result.picture())

    assert places["lung_left"][0] > 0.52
    assert places["lung_right"][0] < 0.48
    assert places["airway"][1] < min(places["lung_left"][1], places["lung_right"][1])


def test_a_box_hides_and_shows_its_structure(result: OculusPage) -> None:
    before = result.picture()

    result.toggle("bone")
    without = result.picture()
    result.toggle("bone")

    assert (drawn(before) & ~drawn(without)).mean() > 0.01
    assert not (drawn(without) & ~drawn(before)).any()
    np.testing.assert_array_equal(result.picture(), before)


def test_dragging_turns_the_model(result: OculusPage) -> None:
    result.show_only("lung_left")
    box = result.tab.locator("#viewer canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    # Half a turn is half of the view's height.
    result.tab.mouse.move(x, y)
    result.tab.mouse.down()
    result.tab.mouse.move(x - box["height"] / 2, y, steps=4)
    result.tab.mouse.up()

    assert centre(result.picture())[0] < 0.48  # from behind, left is left


def test_every_file_can_be_taken_away(result: OculusPage) -> None:
    result.tab.get_by_text("One file per structure").click()
    artifacts = {artifact["name"]: artifact for artifact in result.job()["artifacts"]}
    links = result.tab.locator("#files a")

    assert sorted(links.all_inner_texts()) == sorted(artifacts)
    for name in ("model.glb", "segmentation.nii.gz", "bone.stl", "manifest.json", "bundle.zip"):
        with result.tab.expect_download() as download:
            result.tab.get_by_role("link", name=name, exact=True).click()
        assert download.value.suggested_filename == name
        assert Path(download.value.path()).stat().st_size == artifacts[name]["size_bytes"]


@pytest.mark.parametrize(
    ("name", "refused_at"), [("scan.nii", "/complete"), ("notes.txt", "/upload")]
)
def test_what_is_no_scan_is_refused_in_the_apis_words(
    page: OculusPage, tmp_path: Path, name: str, refused_at: str
) -> None:
    scan = tmp_path / name
    scan.write_text("These are words, and no picture of anything.\n" * 50)
    page.open()

    with page.tab.expect_response(lambda answer: answer.status == 400) as refusal:
        page.submit(scan)

    assert refusal.value.url.endswith(refused_at)
    error = refusal.value.json()["error"]
    assert error["message"]
    assert error["hint"]
    page.expect_status(f"{error['message']} {error['hint']}", kind="error")
    expect(page.tab.get_by_role("button", name="Segment")).to_be_enabled()
    expect(page.tab.get_by_role("progressbar")).to_be_hidden()
    # The browser itself logs an answer of 400.
    assert len(page.console_errors) == 1
    assert page.console_errors.pop().startswith(REFUSED_IN_CONSOLE)


def test_a_running_job_can_be_cancelled(page: OculusPage, phantom: Path) -> None:
    page.open()
    page.submit(phantom)

    page.tab.get_by_role("button", name="Cancel").click()

    page.expect_status(re.compile("^Cancelled"))
    expect(page.tab.get_by_role("button", name="Cancel")).to_be_hidden()
    expect(page.tab.get_by_role("button", name="Segment")).to_be_enabled()
    assert page.job()["status"] == "cancelled"


def test_a_real_scan(page: OculusPage, shared_data: Path) -> None:
    page.open()
    page.submit(shared_data / "slab_ct" / "ct.nii.gz")

    page.wait_for_result()

    page.show_only("bone")
    assert drawn(page.picture()).mean() > 0.01
    across, _ = centre(page.picture())
    assert across == pytest.approx(0.5, abs=0.05)  # the spine is in the middle


def test_nothing_of_the_job_before_stands_beside_the_next_one(
    result: OculusPage, tmp_path: Path
) -> None:
    scan = tmp_path / "notes.txt"
    scan.write_text("These are words.")

    result.submit(scan)

    result.expect_status(re.compile("file name must end"), kind="error")
    assert result.job_id == ""
    expect(result.tab.locator("tr[data-structure], #files a")).to_have_count(0)
    expect(result.tab.locator("#engine")).to_be_hidden()
    assert not drawn(result.picture()).any()
    assert result.console_errors.pop().startswith(REFUSED_IN_CONSOLE)
