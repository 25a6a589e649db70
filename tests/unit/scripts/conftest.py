"""A deployment on moto, for the scripts that operate it."""

from collections.abc import Iterator

import boto3
import httpx
import pytest

from scripts.operations.operation import Cloud, Operation, Pace, Terminal
from scripts.operations.stack import read_deployment
from tests.unit.scripts.aws import REGION, Faults, KeptSession, SageMaker, deploy_stack, moto_server


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    with moto_server() as url:
        yield url


@pytest.fixture
def sagemaker(monkeypatch: pytest.MonkeyPatch) -> SageMaker:
    """SageMaker's ways that moto lacks, installed."""
    made = SageMaker()
    made.install(monkeypatch)
    return made


@pytest.fixture(scope="session")
def kept_session() -> KeptSession:
    """One session for all tests."""
    return KeptSession()


@pytest.fixture
def session(
    kept_session: KeptSession,
    sagemaker: SageMaker,
    moto_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> KeptSession:
    """A session on a new deployment: a stack, and no endpoint."""
    for name, value in {
        "AWS_ENDPOINT_URL": moto_url,
        "AWS_ACCESS_KEY_ID": "emulated",
        "AWS_SECRET_ACCESS_KEY": "emulated",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    kept_session.faults = Faults()
    httpx.post(f"{moto_url}/moto-api/reset").raise_for_status()
    deploy_stack(kept_session)
    return kept_session


@pytest.fixture
def said() -> list[str]:
    """What the operation says."""
    return []


@pytest.fixture
def operation(session: boto3.Session, said: list[str]) -> Operation:
    """An operation whose time passes by itself: a minute at every look."""
    passed_s = [0.0]

    def sleep(seconds: float) -> None:
        passed_s[0] += seconds

    pace = Pace(timeout_s=600, interval_s=60, now=lambda: passed_s[0], sleep=sleep)
    deployment = read_deployment(session, "dev", None)
    return Operation(deployment, Cloud(session, REGION), Terminal(write=said.append), pace)
