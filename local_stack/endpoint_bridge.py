"""AWS APIs that the emulator cannot serve, spoken on the wire by unmodified SDKs.

SageMaker runtime's ``InvokeEndpointAsync``, which queues for the container; SageMaker's
``DescribeEndpoint``, which tells whether the container is up; and Lambda's ``Invoke``, which runs a
handler of this process in the background. Shapes and limits: Amazon SageMaker API reference,
*InvokeEndpointAsync* and *DescribeEndpoint*; AWS Lambda API reference, *Invoke*.
"""

import json
import logging
import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local_stack.functions import FunctionRunner, UnknownFunction
from local_stack.invocation_queue import InvocationQueue, QueuedInvocation
from local_stack.template import ACCOUNT_ID, REGION

EVENT_LIMIT_BYTES = 1_048_576
"""Payload of an asynchronous invocation (AWS Lambda quotas)."""

logger = logging.getLogger(__name__)


class Invalid(Exception):
    """SageMaker runtime would answer this request with a ValidationError."""


@dataclass(frozen=True)
class Endpoint:
    """The one endpoint that there is.

    Attributes
    ----------
    name : str
    output_path, failure_path : str
        S3 URIs, ending in a slash, below which outputs and failures are promised.
    stopped_marker : Path
        While this file exists the endpoint is stopped: AWS knows a stopped endpoint no more than
        one that never was.
    is_up : callable
        Whether the container can take work now.
    """

    name: str
    output_path: str
    failure_path: str
    stopped_marker: Path
    is_up: Callable[[], bool]

    def serves(self, name: str) -> bool:
        """Whether an endpoint of this name is in service."""
        return name == self.name and not self.stopped_marker.exists()


class EndpointBridge:
    """The endpoint under its name, and the functions under theirs.

    Parameters
    ----------
    endpoint : Endpoint
    queue : InvocationQueue
    runner : FunctionRunner
    """

    def __init__(self, endpoint: Endpoint, queue: InvocationQueue, runner: FunctionRunner) -> None:
        self._endpoint = endpoint
        self._queue = queue
        self._runner = runner
        self._made_at = time.time()
        self.application = Starlette(
            routes=[
                Route(
                    "/endpoints/{name}/async-invocations", self._invoke_endpoint, methods=["POST"]
                ),
                Route(
                    "/2015-03-31/functions/{name}/invocations",
                    self._invoke_function,
                    methods=["POST"],
                ),
                Route("/", self._control, methods=["POST"]),
                Route("/ready", lambda _: Response()),
            ]
        )

    def _invoke_endpoint(self, request: Request) -> Response:
        name: str = request.path_params["name"]
        if not self._endpoint.serves(name):
            message = f"Endpoint {name} of account {ACCOUNT_ID} not found."
            return _error(400, "ValidationError", message)
        try:
            invocation = self._queued(name, request.headers)
        except Invalid as invalid:
            return _error(400, "ValidationError", str(invalid))
        self._queue.put(invocation)
        return JSONResponse(
            {"InferenceId": invocation.inference_id},
            status_code=202,
            headers={
                "X-Amzn-SageMaker-OutputLocation": invocation.output_location,
                "X-Amzn-SageMaker-FailureLocation": invocation.failure_location,
            },
        )

    def _queued(self, name: str, headers: Mapping[str, str]) -> QueuedInvocation:
        def header(field: str) -> str | None:
            return headers.get(f"X-Amzn-SageMaker-{field}")

        output_id = uuid.uuid4()
        return QueuedInvocation(
            inference_id=_inference_id(header("Inference-Id")),
            endpoint_name=name,
            input_location=_input_location(header("InputLocation")),
            output_location=f"{self._endpoint.output_path}{output_id}.out",
            failure_location=f"{self._endpoint.failure_path}{output_id}-error.out",
            content_type=header("Content-Type") or "application/octet-stream",
            accept=header("Accept"),
            custom_attributes=header("Custom-Attributes"),
            timeout_s=_seconds(header("InvocationTimeoutSeconds"), 900, range(1, 3601)),
            ttl_s=_seconds(header("RequestTTLSeconds"), 21600, range(60, 21601)),
            received_at=time.time(),
        )

    async def _control(self, request: Request) -> Response:
        """SageMaker's control plane, which names the operation in a header."""
        operation = request.headers.get("X-Amz-Target")
        if operation != "SageMaker.DescribeEndpoint":
            return _error(400, "UnknownOperationException", f"{operation} is not served here.")
        name: str = (await request.json())["EndpointName"]
        arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT_ID}:endpoint/{name}"
        if not self._endpoint.serves(name):
            return _error(400, "ValidationException", f'Could not find endpoint "{arn}".')
        return JSONResponse(self._description(arn))

    def _description(self, arn: str) -> dict[str, object]:
        """An endpoint of one instance, which is scaled out from none while the container starts."""
        is_up = self._endpoint.is_up()
        variant = {
            "VariantName": "AllTraffic",
            "CurrentInstanceCount": int(is_up),
            "DesiredInstanceCount": 1,
        }
        return {
            "EndpointName": self._endpoint.name,
            "EndpointArn": arn,
            "EndpointStatus": "InService" if is_up else "Updating",
            "CreationTime": self._made_at,
            "LastModifiedTime": self._made_at,
            "ProductionVariants": [variant],
        }

    async def _invoke_function(self, request: Request) -> Response:
        name: str = request.path_params["name"]
        if request.headers.get("X-Amz-Invocation-Type") != "Event":
            return _error(
                400, "InvalidParameterValueException", "Only the Event type is served here."
            )
        body = await request.body()
        if len(body) > EVENT_LIMIT_BYTES:
            return _error(413, "RequestTooLargeException", "The event is too large.")
        try:
            self._runner.invoke_later(name, json.loads(body or b"{}"))
        except json.JSONDecodeError:
            return _error(400, "InvalidRequestContentException", "The event is not JSON.")
        except UnknownFunction:
            return _error(404, "ResourceNotFoundException", f"Function not found: {name}")
        return Response(status_code=202)


def _error(status: int, kind: str, message: str) -> JSONResponse:
    """An error of AWS: its type stands in a header for REST-JSON, in the body for JSON."""
    return JSONResponse(
        {"__type": kind, "Message": message, "message": message},
        status_code=status,
        headers={"x-amzn-ErrorType": kind, "x-amzn-RequestId": str(uuid.uuid4())},
    )


def _input_location(value: str | None) -> str:
    if not value:
        raise Invalid("InputLocation is required.")
    if len(value) > 1024 or not re.fullmatch(r"(https|s3)://([^/]+)/?(.*)", value):
        raise Invalid(
            "1 validation error detected: Value at 'inputLocation' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: ^(https|s3)://([^/]+)/?(.*)$"
        )
    return value


def _inference_id(value: str | None) -> str:
    if value is None:
        return str(uuid.uuid4())
    if not re.fullmatch(r"[\u0020-\u00ff]{1,64}", value):
        raise Invalid(
            "1 validation error detected: Value at 'inferenceId' failed to satisfy constraint: "
            "Member must have length less than or equal to 64"
        )
    return value


def _seconds(value: str | None, default: int, allowed: range) -> int:
    if value is None:
        return default
    if not value.isdecimal() or int(value) not in allowed:
        raise Invalid(f"a time is not between {allowed.start} and {allowed.stop - 1} seconds")
    return int(value)
