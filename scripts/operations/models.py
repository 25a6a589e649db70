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
        raise OperationFailed(
            "No image has been deployed yet.",
            hint=f"Run scripts/deploy-sagemaker.sh {deployment.command_options}",
        )
    return image_of(dict(operation.cloud.sagemaker.describe_model(ModelName=newest["ModelName"])))


def ensure_model(operation: Operation, image: Image) -> str:
    """Make the image's model unless it exists; returns its name."""
    request: dict[str, Any] = model_request(operation.deployment, image)
    name: str = request["ModelName"]
    client = operation.cloud.sagemaker
    try:
        client.describe_model(ModelName=name)
    except ClientError as error:
        if not says(error, "ValidationException", text="could not find"):
            raise
    else:
        return name
    if operation.terminal.change(f"create model {name}"):
        client.create_model(**request, Tags=tags(operation.deployment))
    return name
