"""Every screen: free of what axe finds, in one language, in both themes and from phone to desk."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.accessibility import violations
from tests.e2e.conftest import PHONE, WIDE
from tests.e2e.pages.oculus_page import OculusPage
from tests.e2e.screens import SCREENS, Stock
from tests.e2e.texts import texts_in_english

# Each theme, size and language meets each of the others.
LOOKS: dict[str, list[tuple[str, dict[str, int]]]] = {
    "en": [("light", WIDE), ("dark", PHONE)],
    "es": [("dark", WIDE), ("light", PHONE)],
}


@pytest.mark.parametrize("language", LOOKS)
@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_is_open_to_everybody(
    new_page: Callable[..., OculusPage], stock: Stock, screen: str, language: str
) -> None:
    page = new_page(locale=language, reduced_motion="reduce")
    SCREENS[screen](page, stock)

    found: dict[str, list[dict[str, Any]]] = {}
    for theme, size in LOOKS[language]:
        page.tab.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.tab.set_viewport_size(size)  # type: ignore[arg-type]
        found[f"{theme}, {size['width']} pixels"] = violations(page.tab)
        assert scrolls_sideways(page) is False
    english = texts_in_english(page.tab)

    assert found == {look: [] for look in found}
    if language == "es":
        assert english == []
    else:
        assert len(english) > 3  # it would be noticed


def scrolls_sideways(page: OculusPage) -> bool:
    """Whether the page is wider than the screen."""
    wider: bool = page.tab.evaluate(
        "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wider
