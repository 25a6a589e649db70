"""The image's repository in ECR, which belongs to the stack."""

import base64
from dataclasses import dataclass

from scripts.operations.operation import Operation


@dataclass(frozen=True)
class Login:
    """What ``docker login`` needs; the password lasts twelve hours."""

    registry: str
    user: str
    password: str


def is_pushed(operation: Operation, tag: str) -> bool:
    """Whether an image with this tag is there."""
    client = operation.cloud.ecr
    try:
        client.describe_images(
            repositoryName=operation.deployment.image_repository_name,
            imageIds=[{"imageTag": tag}],
        )
    except client.exceptions.ImageNotFoundException:
        return False
    return True


def login(operation: Operation) -> Login:
    """A login for pushing."""
    data = operation.cloud.ecr.get_authorization_token()["authorizationData"][0]
    user, _, password = base64.b64decode(data["authorizationToken"]).decode().partition(":")
    return Login(data["proxyEndpoint"].removeprefix("https://"), user, password)
