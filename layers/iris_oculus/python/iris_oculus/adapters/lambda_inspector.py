"""Starting the inspection: an asynchronous invocation of its function."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient


class LambdaInspector:
    """Invoke the ``inspect`` function; see :class:`iris_oculus.ports.Inspector`."""

    def __init__(self, client: "LambdaClient", *, function_name: str) -> None:
        self._client = client
        self._function_name = function_name

    def inspect(self, job_id: str) -> None:
        self._client.invoke(
            FunctionName=self._function_name,
            InvocationType="Event",
            Payload=json.dumps({"jobId": job_id}).encode(),
        )
