"""The asynchronous endpoint on SageMaker."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from iris_oculus.documents import Invocation
from iris_oculus.ports import EndpointNotRunning

if TYPE_CHECKING:
    from mypy_boto3_sagemaker_runtime.client import SageMakerRuntimeClient

INVOCATION_TIMEOUT_S = 3600
REQUEST_TTL_S = 21600
"""Longest that InvokeEndpointAsync allows, for each: a cold start and a full-quality scan take
their time (SageMaker API reference, InvokeEndpointAsync)."""


class SageMakerEndpoint:
    """Invoke the endpoint; see :class:`iris_oculus.ports.Endpoint`."""

    def __init__(self, client: "SageMakerRuntimeClient", *, name: str, bucket: str) -> None:
        self._client = client
        self._name = name
        self._bucket = bucket

    def invoke(self, invocation: Invocation, *, input_key: str) -> None:
        try:
            self._client.invoke_endpoint_async(
                EndpointName=self._name,
                ContentType="application/json",
                InferenceId=f"{invocation.job_id}-{invocation.attempt}",
                InputLocation=f"s3://{self._bucket}/{input_key}",
                InvocationTimeoutSeconds=INVOCATION_TIMEOUT_S,
                RequestTTLSeconds=REQUEST_TTL_S,
            )
        except ClientError as error:
            # The runtime has no error of its own for a missing endpoint. Everything in the request
            # but the endpoint's name is made here and valid, so a validation error means just that.
            if error.response["Error"]["Code"] in {"ValidationError", "ValidationException"}:
                raise EndpointNotRunning from error
            raise
