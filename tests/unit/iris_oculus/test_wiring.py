from collections.abc import Iterator

import pytest
from iris_oculus import wiring


def forget() -> None:
    for provider in vars(wiring).values():
        if hasattr(provider, "cache_clear"):
            provider.cache_clear()


@pytest.fixture(autouse=True)
def _fresh_wiring() -> Iterator[None]:
    forget()
    yield
    forget()


def test_capacity_is_left_alone_unless_a_warm_window_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("WARM_WINDOW_S", raising=False)
    assert wiring.scale_in() is None


def test_the_warm_window_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARM_WINDOW_S", "900")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("DYNAMODB_TABLE", "jobs")
    monkeypatch.setenv("SAGEMAKER_ENDPOINT_NAME", "endpoint")
    use_case = wiring.scale_in()
    assert use_case is not None
    assert use_case.warm_window_s == 900
