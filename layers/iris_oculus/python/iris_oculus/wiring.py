"""The one composition root: settings and adapters to use cases.

Nothing is made until it is asked for, and then once; boto3 is imported here, on first use, so that
a function which needs no AWS client does not pay for it.
"""

import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from iris_oculus.ports import Clock, JobStore, ObjectStore
from iris_oculus.settings import Settings

if TYPE_CHECKING:
    from iris_oculus.adapters.sagemaker_capacity import SageMakerCapacity
    from iris_oculus.adapters.sagemaker_runtime import SageMakerEndpoint
    from iris_oculus.sign_in import SignIn
    from iris_oculus.use_cases.completion import Completion
    from iris_oculus.use_cases.inspections import Inspections
    from iris_oculus.use_cases.processing import Deployment, Processing
    from iris_oculus.use_cases.results import Results
    from iris_oculus.use_cases.scale_in import ScaleIn
    from iris_oculus.use_cases.uploads import Uploads


@dataclass(frozen=True)
class ContainerPorts:
    """What the container needs of AWS."""

    jobs: JobStore
    objects: ObjectStore
    clock: Clock


@cache
def settings() -> Settings:
    """Settings from the process's environment, as it is at the first call."""
    return Settings(dict(os.environ))


@cache
def jobs() -> JobStore:
    """The job table."""
    import boto3

    from iris_oculus.adapters.dynamodb import DynamoJobStore

    return DynamoJobStore(boto3.resource("dynamodb").Table(settings().table))


@cache
def objects() -> ObjectStore:
    """The bucket."""
    import boto3
    from botocore.config import Config

    from iris_oculus.adapters.s3 import S3ObjectStore

    # In us-east-1 boto3 presigns with version 2 unless told otherwise. Virtual addressing would
    # need a name per bucket where the endpoint is an emulator on localhost.
    style: Literal["path", "virtual"] = "path" if os.environ.get("AWS_ENDPOINT_URL") else "virtual"
    config = Config(signature_version="s3v4", s3={"addressing_style": style})
    return S3ObjectStore(boto3.client("s3", config=config), settings().bucket)


@cache
def clock() -> Clock:
    """The machine's clock."""
    from iris_oculus.adapters.clock import SystemClock

    return SystemClock()


@cache
def uploads() -> "Uploads":
    """Use cases of ``/upload``."""
    import boto3

    from iris_oculus.adapters.lambda_inspector import LambdaInspector
    from iris_oculus.use_cases.uploads import Uploads

    inspector = LambdaInspector(
        boto3.client("lambda"), function_name=settings().inspect_function_name
    )
    return Uploads(jobs(), objects(), inspector, clock())


@cache
def processing() -> "Processing":
    """Use cases of ``/process/totalseg``."""
    from iris_oculus.use_cases.processing import Processing

    return Processing(jobs(), objects(), _endpoint(), clock(), deployment())


@cache
def deployment() -> "Deployment":
    """What this deployment can do."""
    from iris_oculus.use_cases.processing import Deployment

    return Deployment(settings().engine, settings().licences)


@cache
def results() -> "Results":
    """Use cases of ``/jobs`` and ``/files``."""
    from iris_oculus.use_cases.results import Results
    from iris_oculus.use_cases.waiting import Waiting

    waiting = Waiting(
        jobs(), _impatient_capacity, clock(), default_cold_start_s=settings().cold_start_s
    )
    return Results(jobs(), objects(), clock(), waiting)


@cache
def completion() -> "Completion":
    """Use cases of the completion queue and the janitor."""
    from iris_oculus.use_cases.completion import Completion

    return Completion(jobs(), objects(), _endpoint(), clock(), settings().silence_limit_s)


@cache
def scale_in() -> "ScaleIn | None":
    """Use case of the janitor; None where the endpoint's capacity is not ours to change."""
    warm_window_s = settings().warm_window_s
    if warm_window_s is None:
        return None
    import boto3

    from iris_oculus.adapters.sagemaker_capacity import SageMakerCapacity
    from iris_oculus.use_cases.scale_in import ScaleIn

    capacity = SageMakerCapacity(boto3.client("sagemaker"), name=settings().endpoint_name)
    return ScaleIn(jobs(), capacity, clock(), warm_window_s)


@cache
def inspections() -> "Inspections":
    """Use case of the ``inspect`` function."""
    from iris_oculus.use_cases.inspections import Inspections

    return Inspections(jobs(), objects(), clock())


@cache
def sign_in() -> "SignIn":
    """Verification of tokens."""
    from iris_oculus.sign_in import SignIn

    return SignIn(settings().sign_in_required, settings().jwt_issuer, settings().jwt_audience)


def container_ports() -> ContainerPorts:
    """What the container needs of AWS."""
    return ContainerPorts(jobs(), objects(), clock())


@cache
def _impatient_capacity() -> "SageMakerCapacity":
    """For an answer that is as good without it."""
    import boto3
    from botocore.config import Config

    from iris_oculus.adapters.sagemaker_capacity import SageMakerCapacity

    config = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
    return SageMakerCapacity(
        boto3.client("sagemaker", config=config), name=settings().endpoint_name
    )


@cache
def _endpoint() -> "SageMakerEndpoint":
    import boto3

    from iris_oculus.adapters.sagemaker_runtime import SageMakerEndpoint

    return SageMakerEndpoint(
        boto3.client("sagemaker-runtime"), name=settings().endpoint_name, bucket=settings().bucket
    )
