"""The bridge as unmodified boto3 sees it."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from iris_oculus.adapters.sagemaker_capacity import SageMakerCapacity

from local_stack.endpoint_bridge import Endpoint, EndpointBridge
from local_stack.functions import FunctionRunner, LambdaContext
from local_stack.invocation_queue import InvocationQueue
from local_stack.server_thread import ServerThread
from local_stack.serverless import Application

REQUEST = {"EndpointName": "iris", "InputLocation": "s3://bucket/jobs/a/invocation-1.json"}


class Bridge:
    """A running bridge and what it writes to."""

    def __init__(self, application: Application, folder: Path) -> None:
        self.queue = InvocationQueue(folder / "queue")
        self.events: list[tuple[str, Any]] = []
        self.called = threading.Event()
        self.stopped_marker = folder / "stopped"
        self.is_up = True
        endpoint = Endpoint(
            "iris",
            "s3://bucket/out/",
            "s3://bucket/fail/",
            self.stopped_marker,
            is_up=lambda: self.is_up,
        )
        runner = FunctionRunner(application.functions(), lambda _: self._record)
        self.server = ServerThread(
            EndpointBridge(endpoint, self.queue, runner).application, name="bridge"
        )

    def _record(self, event: Any, context: LambdaContext) -> None:
        self.events.append((context.function_name, event))
        self.called.set()

    def client(self, service: Any) -> Any:
        return boto3.Session("test", "test", region_name="us-east-1").client(
            service, endpoint_url=self.server.url, config=Config(retries={"total_max_attempts": 1})
        )


@pytest.fixture
def bridge(application: Application, tmp_path: Path) -> Iterator[Bridge]:
    running = Bridge(application, tmp_path)
    yield running
    running.server.stop()


def error_of(call: Any, **request: Any) -> tuple[str, str, int]:
    with pytest.raises(ClientError) as caught:
        call(**request)
    response = caught.value.response
    return (
        response["Error"]["Code"],
        response["Error"]["Message"],
        response["ResponseMetadata"]["HTTPStatusCode"],
    )


def test_an_invocation_is_accepted_and_queued(bridge: Bridge) -> None:
    answer = bridge.client("sagemaker-runtime").invoke_endpoint_async(
        **REQUEST,
        InferenceId="abc-1",
        ContentType="application/json",
        InvocationTimeoutSeconds=3600,
        RequestTTLSeconds=21600,
    )

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert answer["InferenceId"] == "abc-1"
    entry = bridge.queue.oldest()
    assert entry is not None
    queued = entry[1]
    assert queued.input_location == REQUEST["InputLocation"]
    assert (queued.timeout_s, queued.ttl_s) == (3600, 21600)
    assert queued.content_type == "application/json"
    assert answer["OutputLocation"] == queued.output_location
    assert answer["FailureLocation"] == queued.failure_location
    assert queued.output_location.startswith("s3://bucket/out/")
    assert queued.failure_location.startswith("s3://bucket/fail/")


def test_an_id_is_made_and_the_defaults_are_sagemakers(bridge: Bridge) -> None:
    answer = bridge.client("sagemaker-runtime").invoke_endpoint_async(**REQUEST)

    entry = bridge.queue.oldest()
    assert entry is not None
    assert len(answer["InferenceId"]) == 36
    assert (entry[1].timeout_s, entry[1].ttl_s) == (900, 21600)


@pytest.mark.parametrize(
    "change",
    [
        {"EndpointName": "other"},
        {"InputLocation": "bucket/key"},
        {"InferenceId": "x" * 65},
        {"InvocationTimeoutSeconds": 3601},
        {"RequestTTLSeconds": 59},
    ],
)
def test_what_sagemaker_refuses_is_refused(bridge: Bridge, change: dict[str, Any]) -> None:
    # Some limits boto3 checks itself; the wire is what is tested here.
    client = boto3.Session("test", "test", region_name="us-east-1").client(
        "sagemaker-runtime",
        endpoint_url=bridge.server.url,
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
    )

    code, _, status = error_of(client.invoke_endpoint_async, **(REQUEST | change))

    assert (code, status) == ("ValidationError", 400)
    assert len(bridge.queue) == 0


def test_a_stopped_endpoint_is_one_that_does_not_exist(bridge: Bridge) -> None:
    client = bridge.client("sagemaker-runtime")
    bridge.stopped_marker.touch()

    code, message, _ = error_of(client.invoke_endpoint_async, **REQUEST)
    bridge.stopped_marker.unlink()

    assert code == "ValidationError"
    assert message == "Endpoint iris of account 000000000000 not found."
    assert client.invoke_endpoint_async(**REQUEST)["InferenceId"]


def test_the_endpoint_is_scaled_out_while_the_container_starts(bridge: Bridge) -> None:
    client = bridge.client("sagemaker")
    capacity = SageMakerCapacity(client, name="iris")
    bridge.is_up = False
    starting = capacity.read()
    bridge.is_up = True
    up = capacity.read()
    bridge.stopped_marker.touch()

    assert starting is not None
    assert up is not None
    assert (starting.running, starting.instances, starting.in_service) == (0, 1, False)
    assert (up.running, up.instances, up.in_service) == (1, 1, True)
    assert starting.takes_requests
    assert up.takes_requests
    assert capacity.read() is None


def test_the_control_plane_serves_nothing_else(bridge: Bridge) -> None:
    code, _, status = error_of(bridge.client("sagemaker").list_endpoints)
    assert (code, status) == ("UnknownOperationException", 400)


def test_a_function_is_invoked_in_the_background(bridge: Bridge) -> None:
    answer = bridge.client("lambda").invoke(
        FunctionName="thing-local", InvocationType="Event", Payload=json.dumps({"jobId": "a"})
    )

    assert answer["StatusCode"] == 202
    assert bridge.called.wait(5)
    assert bridge.events == [("thing-local", {"jobId": "a"})]


def test_an_unknown_function_and_a_broken_event_are_lambdas_errors(bridge: Bridge) -> None:
    invoke = bridge.client("lambda").invoke

    code, _, status = error_of(invoke, FunctionName="other", InvocationType="Event", Payload=b"{}")
    assert (code, status) == ("ResourceNotFoundException", 404)
    code, _, _ = error_of(
        invoke, FunctionName="thing-local", InvocationType="Event", Payload=b"{no json"
    )
    assert code == "InvalidRequestContentException"
