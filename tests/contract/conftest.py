"""Where the adapters run: moto's server, and the emulator of the local stack."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config
from iris_oculus.adapters.dynamodb import DynamoJobStore
from iris_oculus.adapters.s3 import S3ObjectStore
from iris_oculus.adapters.sagemaker_capacity import SageMakerCapacity
from iris_oculus.ports import Capacity, EndpointCapacity, JobStore, ObjectStore
from moto.server import ThreadedMotoServer

from local_stack.emulator import ACCESS_KEY_ID, SECRET_ACCESS_KEY, start_emulator
from local_stack.endpoint_bridge import Endpoint, EndpointBridge
from local_stack.functions import FunctionRunner
from local_stack.invocation_queue import InvocationQueue
from local_stack.server_thread import ServerThread
from local_stack.template import Template
from tests.conftest import REPOSITORY
from tests.fakes import FakeCapacity, FakeJobStore, FakeObjectStore

REGION = "us-east-1"
ENDPOINT = "iris"
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


@pytest.fixture(params=["fake", "moto", "bridge"])
def capacity(request: pytest.FixtureRequest) -> EndpointCapacity:
    """Every control plane, over an endpoint of one instance that is in service."""
    if request.param == "fake":
        return FakeCapacity(
            Capacity(
                ("AllTraffic",),
                instances=1,
                running=1,
                takes_requests=True,
                in_service=True,
                changed_at=1_760_000_000.0,
            )
        )
    client = _sagemaker(request.getfixturevalue(f"{request.param}_url"))
    if request.param == "moto":
        _make_endpoint(client)
    return SageMakerCapacity(client, name=ENDPOINT)


@pytest.fixture(params=["fake", "moto", "bridge"])
def no_capacity(request: pytest.FixtureRequest) -> EndpointCapacity:
    """Every control plane, asked for an endpoint that there is not."""
    if request.param == "fake":
        return FakeCapacity(None)
    client = _sagemaker(request.getfixturevalue(f"{request.param}_url"))
    return SageMakerCapacity(client, name="another")


@pytest.fixture
def bridge_url(tmp_path: Path) -> Iterator[str]:
    """The laptop's endpoint."""
    endpoint = Endpoint(
        ENDPOINT, "s3://b/out/", "s3://b/fail/", tmp_path / "stopped", is_up=lambda: True
    )
    bridge = EndpointBridge(endpoint, InvocationQueue(tmp_path / "queue"), FunctionRunner([]))
    server = ServerThread(bridge.application, name="bridge")
    yield server.url
    server.stop()


def _make_endpoint(client: Any) -> None:
    name = f"{ENDPOINT}-{uuid4().hex[:8]}"
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": name,
        "InitialInstanceCount": 1,
        "InstanceType": "ml.g4dn.xlarge",
    }
    client.create_model(ModelName=name, ExecutionRoleArn=f"arn:aws:iam::{'1' * 12}:role/endpoint")
    client.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    client.create_endpoint(EndpointName=ENDPOINT, EndpointConfigName=name)


@cache
def _sagemaker(url: str) -> Any:
    return _session().client("sagemaker", endpoint_url=url)


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
