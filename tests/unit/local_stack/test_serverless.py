from typing import Any

import pytest

from local_stack.functions import load_handler
from local_stack.serverless import Application
from local_stack.template import TemplateError
from tests.conftest import REPOSITORY


def test_routes_say_path_method_function_and_who_is_asked_first(application: Application) -> None:
    table = {
        (route.method, route.path): (route.function.module, route.authorized)
        for route in application.routes()
    }

    assert table == {
        ("GET", "/things/{id}"): ("functions.thing.handler", True),
        ("GET", "/things/special"): ("functions.thing.handler", True),
        ("POST", "/things"): ("functions.thing.handler", True),
        ("OPTIONS", "/things"): ("functions.thing.handler", False),
        ("GET", "/open"): ("functions.thing.handler", False),
    }


def test_a_function_has_its_own_settings_and_those_of_all(application: Application) -> None:
    function = application.function("ThingFunction")

    assert (function.memory_mb, function.timeout_s, function.retries) == (1024, 29, 2)
    assert function.environment == {
        "STAGE": "local",
        "TABLE": "iris-local-table",
        "BUCKET_ARN": "arn:aws:s3:::iris-local-bucket/*",
    }


def test_queues_and_schedules_call_functions(application: Application) -> None:
    (mapping,) = application.queue_mappings()
    (scheduled,) = application.scheduled_functions()

    assert (mapping.queue_logical_id, mapping.batch_size, mapping.partial_responses) == (
        "Queue",
        5,
        True,
    )
    assert mapping.function == scheduled
    assert scheduled.retries == 1


def test_gateway_responses_fall_back_to_the_default_of_their_class(
    application: Application,
) -> None:
    named = application.gateway_response("MISSING_AUTHENTICATION_TOKEN", status=403)
    default = application.gateway_response("REQUEST_TOO_LARGE", status=413)

    assert (named.status, named.body) == (404, '{"error":"no route"}')
    assert (default.status, default.body) == (413, '{"error":"default"}')
    assert default.headers == {"Access-Control-Allow-Origin": "*"}


def test_an_event_that_the_stack_does_not_know_is_an_error(document: dict[str, Any]) -> None:
    events = document["Resources"]["SweepFunction"]["Properties"]["Events"]
    events["Other"] = {"Type": "Kinesis", "Properties": {}}

    with pytest.raises(TemplateError):
        Application(document).routes()


def test_every_handler_of_the_real_template_can_be_loaded() -> None:
    application = Application.read(REPOSITORY / "template.yaml")

    handlers = [load_handler(function) for function in application.functions()]

    assert handlers
    assert all(callable(handler) for handler in handlers)
    assert application.authorizer() in application.functions()
    assert application.takes_binary()
