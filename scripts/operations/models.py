"""The model: what the endpoint runs. It costs nothing, so stopping keeps it."""

from typing import Any

from botocore.exceptions import ClientError

from scripts.operations.deployment import OperationFailed
from scripts.operations.endpoint_documents import (
    Image,
    image_of,
    is_model_of,
    model_request,
    tags,
)
from scripts.operations.operation import Operation, says


def deployed_image(operation: Operation) -> Image:
    """The image that was deployed last.

    Raises
    ------
    OperationFailed
        If none ever was.
    """
    image = _newest_image(operation)
    if image is None:
        raise OperationFailed(
            "No image has been deployed yet.",
            hint=f"Run scripts/deploy-sagemaker.sh {operation.deployment.command_options}",
        )
    return image


def _newest_image(operation: Operation) -> Image | None:
    deployment = operation.deployment
    pages = operation.cloud.sagemaker.get_paginator("list_models").paginate(
        NameContains=deployment.endpoint_name, SortBy="CreationTime", SortOrder="Descending"
    )
    own = (
        model
        for page in pages
        for model in page["Models"]
        if is_model_of(deployment, model["ModelName"])
    )
    newest = max(own, key=lambda model: model["CreationTime"], default=None)
    if newest is None:
        return None
    return image_of(dict(operation.cloud.sagemaker.describe_model(ModelName=newest["ModelName"])))


def ensure_model(operation: Operation, image: Image) -> str:
    """Make the image's model unless it exists, and the newest one; returns its name.

    The newest model is what says which image was deployed last. So going back to an earlier image
    makes its model again.
    """
    request: dict[str, Any] = model_request(operation.deployment, image)
    name: str = request["ModelName"]
    client = operation.cloud.sagemaker
    if _exists(operation, name):
        if _newest_image(operation) == image:
            return name
        if operation.terminal.change(f"delete model {name}, to make it the newest"):
            client.delete_model(ModelName=name)
    if operation.terminal.change(f"create model {name}"):
        client.create_model(**request, Tags=tags(operation.deployment))
    return name


def _exists(operation: Operation, name: str) -> bool:
    try:
        operation.cloud.sagemaker.describe_model(ModelName=name)
    except ClientError as error:
        if says(error, "ValidationException", text="could not find"):
            return False
        raise
    return True
