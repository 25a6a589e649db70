"""GET /healthz. Needs no AWS client, and imports none."""

from aws_lambda_powertools.event_handler.router import APIGatewayRouter
from iris_oculus.contracts import HealthAnswer
from iris_oculus.lambda_http import entry_point

router = APIGatewayRouter()
handler = entry_point(router)


@router.get("/healthz")
def healthz() -> HealthAnswer:
    """Say that the API is up."""
    return HealthAnswer()
