"""What calls functions besides the API: queues (event source mappings) and schedules."""

import functools
import logging
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from local_stack.functions import FunctionRunner
from local_stack.serverless import Application, Function, QueueMapping
from local_stack.template import ACCOUNT_ID, REGION

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

POLL_WAIT_S = 1
SCHEDULE_EVERY_S = 60.0
"""More often than on AWS: who watches a laptop wants to see a lost job settled soon."""
PAUSE_AFTER_ERROR_S = 1.0

logger = logging.getLogger(__name__)


class EventSources:
    """Polls every queue that the template maps to a function, and runs the scheduled ones.

    Parameters
    ----------
    template : Application
    runner : FunctionRunner
    sqs : boto3 client
    """

    def __init__(self, template: Application, runner: FunctionRunner, sqs: "SQSClient") -> None:
        self._runner = runner
        self._sqs = sqs
        self._template = template
        self._stopping = threading.Event()
        self._threads = [
            _thread(f"queue of {mapping.function.name}", functools.partial(self._poll, mapping))
            for mapping in template.queue_mappings()
        ] + [
            _thread(f"schedule of {function.name}", functools.partial(self._repeat, function))
            for function in template.scheduled_functions()
        ]

    def start(self) -> None:
        """Begin; schedules fire at once, so that a restart settles what the stop left."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after the invocations that run now."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(POLL_WAIT_S + 3)

    def _poll(self, mapping: QueueMapping) -> None:
        name = self._template.physical_name(mapping.queue_logical_id)
        url = self._sqs.get_queue_url(QueueName=name)["QueueUrl"]
        while not self._stopping.is_set():
            try:
                deliver_batch(self._sqs, url, name, mapping, self._runner)
            except (ClientError, BotoCoreError):
                if not self._stopping.is_set():
                    logger.exception("the queue %s cannot be read", name)
                    self._stopping.wait(PAUSE_AFTER_ERROR_S)

    def _repeat(self, function: Function) -> None:
        while not self._stopping.is_set():
            try:
                self._runner.invoke(function, scheduled_event())
            except Exception:
                logger.exception("%s failed on its schedule", function.name)
            self._stopping.wait(SCHEDULE_EVERY_S)


def _thread(name: str, body: Callable[[], None]) -> threading.Thread:
    return threading.Thread(target=body, name=name, daemon=True)


def deliver_batch(
    sqs: "SQSClient", url: str, queue_name: str, mapping: QueueMapping, runner: FunctionRunner
) -> None:
    """Hand one batch of messages to the function, and delete those that it dealt with.

    The others become visible again after the queue's visibility timeout, and go to its dead-letter
    queue after as many receipts as its redrive policy says.
    """
    answer = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=min(mapping.batch_size, 10),
        WaitTimeSeconds=POLL_WAIT_S,
        MessageSystemAttributeNames=["All"],
        MessageAttributeNames=["All"],
    )
    messages = answer.get("Messages", [])
    if not messages:
        return
    try:
        result = runner.invoke(mapping.function, queue_event(messages, queue_name))
    except Exception:
        logger.exception("%s failed on a batch of %d", mapping.function.name, len(messages))
        return
    failed = failed_ids(result, messages) if mapping.partial_responses else frozenset()
    for message in messages:
        if message["MessageId"] not in failed:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def failed_ids(result: Any, messages: Sequence["MessageTypeDef"]) -> frozenset[str]:
    """Ids of the messages that a function says it could not deal with.

    Nothing returned, or an empty list, means that all succeeded; an id that is not of the batch
    means that all failed (AWS Lambda developer guide, "Implementing partial batch responses").
    """
    known = frozenset(message["MessageId"] for message in messages)
    failures = (result or {}).get("batchItemFailures") or []
    named = frozenset(failure.get("itemIdentifier") for failure in failures)
    return named if named <= known else known


def queue_event(messages: Sequence["MessageTypeDef"], queue_name: str) -> dict[str, Any]:
    """The event in which Lambda hands over messages of a queue."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message.get("Attributes", {}),
                "messageAttributes": message.get("MessageAttributes", {}),
                "md5OfBody": message["MD5OfBody"],
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{queue_name}",
                "awsRegion": REGION,
            }
            for message in messages
        ]
    }


def scheduled_event() -> dict[str, Any]:
    """The event of an EventBridge schedule."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT_ID,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "region": REGION,
        "resources": [],
        "detail": {},
    }
