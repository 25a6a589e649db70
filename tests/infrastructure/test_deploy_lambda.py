"""``scripts/deploy-lambda.sh`` and ``scripts/destroy.sh``, against an emulated AWS.

SAM builds and deploys for real: change sets, uploads, the transform, nested stacks, outputs. The
emulator has no host for ``execute-api`` addresses, so the smoke test is tested apart
(``tests/unit/scripts/test_smoke_test.py``).
"""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest

from local_stack.emulator import client_environment, start_emulator
from tests.conftest import REPOSITORY
from tests.infrastructure.emulation import moto_url, run_script

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
    """A copy of what a deployment takes, so that nothing is built beside the sources."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in DEPLOYED:
        source = REPOSITORY / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, folder / name)
    (folder / ".venvs").symlink_to(REPOSITORY / ".venvs")
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
    sources = [checkout / "layers", checkout / "lambdas"]
    assert not [path for folder in sources for path in folder.rglob("__pycache__")]
    compiled = list((checkout / ".aws-sam" / "build").rglob("*.pyc"))
    assert {path.suffixes[-2] for path in compiled} <= {".cpython-313"}  # Lambda's own


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


@pytest.fixture(scope="module")
def destroying(access: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """The same account, with the services of the endpoint, which another emulator has."""
    with moto_url() as url:
        yield {
            **access,
            "AWS_ENDPOINT_URL_SAGEMAKER": url,
            "AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING": url,
        }


def names_of(access: Mapping[str, str]) -> tuple[set[str], set[str], set[str]]:
    """Stacks, buckets and tables."""
    stacks = client(access, "cloudformation").describe_stacks()["Stacks"]
    return (
        {stack["StackName"] for stack in stacks if stack["StackStatus"] != "DELETE_COMPLETE"},
        {bucket["Name"] for bucket in client(access, "s3").list_buckets()["Buckets"]},
        set(client(access, "dynamodb").list_tables()["TableNames"]),
    )


def test_destroying_asks_and_keeps_the_data_unless_told(
    deployed: dict[str, str], destroying: Mapping[str, str], checkout: Path
) -> None:
    s3 = client(destroying, "s3")
    bucket, table = deployed["BucketName"], deployed["TableName"]
    s3.put_object(Bucket=bucket, Key="jobs/1/scan", Body=b"scan")
    s3.create_multipart_upload(Bucket=bucket, Key="jobs/1/half")
    s3.put_object(Bucket=deployed["ImageSourceBucket"], Key="sources.zip", Body=b"")
    before = names_of(destroying)

    def destroy(*options: str, answers: str = "") -> str:
        finished = run_script(
            "destroy.sh", "--stage", "dev", *options,
            environment=destroying, answers=answers, checkout=checkout,
        )  # fmt: skip
        assert (finished.returncode == 0) == ("Nothing was deleted" not in finished.stderr), (
            finished.stdout + finished.stderr
        )
        return finished.stdout + finished.stderr

    assert "Nothing was deleted" in destroy("--delete-data", answers="yes\n")
    assert f"would delete bucket {bucket}" in destroy("--delete-data", "--dry-run")
    assert names_of(destroying) == before

    said = destroy(answers=f"{STACK}\n")
    assert f"Kept, and billed by use: {bucket}" in said
    assert s3.get_object(Bucket=bucket, Key="jobs/1/scan")["Body"].read() == b"scan"
    stacks, _, tables = names_of(destroying)
    assert STACK not in stacks
    assert table in tables

    for _ in range(2):
        assert f"There is no stack {STACK}" in destroy("--delete-data", "--yes")
        _, buckets, tables = names_of(destroying)
        assert not {name for name in buckets if name.startswith("iris-oculus")}
        assert table not in tables
