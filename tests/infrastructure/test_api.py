"""Routes, who may call them, and what API Gateway answers itself."""

import importlib
import json
import re
from collections.abc import Iterable
from types import ModuleType
from typing import Any

import pytest
from iris_oculus import errors
from iris_oculus.contracts import ErrorAnswer
from iris_oculus.openapi import document

from tests.infrastructure.conftest import Resources
from tests.unit.lambdas.conftest import proxy_event

PUBLIC = {"/healthz", "/tasks", "/openapi.json"}
NO_TOKEN = {"Authorizer": "NONE"}
STATUS = {
    "MISSING_AUTHENTICATION_TOKEN": 404,
    "RESOURCE_NOT_FOUND": 404,
    "UNAUTHORIZED": 401,
    "EXPIRED_TOKEN": 401,
    "ACCESS_DENIED": 403,
    "WAF_FILTERED": 403,
    "REQUEST_TOO_LARGE": 413,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "THROTTLED": 429,
    "QUOTA_EXCEEDED": 429,
    "INTEGRATION_TIMEOUT": 504,
}
KNOWN_ERRORS = {
    kind.code: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.IrisOculusError)
}


@pytest.fixture(scope="module")
def routes(functions: Resources) -> dict[tuple[str, str], dict[str, Any]]:
    """By method and path: the function's logical id and the event's authorisation."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for name, function in functions.items():
        for event in function.get("Events", {}).values():
            if event["Type"] == "Api":
                properties = event["Properties"]
                key = (properties["Method"], properties["Path"])
                assert key not in found
                assert properties["RestApiId"] == {"Ref": "Api"}
                found[key] = {"function": name, "auth": properties.get("Auth")}
    return found


@pytest.fixture(scope="module")
def gateway_responses(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    responses: dict[str, dict[str, Any]] = template["Resources"]["Api"]["Properties"][
        "GatewayResponses"
    ]
    return responses


def test_the_routes_are_those_that_the_api_describes(
    routes: dict[tuple[str, str], dict[str, Any]],
) -> None:
    described = {
        (method.upper(), path)
        for path, operations in document()["paths"].items()
        for method in operations
        if method in {"get", "post", "put", "delete", "patch"}
    }
    assert {key for key in routes if key[0] != "OPTIONS"} == described


def served_by(handler: ModuleType, described: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Method and path of the routes that a function serves."""
    if hasattr(handler, "router"):
        return {
            (method, re.sub(r"<(\w+)>", r"{\1}", rule))
            for rule, methods, *_ in handler.router._routes
            for method in methods
        }
    # It keeps no table: what it serves is what it does not answer with 404.
    return {
        (method, path)
        for method, path in described
        if handler.handler(proxy_event(method, path), None)["statusCode"] != 404
    }


def test_every_route_is_one_that_its_function_serves(
    functions: Resources, routes: dict[tuple[str, str], dict[str, Any]]
) -> None:
    described = {key for key in routes if key[0] != "OPTIONS"}
    for name, function in functions.items():
        wanted = {key for key, at in routes.items() if at["function"] == name}
        wanted = {(method, path) for method, path in wanted if method != "OPTIONS"}
        if wanted:
            module = function["CodeUri"].replace("/", ".") + ".handler"
            assert served_by(importlib.import_module(module), described) == wanted


def test_preflights_go_to_the_path_s_own_function_without_a_token(
    routes: dict[tuple[str, str], dict[str, Any]],
) -> None:
    for path in {path for _, path in routes}:
        owners = {at["function"] for (_, other), at in routes.items() if other == path}
        assert len(owners) == 1
        assert routes["OPTIONS", path]["auth"] == NO_TOKEN


def test_only_what_holds_no_data_answers_without_a_token(
    routes: dict[tuple[str, str], dict[str, Any]],
) -> None:
    for (method, path), at in routes.items():
        open_to_all = method == "OPTIONS" or path in PUBLIC
        assert at["auth"] == (NO_TOKEN if open_to_all else None)


def test_the_authorizer_hears_every_call(transformed: Resources) -> None:
    api = transformed["Api"]["Properties"]["Body"]
    (scheme,) = api["components"]["securitySchemes"].values()
    authorizer = scheme["x-amazon-apigateway-authorizer"]
    assert authorizer["type"] == "request"
    # With an identity source API Gateway answers 401 itself when it is missing; a cached answer
    # would hold for a path that it was not given for.
    assert "identitySource" not in authorizer
    assert authorizer["authorizerResultTtlInSeconds"] == 0
    for path, operations in api["paths"].items():
        for method, operation in operations.items():
            open_to_all = method == "options" or path in PUBLIC
            assert operation["security"] == [
                {"NONE": []} if open_to_all else {"TokenAuthorizer": []}
            ]
            assert operation["x-amazon-apigateway-integration"]["type"] == "aws_proxy"


def test_every_type_is_binary_so_that_curl_gets_bytes(transformed: Resources) -> None:
    body = transformed["Api"]["Properties"]["Body"]
    assert body["x-amazon-apigateway-binary-media-types"] == ["*/*"]


def test_there_is_one_stage(transformed: Resources) -> None:
    stages = [
        resource["Properties"]["StageName"]
        for resource in transformed.values()
        if resource["Type"] == "AWS::ApiGateway::Stage"
    ]
    assert stages == [{"Ref": "Stage"}]


def test_bodies_are_never_logged(template: dict[str, Any]) -> None:
    settings = template["Resources"]["Api"]["Properties"]["MethodSettings"]
    assert [entry["DataTraceEnabled"] for entry in settings] == [False]


def test_the_gateway_s_answers_have_the_status_of_their_kind(
    gateway_responses: dict[str, dict[str, Any]],
) -> None:
    given = {kind: response.get("StatusCode") for kind, response in gateway_responses.items()}
    assert given == {**STATUS, "DEFAULT_4XX": None, "DEFAULT_5XX": None}


def test_the_gateway_s_answers_have_the_shape_of_every_error(
    gateway_responses: dict[str, dict[str, Any]],
) -> None:
    for response in gateway_responses.values():
        (content_type,) = response["ResponseTemplates"]
        assert content_type == "application/json"
        body = json.loads(response["ResponseTemplates"][content_type])
        assert ErrorAnswer.model_validate(body).model_dump() == body
        assert all(body["error"].values())


def test_the_gateway_s_answers_are_readable_in_a_browser(
    gateway_responses: dict[str, dict[str, Any]],
) -> None:
    for response in gateway_responses.values():
        headers = response["ResponseParameters"]["Headers"]
        assert headers["Access-Control-Allow-Origin"] == "'*'"
        # API Gateway takes a quoted text, or else reads it as a mapping expression.
        assert all(re.fullmatch(r"'[^']+'", value) for value in headers.values())


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("DEFAULT_4XX", errors.BadRequest),
        ("DEFAULT_5XX", errors.IrisOculusError),
        ("MISSING_AUTHENTICATION_TOKEN", errors.RouteNotFound),
        ("UNAUTHORIZED", errors.Unauthorized),
        ("REQUEST_TOO_LARGE", errors.FileTooLarge),
        ("UNSUPPORTED_MEDIA_TYPE", errors.NotJson),
    ],
)
def test_the_gateway_says_what_a_handler_would(
    gateway_responses: dict[str, dict[str, Any]], kind: str, error: type[errors.IrisOculusError]
) -> None:
    body = json.loads(gateway_responses[kind]["ResponseTemplates"]["application/json"])
    assert body["error"]["code"] == error.code
    assert body["error"]["hint"] == error.default_hint
