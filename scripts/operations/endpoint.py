"""The endpoint and its configurations: looking, making, changing, deleting."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from scripts.operations.deployment import OperationFailed
from scripts.operations.endpoint_documents import (
    configuration_request,
    is_configuration_of,
    tags,
)
from scripts.operations.operation import Operation, names_nothing

SETTLED = frozenset({"InService", "Failed", "OutOfService", "UpdateRollbackFailed"})
"""Statuses in which an endpoint waits for us; in others SageMaker refuses to change or delete."""
# Why an endpoint failed is told in words only: DescribeEndpoint has no code for it.
_CAPACITY = ("InsufficientInstanceCapacity", "Unable to provision requested ML compute capacity")


class NoCapacity(Exception):
    """AWS has no instance of this type to give now, or the account's quota allows none."""


@dataclass(frozen=True)
class EndpointState:
    """What SageMaker says of an endpoint that exists.

    Attributes
    ----------
    status : str
        SageMaker's word: ``InService``, ``Creating``, ``Failed``, …
    instance_type, model_name : str or None
        None where the configuration is gone.
    instance_count, desired_count : int
        Running, and asked for. They bill as soon as they run.
    failure_reason : str or None
    """

    status: str
    configuration_name: str
    instance_type: str | None
    model_name: str | None
    instance_count: int
    desired_count: int
    failure_reason: str | None

    @property
    def lacked_capacity(self) -> bool:
        """Whether it failed because its instance type could not be had."""
        return _is_about_capacity(self.failure_reason or "")


def look(operation: Operation) -> EndpointState | None:
    """The endpoint, or None if there is none."""
    found = _described(operation)
    if found is None:
        return None
    shown = (found.get("ProductionVariants") or [{}])[0]
    variant = _variant(operation, found["EndpointConfigName"])
    return EndpointState(
        status=found["EndpointStatus"],
        configuration_name=found["EndpointConfigName"],
        instance_type=variant.get("InstanceType"),
        model_name=variant.get("ModelName"),
        instance_count=shown.get("CurrentInstanceCount", 0),
        desired_count=shown.get("DesiredInstanceCount", 0),
        failure_reason=found.get("FailureReason"),
    )


def status_of(operation: Operation) -> str | None:
    """The endpoint's status alone, by one call; None if there is none."""
    found = _described(operation)
    return None if found is None else str(found["EndpointStatus"])


def create(operation: Operation, model_name: str, instance_type: str) -> None:
    """Create the endpoint on this instance type and wait until it is in service.

    Raises
    ------
    NoCapacity
        If the type cannot be had; nothing is left of the attempt.
    OperationFailed
        If the endpoint fails for another reason, or is not in service in time.
    """
    configuration = ensure_configuration(operation, model_name, instance_type)
    deployment = operation.deployment
    what = f"create endpoint {deployment.endpoint_name} on {instance_type}"
    if not operation.terminal.change(what):
        return
    try:
        operation.cloud.sagemaker.create_endpoint(
            EndpointName=deployment.endpoint_name,
            EndpointConfigName=configuration,
            Tags=tags(deployment),
        )
    except operation.cloud.sagemaker.exceptions.ResourceLimitExceeded as error:
        reason = f"the account's quota: {error.response['Error'].get('Message', '')}"
        raise NoCapacity(reason) from error
    wait_until_settled(operation)
    _check_in_service(operation)


def update(operation: Operation, model_name: str, instance_type: str) -> None:
    """Move the endpoint to another model or instance type and wait.

    Raises
    ------
    OperationFailed
        If it does not come into service on the new configuration.
    """
    configuration = ensure_configuration(operation, model_name, instance_type)
    name = operation.deployment.endpoint_name
    if not operation.terminal.change(f"update endpoint {name} to {configuration}"):
        return
    operation.cloud.sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=configuration)
    wait_until_settled(operation)
    state = look(operation)
    if state is None or state.status != "InService" or state.configuration_name != configuration:
        reason = (state and state.failure_reason) or "SageMaker rolled it back."
        raise OperationFailed(f"The update of endpoint {name} failed: {reason}", hint=_logs(name))


def ensure_configuration(operation: Operation, model_name: str, instance_type: str) -> str:
    """Make the endpoint's configuration unless it exists; returns its name."""
    request = configuration_request(operation.deployment, model_name, instance_type)
    name: str = request["EndpointConfigName"]
    if _variant(operation, name):
        return name
    if operation.terminal.change(f"create endpoint configuration {name} ({instance_type})"):
        operation.cloud.sagemaker.create_endpoint_config(**request, Tags=tags(operation.deployment))
    return name


def delete(operation: Operation) -> None:
    """Delete the endpoint if there is one, and wait until it is gone."""
    name = operation.deployment.endpoint_name
    if status_of(operation) is None:
        return
    wait_until_settled(operation)
    if not operation.terminal.change(f"delete endpoint {name}"):
        return
    try:
        operation.cloud.sagemaker.delete_endpoint(EndpointName=name)
    except ClientError:
        if status_of(operation) is not None:
            raise  # else somebody was faster
    operation.wait_until(
        lambda: status_of(operation) is None,
        doing=lambda: f"Endpoint {name} is being deleted",
        hint="Run the command again; SageMaker finishes a deletion by itself.",
    )


def delete_configurations(operation: Operation) -> None:
    """Delete every configuration of this deployment's endpoint; they hold nothing of value."""
    client = operation.cloud.sagemaker
    pages = client.get_paginator("list_endpoint_configs").paginate(
        NameContains=operation.deployment.endpoint_name
    )
    names = [each["EndpointConfigName"] for page in pages for each in page["EndpointConfigs"]]
    for name in names:
        if not is_configuration_of(operation.deployment, name):
            continue
        if operation.terminal.change(f"delete endpoint configuration {name}"):
            client.delete_endpoint_config(EndpointConfigName=name)


def wait_until_settled(operation: Operation) -> None:
    """Wait while the endpoint is being created, changed or deleted."""
    if operation.terminal.dry_run:
        return
    name = operation.deployment.endpoint_name
    status: list[str | None] = [None]

    def settled() -> bool:
        status[0] = status_of(operation)
        return status[0] is None or status[0] in SETTLED

    operation.wait_until(
        settled,
        doing=lambda: f"Endpoint {name} is {status[0]}",
        hint="SageMaker goes on by itself. Run the command again to go on waiting.",
    )


def _check_in_service(operation: Operation) -> None:
    found = _described(operation) or {"EndpointStatus": "gone"}
    if found["EndpointStatus"] == "InService":
        return
    reason = str(found.get("FailureReason", "SageMaker gave no reason."))
    delete(operation)
    if _is_about_capacity(reason):
        raise NoCapacity(reason)
    name = operation.deployment.endpoint_name
    raise OperationFailed(f"Endpoint {name} failed: {reason}", hint=_logs(name))


def _is_about_capacity(reason: str) -> bool:
    return any(text.lower() in reason.lower() for text in _CAPACITY)


def _logs(name: str) -> str:
    return f"Read what the container says: aws logs tail /aws/sagemaker/Endpoints/{name}"


def _described(operation: Operation) -> dict[str, Any] | None:
    try:
        answer = operation.cloud.sagemaker.describe_endpoint(
            EndpointName=operation.deployment.endpoint_name
        )
    except ClientError as error:
        if names_nothing(error):
            return None
        raise
    return dict(answer)


def _variant(operation: Operation, configuration_name: str) -> dict[str, Any]:
    try:
        answer = operation.cloud.sagemaker.describe_endpoint_config(
            EndpointConfigName=configuration_name
        )
    except ClientError as error:
        if names_nothing(error):
            return {}
        raise
    return dict(answer["ProductionVariants"][0])
