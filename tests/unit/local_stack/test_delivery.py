"""From the queue to a tiny container, and its answers to the emulator's S3 and SNS."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest

from local_stack.child_process import free_port
from local_stack.container_process import ContainerBroken
from local_stack.delivery import Delivery, Topics, inference_event
from local_stack.emulator import Emulator
from local_stack.invocation_queue import InvocationQueue, QueuedInvocation
from local_stack.resources import Clients
from tests.unit.local_stack.test_invocation_queue import INVOCATION

Reply = Callable[[BaseHTTPRequestHandler, bytes], None]


def answer(status: int, body: bytes) -> Reply:
    def reply(handler: BaseHTTPRequestHandler, _document: bytes) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def hang_up(handler: BaseHTTPRequestHandler, _document: bytes) -> None:
    handler.connection.close()


class Container:
    """Answers ``/invocations`` as it is told, one reply after another, the last one for ever."""

    def __init__(self, *replies: Reply, port: int = 0) -> None:
        self.documents: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        remaining = list(replies)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler) -> None:  # noqa: N805 - the container is self here
                document = handler.rfile.read(int(handler.headers["Content-Length"]))
                self.documents.append(document)
                self.headers.append({k.lower(): v for k, v in handler.headers.items()})
                reply = remaining.pop(0) if len(remaining) > 1 else remaining[0]
                reply(handler, document)

            def log_message(handler, *_: Any) -> None:  # noqa: N805
                """Stay silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class World:
    """Bucket, topics, a queue that hears both, and a delivery to start."""

    def __init__(self, folder: Path) -> None:
        self.clients = Clients(
            s3=boto3.client("s3"),
            dynamodb=boto3.client("dynamodb"),
            sns=boto3.client("sns"),
            sqs=boto3.client("sqs"),
        )
        self.folder = folder
        self.queue = InvocationQueue(folder)
        name = f"delivery-{uuid4().hex[:8]}"
        self.bucket = name
        self.clients.s3.create_bucket(Bucket=name)
        self.heard = self.clients.sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = self.clients.sqs.get_queue_attributes(
            QueueUrl=self.heard, AttributeNames=["QueueArn"]
        )["Attributes"]["QueueArn"]
        everybody = {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "sqs:SendMessage",
                "Resource": arn,
            },
        }
        self.clients.sqs.set_queue_attributes(
            QueueUrl=self.heard, Attributes={"Policy": json.dumps(everybody)}
        )
        success, error = (
            self.clients.sns.create_topic(Name=f"{name}-{kind}")["TopicArn"]
            for kind in ("success", "error")
        )
        self.topics = Topics(success, error)
        for topic in (success, error):
            self.clients.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        self.deliveries: list[Delivery] = []

    def put(self, inference_id: str = "a-1", **changes: Any) -> QueuedInvocation:
        invocation = replace(
            INVOCATION,
            inference_id=inference_id,
            input_location=f"s3://{self.bucket}/in",
            output_location=f"s3://{self.bucket}/out",
            failure_location=f"s3://{self.bucket}/failure",
            received_at=time.time(),
        )
        invocation = replace(invocation, **changes)
        self.clients.s3.put_object(Bucket=self.bucket, Key="in", Body=b'{"job": 1}')
        self.queue.put(invocation)
        return invocation

    def deliver(self, url: Callable[[], str]) -> Delivery:
        delivery = Delivery(
            InvocationQueue(self.folder) if self.deliveries else self.queue,
            url,
            s3=self.clients.s3,
            sns=self.clients.sns,
            topics=self.topics,
        )
        self.deliveries.append(delivery)
        delivery.start()
        return delivery

    def event(self) -> tuple[str, dict[str, Any]]:
        """The next event and the topic that it came by."""
        for _ in range(10):
            answer = self.clients.sqs.receive_message(QueueUrl=self.heard, WaitTimeSeconds=2)
            for message in answer.get("Messages", []):
                self.clients.sqs.delete_message(
                    QueueUrl=self.heard, ReceiptHandle=message["ReceiptHandle"]
                )
                envelope = json.loads(message["Body"])
                return envelope["TopicArn"], json.loads(envelope["Message"])
        raise AssertionError("no event came")

    def read(self, key: str) -> bytes:
        return self.clients.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def stop(self) -> None:
        for delivery in self.deliveries:
            delivery.stop_soon()
            delivery.join(5)


@pytest.fixture
def world(aws: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    boto3.setup_default_session()
    monkeypatch.setattr("local_stack.delivery.RETRY_EVERY_S", 0.02)
    made = World(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def containers() -> Iterator[Callable[..., Container]]:
    made: list[Container] = []

    def make(*replies: Reply, port: int = 0) -> Container:
        made.append(Container(*replies, port=port))
        return made[-1]

    yield make
    for container in made:
        container.close()


def test_a_success_is_stored_and_published(
    world: World, containers: Callable[..., Container]
) -> None:
    container = containers(answer(200, b'{"ok": true}'))
    invocation = world.put(custom_attributes="trace=1", accept="application/json")
    world.deliver(lambda: container.url)

    topic, event = world.event()

    assert topic == world.topics.success
    assert event["invocationStatus"] == "Completed"
    assert event["inferenceId"] == "a-1"
    assert event["responseParameters"]["outputLocation"] == invocation.output_location
    assert "failureReason" not in event
    assert world.read("out") == b'{"ok": true}'
    assert container.documents == [b'{"job": 1}']
    assert container.headers[0]["x-amzn-sagemaker-custom-attributes"] == "trace=1"


def test_a_server_error_is_a_failure(world: World, containers: Callable[..., Container]) -> None:
    container = containers(answer(500, b'{"error": "oops"}'))
    world.put()
    world.deliver(lambda: container.url)

    topic, event = world.event()

    assert topic == world.topics.error
    assert event["invocationStatus"] == "Failed"
    assert "(500)" in event["failureReason"]
    assert world.read("failure") == b'{"error": "oops"}'
    assert len(world.queue) == 0


def test_a_container_that_dies_in_the_middle_is_a_failure(
    world: World, containers: Callable[..., Container]
) -> None:
    container = containers(hang_up)
    world.put()
    world.deliver(lambda: container.url)

    _, event = world.event()

    assert event["invocationStatus"] == "Failed"
    assert len(container.documents) == 1


def test_an_invocation_waits_for_a_container_that_is_not_there_yet_or_busy(
    world: World, containers: Callable[..., Container]
) -> None:
    port = free_port()
    world.put()
    world.deliver(lambda: f"http://127.0.0.1:{port}")
    threading.Event().wait(0.1)  # refused a few times

    container = containers(
        answer(503, b"busy"), answer(503, b"busy"), answer(200, b"{}"), port=port
    )
    _, event = world.event()

    assert event["invocationStatus"] == "Completed"
    assert len(container.documents) == 3


def test_a_container_that_never_starts_fails_the_invocation(world: World) -> None:
    def broken() -> str:
        raise ContainerBroken("as intended")

    world.put()
    world.deliver(broken)

    assert world.event()[1]["invocationStatus"] == "Failed"


def test_an_invocation_whose_time_is_over_expires(
    world: World, containers: Callable[..., Container]
) -> None:
    container = containers(answer(200, b"{}"))
    world.put(received_at=time.time() - 100, ttl_s=60)
    world.deliver(lambda: container.url)

    topic, event = world.event()

    assert (topic, event["invocationStatus"]) == (world.topics.error, "Expired")
    assert container.documents == []


def test_a_missing_input_is_a_failure(world: World, containers: Callable[..., Container]) -> None:
    container = containers(answer(200, b"{}"))
    world.put(input_location=f"s3://{world.bucket}/nothing")
    world.deliver(lambda: container.url)

    assert world.event()[1]["invocationStatus"] == "Failed"


def test_what_ran_when_the_stack_stopped_is_delivered_again(
    world: World, containers: Callable[..., Container]
) -> None:
    started, release = threading.Event(), threading.Event()

    def hold(handler: BaseHTTPRequestHandler, document: bytes) -> None:
        started.set()
        release.wait(5)
        hang_up(handler, document)

    container = containers(hold, answer(200, b"{}"))
    world.put("a-1")
    world.put("a-2")
    first = world.deliver(lambda: container.url)
    assert started.wait(5)
    first.stop_soon()
    release.set()
    first.join(5)

    world.deliver(lambda: container.url)
    events = [world.event()[1] for _ in range(2)]

    assert {event["inferenceId"]: event["invocationStatus"] for event in events} == {
        "a-1": "Completed",
        "a-2": "Completed",
    }
    assert len(container.documents) == 3


def test_the_event_has_the_shape_that_sagemaker_publishes() -> None:
    invocation = replace(INVOCATION, received_at=1.5, accept="application/json")

    success = inference_event(invocation, "Completed", None)
    failure = inference_event(invocation, "Failed", "ClientError: no")

    assert set(success) == {
        "awsRegion", "eventTime", "receivedTime", "invocationStatus", "requestParameters",
        "responseParameters", "inferenceId", "eventVersion", "eventSource", "eventName",
    }  # fmt: skip
    assert success["receivedTime"] == "1970-01-01T00:00:01.500Z"
    assert success["eventSource"] == "aws:sagemaker"
    assert success["eventName"] == "InferenceResult"
    assert success["requestParameters"] == {
        "accept": "application/json",
        "contentType": "application/json",
        "endpointName": "endpoint",
        "inputLocation": "s3://bucket/in",
    }
    assert set(failure) - set(success) == {"failureReason"}
