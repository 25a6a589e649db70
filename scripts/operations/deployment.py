"""Which deployment a script works on: a stage's stack, and what the stack says of itself."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient

REPOSITORY = Path(__file__).resolve().parents[2]
SAM_CONFIGURATION = REPOSITORY / "samconfig.toml"


class OperationFailed(Exception):
    """An operation could not be done; its text says why, and what to do about it.

    Parameters
    ----------
    message : str
        One sentence.
    hint : str
        What to do now.
    """

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(f"{message}\n  {hint}")
        self.hint = hint


@dataclass(frozen=True)
class StackAddress:
    """Where a stage's stack lies, as samconfig.toml says."""

    stage: str
    stack_name: str
    region: str


def deployment(stage: str, configuration: Path = SAM_CONFIGURATION) -> StackAddress:
    """The stack of a stage.

    Raises
    ------
    OperationFailed
        If samconfig.toml knows no such stage.
    """
    stages = tomllib.loads(configuration.read_text())
    known = [name for name, part in stages.items() if isinstance(part, dict) and "deploy" in part]
    if stage not in known:
        raise OperationFailed(
            f"samconfig.toml has no stage {stage!r}.", hint=f"It has {', '.join(known)}."
        )
    parameters = stages[stage]["deploy"]["parameters"]
    return StackAddress(stage, parameters["stack_name"], parameters["region"])


def stack_outputs(client: "CloudFormationClient", stack_name: str) -> dict[str, str]:
    """Outputs of a stack, by their key.

    Raises
    ------
    OperationFailed
        If there is no such stack.
    """
    try:
        stacks = client.describe_stacks(StackName=stack_name)["Stacks"]
    except ClientError as error:
        # CloudFormation has no other code for a stack that does not exist; the name is valid.
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        stacks = []
    if not stacks:
        raise OperationFailed(
            f"There is no stack {stack_name} in {client.meta.region_name}.",
            hint="Deploy it first: scripts/deploy-lambda.sh --stage STAGE",
        )
    return {each["OutputKey"]: each["OutputValue"] for each in stacks[0].get("Outputs", [])}


def required_output(outputs: Mapping[str, str], name: str, wanted: StackAddress) -> str:
    """One output.

    Raises
    ------
    OperationFailed
        If the stack, from before that output perhaps, has none of this name.
    """
    if name not in outputs:
        raise OperationFailed(
            f"Stack {wanted.stack_name} has no output {name}.",
            hint=f"Deploy it anew: scripts/deploy-lambda.sh --stage {wanted.stage}",
        )
    return outputs[name]
