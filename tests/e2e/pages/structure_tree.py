"""The tree of structures: rows by body system, with eye, solo and opacity."""

from playwright.sync_api import Locator, Page, expect


class StructureTree:
    """What is shown of the model, row by row."""

    def __init__(self, tab: Page) -> None:
        self._tab = tab
        self.tree = tab.get_by_role("tree")
        self.rows = self.tree.locator("[data-structure]")
        self.groups = self.tree.locator("[data-group]")

    # ---------------------------------------------------------------- doing

    def toggle(self, *names: str) -> None:
        """Press the eyes of structures."""
        for name in names:
            self.row(name).locator("[data-action=eye]").click()

    def solo(self, name: str) -> None:
        """Show this one alone, or end that."""
        self.row(name).locator("[data-action=solo]").click()

    def show_only(self, *names: str) -> None:
        """Leave exactly these shown."""
        self.hide_all()
        self.toggle(*names)

    def hide_all(self) -> None:
        """By the button for everything."""
        self._tab.get_by_role("button", name="Hide all", exact=True).click()

    def select(self, name: str) -> None:
        """Click a structure's name."""
        self.row(name).locator("span[id]").first.click()
        self.expect_selected(name)

    def set_opacity(self, name: str, percent: int) -> None:
        """By the slider of the selected row and the keyboard, in steps of 5 %."""
        self.select(name)
        slider = self.row(name).get_by_role("slider")
        slider.press("Home")
        for _ in range(percent // 5):
            slider.press("ArrowRight")
        expect(slider).to_have_attribute("aria-valuenow", str(percent))

    def search(self, text: str) -> None:
        """Type into the search field."""
        self._tab.get_by_role("tabpanel").get_by_role("searchbox").fill(text)

    # ---------------------------------------------------------------- seeing

    def row(self, name: str) -> Locator:
        """A structure's row."""
        return self.tree.locator(f"[data-structure={name}]")

    def shown(self) -> set[str]:
        """Names of what is ticked."""
        rows = self.tree.locator("[data-structure][aria-checked=true]")
        names: list[str] = rows.evaluate_all("rows => rows.map(row => row.dataset.structure)")
        return set(names)

    def expect_selected(self, name: str | None) -> None:
        """Wait until this row is selected, and no other."""
        selected = self.tree.locator("[data-structure][aria-selected=true]")
        if name is None:
            expect(selected).to_have_count(0)
        else:
            expect(selected).to_have_attribute("data-structure", name)
