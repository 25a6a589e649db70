from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest

from local_stack.emulator import Emulator
from local_stack.events import deliver_batch, failed_ids, queue_event, scheduled_event
from local_stack.functions import FunctionRunner
from local_stack.serverless import Application

MESSAGES: list[Any] = [
    {"MessageId": "1", "ReceiptHandle": "r1", "Body": "a", "MD5OfBody": "m"},
    {"MessageId": "2", "ReceiptHandle": "r2", "Body": "b", "MD5OfBody": "m"},
]


@pytest.mark.parametrize(
    ("result", "failed"),
    [
        (None, set()),
        ({}, set()),
        ({"batchItemFailures": []}, set()),
        ({"batchItemFailures": [{"itemIdentifier": "2"}]}, {"2"}),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, {"1", "2"}),
        ({"batchItemFailures": [{"itemIdentifier": "7"}]}, {"1", "2"}),
    ],
)
def test_which_messages_a_function_could_not_deal_with(result: Any, failed: set[str]) -> None:
    assert failed_ids(result, MESSAGES) == failed


def test_the_event_has_the_shape_that_lambda_hands_over() -> None:
    record = queue_event(MESSAGES, "outcomes")["Records"][0]

    assert record["messageId"] == "1"
    assert record["receiptHandle"] == "r1"
    assert record["body"] == "a"
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == "arn:aws:sqs:us-east-1:000000000000:outcomes"
    assert scheduled_event()["source"] == "aws.events"


@pytest.fixture
def queue(aws: Emulator) -> Iterator[tuple[Any, str]]:
    boto3.setup_default_session()
    sqs = boto3.client("sqs")
    url = sqs.create_queue(
        QueueName=f"test-{uuid4().hex[:8]}", Attributes={"VisibilityTimeout": "1"}
    )["QueueUrl"]
    yield sqs, url
    sqs.delete_queue(QueueUrl=url)


def deliver(application: Application, queue: tuple[Any, str], handler: Any) -> None:
    (mapping,) = application.queue_mappings()
    runner = FunctionRunner(application.functions(), lambda _: handler)
    deliver_batch(*queue, "outcomes", mapping, runner)


def test_only_what_failed_comes_again(application: Application, queue: tuple[Any, str]) -> None:
    sqs, url = queue
    for body in ("good", "bad"):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    seen: list[str] = []

    def handler(event: Any, _context: Any) -> Any:
        seen.extend(record["body"] for record in event["Records"])
        bad = [record["messageId"] for record in event["Records"] if record["body"] == "bad"]
        return {"batchItemFailures": [{"itemIdentifier": each} for each in bad]}

    while len(seen) < 4:
        deliver(application, queue, handler)

    assert seen.count("good") == 1
    assert seen.count("bad") >= 2


def test_a_function_that_crashes_gets_the_whole_batch_again(
    application: Application, queue: tuple[Any, str]
) -> None:
    sqs, url = queue
    sqs.send_message(QueueUrl=url, MessageBody="once more")
    seen: list[str] = []

    def handler(event: Any, _context: Any) -> None:
        seen.append(event["Records"][0]["body"])
        if len(seen) == 1:
            raise RuntimeError("as intended")

    while len(seen) < 2:
        deliver(application, queue, handler)

    assert seen == ["once more", "once more"]
