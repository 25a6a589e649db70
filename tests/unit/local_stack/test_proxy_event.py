import base64
from dataclasses import replace
from typing import Any

import pytest

from local_stack.proxy_event import (
    MalformedAnswer,
    Request,
    RouteTable,
    answer_of,
    authorizer_event,
    method_arn,
    proxy_event,
)
from local_stack.serverless import Application, Route

REQUEST = Request(
    method="GET",
    path="/things/a%20b",
    query="x=1&x=2&empty=",
    headers=[("host", "api.example"), ("accept", "*/*"), ("x-a", "1"), ("x-a", "2")],
    body=b"",
    source_ip="10.0.0.7",
)


@pytest.fixture
def route(application: Application) -> Route:
    return next(route for route in application.routes() if route.path == "/things/{id}")


def test_the_event_has_every_field_that_aws_documents(route: Route) -> None:
    event = proxy_event(REQUEST, route, {"id": "a b"}, binary=True)

    assert set(event) == {
        "resource", "path", "httpMethod", "headers", "multiValueHeaders",
        "queryStringParameters", "multiValueQueryStringParameters", "pathParameters",
        "stageVariables", "requestContext", "body", "isBase64Encoded",
    }  # fmt: skip
    assert event["resource"] == "/things/{id}"
    assert event["path"] == "/things/a b"
    assert event["pathParameters"] == {"id": "a b"}
    assert event["headers"]["Accept"] == "*/*"
    assert event["headers"]["X-A"] == "2"
    assert event["multiValueHeaders"]["X-A"] == ["1", "2"]
    assert event["queryStringParameters"] == {"x": "2", "empty": ""}
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"], "empty": [""]}
    assert (event["body"], event["isBase64Encoded"]) == (None, False)


def test_the_request_context_says_who_where_and_when(route: Route) -> None:
    context = proxy_event(REQUEST, route, {}, binary=True, authorizer_context={"subject": "u"})[
        "requestContext"
    ]

    assert context["identity"]["sourceIp"] == "10.0.0.7"
    assert context["identity"]["userArn"] is None
    assert (context["resourcePath"], context["path"]) == ("/things/{id}", "/things/a b")
    assert (context["stage"], context["domainName"]) == ("local", "api.example")
    assert context["authorizer"] == {"subject": "u"}
    assert isinstance(context["requestTimeEpoch"], int)
    assert len({context["requestId"], context["extendedRequestId"]}) == 2


def test_what_a_request_does_not_have_is_null(route: Route) -> None:
    bare = replace(REQUEST, query="", headers=[])

    event = proxy_event(bare, route, {}, binary=False)

    absent = ("headers", "multiValueHeaders", "queryStringParameters", "pathParameters")
    assert [event[name] for name in absent] == [None] * 4


@pytest.mark.parametrize("body", [b"{}", bytes(range(256))])
def test_every_body_comes_as_base64_where_all_media_types_are_binary(
    route: Route, body: bytes
) -> None:
    event = proxy_event(replace(REQUEST, body=body), route, {}, binary=True)

    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == body


def test_text_comes_as_it_is_where_they_are_not(route: Route) -> None:
    event = proxy_event(replace(REQUEST, body="é".encode()), route, {}, binary=False)

    assert (event["body"], event["isBase64Encoded"]) == ("é", False)


def test_the_authorizer_gets_the_request_without_its_body(route: Route) -> None:
    event = authorizer_event(replace(REQUEST, body=b"secret"), route, {"id": "a b"})

    assert event["type"] == "REQUEST"
    assert event["methodArn"] == method_arn(REQUEST, route)
    assert event["methodArn"].endswith("/local/GET/things/{id}")
    assert "body" not in event


def test_literal_segments_win_over_placeholders(application: Application) -> None:
    routes = RouteTable(application.routes())

    special, other = routes.find("GET", "/things/special"), routes.find("GET", "/things/7%2F8")

    assert special is not None
    assert special[0].path == "/things/special"
    assert other is not None
    assert (other[0].path, other[1]) == ("/things/{id}", {"id": "7/8"})


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nothing"), ("DELETE", "/things"), ("GET", "/things/1/2"), ("GET", "/things/")],
)
def test_there_is_no_route_by_another_path_or_method(
    application: Application, method: str, path: str
) -> None:
    assert RouteTable(application.routes()).find(method, path) is None


def test_a_result_becomes_an_answer() -> None:
    answer = answer_of(
        {
            "statusCode": 201,
            "headers": {"X-One": "1", "X-Both": "single"},
            "multiValueHeaders": {"Set-Cookie": ["a", "b"], "x-both": ["list"]},
            "body": base64.b64encode(b"\x00\xff").decode(),
            "isBase64Encoded": True,
        }
    )

    assert (answer.status, answer.body) == (201, b"\x00\xff")
    assert sorted(answer.headers) == [
        ("Set-Cookie", "a"),
        ("Set-Cookie", "b"),
        ("X-One", "1"),
        ("x-both", "list"),
    ]


@pytest.mark.parametrize(
    "result",
    [
        None,
        "text",
        {"body": "x"},
        {"statusCode": "200"},
        {"statusCode": 200, "body": {"not": "text"}},
        {"statusCode": 200, "body": "no base64!", "isBase64Encoded": True},
    ],
)
def test_what_api_gateway_does_not_understand_is_malformed(result: Any) -> None:
    with pytest.raises(MalformedAnswer):
        answer_of(result)
