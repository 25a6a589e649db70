"""What the project relies on: the emulator refuses what AWS refuses, and forgets nothing."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import httpx
import pytest
from botocore.config import Config

from local_stack.emulator import INTERPRETER, Emulator, client_environment, start_emulator

ORIGIN = "http://page.example"


@pytest.fixture
def s3(aws: Emulator) -> Any:
    boto3.setup_default_session()
    return boto3.client(
        "s3", config=Config(signature_version="s3v4", s3={"addressing_style": "path"})
    )


@pytest.fixture
def bucket(s3: Any) -> str:
    name = f"test-{uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    s3.put_bucket_cors(
        Bucket=name,
        CORSConfiguration={
            "CORSRules": [
                {"AllowedOrigins": [ORIGIN], "AllowedMethods": ["GET"], "ExposeHeaders": ["ETag"]}
            ]
        },
    )
    s3.put_object(Bucket=name, Key="key", Body=b"body")
    return name


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


def presigned(s3: Any, bucket: str, method: str = "get_object", **more: Any) -> str:
    url: str = s3.generate_presigned_url(
        method, Params={"Bucket": bucket, "Key": "key"} | more, ExpiresIn=more.pop("expires_s", 60)
    )
    return url


def test_a_presigned_url_opens_one_object_and_no_other(
    s3: Any, bucket: str, http: httpx.Client
) -> None:
    url = presigned(s3, bucket)

    assert http.get(url).content == b"body"
    assert http.get(url.replace("/key?", "/other?")).status_code == 403
    assert http.get(url.split("?")[0]).status_code == 403
    assert http.put(url, content=b"x").status_code == 403


def test_a_presigned_put_takes_only_the_signed_content_type(
    s3: Any, bucket: str, http: httpx.Client
) -> None:
    url = presigned(s3, bucket, "put_object", ContentType="application/octet-stream")

    assert http.put(url, content=b"x", headers={"Content-Type": "text/plain"}).status_code == 403
    signed = {"Content-Type": "application/octet-stream"}
    assert http.put(url, content=b"new", headers=signed).status_code == 200
    assert http.get(presigned(s3, bucket)).content == b"new"


def test_a_presigned_url_expires(s3: Any, bucket: str, http: httpx.Client) -> None:
    url = s3.generate_presigned_url(
        "get_object", Params={"Bucket": bucket, "Key": "key"}, ExpiresIn=1
    )
    time.sleep(2.1)

    assert http.get(url).status_code == 403


def test_only_pages_of_the_bucket_may_read_across_origins(
    s3: Any, bucket: str, http: httpx.Client
) -> None:
    url = presigned(s3, bucket)

    own = http.get(url, headers={"Origin": ORIGIN})
    other = http.get(url, headers={"Origin": "http://other.example"})

    assert own.headers["access-control-allow-origin"] == ORIGIN
    assert "ETag" in own.headers["access-control-expose-headers"]
    assert "access-control-allow-origin" not in other.headers


def start(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    if not INTERPRETER.exists():
        pytest.skip("the emulator's environment is not installed: run `make setup`")
    emulator = start_emulator(folder)
    for name, value in client_environment(emulator.endpoint_url).items():
        monkeypatch.setenv(name, value)
    boto3.setup_default_session()
    return emulator


def make_state() -> None:
    boto3.client("s3").create_bucket(Bucket="kept")
    boto3.client("s3").put_object(Bucket="kept", Key="a/b", Body=b"body", ContentType="text/x")
    boto3.client("dynamodb").create_table(
        TableName="kept",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    boto3.client("dynamodb").put_item(TableName="kept", Item={"id": {"S": "1"}})
    url = boto3.client("sqs").create_queue(QueueName="kept")["QueueUrl"]
    boto3.client("sqs").send_message(QueueUrl=url, MessageBody="hello")


def check_state() -> None:
    stored = boto3.client("s3").get_object(Bucket="kept", Key="a/b")
    assert (stored["Body"].read(), stored["ContentType"]) == (b"body", "text/x")
    assert boto3.client("dynamodb").scan(TableName="kept")["Items"] == [{"id": {"S": "1"}}]
    url = boto3.client("sqs").get_queue_url(QueueName="kept")["QueueUrl"]
    (message,) = boto3.client("sqs").receive_message(QueueUrl=url)["Messages"]
    assert message["Body"] == "hello"


def test_state_survives_a_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    emulator = start(tmp_path, monkeypatch)
    make_state()
    emulator.stop()

    again = start(tmp_path, monkeypatch)
    check_state()
    again.stop()


def test_state_older_than_a_second_survives_a_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator = start(tmp_path, monkeypatch)
    make_state()
    saved = tmp_path / "emulator" / "state"
    deadline = time.monotonic() + 10
    while '"hello"' not in _text(saved / "sqs.json") and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(emulator.process.pid, signal.SIGKILL)
    emulator.stop()

    again = start(tmp_path, monkeypatch)
    check_state()
    again.stop()


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""
