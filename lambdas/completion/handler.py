"""Finishes jobs on the endpoint's success and error events (SNS, by way of SQS)."""

from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from iris_oculus import wiring
from iris_oculus.inference_events import parse_inference_event
from iris_oculus.lambda_log import log_job, logger


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Finish the jobs that a batch of messages speaks of; failed ones come again."""
    return process_partial_response(
        event=event,
        record_handler=_finish,
        processor=BatchProcessor(EventType.SQS),
        context=context,
    )


def _finish(record: SQSRecord) -> None:
    outcome = parse_inference_event(record.body)
    log_job(outcome.job_id)
    status = wiring.completion().finish(outcome)
    logger().info(
        "finished",
        extra={"attempt": outcome.attempt, "status": status, "reason": outcome.reason},
    )
