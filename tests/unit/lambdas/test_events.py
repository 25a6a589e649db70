"""The handlers that no route leads to."""

import json
from typing import Any

import pytest
from iris_oculus import wiring
from iris_oculus.job import JobStatus
from iris_oculus.ports import Capacity
from iris_oculus.use_cases.scale_in import ScaleIn

from tests.fakes import FakeCapacity
from tests.unit.iris_oculus.use_cases.system import System
from tests.unit.lambdas.conftest import LambdaContext


def sqs_event(*bodies: str) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "receiptHandle": "handle",
                "body": body,
                "attributes": {},
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:completion",
                "awsRegion": "us-east-1",
            }
            for number, body in enumerate(bodies)
        ]
    }


def inference_event(job_id: str, status: str, *, attempt: int = 1) -> str:
    event = {
        "eventName": "InferenceResult",
        "inferenceId": f"{job_id}-{attempt}",
        "invocationStatus": status,
        "failureReason": "" if status == "Completed" else "the container went away",
    }
    return json.dumps({"Type": "Notification", "Message": json.dumps(event)})


def test_completion_finishes_jobs_and_hands_back_what_it_cannot_read(system: System) -> None:
    from lambdas.completion.handler import handler

    done, lost = system.processing_job(), system.processing_job()
    system.write_result(done)
    event = sqs_event(
        inference_event(done, "Completed"), "nonsense", inference_event(lost, "Expired")
    )
    answer = handler(event, LambdaContext())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-1"}]}
    assert system.job(done).status is JobStatus.COMPLETED
    assert system.job(lost).attempt == 2


def test_the_janitor_says_what_it_settled(system: System) -> None:
    from lambdas.janitor.handler import handler

    system.write_result(system.processing_job())
    assert handler({}, LambdaContext()) == {"completed": 1}


@pytest.mark.parametrize("ours_to_scale", [True, False])
def test_the_janitor_lets_idle_instances_go_where_it_is_told_to(
    system: System, monkeypatch: pytest.MonkeyPatch, *, ours_to_scale: bool
) -> None:
    from lambdas.janitor.handler import handler

    one = Capacity(
        ("AllTraffic",),
        instances=1,
        running=1,
        takes_requests=True,
        in_service=True,
        changed_at=0.0,
    )
    capacity = FakeCapacity(one)
    use_case = ScaleIn(system.jobs, capacity, system.clock, 600) if ours_to_scale else None
    monkeypatch.setattr(wiring, "scale_in", lambda: use_case)
    job_id = system.processing_job()
    handler({}, LambdaContext())
    assert capacity.released == 0
    system.processing.cancel(system.ada, job_id)
    system.clock.advance(601)
    handler({}, LambdaContext())
    assert capacity.released == int(ours_to_scale)


@pytest.mark.parametrize(
    "message",
    ["{", "[]", "{}", '{"Message": "{"}', '{"inferenceId": "x"}', '{"inferenceId": 3}', "null"],
)
def test_what_is_no_inference_event(message: str) -> None:
    from iris_oculus.inference_events import NotAnInferenceEvent, parse_inference_event

    with pytest.raises(NotAnInferenceEvent):
        parse_inference_event(message)
