import pytest
from iris_oculus.cors import cors_headers

PAGES = ("https://iris-oculus.com", "http://localhost:5173")


@pytest.mark.parametrize("name", ["Origin", "origin", "ORIGIN"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_is_allowed_is_named(name: str, page: str) -> None:
    assert cors_headers({name: page}, PAGES)["Access-Control-Allow-Origin"] == page


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.test"},
        {"Origin": "https://iris-oculus.com.evil.test"},
        {"Origin": ""},
    ],
)
def test_others_are_told_nothing(headers: dict[str, str]) -> None:
    assert cors_headers(headers, PAGES) == {}
