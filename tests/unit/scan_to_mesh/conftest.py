"""An emulated AWS that the test's process and the processes it starts share."""

import uuid
from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config
from iris_oculus.adapters.clock import SystemClock
from iris_oculus.adapters.dynamodb import DynamoJobStore
from iris_oculus.adapters.s3 import S3ObjectStore
from iris_oculus.wiring import ContainerPorts
from moto.server import ThreadedMotoServer

# Names of its own: all of moto's servers in a process share one state.
BUCKET = "container-scans"
TABLE = "container-jobs"


@pytest.fixture(scope="session")
def emulated_aws() -> Iterator[dict[str, str]]:
    """Environment variables that lead to a bucket and a table."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    environment = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "S3_BUCKET": BUCKET,
        "DYNAMODB_TABLE": TABLE,
    }
    yield environment
    server.stop()


@pytest.fixture(scope="module")
def aws_ports(emulated_aws: dict[str, str]) -> Iterator[ContainerPorts]:
    """Ports on the emulated AWS, as processes that the test starts find them by the environment."""
    monkeypatch = pytest.MonkeyPatch()
    for name, value in emulated_aws.items():
        monkeypatch.setenv(name, value)
    session = boto3.Session()
    s3 = session.client("s3", config=Config(s3={"addressing_style": "path"}))
    dynamodb = session.resource("dynamodb")
    if BUCKET not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=BUCKET)
        dynamodb.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "job_id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "job_id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    table = dynamodb.Table(TABLE)
    yield ContainerPorts(DynamoJobStore(table), S3ObjectStore(s3, BUCKET), SystemClock())
    s3.close()
    dynamodb.meta.client.close()
    monkeypatch.undo()


@pytest.fixture
def job_id() -> str:
    """A job of this test alone."""
    return uuid.uuid4().hex[:12]
