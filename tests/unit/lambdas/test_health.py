"""``health`` answers as the framework would, and as the API's description says."""

import pytest
from iris_oculus.contracts import HealthAnswer

from tests.unit.lambdas.conftest import ORIGINS, Call


def test_the_answer_is_the_described_one(call: Call) -> None:
    answer = call("GET", "/healthz")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json == HealthAnswer().model_dump()


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST"])
@pytest.mark.parametrize("origin", [*ORIGINS, "https://evil.test", ""])
def test_pages_are_told_the_same_as_by_every_other_route(
    call: Call, method: str, origin: str
) -> None:
    ours = call(method, "/healthz", origin=origin)
    theirs = call(method, "/openapi.json", origin=origin)
    assert ours.status == theirs.status
    assert ours.headers.get("Content-Type") == theirs.headers.get("Content-Type")
    for name in ("Allow-Origin", "Allow-Methods", "Expose-Headers", "Max-Age"):
        header = f"Access-Control-{name}"
        assert ours.headers.get(header) == theirs.headers.get(header), header
    header = "Access-Control-Allow-Headers"  # the framework adds AWS's own, which no page sends
    ours_allowed, theirs_allowed = (
        set(answer.headers.get(header, "").split(",")) for answer in (ours, theirs)
    )
    assert ours_allowed <= theirs_allowed


def test_another_method_gets_an_error_like_any_other(call: Call) -> None:
    ours, theirs = call("POST", "/healthz"), call("POST", "/openapi.json")
    assert (ours.status, ours.error_code) == (404, "route_not_found")
    assert ours.json == theirs.json
