"""GET /tasks and GET /openapi.json: what can be asked for, and how."""

from aws_lambda_powertools.event_handler.router import APIGatewayRouter
from iris_oculus import wiring
from iris_oculus.contracts import TasksAnswer
from iris_oculus.lambda_http import entry_point
from iris_oculus.use_cases.reference import tasks_answer

router = APIGatewayRouter()
handler = entry_point(router)


@router.get("/tasks")
def tasks() -> TasksAnswer:
    """List the tasks, their structures and licences."""
    return tasks_answer(wiring.deployment())


@router.get("/openapi.json")
def description() -> dict[str, object]:
    """Describe the API."""
    # Read here and not at init: what writes JSON Schemas is large, and pages only ask for tasks.
    from iris_oculus import openapi

    return openapi.document()
