"""AWS as the operations see it: moto over HTTP, with what moto lacks, and calls that fail."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.exceptions import ConnectionClosedError
from iris_oculus.adapters.dynamodb import DynamoJobStore
from iris_oculus.job import Job, JobStatus
from moto.core.responses import ActionResult
from moto.sagemaker.exceptions import AWSValidationException, SagemakerClientError
from moto.sagemaker.models import FakeEndpoint, FakeEndpointConfig, SageMakerModelBackend
from moto.sagemaker.responses import SageMakerResponse
from moto.server import ThreadedMotoServer

REGION = "us-east-1"
ENDPOINT = "iris-totalsegmentator-endpoint-dev"
ACCOUNT = "123456789012"
REPOSITORY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/iris-oculus-container-dev"
OUTPUTS = {
    "EndpointName": ENDPOINT,
    "BucketName": "iris-data",
    "TableName": "iris-jobs",
    "EndpointRoleArn": f"arn:aws:iam::{ACCOUNT}:role/iris-endpoint",
    "InferenceSuccessTopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:iris-success",
    "InferenceErrorTopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:iris-error",
    "ImageRepository": REPOSITORY,
    "ImageRepositoryName": "iris-oculus-container-dev",
    "ImageBuildProject": "iris-oculus-container-dev",
    "ImageSourceBucket": "iris-sources",
}
CAPACITY_REASON = (
    "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error."
)


@dataclass
class SageMaker:
    """What moto's SageMaker is to do beyond moto.

    Attributes
    ----------
    without_capacity, without_quota : set of str
        Instance types that fail, as each of the two fails.
    failure_reason : str or None
        Why every new endpoint fails; None for none.
    looks_until_settled : int
        How often an endpoint is still ``Creating`` when it is looked at.
    still_creating_after_create : int
        The same, from its creation on.
    created_on : list of str
        Instance types of the endpoints that were asked for.
    """

    without_capacity: set[str] = field(default_factory=set)
    without_quota: set[str] = field(default_factory=set)
    failure_reason: str | None = None
    looks_until_settled: int = 0
    still_creating_after_create: int = 0
    created_on: list[str] = field(default_factory=list)

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Give moto the GPU types that it does not know, failures, and UpdateEndpoint."""
        create, describe = (
            SageMakerModelBackend.create_endpoint,
            SageMakerResponse.describe_endpoint,
        )

        def create_endpoint(
            backend: Any, endpoint_name: str, endpoint_config_name: str, tags: Any
        ) -> FakeEndpoint:
            if endpoint_name in backend.endpoints:
                raise AWSValidationException("Cannot create already existing endpoint")
            configuration = backend.endpoint_configs[endpoint_config_name]
            instance_type = configuration.production_variants[0]["InstanceType"]
            self.created_on.append(instance_type)
            self.looks_until_settled += self.still_creating_after_create
            if instance_type in self.without_quota:
                raise _LimitExceeded(f"{instance_type} for endpoint usage is 0 Instances")
            endpoint = create(backend, endpoint_name, endpoint_config_name, tags)
            reason = CAPACITY_REASON if instance_type in self.without_capacity else None
            endpoint.failure_reason = reason or self.failure_reason
            if endpoint.failure_reason:
                endpoint.endpoint_status = "Failed"
            return endpoint

        def describe_endpoint(response: Any) -> Any:
            answer = describe(response)
            if self.looks_until_settled > 0:
                self.looks_until_settled -= 1
                answer.result["EndpointStatus"] = "Creating"
            return answer

        def update_endpoint(response: Any) -> Any:
            backend = response.sagemaker_backend
            name = response._get_param("EndpointName")
            old = backend.endpoints.pop(name)
            create_endpoint(backend, name, response._get_param("EndpointConfigName"), old.tags)
            return ActionResult({"EndpointArn": old.arn})

        patch.setattr(FakeEndpointConfig, "validate_instance_type", lambda *_: None)
        patch.setattr(SageMakerModelBackend, "create_endpoint", create_endpoint)
        patch.setattr(SageMakerResponse, "describe_endpoint", describe_endpoint)
        patch.setattr(SageMakerResponse, "update_endpoint", update_endpoint, raising=False)


class _LimitExceeded(SagemakerClientError):
    def __init__(self, message: str) -> None:
        super().__init__("ResourceLimitExceeded", message)


@contextmanager
def moto_server() -> Iterator[str]:
    """Address of a moto server."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # a line for every request, else
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def deploy_stack(session: boto3.Session) -> None:
    """Make what the stack makes, as far as the operations touch it."""
    template = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {name: {"Value": value} for name, value in OUTPUTS.items()},
    }
    session.client("cloudformation").create_stack(
        StackName="iris-oculus-dev", TemplateBody=json.dumps(template)
    )
    for bucket in (OUTPUTS["BucketName"], OUTPUTS["ImageSourceBucket"]):
        session.client("s3").create_bucket(Bucket=bucket)
    session.client("ecr").create_repository(repositoryName=OUTPUTS["ImageRepositoryName"])
    session.client("dynamodb").create_table(
        TableName=OUTPUTS["TableName"],
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "job_id", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "job_id", "AttributeType": "S"},
            {"AttributeName": "status", "AttributeType": "S"},
            {"AttributeName": "updated_at", "AttributeType": "N"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-status",
                "KeySchema": [
                    {"AttributeName": "status", "KeyType": "HASH"},
                    {"AttributeName": "updated_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )


def job_store(session: boto3.Session) -> DynamoJobStore:
    return DynamoJobStore(session.resource("dynamodb").Table(OUTPUTS["TableName"]))


def add_processing_job(session: boto3.Session, job_id: str) -> None:
    job_store(session).create(
        Job(
            job_id=job_id,
            owner="anonymous",
            filename="scan.nii.gz",
            size_bytes=1000,
            status=JobStatus.PROCESSING,
            created_at=1000.0,
            updated_at=1001.5,
            expires_at=2_000_000_000,
            attempt=1,
        )
    )


@dataclass
class Faults:
    """Makes one call of a session's clients fail, and counts all of them.

    Attributes
    ----------
    at : int
        Which call fails, from 1.
    after : bool
        Whether AWS still does what it was asked, and only its answer is lost.
    at_operation : str or None
        Fail at the first call of this operation instead.
    """

    at: int = 0
    after: bool = False
    at_operation: str | None = None
    calls: int = 0
    operation: str | None = None
    failed: str | None = None

    def count(self, operation: str) -> None:
        self.calls += 1
        self.operation = operation

    def fail(self, *, after: bool) -> None:
        due = self.calls == self.at or self.operation == self.at_operation
        if due and after == self.after and self.failed is None:
            self.failed = self.operation
            raise ConnectionClosedError(endpoint_url="https://aws.example")


class KeptSession(boto3.Session):
    """Makes each client once, which is what takes time; ``faults`` are for all of them."""

    def __init__(self) -> None:
        super().__init__("emulated", "emulated", region_name=REGION)
        self.faults = Faults()
        self._kept: dict[tuple[str, str], Any] = {}
        self.events.register("before-call", lambda model, **_: self.faults.count(model.name))
        self.events.register("before-send", lambda **_: self.faults.fail(after=False))
        self.events.register("response-received", lambda **_: self.faults.fail(after=True))

    def client(self, service_name: str, **options: Any) -> Any:
        return self._keep(("client", service_name), super().client, options)

    def resource(self, service_name: str, **options: Any) -> Any:
        return self._keep(("resource", service_name), super().resource, options)

    def _keep(self, key: tuple[str, str], make: Any, options: dict[str, Any]) -> Any:
        if key not in self._kept:
            self._kept[key] = make(key[1], **options)
        return self._kept[key]
