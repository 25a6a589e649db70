"""The handlers that no route leads to."""

import json
from typing import Any

import pytest
from iris_oculus.job import JobStatus

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


@pytest.mark.parametrize(
    "message",
    ["{", "[]", "{}", '{"Message": "{"}', '{"inferenceId": "x"}', '{"inferenceId": 3}', "null"],
)
def test_what_is_no_inference_event(message: str) -> None:
    from iris_oculus.inference_events import NotAnInferenceEvent, parse_inference_event

    with pytest.raises(NotAnInferenceEvent):
        parse_inference_event(message)
