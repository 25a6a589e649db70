"""Which language a screen is in, by the page's own catalogue of texts."""

import json
import re
import subprocess
from functools import cache

from playwright.sync_api import Page

from tests.conftest import REPOSITORY

# What is seen, and what is read aloud instead; not what is marked as another language's.
VISIBLE_TEXTS = """() => {
  const texts = new Set()
  const language = document.documentElement.lang
  const isForeign = (element) => {
    const marked = element.closest('[lang]')
    return marked !== null && marked.lang !== language
  }
  for (const element of document.querySelectorAll('body *')) {
    if (isForeign(element) || element.closest('script, style') !== null) continue
    for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext']) {
      texts.add(element.getAttribute(name) ?? '')
    }
    for (const node of element.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) texts.add(node.data)
    }
    // React writes the pieces of a line as neighbours.
    if ([...element.childNodes].every((node) => node.nodeType === Node.TEXT_NODE)) {
      texts.add(element.textContent)
    }
  }
  return [document.title, ...texts].map((text) => text.trim()).filter((text) => text !== '')
}"""
_PLACE = re.compile(r"\\{\\{.*?\\}\\}")
_WORD = re.compile(r"[^\W\d_]{3,}")
_ENGLISH_WORDS = re.compile(r"\b(the|of|and|with|this|your|from|scan|scans|file|files)\b", re.I)
_FILE_NAME = re.compile(r"\S+\.\w{2,4}(\.gz)?")


@cache
def _catalogue() -> dict[str, list[str]]:
    printed = subprocess.run(
        ["node", "scripts/print-texts.mjs"],
        cwd=REPOSITORY / "frontend",
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    texts: dict[str, list[str]] = json.loads(printed.stdout)
    return texts


@cache
def _of_one_language_alone(language: str) -> re.Pattern[str]:
    """Whole texts of a language that the other one does not have."""
    other = "es" if language == "en" else "en"
    shared = set(_catalogue()[other])
    own = {
        text for text in _catalogue()[language] if text not in shared and _WORD.search(_bare(text))
    }
    return re.compile("|".join(_pattern(text) for text in sorted(own)))


def _bare(text: str) -> str:
    return re.sub(r"\{\{.*?\}\}", "", text)


def _pattern(text: str) -> str:
    return _PLACE.sub(".+", re.escape(text))


def texts_in_english(page: Page) -> list[str]:
    """What a screen shows or says in English: by the catalogue, and by everyday words.

    Texts that both languages write alike do not count, nor does what is marked as English.
    """
    english, spanish = _of_one_language_alone("en"), _of_one_language_alone("es")
    return sorted(
        {
            text
            for text in page.evaluate(VISIBLE_TEXTS)
            if (english.fullmatch(text) and not spanish.fullmatch(text))
            or _ENGLISH_WORDS.search(_FILE_NAME.sub("", text))
        }
    )
