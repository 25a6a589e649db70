import base64
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from local_stack.functions import PAYLOAD_LIMIT_BYTES, FunctionRunner
from local_stack.gateway import BODY_LIMIT_BYTES, Gateway
from local_stack.proxy_event import Event
from local_stack.server_thread import ServerThread
from local_stack.serverless import Application, Function


class Functions:
    """Handlers of the small template; tests put in what they need."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.thing: Callable[[Event], Any] = lambda _: {"statusCode": 200, "body": "ok"}
        self.auth: Callable[[Event], Any] = lambda event: policy("Allow", event["methodArn"])

    def load(self, function: Function) -> Callable[[Any, Any], Any]:
        def handler(event: Event, _context: object) -> Any:
            if function.name == "auth":
                return self.auth(event)
            self.events.append(event)
            return self.thing(event)

        return handler


def policy(effect: str, resource: str | list[str], **context: object) -> Event:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return {
        "principalId": "user-7",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": context,
    }


@pytest.fixture
def functions() -> Functions:
    return Functions()


@pytest.fixture
def api(application: Application, functions: Functions) -> Iterator[httpx.Client]:
    runner = FunctionRunner(application.functions(), functions.load)
    server = ServerThread(Gateway(application, runner), name="gateway")
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client
    server.stop()


def test_a_request_reaches_its_function_and_the_answer_comes_back(
    api: httpx.Client, functions: Functions
) -> None:
    functions.thing = lambda event: {
        "statusCode": 202,
        "headers": {"X-Id": event["pathParameters"]["id"]},
        "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]},
        "body": base64.b64encode(b"\x00\x01").decode(),
        "isBase64Encoded": True,
    }

    response = api.get("/things/x%20y?q=%C3%A9")

    assert response.status_code == 202
    assert response.content == b"\x00\x01"
    assert response.headers["x-id"] == "x y"
    assert response.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert functions.events[0]["queryStringParameters"] == {"q": "é"}


def test_bodies_arrive_as_base64(api: httpx.Client, functions: Functions) -> None:
    api.post("/things", content=b'{"a": 1}')

    (event,) = functions.events
    assert (base64.b64decode(event["body"]), event["isBase64Encoded"]) == (b'{"a": 1}', True)


def test_options_goes_to_the_handler_without_authorisation(
    api: httpx.Client, functions: Functions
) -> None:
    functions.auth = lambda _: policy("Deny", "*")

    assert api.options("/things").text == "ok"
    assert api.post("/things").status_code == 403


def test_what_the_authorizer_says_reaches_the_function_as_strings(
    api: httpx.Client, functions: Functions
) -> None:
    functions.auth = lambda event: policy("Allow", event["methodArn"], subject="s", admin=True, n=3)

    api.get("/things/1")

    assert functions.events[0]["requestContext"]["authorizer"] == {
        "principalId": "user-7",
        "subject": "s",
        "admin": "true",
        "n": "3",
    }


@pytest.mark.parametrize("resource", ["arn:aws:execute-api:*:*:*/*/POST/*", "arn:other"])
def test_a_policy_that_does_not_allow_the_method_is_a_403(
    api: httpx.Client, functions: Functions, resource: str
) -> None:
    functions.auth = lambda _: policy("Allow", resource)

    response = api.get("/things/1")

    assert response.status_code == 403
    assert response.headers["access-control-allow-origin"] == "*"
    assert not functions.events


def test_unauthorized_is_a_401_and_any_other_failure_a_500(
    api: httpx.Client, functions: Functions
) -> None:
    def refuse(_event: Event) -> Any:
        raise RuntimeError("Unauthorized")

    def crash(_event: Event) -> Any:
        raise RuntimeError("no such key")

    functions.auth = refuse
    assert api.get("/things/1").status_code == 401
    functions.auth = crash
    assert api.get("/things/1").status_code == 500


def test_an_unknown_route_is_the_gateways_own_answer(api: httpx.Client) -> None:
    response = api.get("/nothing")

    assert (response.status_code, response.json()) == (404, {"error": "no route"})
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["content-type"] == "application/json"


def test_a_body_beyond_the_gateways_limit_is_refused_but_read(
    api: httpx.Client, functions: Functions
) -> None:
    piece = bytes(2**20)
    response = api.post("/things", content=(piece for _ in range(BODY_LIMIT_BYTES // 2**20 + 20)))

    assert (response.status_code, response.json()) == (413, {"error": "default"})
    assert not functions.events


def test_an_event_beyond_lambdas_limit_is_refused(api: httpx.Client, functions: Functions) -> None:
    assert api.post("/things", content=bytes(PAYLOAD_LIMIT_BYTES * 3 // 4)).status_code == 413
    assert not functions.events


@pytest.mark.parametrize(
    "result", [{"no": "status"}, {"statusCode": 200, "body": "x" * PAYLOAD_LIMIT_BYTES}]
)
def test_an_answer_that_cannot_be_handed_on_is_a_502(
    api: httpx.Client, functions: Functions, result: Any
) -> None:
    functions.thing = lambda _: result

    response = api.get("/open")

    assert (response.status_code, response.json()) == (502, {"error": "internal"})


def test_a_function_that_fails_is_a_502(api: httpx.Client, functions: Functions) -> None:
    def crash(_event: Event) -> Any:
        raise RuntimeError("as intended")

    functions.thing = crash
    assert api.get("/open").status_code == 502
