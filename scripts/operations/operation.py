"""What every operation on a deployment works with: its names, its AWS clients, the terminal."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError
from iris_oculus.adapters.dynamodb import DynamoJobStore
from iris_oculus.adapters.s3 import S3ObjectStore

from scripts.operations.deployment import OperationFailed
from scripts.operations.stack import Deployment

if TYPE_CHECKING:
    from mypy_boto3_application_autoscaling.client import ApplicationAutoScalingClient
    from mypy_boto3_cloudwatch.client import CloudWatchClient
    from mypy_boto3_codebuild.client import CodeBuildClient
    from mypy_boto3_ecr.client import ECRClient
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_sagemaker.client import SageMakerClient


@dataclass(frozen=True)
class Terminal:
    """Where an operation says what it does, and whether it only says so."""

    dry_run: bool = False
    write: Callable[[str], object] = print

    def say(self, text: str) -> None:
        """Print a line."""
        self.write(text)

    def change(self, what: str) -> bool:
        """Announce a change, in the imperative; True if it is to be made."""
        self.say(f"would {what}" if self.dry_run else f"{what[0].upper()}{what[1:]}")
        return not self.dry_run


@dataclass(frozen=True)
class Pace:
    """How long to wait for AWS, and how often to look."""

    timeout_s: float = 30 * 60
    interval_s: float = 15
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Cloud:
    """Clients of the services that operations call; made when first used."""

    session: boto3.Session
    region: str

    @cached_property
    def sagemaker(self) -> "SageMakerClient":
        """The endpoint's control plane."""
        return self.session.client("sagemaker", region_name=self.region)

    @cached_property
    def scaling(self) -> "ApplicationAutoScalingClient":
        """Scalable targets and policies."""
        return self.session.client("application-autoscaling", region_name=self.region)

    @cached_property
    def cloudwatch(self) -> "CloudWatchClient":
        """Metrics and alarms."""
        return self.session.client("cloudwatch", region_name=self.region)

    @cached_property
    def ecr(self) -> "ECRClient":
        """The image's repository."""
        return self.session.client("ecr", region_name=self.region)

    @cached_property
    def codebuild(self) -> "CodeBuildClient":
        """Building the image where there is no Docker."""
        return self.session.client("codebuild", region_name=self.region)

    @cached_property
    def s3(self) -> "S3Client":
        """The bucket."""
        return self.session.client("s3", region_name=self.region)

    def jobs(self, table: str) -> DynamoJobStore:
        """The job table."""
        return DynamoJobStore(
            self.session.resource("dynamodb", region_name=self.region).Table(table)
        )

    def objects(self, bucket: str) -> S3ObjectStore:
        """The bucket, as the use cases see it."""
        return S3ObjectStore(self.s3, bucket)


@dataclass(frozen=True)
class Operation:
    """One run of a script on one deployment."""

    deployment: Deployment
    cloud: Cloud
    terminal: Terminal
    pace: Pace = field(default_factory=Pace)

    def wait_until(self, done: Callable[[], bool], *, doing: Callable[[], str], hint: str) -> None:
        """Look again and again, saying how it goes, until it is done.

        Parameters
        ----------
        done : callable
            Looks.
        doing : callable
            What is being waited for, for the progress line and for the error.
        hint : str
            What to do when it takes too long.

        Raises
        ------
        OperationFailed
            If it is not done within the pace's bound.
        """
        start_s = self.pace.now()
        while not done():
            waited_s = self.pace.now() - start_s
            if waited_s >= self.pace.timeout_s:
                raise OperationFailed(f"{doing()} after {waited_s / 60:.0f} minutes.", hint=hint)
            self.terminal.say(f"  {doing()} ({waited_s:.0f} s)")
            self.pace.sleep(self.pace.interval_s)


def names_nothing(error: ClientError) -> bool:
    """Whether SageMaker, asked to describe what has a name, answered that nothing has it.

    It has no code of its own for that. But the name is all that such a request holds, and a name
    that this package made or that SageMaker listed is valid: nothing else can be invalid in it.
    """
    return error.response["Error"]["Code"] == "ValidationException"
