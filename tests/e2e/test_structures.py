"""Holding the organs: what the tree does is seen in the pixels, and the other way round."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.pages.oculus_page import OculusPage
from tests.e2e.pages.viewer import Mask
from tests.e2e.pictures import are_same, bounds, centre, differs, hue_deg, inside, typical_hue_deg
from tests.e2e.scans import BONE_CENTRE_RAS_MM, BONE_EDGE_MM

INNER = {"bone", "lung_right"}


def where_drawn(page: OculusPage, *names: str) -> Mask:
    """Where these structures alone are drawn in 3D."""
    page.tree.hide_all()
    empty = page.viewer.picture("3d")
    page.tree.toggle(*names)
    return differs(page.viewer.picture("3d"), empty)


def test_what_lies_around_everything_is_not_shown_at_first(known: OculusPage) -> None:
    assert known.tree.shown() == INNER


def test_an_eye_hides_and_shows_its_structure_in_3d_and_in_slices(known: OculusPage) -> None:
    known.viewer.press("F")
    at_first = {pane: known.viewer.picture(pane) for pane in ("3d", "axial")}

    known.tree.toggle("bone")
    hidden = {pane: known.viewer.picture(pane) for pane in ("3d", "axial")}
    known.tree.toggle("bone")

    for pane in ("3d", "axial"):
        gone = differs(at_first[pane], hidden[pane])
        assert gone.mean() > 0.01
        assert centre(gone)[0] > 0.5  # the patient's left is on the viewer's right
        assert are_same(at_first[pane], known.viewer.picture(pane))


def test_structures_are_drawn_in_their_colour(known: OculusPage) -> None:
    colors_rgb = {each["name"]: each["color_rgb"] for each in known.job()["structures"]}

    for name in INNER:
        mask = where_drawn(known, name)
        picture = known.viewer.picture("3d")
        assert mask.mean() > 0.01, name
        assert typical_hue_deg(picture, mask) == pytest.approx(hue_deg(colors_rgb[name]), abs=8)


def test_solo_leaves_one_structure_and_gives_the_others_back(known: OculusPage) -> None:
    everything = known.viewer.picture("3d")
    bone = where_drawn(known, "bone")
    known.tree.toggle("lung_right")

    known.tree.solo("bone")
    alone = known.viewer.picture("3d")
    assert (differs(alone, everything) & bone).sum() < 0.05 * bone.sum()
    expect(known.tree.row("lung_right")).to_have_attribute("aria-checked", "false")
    known.tree.solo("bone")

    assert are_same(known.viewer.picture("3d"), everything)


def test_opacity_lets_what_is_behind_shine_through(known: OculusPage) -> None:
    mask = where_drawn(known, "bone")
    opaque = known.viewer.picture("3d")
    known.tree.set_opacity("bone", 50)
    half = known.viewer.picture("3d")
    known.tree.set_opacity("bone", 0)
    none = known.viewer.picture("3d")

    bone, mixed, behind = (picture[mask].mean() for picture in (opaque, half, none))

    assert bone > behind + 30
    # Each surface takes half of what is left of a ray: one at least, four where ribs lie in a row.
    assert 0.5 < (mixed - behind) / (bone - behind) < 1 - 0.5**4


def test_a_click_on_pixels_selects_the_row_and_moves_the_crosshair_there(
    known: OculusPage,
) -> None:
    pixels = {name: inside(where_drawn(known, name)) for name in INNER}
    known.tree.toggle("bone" if known.tree.shown() == {"lung_right"} else "lung_right")

    for name, (x, y) in pixels.items():
        known.viewer.click("3d", x, y)
        known.tree.expect_selected(name)
        expect(known.tree.row(name)).to_be_in_viewport()
    known.viewer.click("3d", *pixels["bone"])

    # The cube's front, seen from the front.
    place = known.viewer.crosshair_ras_mm()
    assert place[1] == pytest.approx(BONE_CENTRE_RAS_MM[1] + BONE_EDGE_MM / 2, abs=4)
    assert (np.abs(place - BONE_CENTRE_RAS_MM) < BONE_EDGE_MM / 2 + 4).all()

    known.viewer.click("3d", 4, 300)  # beside everything
    known.tree.expect_selected(None)


def test_the_pointer_names_what_it_is_on(known: OculusPage) -> None:
    x, y = inside(where_drawn(known, "bone"))
    known.viewer.surface("3d").hover(position={"x": x, "y": y})

    expect(known.viewer.pane("3d").locator("[data-hovered]")).to_have_text("Bone")


def test_a_row_leads_the_eye_to_its_structure(known: OculusPage) -> None:
    before = bounds(where_drawn(known, "bone"))
    known.tree.select("bone")
    known.viewer.press("Shift+F")
    known.tree.hide_all()
    empty = known.viewer.picture("3d")
    known.tree.toggle("bone")
    mask = differs(known.viewer.picture("3d"), empty)

    assert centre(mask) == pytest.approx((0.5, 0.5), abs=0.03)
    assert bounds(mask)[1] - bounds(mask)[0] > before[1] - before[0]


def test_a_search_finds_what_is_meant(result: OculusPage) -> None:
    total = result.tree.rows.count()

    result.tree.search("bone")
    expect(result.tree.row("bone")).to_be_visible()
    assert 0 < result.tree.rows.count() < total

    result.tree.search("no such thing")
    expect(result.tree.tree).to_have_count(0)
    result.tree.search("")
    expect(result.tree.rows).to_have_count(total)


def test_from_behind_left_is_left(known: OculusPage) -> None:
    assert centre(where_drawn(known, "bone"))[0] > 0.55
    known.tree.toggle("lung_right")

    known.viewer.press("P")

    assert centre(where_drawn(known, "bone"))[0] < 0.45


def test_a_clipping_plane_cuts_off_one_side(known: OculusPage) -> None:
    whole = where_drawn(known, "bone", "lung_right")
    empty_side = centre(where_drawn(known, "bone"))[0]
    known.tab.get_by_role("button", name="Clipping planes").click()
    known.tab.get_by_role("checkbox", name="Clip Left–right").check()
    known.tab.keyboard.press("Escape")

    cut = where_drawn(known, "bone", "lung_right")

    assert 0.1 < cut.sum() / whole.sum() < 0.95
    assert empty_side > 0.5


def test_a_picture_can_be_saved(known: OculusPage, tmp_path: Path) -> None:
    button = known.tab.get_by_role("button", name="Save a picture (PNG)")
    path = known.panels.download(button, tmp_path)

    picture = np.asarray(Image.open(path).convert("RGB"))

    assert path.name == f"iris-oculus-{known.job_id}.png"
    assert picture.std() > 10


@pytest.mark.parametrize("grid", ["mirrored", "oblique"])
def test_the_patients_left_is_on_the_viewers_right_for_every_grid(
    page: OculusPage, finished: Callable[[str], dict[str, Any]], grid: str
) -> None:
    page.open_result(finished(grid)["jobId"])

    bone, lung = where_drawn(page, "bone"), where_drawn(page, "lung_right")

    assert centre(bone)[0] > 0.55
    assert centre(lung)[0] < 0.45
    assert centre(bone)[1] < centre(lung)[1]  # the head is up
