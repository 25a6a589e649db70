"""Beside the viewer: numbers, files, and how the result came about."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect


class ResultPanels:
    """The tabs beside the viewer."""

    def __init__(self, tab: Page) -> None:
        self._tab = tab
        self.tabs = tab.get_by_role("tab")
        self.number_rows = tab.locator("tbody [data-structure]")
        self.links = tab.locator("[data-artifact]")

    def open(self, name: str) -> None:
        """Open a tab: structures, numbers, files, about."""
        trigger = self._tab.locator(f"[role=tab][id$='trigger-{name}']")
        trigger.click()
        expect(trigger).to_have_attribute("aria-selected", "true")

    def sort_by(self, column: str) -> None:
        """Press the header of a column."""
        self._tab.locator(f"th[data-column={column}]").get_by_role("button").click()

    def link(self, artifact: str) -> Locator:
        """Where an artifact is downloaded."""
        return self._tab.locator(f"[data-artifact='{artifact}']")

    def unfold_single_files(self) -> None:
        """Show the links of each structure's own files."""
        self._tab.get_by_role("tabpanel").locator("summary").last.click()

    def download(self, button: Locator, folder: Path) -> Path:
        """Press what downloads something; the file, under the name that was suggested."""
        with self._tab.expect_download() as download:
            button.click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path
