"""The 3D view and the slices: pixels, pointer, crosshair, tools."""

import io
import re
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, expect

Plane = Literal["axial", "coronal", "sagittal"]
Pane = Literal["3d", "axial", "coronal", "sagittal"]
PLANES: tuple[Plane, ...] = ("axial", "coronal", "sagittal")
AXES = {"axial": 2, "coronal": 1, "sagittal": 0}
"""The axis of RAS+ across each plane."""

Picture = npt.NDArray[np.uint8]
"""Shape (rows, columns, 3); a pixel for each CSS pixel of the pane."""
Mask = npt.NDArray[np.bool_]

LOAD_TIMEOUT_MS = 60_000
# Nothing is drawn any more, and nothing is about to be: a costly pane waits for 140 ms of rest.
AT_REST = """() => new Promise((done) => {
  const canvas = document.querySelector('[data-workspace] canvas')
  let [before, since] = ['', performance.now()]
  const look = () => {
    const { frames, done: finished } = canvas.dataset
    const now = `${frames} ${finished}`
    if (now !== before || frames !== finished) [before, since] = [now, performance.now()]
    if (performance.now() - since > 320) done()
    else requestAnimationFrame(look)
  }
  look()
})"""
# Letters, lines and buttons above the pictures, which are not what the pictures show.
BARE = """
  [data-bare] [data-pane] > *:not([data-scope]) { visibility: hidden !important }
  [data-bare] [data-scope] { outline: none !important }
"""


class Viewer:
    """What is drawn of a result."""

    def __init__(self, tab: Page) -> None:
        self._tab = tab
        self.workspace = tab.locator("[data-workspace]")
        self.reading = tab.locator("[data-reading]")

    # ---------------------------------------------------------------- doing

    def wait_until_drawn(self, *, timeout_ms: float = LOAD_TIMEOUT_MS) -> None:
        """Wait for the model, for the slices where there are any, and for the last frame."""
        expect(self.workspace).to_have_attribute("data-model", "ready", timeout=timeout_ms)
        expect(self.workspace).to_have_attribute("data-slices", "ready", timeout=timeout_ms)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing more is drawn."""
        self._tab.evaluate(AT_REST)

    def press(self, key: str, pane: Pane = "3d") -> None:
        """Press a key in a pane."""
        self.surface(pane).press(key)
        self.settle()

    def click(self, pane: Pane, x: float, y: float) -> None:
        """Click on a pixel of a pane, counted from its upper left corner."""
        self.surface(pane).click(position={"x": x, "y": y})

    def choose_window(self, name: str) -> None:
        """How densities are shown: softTissue, lung, bone, brain."""
        self._tab.locator("[data-window-choice]").select_option(name)
        self.settle()

    # ---------------------------------------------------------------- seeing

    def pane(self, pane: Pane) -> Locator:
        """A pane with all that lies above its picture."""
        return self._tab.locator(f"[data-pane='{pane}']")

    def surface(self, pane: Pane) -> Locator:
        """What takes the pointer and the keys of a pane."""
        return self.pane(pane).locator("[data-scope]")

    def box(self, pane: Pane) -> FloatRect:
        """Where the pane's picture is on the screen."""
        box = self.surface(pane).bounding_box()
        assert box is not None
        return box

    def picture(self, pane: Pane) -> Picture:
        """What is drawn in a pane, at rest, without what lies above it, nothing pointed at."""
        self._tab.mouse.move(1, 1)
        self.settle()
        self._tab.evaluate(
            """(css) => {
              if (!document.getElementById('bare')) {
                const sheet = document.createElement('style')
                sheet.id = 'bare'
                sheet.textContent = css
                document.head.append(sheet)
              }
              document.documentElement.dataset.bare = ''
            }""",
            BARE,
        )
        png = self._tab.screenshot(clip=self.box(pane))
        self._tab.evaluate("() => delete document.documentElement.dataset.bare")
        return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))

    def crosshair_ras_mm(self) -> npt.NDArray[np.float64]:
        """Where the crosshair is in the patient."""
        text = self.workspace.get_attribute("data-crosshair-ras-mm") or ""
        return np.array([float(number) for number in text.split()])

    def hu(self) -> float:
        """The scan's value at the crosshair, as shown."""
        shown = re.search(r"(-?[\d,]+) HU", self.reading.inner_text().replace("−", "-"))
        assert shown is not None
        assert shown[1].replace(",", "") == self.reading.get_attribute("data-hu")
        return float(shown[1].replace(",", ""))

    def structure(self) -> str | None:
        """Name of the structure at the crosshair."""
        return self.reading.get_attribute("data-structure") or None

    def letters(self, plane: Plane) -> dict[str, str]:
        """The letter at each edge of a slice, where it is on the screen."""
        found: dict[str, str] = self.pane(plane).evaluate(
            """(pane) => {
              const whole = pane.getBoundingClientRect()
              const edges = {}
              for (const letter of pane.querySelectorAll('[data-edge]')) {
                const { x, y, width, height } = letter.getBoundingClientRect()
                const across = (x + width / 2 - whole.x) / whole.width - 0.5
                const down = (y + height / 2 - whole.y) / whole.height - 0.5
                const edge = Math.abs(across) > Math.abs(down)
                  ? (across < 0 ? 'left' : 'right')
                  : (down < 0 ? 'top' : 'bottom')
                edges[edge] = letter.textContent
              }
              return edges
            }"""
        )
        return found

    def window(self, plane: Plane) -> tuple[float, float]:
        """Centre and width of the densities that are shown, in HU."""
        text = self.pane(plane).locator("[data-window]").get_attribute("data-window") or ""
        centre_hu, width_hu = (float(number) for number in text.split())
        return centre_hu, width_hu

    def crosshair_on(self, plane: Plane) -> tuple[float, float]:
        """Where the crosshair's lines cross in a slice, in pixels of the pane."""
        x, y = self.pane(plane).evaluate(
            """(pane) => {
              const whole = pane.getBoundingClientRect()
              const lines = [...pane.querySelector('[data-crosshair]').children]
                .map((line) => line.getBoundingClientRect())
              const down = lines.find(({ width, height }) => width <= 1 && height > 1)
              const across = lines.find(({ width, height }) => height <= 1 && width > 1)
              return [down.x - whole.x, across.y - whole.y]
            }"""
        )
        return float(x), float(y)

    def measured_mm(self, pane: Pane) -> float:
        """The distance that is shown in a pane."""
        label = self.pane(pane).locator("[data-measured]")
        expect(label).to_be_visible()
        return float(label.inner_text().removesuffix(" mm").replace(",", ""))
