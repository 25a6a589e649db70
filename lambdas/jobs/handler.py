"""GET /jobs, and one job: look, delete, cancel."""

from aws_lambda_powertools.event_handler.router import APIGatewayRouter
from iris_oculus import wiring
from iris_oculus.contracts import DeleteAnswer, JobAnswer, JobsAnswer, StatusAnswer
from iris_oculus.errors import InvalidField
from iris_oculus.lambda_http import entry_point, principal

DEFAULT_PAGE = "20"

router = APIGatewayRouter()
handler = entry_point(router)


@router.get("/jobs")
def jobs() -> JobsAnswer:
    """List the caller's jobs."""
    query = router.current_event.query_string_parameters
    limit = query.get("limit", DEFAULT_PAGE)
    if not (limit.isascii() and limit.isdigit()):
        raise InvalidField("limit is no number.")
    return wiring.results().list(
        principal(router.current_event), limit=int(limit), cursor=query.get("cursor")
    )


@router.get("/jobs/<jobId>")
def job(jobId: str) -> JobAnswer:
    """Everything about one job."""
    return wiring.results().job(principal(router.current_event), jobId)


@router.delete("/jobs/<jobId>")
def delete(jobId: str) -> DeleteAnswer:
    """Delete everything of a job."""
    return wiring.results().delete(principal(router.current_event), jobId)


@router.post("/jobs/<jobId>/cancel")
def cancel(jobId: str) -> StatusAnswer:
    """Stop a processing job."""
    return wiring.processing().cancel(principal(router.current_event), jobId)
