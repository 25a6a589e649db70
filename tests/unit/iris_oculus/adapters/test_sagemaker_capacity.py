"""Against the shapes of the real API: botocore's stubber validates every request and answer."""

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from iris_oculus.adapters.sagemaker_capacity import SageMakerCapacity
from iris_oculus.ports import Capacity, CapacityChanging

NAME = "iris-totalsegmentator-endpoint"
CHANGED_AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
FOUND = Capacity(("AllTraffic",), 1, in_service=True, changed_at=CHANGED_AT.timestamp())


@pytest.fixture
def client() -> Any:
    return boto3.client(
        "sagemaker",
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


def described(
    *, status: str = "InService", current: int = 1, desired: int = 1
) -> dict[str, object]:
    return {
        "EndpointName": NAME,
        "EndpointArn": f"arn:aws:sagemaker:us-east-1:123456789012:endpoint/{NAME}",
        "EndpointStatus": status,
        "CreationTime": CHANGED_AT,
        "LastModifiedTime": CHANGED_AT,
        "ProductionVariants": [
            {
                "VariantName": "AllTraffic",
                "CurrentInstanceCount": current,
                "DesiredInstanceCount": desired,
            }
        ],
    }


@pytest.mark.parametrize(
    ("status", "current", "desired", "instances"),
    [("InService", 1, 1, 1), ("Updating", 1, 0, 1), ("Updating", 0, 1, 1), ("InService", 0, 0, 0)],
)
def test_what_is_wanted_or_still_there_is_counted(
    client: Any, status: str, current: int, desired: int, instances: int
) -> None:
    with Stubber(client) as stub:
        answer = described(status=status, current=current, desired=desired)
        stub.add_response("describe_endpoint", answer, {"EndpointName": NAME})
        found = SageMakerCapacity(client, name=NAME).read()
    assert found == Capacity(
        ("AllTraffic",), instances, status == "InService", CHANGED_AT.timestamp()
    )


def test_release_asks_for_zero_of_every_variant(client: Any) -> None:
    with Stubber(client) as stub:
        stub.add_response(
            "update_endpoint_weights_and_capacities",
            {"EndpointArn": f"arn:aws:sagemaker:us-east-1:123456789012:endpoint/{NAME}"},
            {
                "EndpointName": NAME,
                "DesiredWeightsAndCapacities": [
                    {"VariantName": "AllTraffic", "DesiredInstanceCount": 0}
                ],
            },
        )
        SageMakerCapacity(client, name=NAME).release(FOUND)
        stub.assert_no_pending_responses()


def test_no_endpoint_and_one_that_is_being_changed(client: Any) -> None:
    capacity = SageMakerCapacity(client, name=NAME)
    with Stubber(client) as stub:
        stub.add_client_error("describe_endpoint", "ValidationException", "Could not find endpoint")
        assert capacity.read() is None
        stub.add_client_error(
            "update_endpoint_weights_and_capacities", "ValidationException", "in-progress"
        )
        with pytest.raises(CapacityChanging):
            capacity.release(FOUND)


def test_other_errors_are_not_hidden(client: Any) -> None:
    capacity = SageMakerCapacity(client, name=NAME)
    with Stubber(client) as stub:
        stub.add_client_error("describe_endpoint", "AccessDeniedException")
        with pytest.raises(ClientError, match="AccessDenied"):
            capacity.read()
        stub.add_client_error("update_endpoint_weights_and_capacities", "ThrottlingException")
        with pytest.raises(ClientError, match="Throttling"):
            capacity.release(FOUND)
