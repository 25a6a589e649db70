"""Reading slices: sides, crosshair, densities and distances are true, whatever the grid."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Submission
from tests.e2e.pages.oculus_page import OculusPage
from tests.e2e.pages.viewer import AXES, PLANES, Mask, Plane
from tests.e2e.pictures import bounds, centre, differs
from tests.e2e.scans import (
    BONE_CENTRE_RAS_MM,
    BONE_EDGE_MM,
    BONE_HU,
    LUNG_CENTRE_RAS_MM,
    LUNG_HU,
    TISSUE_HU,
    Grid,
)

EDGES = {
    "axial": {"left": "R", "right": "L", "top": "A", "bottom": "P"},
    "coronal": {"left": "R", "right": "L", "top": "S", "bottom": "I"},
    "sagittal": {"left": "A", "right": "P", "top": "S", "bottom": "I"},
}
VOXEL_MM = 4.0


def go_to(page: OculusPage, point_ras_mm: tuple[float, float, float]) -> None:
    """Move the crosshair there, by clicks as a user does it: each corrects the one before."""
    for plane in ("axial", "coronal", "axial"):
        x, y = page.viewer.crosshair_on(plane)
        mm_per_pixel = scale(page, plane)
        here = page.viewer.crosshair_ras_mm()
        up = 1 if plane == "axial" else 2
        page.viewer.click(
            plane,
            x + (here[0] - point_ras_mm[0]) / mm_per_pixel,
            y - (point_ras_mm[up] - here[up]) / mm_per_pixel,
        )
        page.viewer.settle()
    assert page.viewer.crosshair_ras_mm() == pytest.approx(point_ras_mm, abs=VOXEL_MM)


def scale(page: OculusPage, plane: Plane) -> float:
    """Millimetres a pixel, by the scale bar beside the slice."""
    millimetres, pixels = page.viewer.pane(plane).evaluate(
        """(pane) => {
          const label = pane.querySelector('[data-scale-label]')
          const [number, unit] = label.textContent.split(' ')
          const bar = label.nextElementSibling.getBoundingClientRect()
          return [Number(number) * (unit === 'cm' ? 10 : 1), bar.width]
        }"""
    )
    return float(millimetres / pixels)


def bone_in(page: OculusPage, plane: Plane) -> Mask:
    """Where the slice is nearer to bone than to the tissue around it."""
    page.viewer.choose_window("bone")
    centre_hu, width_hu = page.viewer.window(plane)
    middle = ((BONE_HU + TISSUE_HU) / 2 - centre_hu) / width_hu + 0.5
    bright: Mask = page.viewer.picture(plane).min(axis=2) > 255 * middle
    return bright


@pytest.fixture
def plain(known: OculusPage) -> OculusPage:
    """The known body's slices through the cube of bone, without the label map over them."""
    known.tree.hide_all()
    go_to(known, BONE_CENTRE_RAS_MM)
    return known


@pytest.mark.parametrize("grid", ["mirrored", "oblique"])
def test_letters_say_where_the_patients_sides_are(
    page: OculusPage, finished: Callable[[str], dict[str, Any]], grid: str
) -> None:
    page.open_result(finished(grid)["jobId"])
    page.tree.hide_all()
    go_to(page, BONE_CENTRE_RAS_MM)

    for plane in PLANES:
        assert page.viewer.letters(plane) == EDGES[plane]
        # The cube lies to the left, to the front and to the head of the body's middle.
        x, y = centre(bone_in(page, plane))
        towards = EDGES[plane]["right" if x > 0.5 else "left"]
        upward = EDGES[plane]["top" if y < 0.5 else "bottom"]
        assert towards in {"L", "A"}
        assert upward in {"A", "S"}
    assert page.viewer.hu() == 1000
    assert page.viewer.structure() == "bone"

    go_to(page, LUNG_CENTRE_RAS_MM)
    assert page.viewer.hu() == -850
    assert page.viewer.structure() == "lung_right"
    assert page.viewer.crosshair_on("axial")[0] < page.viewer.box("axial")["width"] / 2


def test_a_click_in_one_plane_moves_the_crosshair_in_all_three(known: OculusPage) -> None:
    for plane in PLANES:
        box = known.viewer.box(plane)
        x, y = round(box["width"] * 0.6), round(box["height"] * 0.4)
        before = known.viewer.crosshair_ras_mm()
        known.viewer.click(plane, x, y)
        known.viewer.settle()
        after = known.viewer.crosshair_ras_mm()

        assert known.viewer.crosshair_on(plane) == pytest.approx((x, y), abs=1.5)
        assert after[AXES[plane]] == before[AXES[plane]]
        assert np.abs(after - before).max() > VOXEL_MM
        for each in PLANES:
            position = known.viewer.pane(each).locator("[data-position-mm]")
            shown = float(position.get_attribute("data-position-mm") or "nan")
            assert shown == pytest.approx(after[AXES[each]], abs=0.01)
        assert known.viewer.crosshair_on("axial")[0] - known.viewer.box("axial")["width"] / 2 == (
            pytest.approx(
                known.viewer.crosshair_on("coronal")[0] - known.viewer.box("coronal")["width"] / 2,
                abs=1.5,
            )
        )
    expect(known.viewer.pane("3d").locator("[data-crosshair]")).to_be_visible()


def test_the_reading_is_what_the_scan_holds(
    result: OculusPage, submission: Submission, tmp_path: Path
) -> None:
    scan = Grid(submission.scan)
    labels = tmp_path / "segmentation.nii.gz"
    (artifact,) = [each for each in result.job()["artifacts"] if each["name"] == labels.name]
    labels.write_bytes(result.tab.request.get(artifact["url"]).body())
    found = Grid(labels)
    names = {each["label_value"]: each["name"] for each in result.job()["structures"]}
    structures_read = set()

    box = result.viewer.box("axial")
    compared = 0
    for share_x, share_y in np.random.default_rng(11).uniform(0.3, 0.7, (12, 2)):
        result.viewer.click("axial", box["width"] * share_x, box["height"] * share_y)
        result.viewer.settle()
        point = result.viewer.crosshair_ras_mm()
        if not scan.is_inside_of_a_voxel(point):
            continue
        assert result.viewer.hu() == pytest.approx(scan.at(point), abs=0.51)
        assert result.viewer.structure() == names.get(int(found.at(point)))
        structures_read.add(result.viewer.structure())
        compared += 1

    assert compared >= 4
    assert len(structures_read) >= 2


def test_a_distance_is_measured_in_millimetres(plain: OculusPage) -> None:
    left, right, top, bottom = bounds(bone_in(plain, "axial"))
    row = (top + bottom) / 2
    before = plain.viewer.box("axial")
    plain.viewer.press("m", "axial")
    assert plain.viewer.box("axial") == before  # nothing moves below the pointer

    plain.viewer.click("axial", left, row)
    plain.viewer.click("axial", right + 1, row)

    # The edges are blurred over the pixels next to them.
    pixel_mm = scale(plain, "axial")
    assert plain.viewer.measured_mm("axial") == pytest.approx(BONE_EDGE_MM, abs=2 * pixel_mm)
    assert (right + 1 - left) * pixel_mm == pytest.approx(BONE_EDGE_MM, abs=2 * pixel_mm)

    plain.viewer.press("Escape", "axial")
    expect(plain.viewer.pane("axial").locator("[data-measured]")).to_be_hidden()


def test_a_distance_is_measured_on_surfaces_in_3d(known: OculusPage) -> None:
    known.tree.hide_all()
    empty = known.viewer.picture("3d")
    known.tree.toggle("bone")
    left, right, top, bottom = bounds(differs(known.viewer.picture("3d"), empty))
    row = bottom - (bottom - top) / 4  # below the orientation cube
    inward = 6
    known.viewer.press("m")

    known.viewer.click("3d", left + inward, row)
    known.viewer.click("3d", right - inward, row)

    # The front face is flat and square to the view; perspective makes its sides lie behind it.
    assert known.viewer.measured_mm("3d") == pytest.approx(BONE_EDGE_MM, rel=0.15)


def test_the_label_map_lies_where_the_structure_is(plain: OculusPage) -> None:
    bone = bone_in(plain, "axial")
    without = plain.viewer.picture("axial")
    plain.tree.toggle("bone")
    coloured = differs(plain.viewer.picture("axial"), without)

    assert (bone & coloured).sum() / (bone | coloured).sum() > 0.85

    plain.viewer.press("o", "axial")
    outlined = differs(plain.viewer.picture("axial"), without)

    assert 0 < outlined.sum() < coloured.sum() / 2


def test_a_window_spreads_its_densities_over_the_greys(plain: OculusPage) -> None:
    go_to(plain, LUNG_CENTRE_RAS_MM)
    x, y = (round(place) for place in plain.viewer.crosshair_on("axial"))
    beside = x, y + round(70 / scale(plain, "axial"))  # behind the lung
    for window in ("softTissue", "lung", "bone", "brain"):
        plain.viewer.choose_window(window)
        centre_hu, width_hu = plain.viewer.window("axial")
        picture = plain.viewer.picture("axial")
        for hu, (column, row) in {LUNG_HU: (x, y), TISSUE_HU: beside}.items():
            grey = np.clip((hu - centre_hu) / width_hu + 0.5, 0, 1) * 255
            assert picture[row, column] == pytest.approx([grey] * 3, abs=2), (window, hu)


def test_keys_leaf_through_slices(known: OculusPage) -> None:
    before = known.viewer.crosshair_ras_mm()
    known.viewer.press("ArrowUp", "axial")
    known.viewer.press("ArrowUp", "axial")
    known.viewer.press("ArrowDown", "axial")

    assert known.viewer.crosshair_ras_mm() - before == pytest.approx([0, 0, VOXEL_MM])
