"""``scripts/deploy-lambda.sh`` and ``scripts/destroy.sh``, against an emulated AWS.

SAM builds and deploys for real: change sets, uploads, the transform, nested stacks, outputs. Two
things the emulator has not: alarms on metric math, which are left out of the deployed copy, and a
host for ``execute-api`` addresses, so the smoke test is tested apart
(``tests/unit/scripts/test_smoke_test.py``).
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from cfnlint.decode import decode

from local_stack.emulator import client_environment, start_emulator
from tests.conftest import REPOSITORY
from tests.infrastructure.emulation import run_script

STACK = "iris-oculus-dev"
DEPLOYED = (
    "Makefile",
    "infrastructure",
    "lambdas",
    "layers",
    "pyproject.toml",
    "requirements",
    "samconfig.toml",
    "scripts",
    "template.yaml",
)


@pytest.fixture(scope="module")
def access(
    tmp_path_factory: pytest.TempPathFactory, sam_environment: Path
) -> Iterator[Mapping[str, str]]:
    emulator = start_emulator(tmp_path_factory.mktemp("aws"))
    try:
        yield {**client_environment(emulator.endpoint_url), "SAM_CLI_TELEMETRY": "0"}
    finally:
        emulator.stop()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository that the emulator can deploy."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in DEPLOYED:
        source = REPOSITORY / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, folder / name)
    (folder / ".venvs").symlink_to(REPOSITORY / ".venvs")
    for path in (folder / "infrastructure").glob("*.yaml"):
        decoded, problems = decode(str(path))
        assert not problems
        template = json.loads(json.dumps(decoded))
        template["Resources"] = {
            name: resource
            for name, resource in template["Resources"].items()
            if "Metrics" not in resource.get("Properties", {})
        }
        path.write_text(json.dumps(template))  # JSON is YAML
    return folder


def client(access: Mapping[str, str], service: str) -> Any:
    session = boto3.Session(
        aws_access_key_id=access["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=access["AWS_SECRET_ACCESS_KEY"],
        region_name=access["AWS_REGION"],
    )
    return session.client(service, endpoint_url=access["AWS_ENDPOINT_URL"])


@pytest.fixture(scope="module")
def deployed(access: Mapping[str, str], checkout: Path) -> dict[str, str]:
    """Outputs of the stack after two deployments in a row."""
    for _ in range(2):
        finished = run_script(
            "deploy-lambda.sh", "--stage", "dev", "--no-smoke-test",
            environment=access, checkout=checkout,
        )  # fmt: skip
        assert finished.returncode == 0, _why(access) + finished.stderr[-1000:]
    assert "No changes to deploy" in finished.stdout + finished.stderr
    stack = client(access, "cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}


def _why(access: Mapping[str, str]) -> str:
    events = client(access, "cloudformation").describe_stack_events(StackName=STACK)["StackEvents"]
    return "".join(
        f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}\n"
        for event in events
        if event["ResourceStatus"].endswith("FAILED")
    )


def test_deploying_makes_everything_that_the_template_names(
    deployed: dict[str, str], template: dict[str, Any], access: Mapping[str, str]
) -> None:
    conditional = {name for name, output in template["Outputs"].items() if "Condition" in output}
    assert template["Outputs"].keys() - conditional <= deployed.keys()
    functions = client(access, "lambda").list_functions()["Functions"]
    assert deployed["HealthFunctionName"] in {each["FunctionName"] for each in functions}
    client(access, "s3").head_bucket(Bucket=deployed["BucketName"])


def test_deploying_leaves_no_compiled_files_beside_the_sources(
    deployed: dict[str, str], checkout: Path
) -> None:
    packaged = [checkout / "layers", checkout / "lambdas", checkout / ".aws-sam" / "build"]
    assert not [path for folder in packaged for path in folder.rglob("__pycache__")]


def test_a_dry_run_says_the_commands_and_runs_none(access: Mapping[str, str]) -> None:
    finished = run_script(
        "deploy-lambda.sh", "--dry-run", "--stage", "prod", "--yes", "--", "--force-upload",
        environment={**access, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
    )  # fmt: skip
    assert finished.returncode == 0
    commands = [line.split() for line in finished.stderr.splitlines()]
    assert all(command[0] == "+" for command in commands)
    deploy = next(command for command in commands if "deploy" in command)
    assert deploy[2:] == [
        "deploy", "--config-env", "prod", "--no-confirm-changeset", "--force-upload",
    ]  # fmt: skip
    assert commands[-1][-2:] == ["--stage", "prod"]


@pytest.mark.parametrize("arguments", [["--stgae", "dev"], ["--stage"]])
def test_mistakes_are_said(arguments: list[str]) -> None:
    finished = run_script("deploy-lambda.sh", *arguments, environment={})
    assert finished.returncode != 0
    assert "--stgae" in finished.stderr or "needs a name" in finished.stderr
