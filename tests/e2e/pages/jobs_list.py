"""This browser's jobs."""

from playwright.sync_api import Locator, Page


class JobsList:
    """Jobs with their pictures, to be opened, processed again, deleted."""

    def __init__(self, tab: Page) -> None:
        self._tab = tab
        self.items = tab.locator("[data-panel=jobs] [data-job]")
        self.dialog = tab.get_by_role("alertdialog")

    def item(self, job_id: str) -> Locator:
        """One job."""
        return self._tab.locator(f"[data-panel=jobs] [data-job='{job_id}']")

    def ask_to_delete(self, job_id: str) -> None:
        """Press the button that asks whether it is meant."""
        self.item(job_id).locator("[data-action=delete]").click()
