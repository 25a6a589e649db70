"""What the endpoint's scripts need of a deployment: names that its stack gave."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scripts.operations.deployment import deployment, required_output, stack_outputs

if TYPE_CHECKING:
    import boto3


@dataclass(frozen=True)
class Deployment:
    """One stage's resources."""

    stage: str
    region: str
    endpoint_name: str
    bucket: str
    table: str
    endpoint_role_arn: str
    success_topic_arn: str
    error_topic_arn: str
    image_repository: str
    image_repository_name: str
    image_build_project: str
    image_source_bucket: str

    @property
    def command_options(self) -> str:
        """What to add to a script's name to mean this deployment, for hints."""
        return f"--stage {self.stage} --region {self.region}"


def read_deployment(session: "boto3.Session", stage: str, region: str | None) -> Deployment:
    """What the stack's outputs say.

    Parameters
    ----------
    session : boto3.Session
    stage : str
        A stage of samconfig.toml.
    region : str or None
        Instead of samconfig.toml's.

    Raises
    ------
    OperationFailed
        If there is no such stage or stack, or it is from before an output that is needed.
    """
    address = deployment(stage)
    if region is not None:
        address = replace(address, region=region)
    client = session.client("cloudformation", region_name=address.region)
    outputs = stack_outputs(client, address.stack_name)

    def output(name: str) -> str:
        return required_output(outputs, name, address)

    return Deployment(
        stage=stage,
        region=address.region,
        endpoint_name=output("EndpointName"),
        bucket=output("BucketName"),
        table=output("TableName"),
        endpoint_role_arn=output("EndpointRoleArn"),
        success_topic_arn=output("InferenceSuccessTopicArn"),
        error_topic_arn=output("InferenceErrorTopicArn"),
        image_repository=output("ImageRepository"),
        image_repository_name=output("ImageRepositoryName"),
        image_build_project=output("ImageBuildProject"),
        image_source_bucket=output("ImageSourceBucket"),
    )
