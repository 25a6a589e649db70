"""POST /process/totalseg."""

from aws_lambda_powertools.event_handler.router import APIGatewayRouter
from iris_oculus import wiring
from iris_oculus.contracts import ProcessRequest, StatusAnswer
from iris_oculus.lambda_http import body, entry_point, principal
from iris_oculus.lambda_log import log_job

router = APIGatewayRouter()
handler = entry_point(router)


@router.post("/process/totalseg")
def process() -> StatusAnswer:
    """Queue a job's scan for the endpoint."""
    request = body(router.current_event, ProcessRequest)
    log_job(request.jobId)
    caller = principal(router.current_event, user_id=request.userId)
    return wiring.processing().process(caller, request)
