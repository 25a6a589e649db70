"""API Gateway on the laptop: an ASGI application over the template's routes and handlers."""

import fnmatch
import json
import logging
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from local_stack.functions import AnswerTooLarge, EventTooLarge, FunctionRunner
from local_stack.proxy_event import (
    Answer,
    MalformedAnswer,
    Request,
    RouteTable,
    answer_of,
    authorizer_event,
    method_arn,
    proxy_event,
)
from local_stack.serverless import Application, Route

BODY_LIMIT_BYTES = 10 * 1024 * 1024
"""Payload size of a REST API (API Gateway quotas)."""

logger = logging.getLogger(__name__)


class Refused(Exception):
    """The gateway answers itself; the function is not called.

    Parameters
    ----------
    kind : str
        API Gateway's name of the response.
    status : int
        Its status where the template names none.
    """

    def __init__(self, kind: str, status: int) -> None:
        super().__init__(kind)
        self.kind = kind
        self.status = status


class Gateway:
    """The API of the template.

    Parameters
    ----------
    template : Application
    runner : FunctionRunner
        Runs the functions of the same template.
    """

    def __init__(self, template: Application, runner: FunctionRunner) -> None:
        self._template = template
        self._runner = runner
        self._routes = RouteTable(template.routes())
        self._authorizer = template.authorizer()
        self._binary = template.takes_binary()
        # Powertools keeps the current event for all of a process's routers in one place, of which
        # each function has its own on AWS.
        self._one_at_a_time = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        request = HttpRequest(scope, receive)
        try:
            body = await _body_of(request)
            answer = await run_in_threadpool(self.handle, _plain(request, body))
        except Refused as refused:
            answer = self._own_answer(refused)
        await _response(answer)(scope, receive, send)

    def serves(self, method: str, path: str) -> bool:
        """Whether the API has a route for it."""
        return self._routes.find(method, path) is not None

    def handle(self, request: Request) -> Answer:
        """Authorize the request, call its function, and translate what it answers."""
        found = self._routes.find(request.method, request.path)
        if found is None:
            return self._own_answer(Refused("MISSING_AUTHENTICATION_TOKEN", 403))
        route, parameters = found
        try:
            context = self._authorize(request, route, parameters) if route.authorized else None
            event = proxy_event(
                request, route, parameters, binary=self._binary, authorizer_context=context
            )
            return self._invoke(route, event)
        except Refused as refused:
            return self._own_answer(refused)

    def _invoke(self, route: Route, event: Mapping[str, Any]) -> Answer:
        try:
            with self._one_at_a_time:
                answer = self._runner.invoke(route.function, event)
            return answer_of(answer)
        except EventTooLarge as too_large:
            raise Refused("REQUEST_TOO_LARGE", 413) from too_large
        except (MalformedAnswer, AnswerTooLarge) as fault:
            logger.error("answer of %s: %s", route.function.name, fault)  # noqa: TRY400 - no crash
        except Exception:
            logger.exception("%s failed", route.function.name)
        raise Refused("DEFAULT_5XX", 502)

    def _authorize(
        self, request: Request, route: Route, parameters: Mapping[str, str]
    ) -> dict[str, Any]:
        """What the authorizer says of the caller, if it lets the call pass."""
        if self._authorizer is None:
            return {}
        try:
            result = self._runner.invoke(
                self._authorizer, authorizer_event(request, route, parameters)
            )
        except Exception as error:
            # Lambda hands the text of an exception on, and API Gateway knows this one word.
            if str(error) == "Unauthorized":
                raise Refused("UNAUTHORIZED", 401) from error
            logger.exception("the authorizer failed")
            raise Refused("AUTHORIZER_FAILURE", 500) from error
        statements = result["policyDocument"]["Statement"]
        if not _allows(statements, method_arn(request, route)):
            raise Refused("ACCESS_DENIED", 403)
        return {"principalId": result["principalId"]} | _strings(result.get("context") or {})

    def _own_answer(self, refused: Refused) -> Answer:
        response = self._template.gateway_response(refused.kind, status=refused.status)
        return Answer(
            status=response.status,
            body=response.body.encode(),
            headers=[("Content-Type", "application/json"), *response.headers.items()],
        )


def _strings(context: Mapping[str, Any]) -> dict[str, str]:
    """API Gateway turns what an authorizer says into strings."""
    return {
        name: json.dumps(value) if isinstance(value, bool | int | float) else str(value)
        for name, value in context.items()
        if value is not None
    }


def _allows(statements: Sequence[Mapping[str, Any]], arn: str) -> bool:
    """Whether a policy allows to call the method: a denial wins over every permission."""
    effects = {
        statement["Effect"]
        for statement in statements
        if any(fnmatch.fnmatchcase(arn, pattern) for pattern in _listed(statement["Resource"]))
    }
    return "Allow" in effects and "Deny" not in effects


def _listed(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


async def _body_of(request: HttpRequest) -> bytes:
    """The body, up to the limit.

    What comes beyond it is read, so that the client gets to see the answer, but not kept.
    """
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= BODY_LIMIT_BYTES:
            chunks.append(chunk)
        else:
            chunks.clear()
    if size > BODY_LIMIT_BYTES:
        raise Refused("REQUEST_TOO_LARGE", 413)
    return b"".join(chunks)


def _plain(request: HttpRequest, body: bytes) -> Request:
    raw_path: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return Request(
        method=request.method,
        path=raw_path.split(b"?")[0].decode("latin-1"),
        query=request.url.query,
        headers=[
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw
        ],
        body=body,
        source_ip=request.client.host if request.client else "127.0.0.1",
        protocol=f"HTTP/{request.scope['http_version']}",
    )


def _response(answer: Answer) -> Response:
    response = Response(answer.body, status_code=answer.status)
    for name, value in answer.headers:
        if name.lower() != "content-length":
            response.headers.append(name, value)
    return response
