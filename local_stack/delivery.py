"""Carries queued invocations to the container, and its answers to S3 and SNS, as SageMaker does."""

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
from botocore.exceptions import ClientError

from local_stack.container_process import ContainerBroken
from local_stack.invocation_queue import InvocationQueue, QueuedInvocation
from local_stack.template import REGION

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_sns.client import SNSClient

RETRY_EVERY_S = 0.5
CONNECT_TIMEOUT_S = 5.0
REASON_LIMIT = 1024

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Topics:
    """ARNs of the endpoint's notification topics."""

    success: str
    error: str


class _NotTaken(Exception):
    """The container is not there yet, or busy: the invocation waits."""


@dataclass(frozen=True)
class _Outcome:
    """What became of one invocation."""

    status: str
    body: bytes
    content_type: str
    reason: str | None = None


class Delivery:
    """One invocation at a time, oldest first.

    Parameters
    ----------
    queue : InvocationQueue
    container_url : callable
        Where the container's server listens now; it may move when it is started again.
    s3, sns : boto3 clients
    topics : Topics
    """

    def __init__(
        self,
        queue: InvocationQueue,
        container_url: Callable[[], str],
        *,
        s3: "S3Client",
        sns: "SNSClient",
        topics: Topics,
    ) -> None:
        self._queue = queue
        self._container_url = container_url
        self._s3 = s3
        self._sns = sns
        self._topics = topics
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="endpoint-delivery", daemon=True)

    def start(self) -> None:
        """Deliver what is queued, and what will be, in a thread of its own."""
        self._thread.start()

    def stop_soon(self) -> None:
        """Publish no outcome any more: what is running now will be delivered again."""
        self._stopping.set()
        self._queue.close()

    def join(self, timeout_s: float) -> None:
        """Wait for the thread; the container has been stopped, so its call has ended."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while (entry := self._queue.oldest()) is not None:
            ticket, invocation = entry
            try:
                outcome = self._call(invocation)
                if self._stopping.is_set():
                    return
                self._publish(invocation, outcome)
                self._queue.remove(ticket)
            except _NotTaken:
                self._stopping.wait(RETRY_EVERY_S)
            except Exception:
                if not self._stopping.is_set():
                    logger.exception("the invocation stays queued")
                self._stopping.wait(RETRY_EVERY_S)

    def _call(self, invocation: QueuedInvocation) -> _Outcome:
        if time.time() > invocation.received_at + invocation.ttl_s:
            return _failed("Expired", "ClientError: the request expired in the queue.")
        try:
            document = self._read(invocation.input_location)
            answer = self._post(invocation, document)
        except ClientError:
            return _failed("Failed", "ClientError: Failed to download the object from S3.")
        except ContainerBroken:
            return _failed("Failed", "InternalServerError: the container does not start.")
        except httpx.ConnectError as error:
            raise _NotTaken from error
        except httpx.TimeoutException:
            return _failed("Failed", "ClientError: the model did not answer in time.")
        except httpx.TransportError:
            return _failed("Failed", "ClientError: the model ended while it ran.")
        return _outcome(answer)

    def _post(self, invocation: QueuedInvocation, document: bytes) -> httpx.Response:
        headers = {"Content-Type": invocation.content_type}
        if invocation.accept:
            headers["Accept"] = invocation.accept
        if invocation.custom_attributes:
            headers["X-Amzn-SageMaker-Custom-Attributes"] = invocation.custom_attributes
        headers["X-Amzn-SageMaker-Inference-Id"] = invocation.inference_id
        timeout = httpx.Timeout(invocation.timeout_s, connect=CONNECT_TIMEOUT_S)
        with httpx.Client(timeout=timeout, trust_env=False) as client:
            return client.post(
                f"{self._container_url()}/invocations", content=document, headers=headers
            )

    def _publish(self, invocation: QueuedInvocation, outcome: _Outcome) -> None:
        failed = outcome.reason is not None
        location = invocation.failure_location if failed else invocation.output_location
        bucket, key = split_s3_uri(location)
        self._s3.put_object(
            Bucket=bucket, Key=key, Body=outcome.body, ContentType=outcome.content_type
        )
        self._sns.publish(
            TopicArn=self._topics.error if failed else self._topics.success,
            Message=json.dumps(inference_event(invocation, outcome.status, outcome.reason)),
        )

    def _read(self, location: str) -> bytes:
        bucket, key = split_s3_uri(location)
        return self._s3.get_object(Bucket=bucket, Key=key)["Body"].read()


def inference_event(
    invocation: QueuedInvocation, status: str, reason: str | None
) -> dict[str, object]:
    """The message that SageMaker publishes about an asynchronous invocation.

    Shape: "Check prediction results", Amazon SageMaker AI developer guide; an error also names its
    failure location among the response parameters.

    Parameters
    ----------
    status : {"Completed", "Failed", "Expired"}
    reason : str or None
        None for a completed invocation.
    """
    parameters: dict[str, object] = {
        "contentType": invocation.content_type,
        "endpointName": invocation.endpoint_name,
        "inputLocation": invocation.input_location,
    }
    if invocation.accept:
        parameters["accept"] = invocation.accept
    event: dict[str, object] = {
        "awsRegion": REGION,
        "eventTime": _timestamp(time.time()),
        "receivedTime": _timestamp(invocation.received_at),
        "invocationStatus": status,
        "requestParameters": parameters,
        "inferenceId": invocation.inference_id,
        "eventVersion": "1.0",
        "eventSource": "aws:sagemaker",
        "eventName": "InferenceResult",
    }
    if reason is None:
        event["responseParameters"] = {
            "contentType": "application/json",
            "outputLocation": invocation.output_location,
        }
    else:
        event["failureReason"] = reason
        event["responseParameters"] = {"failureLocation": invocation.failure_location}
    return event


def split_s3_uri(uri: str) -> tuple[str, str]:
    """Bucket and key of ``s3://bucket/key``."""
    parts = urlsplit(uri)
    return parts.netloc, parts.path.lstrip("/")


def _outcome(answer: httpx.Response) -> _Outcome:
    if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
        raise _NotTaken
    if answer.is_success:
        kind = answer.headers.get("content-type", "application/octet-stream")
        return _Outcome("Completed", answer.content, kind)
    return _failed(
        "Failed",
        f"ClientError: Received server error ({answer.status_code}) from model. "
        "See the SageMaker Endpoint logs in your account for more information.",
        body=answer.content,
    )


def _failed(status: str, reason: str, *, body: bytes | None = None) -> _Outcome:
    text = reason[:REASON_LIMIT]
    return _Outcome(status, body if body is not None else text.encode(), "text/plain", text)


def _timestamp(epoch_s: float) -> str:
    moment = datetime.fromtimestamp(epoch_s, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
