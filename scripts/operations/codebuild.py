"""Building and pushing the image on AWS, where there is no Docker here."""

import shlex
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from scripts.operations.build_context import BuildContext
from scripts.operations.deployment import OperationFailed
from scripts.operations.docker_build import build_options
from scripts.operations.operation import Operation

if TYPE_CHECKING:
    from mypy_boto3_codebuild.type_defs import BuildTypeDef


def build_and_push(operation: Operation, context: BuildContext, uri: str) -> None:
    """Upload the build context, run a build that pushes the image, and wait for it.

    Parameters
    ----------
    operation : Operation
    context : BuildContext
    uri : str
        ``repository:tag`` of the image.

    Raises
    ------
    OperationFailed
        If the build fails or takes too long.
    """
    terminal, deployment = operation.terminal, operation.deployment
    repository, _, tag = uri.rpartition(":")
    archive = f"{deployment.image_source_bucket}/{tag}.zip"
    if terminal.change(f"upload the build context to s3://{archive}"):
        operation.cloud.s3.put_object(
            Bucket=deployment.image_source_bucket, Key=f"{tag}.zip", Body=context.archive()
        )
    if not terminal.change(f"build and push {uri} with CodeBuild"):
        return
    # The buildspec belongs to the project, which the stack makes.
    build_id = operation.cloud.codebuild.start_build(
        projectName=deployment.image_build_project,
        sourceTypeOverride="S3",
        sourceLocationOverride=archive,
        environmentVariablesOverride=[
            {"name": "IMAGE_REPOSITORY", "value": repository},
            {"name": "IMAGE_TAG", "value": tag},
            {"name": "BUILD_ARGUMENTS", "value": shlex.join(build_options(context))},
        ],
    )["build"]["id"]
    terminal.say(f"Build {build_id} has started; it bills by the minute until it ends.")
    try:
        _wait(operation, build_id)
    except (ClientError, BotoCoreError, OperationFailed, KeyboardInterrupt):
        _stop(operation, build_id)
        raise


def _wait(operation: Operation, build_id: str) -> None:
    builds: list[BuildTypeDef] = []

    def ended() -> bool:
        builds[:] = operation.cloud.codebuild.batch_get_builds(ids=[build_id])["builds"]
        return bool(builds) and builds[0]["buildStatus"] != "IN_PROGRESS"

    operation.wait_until(
        ended,
        doing=lambda: f"Build is at {builds[0].get('currentPhase') if builds else 'its start'}",
        hint="Run the command again with a longer --timeout-min.",
    )
    status = builds[0]["buildStatus"]
    if status != "SUCCEEDED":
        log = builds[0].get("logs", {}).get("deepLink", "the CodeBuild console")
        raise OperationFailed(f"Build {build_id} ended as {status}.", hint=f"Its log: {log}")


def _stop(operation: Operation, build_id: str) -> None:
    try:
        operation.cloud.codebuild.stop_build(id=build_id)
    except (ClientError, BotoCoreError):
        operation.terminal.say(
            f"Build {build_id} may still run, and bill until its own time limit. To end it:\n"
            f"  aws codebuild stop-build --id {build_id} --region {operation.deployment.region}"
        )
    else:
        operation.terminal.say(f"Build {build_id} does not run any more.")
