"""What axe finds on a screen."""

from typing import Any

from playwright.sync_api import Page

from tests.conftest import REPOSITORY

AXE = REPOSITORY / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# Colours that are still on their way to the other theme have no contrast of their own.
AT_REST = """() => Promise.allSettled(
  document.getAnimations()
    .filter(({ effect }) => effect.getComputedTiming().iterations !== Infinity)
    .map(({ finished }) => finished),
)"""
FIND = """async (rules) => {
  const { violations } = await axe.run(document, { runOnly: { type: 'tag', values: rules } })
  return violations.map(({ id, nodes }) => ({
    rule: id,
    where: nodes.map(({ target, any, all, none }) => ({
      target: target.join(' '),
      why: [...any, ...all, ...none].map(({ message }) => message).join('; '),
    })),
  }))
}"""


def violations(page: Page) -> list[dict[str, Any]]:
    """Breaches of WCAG 2.2 AA that can be found by a machine."""
    page.evaluate(AT_REST)
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(path=AXE)
    found: list[dict[str, Any]] = page.evaluate(FIND, RULES)
    return found
