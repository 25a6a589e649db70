"""Left is left through to the pixels, in slices and in 3D, on whatever grid the scan is stored."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.viewer_alone import ViewerAlone, vite, where
from tests.e2e.viewer_phantom import BLOCKS, GRIDS, write_job

PLANE_AXES = {
    # Plane: (axis to the right of the screen, its sign), (axis upward, its sign)
    "axial": ((0, -1), (1, 1)),
    "coronal": ((0, -1), (2, 1)),
    "sagittal": ((1, -1), (2, 1)),
}
PLANE_BLOCKS = {
    "axial": ("red", "blue"),
    "coronal": ("red", "blue"),
    "sagittal": ("green", "yellow"),
}
TOLERANCE_MM = 3.5  # a voxel's edge, either way
# Half of what is seen of a block's sides beside its front, in perspective; the block on the other
# side of the patient is hundreds of pixels away.
SIDES_PIXELS = 12
AT_ORIGIN = """
  const state = scene.getState()
  state.set({ overlayOpacity: 1 })
  state.moveCrosshair([0, 0, 0])
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Of the viewer alone."""
    with vite() as url:
        yield url


@pytest.fixture(scope="module", params=sorted(GRIDS))
def viewer(
    request: pytest.FixtureRequest,
    address: str,
    chromium: Browser,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[ViewerAlone]:
    """The phantom on one of the grids, with the crosshair in the origin."""
    folder = tmp_path_factory.mktemp("job")
    write_job(folder, request.param)
    with chromium.new_context(viewport={"width": 1200, "height": 900}) as context:
        viewer = ViewerAlone(context, address, folder)
        viewer.do(AT_ORIGIN)
        yield viewer
        assert viewer.problems == []


@pytest.mark.parametrize("plane", PLANE_AXES)
def test_blocks_lie_in_slices_where_they_lie_in_the_patient(
    viewer: ViewerAlone, plane: str
) -> None:
    viewer.do(AT_ORIGIN)
    picture = viewer.picture(plane)
    mm = viewer.mm_per_pixel(plane)
    (right_axis, right_sign), (up_axis, up_sign) = PLANE_AXES[plane]
    places = {colour: where(picture, colour) for colour in PLANE_BLOCKS[plane]}
    (x1, y1), (x2, y2) = places.values()
    first, second = (BLOCKS[colour].centre_mm for colour in places)
    apart = first - second
    assert (x1 - x2) * mm == pytest.approx(right_sign * apart[right_axis], abs=TOLERANCE_MM)
    assert (y2 - y1) * mm == pytest.approx(up_sign * apart[up_axis], abs=TOLERANCE_MM)


def test_edges_carry_the_letters_of_the_radiological_convention(viewer: ViewerAlone) -> None:
    def letters(plane: str) -> dict[str, str]:
        edges = ("left", "right", "top", "bottom")
        return {e: viewer.pane(plane).locator(f'[data-edge="{e}"]').inner_text() for e in edges}

    assert letters("axial") == {"left": "R", "right": "L", "top": "A", "bottom": "P"}
    assert letters("coronal") == {"left": "R", "right": "L", "top": "S", "bottom": "I"}
    assert letters("sagittal") == {"left": "A", "right": "P", "top": "S", "bottom": "I"}


@pytest.mark.parametrize(
    ("direction", "colours", "is_left", "is_above"),
    [
        ("A", ("red", "blue"), True, True),
        ("P", ("red", "blue"), False, True),
        ("L", ("green", "yellow"), True, True),
        ("R", ("green", "yellow"), False, True),
        ("I", ("red", "blue"), True, True),  # the front on top
        ("S", ("red", "blue"), False, True),
    ],
)
def test_the_3d_view_shows_them_from_every_side(
    viewer: ViewerAlone,
    direction: str,
    colours: tuple[str, str],
    is_left: bool,
    is_above: bool,
) -> None:
    shown = ", ".join(f'"{colour}"' for colour in colours)
    viewer.do(f"scene.setState({{ solo: new Set([{shown}]) }})")
    viewer.do(f"camera.ask({{ kind: 'look_from', direction: '{direction}' }})")
    picture = viewer.picture("3d")
    viewer.do("scene.setState({ solo: null })")
    (x1, y1), (x2, y2) = (where(picture, colour) for colour in colours)
    assert (x1 < x2) == is_left
    assert (y1 < y2) == is_above


def test_a_click_in_a_slice_says_what_is_there_and_marks_it_in_all_panes(
    viewer: ViewerAlone,
) -> None:
    viewer.do(AT_ORIGIN)
    x, y = where(viewer.picture("axial"), "red")
    viewer.pane("axial").click(position={"x": x, "y": y})
    viewer.wait_until_drawn()
    reading = viewer.tab.locator("[data-reading]")
    expect(reading).to_have_attribute("data-structure", "red")
    expect(reading).to_have_attribute("data-hu", str(BLOCKS["red"].hu))
    x_mm, y_mm, z_mm = _crosshair(viewer)
    centre = BLOCKS["red"].centre_mm
    assert x_mm == pytest.approx(centre[0], abs=TOLERANCE_MM)
    # Rows of the block reach to where the slice cuts it, above and below.
    assert y_mm == pytest.approx(centre[1], abs=TOLERANCE_MM)
    assert z_mm == pytest.approx(0)
    # The coronal pane shows the slice through it: red is there, and blue is not.
    where(viewer.picture("coronal"), "red")
    with pytest.raises(AssertionError, match="no blue"):
        where(viewer.picture("coronal"), "blue")


def test_a_click_on_a_surface_chooses_it_and_moves_the_slices_there(viewer: ViewerAlone) -> None:
    viewer.do("camera.ask({ kind: 'look_from', direction: 'A' })")
    x, y = where(viewer.picture("3d"), "blue")
    viewer.pane("3d").click(position={"x": x, "y": y})
    viewer.wait_until_drawn()
    assert viewer.ask("scene.getState().selected") == "blue"
    x_mm, y_mm, z_mm = _crosshair(viewer)
    block = BLOCKS["blue"]
    assert x_mm == pytest.approx(block.centre_mm[0], abs=TOLERANCE_MM)
    assert z_mm == pytest.approx(block.centre_mm[2], abs=TOLERANCE_MM)
    assert y_mm == pytest.approx(block.high_mm[1], abs=TOLERANCE_MM)  # its front
    viewer.do("scene.getState().select(null)")


def test_the_crosshair_marks_the_same_point_in_3d(viewer: ViewerAlone) -> None:
    viewer.do("camera.ask({ kind: 'look_from', direction: 'A' })")
    block = BLOCKS["red"]
    # On its front face: what is behind looks smaller.
    x_mm, _, z_mm = block.centre_mm
    viewer.do(f"scene.getState().moveCrosshair([{x_mm}, {block.high_mm[1]}, {z_mm}])")
    x, y = where(viewer.picture("3d"), "red")
    pane = viewer.pane("3d").bounding_box()
    mark = viewer.pane("3d").locator("[data-crosshair] svg").bounding_box()
    assert pane is not None
    assert mark is not None
    assert mark["x"] + mark["width"] / 2 - pane["x"] == pytest.approx(x, abs=SIDES_PIXELS)
    assert mark["y"] + mark["height"] / 2 - pane["y"] == pytest.approx(y, abs=SIDES_PIXELS)


def test_a_clipping_plane_cuts_away_the_side_that_it_says(viewer: ViewerAlone) -> None:
    viewer.do("camera.ask({ kind: 'look_from', direction: 'A' })")
    viewer.do("scene.getState().setClip('x', { enabled: true, positionMm: 0, flipped: false })")
    kept_left = viewer.picture("3d")
    viewer.do("scene.getState().setClip('x', { flipped: true })")
    kept_right = viewer.picture("3d")
    viewer.do("scene.getState().setClip('x', { enabled: false, flipped: false })")
    where(kept_left, "blue")
    with pytest.raises(AssertionError, match="no red"):
        where(kept_left, "red")
    where(kept_right, "red")
    with pytest.raises(AssertionError, match="no blue"):
        where(kept_right, "blue")


def test_a_distance_is_measured_in_millimetres(viewer: ViewerAlone) -> None:
    viewer.do(AT_ORIGIN + "state.setTool('measure')")
    mm = viewer.mm_per_pixel("coronal")
    pane = viewer.pane("coronal")
    for x in (200, 200 + 50 / mm):
        pane.click(position={"x": x, "y": 150})
    viewer.wait_until_drawn()
    text = pane.locator("[data-measured]").inner_text()
    viewer.do("scene.getState().setTool('navigate')")
    assert text.endswith(" mm")
    assert float(text.removesuffix(" mm")) == pytest.approx(50, abs=mm)


def _crosshair(viewer: ViewerAlone) -> tuple[float, float, float]:
    text = viewer.tab.locator("[data-workspace]").get_attribute("data-crosshair-ras-mm")
    assert text is not None
    x, y, z = map(float, text.split())
    return x, y, z
