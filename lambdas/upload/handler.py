"""POST /upload, and the parts of an upload."""

from aws_lambda_powertools.event_handler.router import APIGatewayRouter
from iris_oculus import wiring
from iris_oculus.contracts import (
    CompleteRequest,
    PartsAnswer,
    PartsRequest,
    StatusAnswer,
    UploadAnswer,
    UploadRequest,
    UploadStateAnswer,
)
from iris_oculus.lambda_http import body, entry_point, principal
from iris_oculus.lambda_log import log_job

router = APIGatewayRouter()
handler = entry_point(router)


@router.post("/upload")
def start() -> UploadAnswer:
    """Make a job and take its scan, or say where to send it."""
    request = body(router.current_event, UploadRequest)
    caller = principal(router.current_event, user_id=request.userId)
    answer = wiring.uploads().start(caller, request)
    log_job(answer.jobId)
    return answer


@router.get("/upload/<jobId>")
def state(jobId: str) -> UploadStateAnswer:
    """List the parts that arrived."""
    return wiring.uploads().state(principal(router.current_event), jobId)


@router.post("/upload/<jobId>/parts")
def sign_parts(jobId: str) -> PartsAnswer:
    """Sign a batch of part URLs."""
    request = body(router.current_event, PartsRequest)
    return wiring.uploads().sign_parts(principal(router.current_event), jobId, request.partNumbers)


@router.post("/upload/<jobId>/complete")
def complete(jobId: str) -> StatusAnswer:
    """Check that the scan has arrived."""
    request = body(router.current_event, CompleteRequest)
    return wiring.uploads().complete(principal(router.current_event), jobId, request)
