"""Building and pushing the image with the Docker of this machine."""

import shutil
import subprocess
from collections.abc import Sequence

from scripts.operations.build_context import DOCKERFILE, TASKS_BUILD_ARGUMENT, BuildContext
from scripts.operations.deployment import OperationFailed
from scripts.operations.image_repository import login
from scripts.operations.operation import Operation


def docker_runs() -> bool:
    """Whether there is a Docker here, with its daemon up."""
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0


def build_options(context: BuildContext) -> list[str]:
    """Options of ``docker build``, on this machine and in CodeBuild.

    SageMaker takes single-platform images only: without ``--provenance=false``, BuildKit wraps the
    image into an index that it refuses.
    """
    tasks = f"{TASKS_BUILD_ARGUMENT}={','.join(context.tasks)}"
    return ["--platform=linux/amd64", "--provenance=false", f"--build-arg={tasks}"]


def build_and_push(operation: Operation, context: BuildContext, uri: str) -> None:
    """Build the image and push it.

    Raises
    ------
    OperationFailed
        If Docker fails at one of it; what it says is on the terminal.
    """
    if not operation.terminal.change(f"build and push {uri} with Docker"):
        return
    _docker(context, ["build", *build_options(context), "--file", DOCKERFILE, "--tag", uri, "."])
    # Only now: building takes longer than some temporary credentials last.
    access = login(operation)
    _docker(
        context,
        ["login", "--username", access.user, "--password-stdin", access.registry],
        typed=access.password,
    )
    _docker(context, ["push", uri])


def _docker(context: BuildContext, arguments: Sequence[str], *, typed: str = "") -> None:
    done = subprocess.run(
        ["docker", *arguments], cwd=context.root, input=typed, text=True, check=False
    )
    if done.returncode != 0:
        raise OperationFailed(
            f"`docker {arguments[0]}` failed.",
            hint="Read Docker's words above; or build on AWS instead with --builder codebuild.",
        )
