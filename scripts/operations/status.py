"""What runs, what waits and what bills."""

import datetime as dt
from dataclasses import dataclass

from botocore.exceptions import ClientError
from iris_oculus.pricing import PRICES

from scripts.operations import endpoint
from scripts.operations.endpoint_documents import image_of
from scripts.operations.jobs_at_stake import processing_jobs
from scripts.operations.operation import Operation, names_nothing


@dataclass(frozen=True)
class Status:
    """The endpoint's state, for people and, by ``dataclasses.asdict``, for machines.

    Attributes
    ----------
    endpoint_status : str
        SageMaker's word, or ``stopped`` where there is no endpoint.
    backlog : float or None
        Jobs in the endpoint's queue, running ones included; None where CloudWatch knows none.
    billing : tuple of str
        What costs money now, beyond storage.
    """

    endpoint: str
    endpoint_status: str
    failure_reason: str | None
    instance_type: str | None
    instance_count: int
    desired_count: int
    backlog: float | None
    running_jobs: tuple[str, ...]
    billing: tuple[str, ...]
    image: str | None
    tasks: tuple[str, ...]


def read_status(operation: Operation) -> Status:
    """Ask AWS."""
    state = endpoint.look(operation)
    jobs = tuple(processing_jobs(operation))
    name = operation.deployment.endpoint_name
    if state is None:
        return Status(name, "stopped", None, None, 0, 0, None, jobs, (), None, ())
    image, tasks = _image(operation, state.model_name)
    billed = max(state.instance_count, state.desired_count)
    return Status(
        endpoint=name,
        endpoint_status=state.status,
        failure_reason=state.failure_reason,
        instance_type=state.instance_type,
        instance_count=state.instance_count,
        desired_count=state.desired_count,
        backlog=_backlog(operation),
        running_jobs=jobs,
        billing=(_rate(billed, state.instance_type),) if billed else (),
        image=image,
        tasks=tasks,
    )


def _rate(count: int, instance_type: str | None) -> str:
    usd_per_hour = PRICES.instance_usd_per_hour.get(instance_type or "")
    what = f"{count} × {instance_type}"
    if usd_per_hour is None:
        return f"{what} (no known price)"
    return f"{what}: {count * usd_per_hour:.3f} $ per hour ({PRICES.region}'s price)"


def lines(status: Status) -> list[str]:
    """The status as text."""
    reason = f" ({status.failure_reason})" if status.failure_reason else ""
    backlog = "unknown" if status.backlog is None else f"{status.backlog:g}"
    counts = f"{status.instance_count} running, {status.desired_count} wanted"
    jobs = " ".join([f"{len(status.running_jobs)} processing", *status.running_jobs])
    return [
        f"endpoint   {status.endpoint}: {status.endpoint_status}{reason}",
        f"instances  {counts} ({status.instance_type or 'none'})",
        f"backlog    {backlog}",
        f"jobs       {jobs}",
        f"billing    {', '.join(status.billing) or 'no GPU; storage only'}",
        f"image      {status.image or 'none'}",
        f"tasks      {', '.join(status.tasks) or 'unknown'}",
    ]


def _image(operation: Operation, model_name: str | None) -> tuple[str | None, tuple[str, ...]]:
    if model_name is None:
        return None, ()
    try:
        model = operation.cloud.sagemaker.describe_model(ModelName=model_name)
    except ClientError as error:
        if names_nothing(error):
            return None, ()
        raise
    image = image_of(dict(model))
    return image.uri, image.tasks


def _backlog(operation: Operation) -> float | None:
    now = dt.datetime.now(dt.UTC)
    points = operation.cloud.cloudwatch.get_metric_statistics(
        Namespace="AWS/SageMaker",
        MetricName="ApproximateBacklogSize",
        Dimensions=[{"Name": "EndpointName", "Value": operation.deployment.endpoint_name}],
        StartTime=now - dt.timedelta(minutes=10),
        EndTime=now,
        Period=60,
        Statistics=["Maximum"],
    )["Datapoints"]
    newest = max(points, key=lambda point: point["Timestamp"], default=None)
    return None if newest is None else newest["Maximum"]
