"""GET /files/{jobId}/{filename}."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayRouter
from iris_oculus import wiring
from iris_oculus.lambda_http import entry_point, principal

router = APIGatewayRouter()
handler = entry_point(router)


@router.get("/files/<jobId>/<filename>")
def file(jobId: str, filename: str) -> Response[bytes]:
    """Give a small artifact itself, and the way to a large one."""
    found = wiring.results().file(principal(router.current_event), jobId, filename)
    if found.url is not None:
        return Response(302, found.content_type, b"", headers={"Location": found.url})
    disposition = {"Content-Disposition": f'attachment; filename="{found.name}"'}
    return Response(200, found.content_type, found.body, headers=disposition)
