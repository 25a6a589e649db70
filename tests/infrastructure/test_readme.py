"""The README in both languages says the same commands, and such as exist."""

import re

import pytest

from tests.conftest import REPOSITORY

LANGUAGES = ["README.md", "README.es.md"]


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def test_both_languages_hold_the_same_code() -> None:
    english, spanish = (re.findall(r"^```.*?^```", read(name), re.M | re.S) for name in LANGUAGES)
    assert english
    assert spanish == english


def test_both_languages_have_the_same_sections() -> None:
    english, spanish = (re.findall(r"^(#+) ", read(name), re.M) for name in LANGUAGES)
    assert spanish == english


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_make_target_that_is_named_exists(name: str) -> None:
    makefile = read("Makefile")
    named = set(re.findall(r"\bmake ([a-z-]+)", read(name)))
    assert named
    assert [target for target in named if not re.search(rf"^{target}:", makefile, re.M)] == []
