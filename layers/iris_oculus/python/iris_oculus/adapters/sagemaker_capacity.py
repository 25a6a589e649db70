"""The endpoint's capacity on SageMaker."""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from iris_oculus.ports import Capacity, CapacityChanging, CapacityUnknown

if TYPE_CHECKING:
    from mypy_boto3_sagemaker.client import SageMakerClient

REFUSED = "ValidationException"
"""SageMaker's one answer to a name that there is no endpoint of, and to a change during another."""
TAKES_REQUESTS = frozenset({"InService", "Updating", "SystemUpdating"})
"""Statuses in which InvokeEndpointAsync queues. Scaling is an update too, during which
the desired and the current count of instances differ (SageMaker API reference, *DescribeEndpoint*
and *ProductionVariantSummary*)."""


class SageMakerCapacity:
    """Read and release capacity; see :class:`iris_oculus.ports.EndpointCapacity`."""

    def __init__(self, client: "SageMakerClient", *, name: str) -> None:
        self._client = client
        self._name = name

    def read(self) -> Capacity | None:
        try:
            endpoint = self._client.describe_endpoint(EndpointName=self._name)
        except ClientError as error:
            if error.response["Error"]["Code"] == REFUSED:
                return None
            raise CapacityUnknown(error.response["Error"]["Code"]) from error
        except BotoCoreError as error:
            raise CapacityUnknown(type(error).__name__) from error
        variants = endpoint.get("ProductionVariants", [])
        return Capacity(
            variants=tuple(variant["VariantName"] for variant in variants),
            instances=sum(
                max(variant.get("CurrentInstanceCount", 0), variant.get("DesiredInstanceCount", 0))
                for variant in variants
            ),
            running=sum(variant.get("CurrentInstanceCount", 0) for variant in variants),
            takes_requests=endpoint["EndpointStatus"] in TAKES_REQUESTS,
            in_service=endpoint["EndpointStatus"] == "InService",
            changed_at=endpoint["LastModifiedTime"].timestamp(),
        )

    def release(self, capacity: Capacity) -> None:
        try:
            self._client.update_endpoint_weights_and_capacities(
                EndpointName=self._name,
                DesiredWeightsAndCapacities=[
                    {"VariantName": name, "DesiredInstanceCount": 0} for name in capacity.variants
                ],
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == REFUSED:
                raise CapacityChanging from error
            raise
