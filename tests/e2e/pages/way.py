"""From sending to the end of the job: upload, stages, and what went wrong."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

STAGES = ["queued", "loading", "segmenting", "meshing", "exporting", "publishing"]
# Every stage that is ever shown as the present one, without polling for it.
RECORD_STAGES = """() => {
  window.stagesSeen = []
  const look = () => {
    const now = document.querySelector('[data-stage][data-state=current]')?.dataset.stage
    if (now !== undefined && window.stagesSeen.at(-1) !== now) window.stagesSeen.push(now)
  }
  new MutationObserver(look).observe(document.body, {
    attributes: true, childList: true, subtree: true,
  })
}"""


class Way:
    """A scan on its way."""

    def __init__(self, tab: Page) -> None:
        self._tab = tab
        self.upload = tab.locator("[data-upload]")
        self.figures = tab.locator("[data-upload-figures]")
        self.stages = tab.locator("[data-stage]")

    # ---------------------------------------------------------------- doing

    def record_stages(self) -> None:
        """From now on, until the page is loaded anew."""
        self._tab.evaluate(RECORD_STAGES)

    def throttle_uploads(self, bytes_per_s: int) -> None:
        """Send no faster than that, over reloads too; -1 for as fast as it goes."""
        client = self._tab.context.new_cdp_session(self._tab)
        client.send("Network.enable")
        client.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": 0,
                "downloadThroughput": -1,
                "uploadThroughput": bytes_per_s,
            },
        )

    def act(self, action: str) -> None:
        """Press one of the buttons: cancel, retry, options, try-again."""
        self._tab.locator(f"main [data-action={action}]").click()

    def act_on_upload(self, action: str) -> None:
        """Press pause, resume or cancel."""
        self._tab.locator(f"[data-upload-action={action}]").click()

    # ---------------------------------------------------------------- seeing

    def stages_seen(self) -> list[str]:
        """In the order in which they were shown."""
        seen: list[str] = self._tab.evaluate("() => window.stagesSeen")
        return seen

    def problem(self, code: str) -> Locator:
        """What is said of a problem."""
        return self._tab.locator(f"[data-problem={code}]")

    def expect_upload(self, state: str, **options: Any) -> None:
        """Wait for the upload to be sending, waiting, paused, completing or stopped."""
        expect(self.upload).to_have_attribute("data-upload", state, **options)
