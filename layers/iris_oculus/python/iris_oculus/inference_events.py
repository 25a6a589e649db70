"""The endpoint's success and error events, as they arrive by SNS and SQS."""

import json
import re
from typing import Any

from iris_oculus.use_cases.completion import InferenceOutcome

_INFERENCE_ID = re.compile(r"(?P<job_id>[0-9a-f]+)-(?P<attempt>[0-9]+)")


class NotAnInferenceEvent(ValueError):
    """A message on the completion queue that speaks of no invocation of ours."""


def parse_inference_event(message: str) -> InferenceOutcome:
    """Read one message of the completion queue.

    Parameters
    ----------
    message : str
        The body of the SQS message: SNS's envelope, or the event itself under raw delivery.

    Returns
    -------
    InferenceOutcome

    Raises
    ------
    NotAnInferenceEvent
        If it is none.

    Notes
    -----
    AWS's own samples disagree on where an error event names its failure location, so nothing but
    the inference id, the status and the reason is read (Amazon SageMaker AI developer guide,
    "Check prediction results"). Every status but ``Completed`` is a failure: ``Failed``,
    ``Expired``.
    """
    try:
        event = json.loads(message)
        if isinstance(event, dict) and isinstance(event.get("Message"), str):
            event = json.loads(event["Message"])
    except json.JSONDecodeError as error:
        raise NotAnInferenceEvent("the message is not JSON") from error
    return _outcome(event)


def _outcome(event: Any) -> InferenceOutcome:
    inference_id = event.get("inferenceId") if isinstance(event, dict) else None
    match = _INFERENCE_ID.fullmatch(inference_id) if isinstance(inference_id, str) else None
    if match is None:
        raise NotAnInferenceEvent("the event has no inference id of ours")
    status = event.get("invocationStatus")
    reason = None if status == "Completed" else str(event.get("failureReason") or status)
    return InferenceOutcome(match["job_id"], int(match["attempt"]), reason)
