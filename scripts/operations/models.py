"""The models: what the endpoint runs. They cost nothing, so stopping keeps them.

There is one for each image and instance type, because a container cannot ask SageMaker which
instance it runs on: its model tells it.
"""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from scripts.operations import endpoint
from scripts.operations.deployment import OperationFailed
from scripts.operations.endpoint_documents import (
    Image,
    image_of,
    is_model_of,
    model_request,
    tags,
)
from scripts.operations.operation import Operation, names_nothing

if TYPE_CHECKING:
    from mypy_boto3_sagemaker.type_defs import ModelSummaryTypeDef


def deployed_image(operation: Operation) -> Image:
    """The image that was deployed last: the newest model's.

    Raises
    ------
    OperationFailed
        If none ever was.
    """
    models = own_models(operation)
    if not models:
        raise OperationFailed(
            "No image has been deployed yet.",
            hint=f"Run scripts/deploy-sagemaker.sh {operation.deployment.command_options}",
        )
    return _image(operation, models[0])


def own_models(operation: Operation) -> list[str]:
    """Names of this deployment's models, the newest first."""
    deployment = operation.deployment
    pages = operation.cloud.sagemaker.get_paginator("list_models").paginate(
        NameContains=deployment.endpoint_name
    )
    own: list[ModelSummaryTypeDef] = [
        model
        for page in pages
        for model in page["Models"]
        if is_model_of(deployment, model["ModelName"])
    ]
    own.sort(key=lambda model: model["CreationTime"], reverse=True)
    return [model["ModelName"] for model in own]


def ensure_model(operation: Operation, image: Image, instance_type: str) -> str:
    """Make the image's model for an instance type unless it exists; returns its name.

    The newest model says which image was deployed last. So going back to an earlier image makes its
    model again.
    """
    request: dict[str, Any] = model_request(operation.deployment, image, instance_type)
    name: str = request["ModelName"]
    client = operation.cloud.sagemaker
    existing = own_models(operation)
    if name in existing:
        if name == existing[0] or _image(operation, existing[0]) == image:
            return name
        if operation.terminal.change(f"delete model {name}, to make it the newest"):
            client.delete_model(ModelName=name)
    if operation.terminal.change(f"create model {name} ({instance_type})"):
        client.create_model(**request, Tags=tags(operation.deployment))
    return name


def delete_models(operation: Operation) -> None:
    """Delete every model of this deployment."""
    for name in own_models(operation):
        _delete(operation, name)


def prune_models(operation: Operation, image: Image, instance_types: tuple[str, ...]) -> None:
    """Delete this deployment's models of other images that no endpoint configuration names.

    Going back needs none of them: it makes the model again, from the image, which stays.

    Parameters
    ----------
    operation : Operation
    image : Image
        The one that was deployed last; its models are kept.
    instance_types : tuple of str
        Those that it may run on.
    """
    state = endpoint.look(operation)
    if state is not None and state.model_name is None:
        return  # without the configuration nobody knows which model the endpoint runs
    kept = {
        model_request(operation.deployment, image, each)["ModelName"] for each in instance_types
    }
    idle = [name for name in own_models(operation) if name not in kept]
    used = _models_in_use(operation) if idle else set()
    for name in idle:
        if name not in used:
            _delete(operation, name)


def _models_in_use(operation: Operation) -> set[str]:
    """Names in any configuration of the region: an operator's own endpoint may run one too."""
    client = operation.cloud.sagemaker
    used: set[str] = set()
    for page in client.get_paginator("list_endpoint_configs").paginate():
        for listed in page["EndpointConfigs"]:
            name = listed["EndpointConfigName"]
            try:
                found = client.describe_endpoint_config(EndpointConfigName=name)
            except ClientError as error:
                if names_nothing(error):  # deleted since it was listed
                    continue
                raise
            variants = [*found["ProductionVariants"], *found.get("ShadowProductionVariants", [])]
            used.update(each["ModelName"] for each in variants if "ModelName" in each)
    return used


def _delete(operation: Operation, name: str) -> None:
    if operation.terminal.change(f"delete model {name}"):
        operation.cloud.sagemaker.delete_model(ModelName=name)


def _image(operation: Operation, model_name: str) -> Image:
    return image_of(dict(operation.cloud.sagemaker.describe_model(ModelName=model_name)))
