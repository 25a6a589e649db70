from collections.abc import Iterator

import pytest
from iris_oculus import wiring
from iris_oculus.settings import Settings


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


def test_looking_at_jobs_loads_no_client_of_the_control_plane(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The download function looks at jobs too, and knows of no endpoint.
    monkeypatch.delenv("SAGEMAKER_ENDPOINT_NAME", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("DYNAMODB_TABLE", "jobs")
    monkeypatch.setenv("S3_BUCKET", "bucket")
    assert wiring.results() is wiring.results()


@pytest.mark.parametrize(("value", "expected_s"), [("360", 360.0), ("", None), (None, None)])
def test_the_usual_start_comes_from_the_environment(
    value: str | None, expected_s: float | None
) -> None:
    environment = {} if value is None else {"COLD_START_S": value}
    assert Settings(environment).cold_start_s == expected_s
