"""Building the image: what it is named by, with Docker, and with CodeBuild."""

import dataclasses
import io
import shlex
import stat
import zipfile
from pathlib import Path
from typing import Any

import boto3
import pytest

from scripts.operations import docker_build
from scripts.operations.build_context import DOCKERFILE, BuildContext
from scripts.operations.deploy_sagemaker import TASKS, deploy_image
from scripts.operations.deployment import OperationFailed
from scripts.operations.operation import Operation
from tests.unit.scripts.aws import OUTPUTS, REPOSITORY
from tests.unit.scripts.test_failing_calls import push_image

CONTEXT = BuildContext(TASKS)
URI = f"{REPOSITORY}:{CONTEXT.tag}"


def a_repository(folder: Path) -> BuildContext:
    (folder / "sagemaker" / "code" / "__pycache__").mkdir(parents=True)
    (folder / DOCKERFILE).write_text("FROM scratch\n")
    (folder / "sagemaker/Dockerfile.dockerignore").write_text("**\n!sagemaker/code\n")
    (folder / "sagemaker/code/a.py").write_text("A = 1\n")
    (folder / "sagemaker/code/__pycache__/a.pyc").write_text("compiled")
    (folder / "notes.txt").write_text("not sent")
    return BuildContext(("total",), folder)


def test_the_context_is_what_the_builder_is_sent(tmp_path: Path) -> None:
    context = a_repository(tmp_path)
    archive = context.archive()
    assert archive == context.archive()
    assert zipfile.ZipFile(io.BytesIO(archive)).namelist() == [
        "sagemaker/Dockerfile",
        "sagemaker/Dockerfile.dockerignore",
        "sagemaker/code/a.py",
    ]


def test_the_tag_changes_with_the_content_and_the_tasks_alone(tmp_path: Path) -> None:
    context = a_repository(tmp_path)
    tag = context.tag
    (tmp_path / "notes.txt").write_text("still not sent")
    assert context.tag == tag
    assert dataclasses.replace(context, tasks=("total", "body")).tag != tag
    (tmp_path / "sagemaker/code/a.py").write_text("A = 2\n")
    assert context.tag != tag


@pytest.mark.parametrize("tasks", [(), ("total; rm",), ("Total",)])
def test_tasks_that_are_none(tasks: tuple[str, ...]) -> None:
    with pytest.raises(OperationFailed, match="--tasks total,total_fast"):
        BuildContext(tasks)


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ``docker`` that writes down how it was called; returns its log."""
    log = tmp_path / "docker.log"
    program = tmp_path / "bin" / "docker"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\necho "$@" >> {log}\n[ "$1" != login ] || {{ cat >> {log}; echo >> {log}; }}\n'
        f'[ "$1" != "$(cat {tmp_path}/fails-at 2>/dev/null)" ]\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return log


def test_with_docker(operation: Operation, docker: Path, session: boto3.Session) -> None:
    image = deploy_image(operation, CONTEXT, "auto")
    assert image.uri == URI
    info, build, login, password, push = docker.read_text().splitlines()
    assert info == "info"
    assert build == (
        "build --platform=linux/amd64 --provenance=false --build-arg=TASKS=total,total_fast "
        f"--file sagemaker/Dockerfile --tag {URI} ."
    )
    assert login.startswith("login --username AWS --password-stdin ")
    assert password
    assert push == f"push {URI}"

    push_image(session)
    docker.unlink()
    assert deploy_image(operation, CONTEXT, "auto") == image
    assert not docker.exists()


@pytest.mark.parametrize("step", ["build", "login", "push"])
def test_docker_fails(operation: Operation, docker: Path, step: str) -> None:
    (docker.parent / "fails-at").write_text(step)
    with pytest.raises(OperationFailed, match=f"docker {step}"):
        deploy_image(operation, CONTEXT, "docker")


@pytest.fixture
def builds(session: boto3.Session) -> list[dict[str, Any]]:
    """The stack's CodeBuild project; returns the requests of builds that were started."""
    session.client("codebuild").create_project(
        name=OUTPUTS["ImageBuildProject"],
        source={"type": "S3", "location": "iris-sources/source.zip"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_LARGE",
        },
        serviceRole="arn:aws:iam::123456789012:role/service-role/build",
    )
    return []


def test_with_codebuild(
    operation: Operation,
    builds: list[dict[str, Any]],
    session: boto3.Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(docker_build.shutil, "which", lambda _: None)
    operation.cloud.codebuild.meta.events.register(
        "provide-client-params.codebuild.StartBuild", lambda params, **_: builds.append(params)
    )
    assert deploy_image(operation, CONTEXT, "auto").uri == URI

    (build,) = builds
    assert build["projectName"] == OUTPUTS["ImageBuildProject"]
    variables = {each["name"]: each["value"] for each in build["environmentVariablesOverride"]}
    assert variables["IMAGE_REPOSITORY"] == REPOSITORY
    assert variables["IMAGE_TAG"] == CONTEXT.tag
    # The project's shell splits them at blanks, and knows no quotes then.
    assert shlex.split(variables["BUILD_ARGUMENTS"]) == variables["BUILD_ARGUMENTS"].split()
    assert "--build-arg=TASKS=total,total_fast" in variables["BUILD_ARGUMENTS"].split()
    bucket, _, key = build["sourceLocationOverride"].partition("/")
    archive = session.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    assert DOCKERFILE in zipfile.ZipFile(io.BytesIO(archive)).namelist()


def test_a_build_that_fails_or_is_cut_off_says_so(
    operation: Operation,
    builds: list[dict[str, Any]],
    said: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = operation.cloud.codebuild
    seen = client.batch_get_builds

    def with_status(status: str) -> None:
        def answer(ids: list[str]) -> Any:
            builds = seen(ids=ids)
            builds["builds"][0]["buildStatus"] = status
            return builds

        monkeypatch.setattr(client, "batch_get_builds", answer)

    with_status("FAILED")
    with pytest.raises(OperationFailed, match="ended as FAILED"):
        deploy_image(operation, CONTEXT, "codebuild")
    with_status("IN_PROGRESS")
    with pytest.raises(OperationFailed, match="after 10 minutes"):
        deploy_image(operation, CONTEXT, "codebuild")
    assert any("does not run any more" in line for line in said)

    def refuse(**_: object) -> None:
        raise client.exceptions.InvalidInputException({"Error": {}}, "StopBuild")

    monkeypatch.setattr(client, "stop_build", refuse)
    with pytest.raises(OperationFailed, match="after 10 minutes"):
        deploy_image(operation, CONTEXT, "codebuild")
    assert any("aws codebuild stop-build --id iris-oculus-container-dev:" in line for line in said)


def test_a_dry_run_builds_nothing(
    operation: Operation, builds: list[dict[str, Any]], docker: Path, session: boto3.Session
) -> None:
    dry = dataclasses.replace(
        operation, terminal=dataclasses.replace(operation.terminal, dry_run=True)
    )
    for builder in ("docker", "codebuild"):
        assert deploy_image(dry, CONTEXT, builder).uri == URI
    assert not docker.exists()
    assert session.client("codebuild").list_builds()["ids"] == []
    assert "Contents" not in session.client("s3").list_objects_v2(Bucket="iris-sources")
