"""Runs the Lambda handlers in this process, as their service would call them."""

import importlib
import json
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local_stack.recorded_calls import running
from local_stack.serverless import Function
from local_stack.template import ACCOUNT_ID, REGION

PAYLOAD_LIMIT_BYTES = 6_291_456
"""Request and response of a synchronous invocation (AWS Lambda quotas)."""
RETRY_AFTER_S = 1.0
"""Pause before an asynchronous invocation is tried again; AWS waits a minute, then two."""

Handler = Callable[[Any, "LambdaContext"], Any]

logger = logging.getLogger(__name__)


class EventTooLarge(Exception):
    """An event is larger than Lambda takes."""


class AnswerTooLarge(Exception):
    """A handler's answer is larger than Lambda hands on."""


class UnknownFunction(Exception):
    """No function of this name stands in the template."""


@dataclass(frozen=True)
class LambdaContext:
    """What Lambda hands to a handler beside the event.

    Attributes
    ----------
    deadline : float
        Monotonic seconds at which Lambda would stop the function.
    """

    function_name: str
    memory_limit_in_mb: int
    invoked_function_arn: str
    deadline: float
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    function_version: str = "$LATEST"
    log_group_name: str = ""
    log_stream_name: str = "local"

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda would stop the function; never negative."""
        return max(0, round((self.deadline - time.monotonic()) * 1000))


def load_handler(function: Function) -> Handler:
    """Import the handler that the template names."""
    handler: Handler = getattr(importlib.import_module(function.module), function.attribute)
    return handler


class FunctionRunner:
    """Every function of the template, by name.

    One invocation of a function at a time, as in one instance on AWS: handlers may keep state in
    their module (Powertools' resolver does), so two threads must not share it.

    Parameters
    ----------
    functions : iterable of Function
    load : callable, optional
        Finds a function's handler; called once, at its first invocation (its cold start).
    """

    def __init__(
        self, functions: Iterable[Function], load: Callable[[Function], Handler] = load_handler
    ) -> None:
        self._functions = {function.name: function for function in functions}
        self._locks = {name: threading.Lock() for name in self._functions}
        self._load = load
        self._handlers: dict[str, Handler] = {}
        self._stopping = threading.Event()

    def invoke(self, function: Function, event: Mapping[str, Any]) -> Any:
        """Call the handler and wait for its answer.

        Event and answer pass through JSON, as on AWS: a handler cannot hand out what would not
        survive there.

        Raises
        ------
        EventTooLarge, AnswerTooLarge
            If either is larger than Lambda takes.
        Exception
            Whatever the handler raises.
        """
        sent = json.dumps(event)
        if len(sent) > PAYLOAD_LIMIT_BYTES:
            raise EventTooLarge(f"{len(sent)} bytes")
        with self._locks[function.name]:
            handler = self._handlers.get(function.name)
            if handler is None:
                handler = self._handlers[function.name] = self._load(function)
            with running(function.logical_id):
                answer = handler(json.loads(sent), _context(function))
        received = json.dumps(answer, ensure_ascii=False)
        if len(received.encode()) > PAYLOAD_LIMIT_BYTES:
            raise AnswerTooLarge(f"{len(received)} characters")
        return json.loads(received)

    def invoke_later(self, name: str, event: Mapping[str, Any]) -> None:
        """Call the handler in the background, and again if it fails, as often as the template says.

        Raises
        ------
        UnknownFunction
            If the template has no function of this name.
        """
        function = self._functions.get(name)
        if function is None:
            raise UnknownFunction(name)
        threading.Thread(
            target=self._keep_trying, args=(function, event), name=name, daemon=True
        ).start()

    def stop(self) -> None:
        """Try nothing again from now on."""
        self._stopping.set()

    def _keep_trying(self, function: Function, event: Mapping[str, Any]) -> None:
        for attempt in range(function.retries + 1):
            try:
                self.invoke(function, event)
            except Exception:
                logger.exception("%s failed (attempt %d)", function.name, attempt + 1)
            else:
                return
            if self._stopping.wait(RETRY_AFTER_S * (attempt + 1)):
                return


def _context(function: Function) -> LambdaContext:
    return LambdaContext(
        function_name=function.name,
        memory_limit_in_mb=function.memory_mb,
        invoked_function_arn=f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{function.name}",
        deadline=time.monotonic() + function.timeout_s,
        log_group_name=f"/aws/lambda/{function.name}",
    )
