"""API Gateway's proxy events (payload format 1.0 of a REST API), and the way back.

The shapes are those of AWS: "Set up Lambda proxy integrations in API Gateway" and "Input to an
API Gateway Lambda authorizer" in the API Gateway Developer Guide.
"""

import base64
import binascii
import re
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from local_stack.serverless import Route
from local_stack.template import ACCOUNT_ID, REGION, STAGE

API_ID = "local"
Event = dict[str, Any]


class MalformedAnswer(Exception):
    """A handler's answer is not what API Gateway understands."""


@dataclass(frozen=True)
class Request:
    """An HTTP request as it came in.

    Attributes
    ----------
    path : str
        Not yet percent-decoded.
    headers : sequence of (name, value)
        In their order; names may repeat.
    """

    method: str
    path: str
    query: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    source_ip: str
    protocol: str = "HTTP/1.1"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer to send."""

    status: int
    body: bytes
    headers: Sequence[tuple[str, str]] = field(default_factory=tuple)


class RouteTable:
    """Finds the route of a request, as API Gateway does: literal segments before placeholders."""

    def __init__(self, routes: Iterable[Route]) -> None:
        ordered = sorted(routes, key=lambda route: [part[:1] == "{" for part in _parts(route.path)])
        self._patterns = [(_pattern(route.path), route) for route in ordered]

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The route and its path parameters, percent-decoded; None where there is none."""
        for pattern, route in self._patterns:
            match = pattern.fullmatch(path)
            if match and route.method in {method, "ANY"}:
                return route, {name: unquote(value) for name, value in match.groupdict().items()}
        return None


def proxy_event(
    request: Request,
    route: Route,
    path_parameters: Mapping[str, str],
    *,
    binary: bool,
    authorizer_context: Mapping[str, Any] | None = None,
) -> Event:
    """The event that the route's function receives.

    Parameters
    ----------
    binary : bool
        Whether every media type is binary to the API: then bodies come as base64.
    authorizer_context : mapping, optional
        What the authorizer said of the caller.
    """
    event = _common(request, route, path_parameters)
    event["requestContext"]["authorizer"] = dict(authorizer_context or {})
    event["body"], event["isBase64Encoded"] = _body(request.body, binary=binary)
    return event


def authorizer_event(request: Request, route: Route, path_parameters: Mapping[str, str]) -> Event:
    """The event that a REQUEST authorizer receives."""
    return {"type": "REQUEST", "methodArn": method_arn(request, route)} | _common(
        request, route, path_parameters
    )


def method_arn(request: Request, route: Route) -> str:
    """What an authorizer's policy must allow."""
    prefix = f"arn:aws:execute-api:{REGION}:{ACCOUNT_ID}:{API_ID}/{STAGE}"
    return f"{prefix}/{request.method}{route.path}"


def answer_of(result: Any) -> Answer:
    """The HTTP answer that a function's result stands for.

    Raises
    ------
    MalformedAnswer
        If API Gateway would answer 502 to it.
    """
    if not isinstance(result, Mapping) or not isinstance(result.get("statusCode"), int):
        raise MalformedAnswer("no object with an integer statusCode")
    body = result.get("body") or ""
    if not isinstance(body, str):
        raise MalformedAnswer("the body is no string")
    return Answer(
        status=result["statusCode"],
        body=_decoded(body) if result.get("isBase64Encoded") else body.encode(),
        headers=_answer_headers(result),
    )


def _answer_headers(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Single values first; where a name stands in both, the list of several values holds both."""
    several: Mapping[str, Sequence[Any]] = result.get("multiValueHeaders") or {}
    single: Mapping[str, Any] = result.get("headers") or {}
    listed = {name.lower() for name in several}
    pairs = [(name, str(value)) for name, value in single.items() if name.lower() not in listed]
    pairs += [(name, str(value)) for name, values in several.items() for value in values]
    return pairs


def _decoded(body: str) -> bytes:
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise MalformedAnswer("the body is no base64") from error


def _body(body: bytes, *, binary: bool) -> tuple[str | None, bool]:
    if not body:
        return None, False
    return (base64.b64encode(body).decode(), True) if binary else (body.decode(), False)


def _common(request: Request, route: Route, path_parameters: Mapping[str, str]) -> Event:
    headers = [(_canonical(name), value) for name, value in request.headers]
    query = parse_qsl(request.query, keep_blank_values=True)
    path = unquote(request.path)
    return {
        "resource": route.path,
        "path": path,
        "httpMethod": request.method,
        "headers": dict(headers) or None,
        "multiValueHeaders": _grouped(headers),
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": _grouped(query),
        "pathParameters": dict(path_parameters) or None,
        "stageVariables": None,
        "requestContext": _request_context(request, route, path, dict(headers)),
    }


def _request_context(
    request: Request, route: Route, path: str, headers: Mapping[str, str]
) -> dict[str, Any]:
    now = time.time()
    host = headers.get("Host", "localhost")
    unknown = (
        "accessKey accountId caller cognitoAuthenticationProvider cognitoAuthenticationType "
        "cognitoIdentityId cognitoIdentityPoolId principalOrgId user userArn"
    )
    return {
        "accountId": ACCOUNT_ID,
        "apiId": API_ID,
        "domainName": host,
        "domainPrefix": host.split(".")[0],
        "extendedRequestId": str(uuid.uuid4()),
        "httpMethod": request.method,
        "identity": dict.fromkeys(unknown.split())
        | {"sourceIp": request.source_ip, "userAgent": headers.get("User-Agent")},
        "path": path,
        "protocol": request.protocol,
        "requestId": str(uuid.uuid4()),
        "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
        "requestTimeEpoch": round(now * 1000),
        "resourceId": "local",
        "resourcePath": route.path,
        "stage": STAGE,
    }


def _canonical(name: str) -> str:
    """``content-type`` to ``Content-Type``: servers here give names in lower case."""
    return "-".join(word.capitalize() for word in name.split("-"))


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]] | None:
    groups: dict[str, list[str]] = {}
    for name, value in pairs:
        groups.setdefault(name, []).append(value)
    return groups or None


def _parts(path: str) -> list[str]:
    return path.strip("/").split("/")


def _pattern(path: str) -> re.Pattern[str]:
    """``{name}`` takes one segment, ``{name+}`` the rest."""
    text = re.escape(path)
    text = re.sub(r"\\\{(\w+)\\\+\\\}", r"(?P<\1>.+)", text)
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", text))
