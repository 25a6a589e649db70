"""Build and push the container's image, and bring the GPU endpoint up on it.

What exists already, by its content, is neither built nor made again.
"""

import argparse
import sys
from collections.abc import Sequence

import boto3

from scripts.operations import codebuild, docker_build
from scripts.operations.build_context import BuildContext
from scripts.operations.command import (
    add_change_options,
    add_deployment_options,
    add_instance_types_option,
    add_max_instances_option,
    comma_separated,
    perform,
)
from scripts.operations.endpoint_documents import Image
from scripts.operations.image_repository import is_pushed
from scripts.operations.lifecycle import StartOptions, start
from scripts.operations.models import ensure_model, prune_models
from scripts.operations.operation import Operation

TASKS = ("total", "total_fast")
BUILDERS = {"docker": docker_build.build_and_push, "codebuild": codebuild.build_and_push}


def main(arguments: Sequence[str] | None = None, session: boto3.Session | None = None) -> int:
    """Run the command; returns the exit code."""
    options = _parser().parse_args(arguments)

    def act(operation: Operation) -> None:
        image = deploy_image(operation, BuildContext(options.tasks), options.builder)
        if options.no_endpoint:
            ensure_model(operation, image, options.instance_types[0])
        else:
            how = StartOptions(options.instance_types, options.max_instances, options.force)
            start(operation, how, image)
        prune_models(operation, image, options.instance_types)

    return perform(options, act, session=session)


def deploy_image(operation: Operation, context: BuildContext, builder: str) -> Image:
    """Make sure that the image of this content is in the repository.

    Parameters
    ----------
    operation : Operation
    context : BuildContext
    builder : {"auto", "docker", "codebuild"}
        ``auto`` is Docker where it runs, else CodeBuild.
    """
    tag = context.tag
    image = Image(f"{operation.deployment.image_repository}:{tag}", context.tasks)
    if is_pushed(operation, tag):
        operation.terminal.say(f"The image is there already: {image.uri}")
        return image
    if builder == "auto":
        builder = "docker" if docker_build.docker_runs() else "codebuild"
    BUILDERS[builder](operation, context, image.uri)
    return image


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deploy-sagemaker.sh", description=__doc__)
    add_deployment_options(parser)
    parser.add_argument(
        "--tasks",
        type=comma_separated,
        default=TASKS,
        help=f"tasks whose weights the image holds (default: {','.join(TASKS)})",
    )
    parser.add_argument(
        "--builder",
        choices=["auto", *BUILDERS],
        default="auto",
        help="auto (the default): Docker where it runs, else CodeBuild",
    )
    add_instance_types_option(parser)
    add_max_instances_option(parser)
    parser.add_argument(
        "--no-endpoint", action="store_true", help="image and model only: no GPU is started"
    )
    parser.add_argument(
        "--force", action="store_true", help="change a running endpoint although jobs are on it"
    )
    add_change_options(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
