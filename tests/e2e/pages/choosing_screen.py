"""The way in: files are dropped or chosen, one of the scans is picked, options are set."""

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page, expect


class ChoosingScreen:
    """What is chosen before anything is sent."""

    def __init__(self, tab: Page) -> None:
        self._tab = tab
        self.scans = tab.locator("[data-candidate]")
        self.refused = tab.locator("[data-refused]")
        self.begin_button = tab.locator("[data-action=begin]")

    # ---------------------------------------------------------------- doing

    def choose_files(self, *files: Path) -> None:
        """As by the dialog of the system."""
        self._tab.locator("[data-input=files]").first.set_input_files(list(files))

    def choose_folder(self, folder: Path) -> None:
        """As by the dialog for folders, with all that is in it."""
        self._tab.locator("[data-input=folder]").first.set_input_files(folder)

    def drop(self, *paths: Path) -> None:
        """Drop files and folders of the disk onto the page, as from a file manager."""
        client = self._tab.context.new_cdp_session(self._tab)
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for step in ("dragEnter", "dragOver", "drop"):
            client.send("Input.dispatchDragEvent", {"type": step, "x": 640, "y": 400, "data": data})
            if step == "dragOver":
                expect(self._tab.locator("[data-page-drop=over]")).to_be_visible()
        client.detach()

    def pick(self, scan: Locator) -> None:
        """Choose one of several scans."""
        scan.get_by_role("radio").check()

    def pack_as(self, packing: str) -> None:
        """How a series is sent: `zip` or `nifti`."""
        self._tab.locator(f"[data-packing={packing}]").get_by_role("radio").check()

    def choose_structures(self, names: Sequence[str]) -> None:
        """Leave exactly these to be found."""
        self._panel.locator("[data-option=some]").click()
        for name in names:
            row = self._panel.locator(f"[data-structure={name}]")
            group = self._panel.locator("[data-system]").filter(
                has=self._tab.locator(f"[data-structure={name}]")
            )
            if group.count() == 0:
                self._open_groups()
            row.get_by_role("checkbox").check()

    def _open_groups(self) -> None:
        closed = self._panel.locator("[data-system] button[aria-expanded=false]")
        while closed.count() > 0:
            closed.first.click()

    def open_advanced(self) -> None:
        """Unfold the rarer options."""
        self._panel.locator("[data-section=advanced] summary").click()

    def begin(self) -> None:
        """Send and process."""
        self.begin_button.click()

    # ---------------------------------------------------------------- seeing

    @property
    def _panel(self) -> Locator:
        return self._tab.locator("[data-panel=process]")

    @property
    def reduction(self) -> Locator:
        """The slider of how many triangles go."""
        return self._panel.get_by_role("slider")

    def scan(self, text: str) -> Locator:
        """The scan of this title."""
        return self.scans.filter(has_text=text)

    def expect_ready(self) -> None:
        """Wait until the chosen scan can be sent."""
        expect(self.begin_button).to_be_enabled()

    def expect_picture(self, scan: Locator) -> None:
        """Wait until a scan shows its middle slice, with something in it."""
        picture = scan.locator("img[data-thumbnail]")
        expect(picture).to_be_visible()
        levels: int = picture.evaluate(
            """async (image) => {
              await image.decode()
              const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight)
              const context = canvas.getContext('2d')
              context.drawImage(image, 0, 0)
              const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
              return new Set(data.filter((_, index) => index % 4 === 0)).size
            }"""
        )
        assert levels > 1
