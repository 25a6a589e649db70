"""Where the adapters run: moto's server, and the emulator of the local stack."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config
from iris_oculus.adapters.dynamodb import DynamoJobStore
from iris_oculus.adapters.s3 import S3ObjectStore
from iris_oculus.ports import JobStore, ObjectStore
from moto.server import ThreadedMotoServer

from local_stack.emulator import ACCESS_KEY_ID, SECRET_ACCESS_KEY, start_emulator
from local_stack.template import Template
from tests.conftest import REPOSITORY
from tests.fakes import FakeJobStore, FakeObjectStore

REGION = "us-east-1"
TABLE_PROPERTIES = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture(scope="session")
def emulator_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    emulator = start_emulator(tmp_path_factory.mktemp("emulator"))
    yield emulator.endpoint_url
    emulator.stop()


@pytest.fixture(scope="session")
def table_properties() -> dict[str, object]:
    """The job table as the template describes it."""
    properties = Template.read(REPOSITORY / "template.yaml").properties("JobTable")
    return {name: properties[name] for name in TABLE_PROPERTIES}


@pytest.fixture(params=["fake", "moto", "emulator"])
def jobs(request: pytest.FixtureRequest, table_properties: dict[str, object]) -> JobStore:
    """Every implementation of the job store, empty."""
    if request.param == "fake":
        return FakeJobStore()
    url = request.getfixturevalue(f"{request.param}_url")
    dynamodb = _dynamodb(url)
    name = f"jobs-{uuid4().hex[:8]}"
    table = dynamodb.create_table(TableName=name, **table_properties)
    table.wait_until_exists()
    return DynamoJobStore(table)


@pytest.fixture(params=["fake", "moto", "emulator"])
def objects(request: pytest.FixtureRequest) -> ObjectStore:
    """Every implementation of the object store, empty."""
    if request.param == "fake":
        return FakeObjectStore()
    url = request.getfixturevalue(f"{request.param}_url")
    client = _s3(url)
    bucket = f"data-{uuid4().hex[:8]}"
    client.create_bucket(Bucket=bucket)
    return S3ObjectStore(client, bucket)


@cache
def _dynamodb(url: str) -> Any:
    return _session().resource("dynamodb", endpoint_url=url)


@cache
def _s3(url: str) -> Any:
    config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
    return _session().client("s3", endpoint_url=url, config=config)


@cache
def _session() -> boto3.Session:
    return boto3.Session(
        aws_access_key_id=ACCESS_KEY_ID,
        aws_secret_access_key=SECRET_ACCESS_KEY,
        region_name=REGION,
    )
