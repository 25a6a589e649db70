"""The handlers, called as API Gateway calls them, over the use cases on fakes."""

import base64
import io
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
from iris_oculus import lambda_log, wiring
from iris_oculus.settings import Settings

from tests.unit.iris_oculus.use_cases.system import System

ORIGINS = ("https://iris-oculus.com", "http://localhost:5173")
HANDLERS = {
    "/upload": "upload",
    "/process": "process",
    "/files": "download",
    "/jobs": "jobs",
    "/tasks": "reference",
    "/openapi.json": "reference",
    "/healthz": "health",
}


@dataclass
class LambdaContext:
    """What Powertools reads of the context."""

    function_name: str = "iris-test"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:iris-test"
    aws_request_id: str = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 29_000


@dataclass(frozen=True)
class Answer:
    """A proxy answer, decoded."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def error_code(self) -> str:
        assert self.json["ok"] is False
        assert self.json["error"].keys() == {"code", "message", "hint"}
        assert all(self.json["error"].values())
        code: str = self.json["error"]["code"]
        return code


Call = Callable[..., Answer]


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    system = System()
    environment = {
        "ENGINE": "totalsegmentator",
        "ALLOWED_ORIGINS": ",".join(ORIGINS),
    }
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "IrisOculus/test")
    for name in ("uploads", "processing", "results", "completion"):
        monkeypatch.setattr(wiring, name, lambda name=name: getattr(system, name))
    monkeypatch.setattr(wiring, "scale_in", lambda: None)
    monkeypatch.setattr(wiring, "settings", lambda: Settings(environment))
    monkeypatch.setattr(wiring, "deployment", lambda: system.processing.deployment)
    return system


@pytest.fixture
def call(system: System) -> Call:
    """Call a route: ``call("POST", "/upload", {...}) -> Answer``."""

    def call(
        method: str,
        path: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        query: dict[str, str] | None = None,
        subject: str | None = None,
        origin: str = ORIGINS[0],
    ) -> Answer:
        event = proxy_event(method, path, body, raw=raw, query=query, subject=subject)
        event["headers"]["Origin"] = origin
        event["multiValueHeaders"]["Origin"] = [origin]
        module = import_module(f"lambdas.{HANDLERS['/' + path.split('/')[1]]}.handler")
        answer = module.handler(event, LambdaContext())
        body_out = answer.get("body") or ""
        several = answer.get("multiValueHeaders") or {}
        headers = {**answer.get("headers", {}), **{name: at[0] for name, at in several.items()}}
        encoded = answer["isBase64Encoded"]
        raw_out = base64.b64decode(body_out) if encoded else body_out.encode()
        return Answer(answer["statusCode"], headers, raw_out)

    return call


def proxy_event(
    method: str,
    path: str,
    body: object = None,
    *,
    raw: bytes | None = None,
    query: dict[str, str] | None = None,
    subject: str | None = None,
) -> dict[str, Any]:
    """A REST API's proxy event, with the body in base64 as behind ``BinaryMediaTypes: */*``."""
    content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
    return {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": {"Accept": "*/*"},
        "multiValueHeaders": {"Accept": ["*/*"]},
        "queryStringParameters": query,
        "multiValueQueryStringParameters": query and {name: [v] for name, v in query.items()},
        "pathParameters": {"jobId": path.split("/")[2]} if path.count("/") > 1 else None,
        "stageVariables": None,
        "requestContext": {
            "requestId": "r",
            "stage": "test",
            "httpMethod": method,
            "path": f"/test{path}",
            "identity": {"sourceIp": "127.0.0.1"},
            "authorizer": {"subject": subject} if subject else {},
        },
        "body": base64.b64encode(content).decode() if content else None,
        "isBase64Encoded": bool(content),
    }


@pytest.fixture
def log(call: Call) -> Iterator[io.StringIO]:
    """What the functions log; Powertools' handler holds the stream of its first use."""
    stream = io.StringIO()
    (handler,) = logging.getLogger(lambda_log.logger().service).handlers
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(stream)
    yield stream
    if before is not None:
        handler.setStream(before)
