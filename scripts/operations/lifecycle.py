"""Starting and stopping the endpoint: what bills by the hour, and what ends that."""

from dataclasses import dataclass, replace

from botocore.exceptions import BotoCoreError, ClientError

from scripts.operations import endpoint
from scripts.operations.deployment import OperationFailed
from scripts.operations.endpoint_documents import INSTANCE_TYPES, Image
from scripts.operations.jobs_at_stake import (
    processing_jobs,
    refuse_while_jobs_run,
    release_jobs,
    wait_for_jobs,
)
from scripts.operations.models import deployed_image, ensure_model
from scripts.operations.operation import Operation
from scripts.operations.scaling import ensure_scaling, remove_scaling


@dataclass(frozen=True)
class StartOptions:
    """How to start.

    Attributes
    ----------
    instance_types : tuple of str
        Tried in this order until one can be had.
    max_instances : int
        How many may run at once; more than one empties a long queue sooner.
    force : bool
        Change a running endpoint although jobs are on it.
    """

    instance_types: tuple[str, ...] = INSTANCE_TYPES
    max_instances: int = 1
    force: bool = False


@dataclass(frozen=True)
class StopOptions:
    """What becomes of jobs that are processing: refuse (the default), wait, or fail them."""

    wait: bool = False
    force: bool = False


def start(operation: Operation, options: StartOptions, image: Image | None = None) -> None:
    """Bring the endpoint into service on the image, with scaling; harmless where it runs.

    Parameters
    ----------
    operation : Operation
    options : StartOptions
    image : Image, optional
        The one that was deployed last, when left out.

    Raises
    ------
    OperationFailed
        If there is no image, no instance type can be had, the endpoint fails, or it takes longer
        than the pace allows.
    """
    image = image or deployed_image(operation)
    endpoint.wait_until_settled(operation)
    state = endpoint.look(operation)
    if state is not None and state.status != "InService":
        operation.terminal.say(f"Endpoint is {state.status}: {state.failure_reason or ''}")
        endpoint.delete(operation)
        if state.lacked_capacity:
            options = _without(options, state.instance_type)
        state = None
    if state is None:
        _create(operation, options, image)
    else:
        _bring_up_to_date(operation, options, image, state)
        ensure_scaling(operation, options.max_instances)
    _say_what_bills(operation)


def stop(operation: Operation, options: StopOptions) -> None:
    """Delete the endpoint, its configurations and its scaling; harmless where there is none.

    Raises
    ------
    OperationFailed
        If jobs are processing and the options do not say what to do about them, or if AWS takes
        longer than the pace allows.
    """
    terminal = operation.terminal
    if endpoint.status_of(operation) is None:
        terminal.say(f"There is no endpoint {operation.deployment.endpoint_name}.")
    elif options.force:
        terminal.say(f"{len(processing_jobs(operation))} job(s) are processing.")
    elif options.wait and not terminal.dry_run:
        wait_for_jobs(operation)
    else:
        refuse_while_jobs_run(operation, doing="Stopping the endpoint")
    endpoint.delete(operation)  # first: it is what bills
    remove_scaling(operation)
    endpoint.delete_configurations(operation)
    release_jobs(operation)
    terminal.say(
        "Still billing, by use: scans and results in S3, the job table, the image in ECR "
        "(0.10 $ per GB-month), logs. No GPU."
    )


def report_what_is_left(operation: Operation) -> None:
    """After a failure: say whether an endpoint may be billing, and how to end that."""
    terminal = operation.terminal
    name = operation.deployment.endpoint_name
    try:
        status = endpoint.status_of(operation)
    except (ClientError, BotoCoreError):
        status = "in an unknown state"
    if status is None:
        terminal.say(f"There is no endpoint {name}: no GPU is billing.")
        return
    region = operation.deployment.region
    terminal.say(f"Endpoint {name} is {status} and MAY BE BILLING. To delete it:")
    terminal.say(f"  scripts/manage-sagemaker.sh stop {operation.deployment.command_options}")
    terminal.say(f"  aws sagemaker delete-endpoint --endpoint-name {name} --region {region}")


def _without(options: StartOptions, instance_type: str | None) -> StartOptions:
    """Pass over a type that has just failed, unless there is no other."""
    others = tuple(each for each in options.instance_types if each != instance_type)
    return replace(options, instance_types=others or options.instance_types)


def _create(operation: Operation, options: StartOptions, image: Image) -> None:
    try:
        _create_on_first_available(operation, options, image)
        ensure_scaling(operation, options.max_instances)
    except (ClientError, BotoCoreError):
        # An endpoint that cannot be woken or watched is of no use, but would bill.
        operation.terminal.say("AWS refused a call: taking back what was begun")
        try:
            endpoint.delete(operation)
            remove_scaling(operation)
        except (ClientError, BotoCoreError, OperationFailed) as error:
            operation.terminal.say(f"Deleting failed too: {error}")
        raise


def _create_on_first_available(operation: Operation, options: StartOptions, image: Image) -> None:
    for instance_type in options.instance_types:
        model_name = ensure_model(operation, image, instance_type)
        try:
            endpoint.create(operation, model_name, instance_type)
        except endpoint.NoCapacity as reason:
            operation.terminal.say(f"No {instance_type} can be had: {reason}")
        else:
            return
    raise OperationFailed(
        f"None of {', '.join(options.instance_types)} can be had in {operation.deployment.region}.",
        hint="Quota: ask for '<type> for endpoint usage' in Service Quotas. "
        "Capacity: try again later, or other types with --instance-types.",
    )


def _bring_up_to_date(
    operation: Operation, options: StartOptions, image: Image, state: endpoint.EndpointState
) -> None:
    instance_type = state.instance_type
    if instance_type is None or instance_type not in options.instance_types:
        instance_type = options.instance_types[0]
    model_name = ensure_model(operation, image, instance_type)
    if (state.model_name, state.instance_type) == (model_name, instance_type):
        operation.terminal.say(f"The endpoint runs already, on {instance_type}.")
        if state.desired_count > options.max_instances and not options.force:
            # Lowering the maximum stops the instances beyond it, at work or not.
            refuse_while_jobs_run(operation, doing="Taking instances away")
        return
    if not options.force:
        refuse_while_jobs_run(operation, doing="Changing the endpoint")
    # SageMaker refuses to change a variant while scaling is registered on it.
    remove_scaling(operation)
    endpoint.update(operation, model_name, instance_type)


def _say_what_bills(operation: Operation) -> None:
    if operation.terminal.dry_run:
        return
    state = endpoint.look(operation)
    if state is not None:
        operation.terminal.say(
            f"Endpoint {operation.deployment.endpoint_name} is {state.status} with "
            f"{state.instance_count} × {state.instance_type}, billing by the second until the "
            "janitor takes it to zero, or `stop`."
        )
