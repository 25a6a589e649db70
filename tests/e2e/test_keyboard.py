"""Without a mouse: the whole way by keys, a focus that is seen, no motion unless it is wanted."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.pages.oculus_page import OculusPage
from tests.e2e.screens import SCREENS, Stock

MOST_STOPS = 80
FOCUSED = """() => {
  const element = document.activeElement
  if (element === null || element === document.body) return null
  const near = [element, ...element.children]
  for (let up = element.parentElement, steps = 0; up !== null && steps < 3; steps++) {
    near.push(up)
    up = up.parentElement
  }
  const box = element.getBoundingClientRect()
  return {
    tag: element.tagName.toLowerCase(),
    data: { ...element.dataset },
    role: element.getAttribute('role'),
    text: (element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 60),
    isMarked: near.some((each) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(each)
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1
    }) || 'lookFrom' in element.dataset, // filled instead
    // A face of the cube that is seen from its edge is outlined by the whole cube.
    isSeen: 'lookFrom' in element.dataset ||
      (box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight),
    within: element.closest('header, main, footer')?.tagName.toLowerCase() ?? null,
  }
}"""
ENDLESS_ANIMATIONS = """() => document.getAnimations()
  .filter(({ effect }) => effect.getComputedTiming().iterations === Infinity).length"""


def tab_to(page: OculusPage, wanted: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    """Press Tab until the focus is there; all stops on the way, each of them marked."""
    stops = []
    for _ in range(MOST_STOPS):
        page.tab.keyboard.press("Tab")
        focused = page.tab.evaluate(FOCUSED)
        if focused is None:
            continue  # the browser's own window
        stops.append(focused)
        assert focused["isMarked"], focused
        assert focused["isSeen"], focused
        if wanted(focused):
            return stops
    raise AssertionError(f"never reached; stops: {[stop['text'] for stop in stops]}")


def test_the_whole_way_by_keys(page: OculusPage, stock: Stock) -> None:
    page.open()
    (skip,) = tab_to(page, lambda _: True)
    assert skip["text"] == "Skip to content"
    page.tab.keyboard.press("Enter")
    expect(page.tab.get_by_role("main")).to_be_focused()

    tab_to(page, lambda stop: stop["data"].get("choose") == "files")
    page.choosing.choose_files(stock.nifti)  # what follows is a dialog of the system
    page.expect_screen("choosing")
    expect(page.tab.get_by_role("heading", level=1)).to_be_focused()

    page.choosing.expect_ready()
    stops = tab_to(page, lambda stop: stop["data"].get("action") == "begin")
    assert [stop["tag"] for stop in stops if stop["tag"] in {"input", "select"}] == [
        "input",  # the scan
        "select",  # the task
    ]
    page.tab.keyboard.press("Enter")
    page.expect_screen("result", timeout_ms=120_000)
    page.viewer.wait_until_drawn()

    tab_to(page, lambda stop: stop["data"].get("scope") == "view3d")
    before = page.viewer.picture("3d")
    page.tab.keyboard.press("ArrowLeft")
    assert (before != page.viewer.picture("3d")).any()

    tab_to(page, lambda stop: stop["role"] == "tab")
    tab_to(page, lambda stop: stop["role"] == "treeitem")
    page.tab.keyboard.press("End")
    page.tab.keyboard.press("Home")
    page.tab.keyboard.press("ArrowDown")
    row = page.tab.locator(":focus")
    name = row.get_attribute("data-structure")
    assert name is not None
    page.tab.keyboard.press("Space")
    expect(row).to_have_attribute("aria-checked", "false")
    page.tab.keyboard.press("Space")
    expect(row).to_have_attribute("aria-checked", "true")
    page.tab.keyboard.press("Enter")
    page.tree.expect_selected(name)


def test_tab_leads_through_header_content_and_out_again(page: OculusPage, stock: Stock) -> None:
    SCREENS["result"](page, stock)
    first = tab_to(page, lambda _: True)[0]

    stops = tab_to(page, lambda stop: stop["text"] == first["text"])

    areas = [stop["within"] for stop in stops if stop["within"] is not None]
    top = areas.index("header")  # a screen that opens takes the focus to its heading
    areas = areas[top:] + areas[:top]
    assert areas == sorted(areas, key=["header", "main", "footer"].index)
    assert "main" in areas


def test_a_dialog_keeps_the_focus_and_gives_it_back(page: OculusPage, stock: Stock) -> None:
    SCREENS["deleting"](page, stock)
    for _ in range(5):
        page.tab.keyboard.press("Tab")
        assert page.jobs.dialog.locator(":focus").count() == 1

    page.tab.keyboard.press("Escape")

    expect(page.jobs.dialog).to_have_count(0)
    expect(page.jobs.item(stock.completed["jobId"]).locator("[data-action=delete]")).to_be_focused()


def test_nothing_moves_for_who_wants_no_motion(
    new_page: Callable[..., OculusPage], stock: Stock
) -> None:
    moving = new_page(reduced_motion="no-preference")
    SCREENS["processing"](moving, stock)
    assert moving.tab.evaluate(ENDLESS_ANIMATIONS) > 0

    still = new_page(reduced_motion="reduce")
    SCREENS["processing"](still, stock)
    assert still.tab.evaluate(ENDLESS_ANIMATIONS) == 0


def test_help_opens_by_its_key_and_lists_what_the_viewer_does(page: OculusPage) -> None:
    page.open()

    page.tab.keyboard.press("?")

    sheet = page.tab.get_by_role("dialog")
    expect(sheet).to_contain_text("Look from the front")
    page.tab.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
