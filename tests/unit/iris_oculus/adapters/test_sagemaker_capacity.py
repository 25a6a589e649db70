"""Against the shapes of the real API: botocore's stubber validates every request and answer."""

import socket
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from iris_oculus.adapters.sagemaker_capacity import SageMakerCapacity
from iris_oculus.ports import Capacity, CapacityChanging, CapacityUnknown

NAME = "iris-totalsegmentator-endpoint"
CHANGED_AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
FOUND = Capacity(
    ("AllTraffic",),
    instances=1,
    running=1,
    takes_requests=True,
    in_service=True,
    changed_at=CHANGED_AT.timestamp(),
)


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
    assert found == replace(
        FOUND, instances=instances, running=current, in_service=status == "InService"
    )


@pytest.mark.parametrize(
    ("status", "takes_requests"),
    [
        ("InService", True),
        ("Updating", True),
        ("SystemUpdating", True),
        ("Creating", False),
        ("Deleting", False),
        ("RollingBack", False),
        ("OutOfService", False),
        ("Failed", False),
    ],
)
def test_who_is_made_deleted_or_failed_takes_no_requests(
    client: Any, status: str, *, takes_requests: bool
) -> None:
    with Stubber(client) as stub:
        answer = described(status=status, current=0, desired=0)
        # A failed endpoint may have no variants to tell of.
        if status == "Failed":
            del answer["ProductionVariants"]
        stub.add_response("describe_endpoint", answer, {"EndpointName": NAME})
        found = SageMakerCapacity(client, name=NAME).read()
    assert found is not None
    assert found.takes_requests is takes_requests


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
        with pytest.raises(CapacityUnknown, match="AccessDeniedException"):
            capacity.read()
        stub.add_client_error("update_endpoint_weights_and_capacities", "ThrottlingException")
        with pytest.raises(ClientError, match="Throttling"):
            capacity.release(FOUND)


def test_a_control_plane_that_cannot_be_reached_says_nothing() -> None:
    with socket.socket() as taken:  # bound and not listening: it refuses
        taken.bind(("127.0.0.1", 0))
        client = boto3.client(
            "sagemaker",
            region_name="us-east-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            endpoint_url=f"http://127.0.0.1:{taken.getsockname()[1]}",
            config=Config(retries={"total_max_attempts": 1}),
        )
        with pytest.raises(CapacityUnknown, match="EndpointConnectionError"):
            SageMakerCapacity(client, name=NAME).read()
