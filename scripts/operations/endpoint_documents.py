"""Requests that describe the model and the endpoint's configuration, named by their content.

A name by content makes running a script again harmless: what exists under the name is what would
be made, so nothing is made twice, and nothing that is in use is ever changed.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from iris_oculus.layout import ENDPOINT_FAILURE_PREFIX, ENDPOINT_OUTPUT_PREFIX

from scripts.operations.stack import Deployment

if TYPE_CHECKING:
    from mypy_boto3_sagemaker.type_defs import TagTypeDef

VARIANT = "AllTraffic"
TASKS_VARIABLE = "IMAGE_TASKS"
INSTANCE_TYPE_VARIABLE = "INSTANCE_TYPE"
"""What the container reads (``scan_to_mesh.settings``) to tell a job's cost."""
INSTANCE_TYPES = ("ml.g6.xlarge", "ml.g5.xlarge", "ml.g4dn.xlarge")
"""Tried in this order: the first is the cheapest per scan, each has 16 GB of memory or more."""
GPU_AMI = "al2023-ami-sagemaker-inference-gpu-4-1"
"""Driver 580: PyPI's torch is built for CUDA 13, which the default images' drivers do not run
(SageMaker API reference, ProductionVariant, InferenceAmiVersion)."""
STARTUP_TIMEOUT_S = 900
"""Weights are read before /ping answers."""


@dataclass(frozen=True)
class Image:
    """A pushed image and the tasks whose weights it holds."""

    uri: str
    tasks: tuple[str, ...]


def model_request(deployment: Deployment, image: Image, instance_type: str) -> dict[str, Any]:
    """CreateModel's request, for a configuration with this instance type."""
    content = {
        "ExecutionRoleArn": deployment.endpoint_role_arn,
        "PrimaryContainer": {
            "Image": image.uri,
            "Environment": {
                "S3_BUCKET": deployment.bucket,
                "DYNAMODB_TABLE": deployment.table,
                TASKS_VARIABLE: ",".join(image.tasks),
                INSTANCE_TYPE_VARIABLE: instance_type,
            },
        },
    }
    return {"ModelName": f"{deployment.endpoint_name}-model-{_digest(content)}", **content}


def configuration_request(
    deployment: Deployment, model_name: str, instance_type: str
) -> dict[str, Any]:
    """CreateEndpointConfig's request: asynchronous, one job at a time on one instance."""
    bucket = f"s3://{deployment.bucket}"
    content = {
        "ProductionVariants": [
            {
                "VariantName": VARIANT,
                "ModelName": model_name,
                "InstanceType": instance_type,
                "InitialInstanceCount": 1,
                "ContainerStartupHealthCheckTimeoutInSeconds": STARTUP_TIMEOUT_S,
                "InferenceAmiVersion": GPU_AMI,
            }
        ],
        "AsyncInferenceConfig": {
            "ClientConfig": {"MaxConcurrentInvocationsPerInstance": 1},
            "OutputConfig": {
                "S3OutputPath": f"{bucket}/{ENDPOINT_OUTPUT_PREFIX}",
                "S3FailurePath": f"{bucket}/{ENDPOINT_FAILURE_PREFIX}",
                "NotificationConfig": {
                    "SuccessTopic": deployment.success_topic_arn,
                    "ErrorTopic": deployment.error_topic_arn,
                },
            },
        },
    }
    return {"EndpointConfigName": f"{deployment.endpoint_name}-{_digest(content)}", **content}


def image_of(model: Mapping[str, Any]) -> Image:
    """The image of a model that DescribeModel describes."""
    container = model["PrimaryContainer"]
    tasks = container.get("Environment", {}).get(TASKS_VARIABLE, "")
    return Image(container["Image"], tuple(task for task in tasks.split(",") if task))


def is_model_of(deployment: Deployment, name: str) -> bool:
    """Whether a model is this deployment's; another stage's name may begin with this one's."""
    return _is_named(name, f"{deployment.endpoint_name}-model-")


def is_configuration_of(deployment: Deployment, name: str) -> bool:
    """Whether an endpoint configuration is this deployment's."""
    return _is_named(name, f"{deployment.endpoint_name}-")


def tags(deployment: Deployment) -> list["TagTypeDef"]:
    """As the stack's resources are tagged."""
    return [
        {"Key": "project", "Value": "iris-oculus"},
        {"Key": "stage", "Value": deployment.stage},
    ]


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


def _is_named(name: str, prefix: str) -> bool:
    return re.fullmatch(re.escape(prefix) + "[0-9a-f]{12}", name) is not None
