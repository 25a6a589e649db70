import threading
from collections.abc import Callable
from typing import Any

import pytest

from local_stack.functions import (
    PAYLOAD_LIMIT_BYTES,
    AnswerTooLarge,
    EventTooLarge,
    FunctionRunner,
    LambdaContext,
    UnknownFunction,
)
from local_stack.serverless import Application, Function

Handler = Callable[[Any, LambdaContext], Any]


@pytest.fixture
def thing(application: Application) -> Function:
    return application.function("ThingFunction")


def runner(function: Function, handler: Handler) -> FunctionRunner:
    return FunctionRunner([function], lambda _: handler)


def test_the_context_says_what_lambda_says(thing: Function) -> None:
    seen: list[LambdaContext] = []

    runner(thing, lambda _, context: seen.append(context)).invoke(thing, {})

    (context,) = seen
    assert context.function_name == "thing-local"
    assert context.memory_limit_in_mb == 1024
    assert context.invoked_function_arn.endswith(":function:thing-local")
    assert 28_000 < context.get_remaining_time_in_millis() <= 29_000
    assert len(context.aws_request_id) == 36


def test_events_and_answers_pass_through_json(thing: Function) -> None:
    event = {"list": [1]}

    def handler(received: Any, _context: LambdaContext) -> Any:
        received["list"].append(2)
        return {"got": (1, 2)}

    assert runner(thing, handler).invoke(thing, event) == {"got": [1, 2]}
    assert event == {"list": [1]}


def test_an_event_beyond_the_limit_never_reaches_the_handler(thing: Function) -> None:
    called: list[Any] = []
    functions = runner(thing, lambda event, _: called.append(event))

    functions.invoke(thing, {"x": "a" * (PAYLOAD_LIMIT_BYTES - 9)})
    with pytest.raises(EventTooLarge):
        functions.invoke(thing, {"x": "a" * (PAYLOAD_LIMIT_BYTES - 8)})
    assert len(called) == 1


def test_an_answer_beyond_the_limit_is_an_error(thing: Function) -> None:
    with pytest.raises(AnswerTooLarge):
        runner(thing, lambda *_: "é" * (PAYLOAD_LIMIT_BYTES // 2)).invoke(thing, {})


def test_one_invocation_of_a_function_at_a_time(thing: Function) -> None:
    inside = threading.Semaphore(1)
    overlaps: list[bool] = []

    def handler(_event: Any, _context: LambdaContext) -> None:
        overlaps.append(not inside.acquire(blocking=False))
        threading.Event().wait(0.01)
        inside.release()

    functions = runner(thing, handler)
    threads = [threading.Thread(target=functions.invoke, args=(thing, {})) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert overlaps == [False] * 8


def test_an_asynchronous_invocation_is_tried_again_as_often_as_the_template_says(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local_stack.functions.RETRY_AFTER_S", 0.001)
    sweep = application.function("SweepFunction")
    calls = threading.Semaphore(0)

    def handler(_event: Any, _context: LambdaContext) -> None:
        calls.release()
        raise RuntimeError("as intended")

    runner(sweep, handler).invoke_later(sweep.name, {})

    assert calls.acquire(timeout=5)
    assert calls.acquire(timeout=5)
    assert not calls.acquire(timeout=0.2)


def test_an_unknown_function_is_an_error(thing: Function) -> None:
    with pytest.raises(UnknownFunction):
        runner(thing, lambda *_: None).invoke_later("other", {})
