"""What the documents for operators name exists: files, options, parameters, calls of AWS."""

import re
import shlex
import subprocess
import tomllib
from functools import cache
from itertools import pairwise
from typing import Any

import botocore.session
import pytest
import yaml
from botocore import xform_name
from botocore.model import ServiceModel
from cfnlint.decode import decode

from tests.conftest import REPOSITORY
from tests.infrastructure.intrinsics import resolve

DOCUMENTS = [
    "docs/QUICK_START.md",
    "docs/AWS_DEPLOYMENT_GUIDE.md",
    "docs/DEPLOYMENT_SUMMARY.md",
    "docs/OPERATIONS.md",
    ".github/SETUP_SECRETS.md",
]
RUNBOOK = "docs/OPERATIONS.md"
OF_THE_CLI = {"query", "output", "region"}
OF_AWS = {"AdministratorAccess", "EntityAlreadyExists"}


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def commands(name: str) -> list[list[str]]:
    """Words of every command in code, of lines and of blocks."""
    text = read(name)
    blocks = re.findall(r"^ *```bash\n(.*?)^ *```", text, flags=re.MULTILINE | re.DOTALL)
    inline = re.findall(
        r"`((?:aws|scripts/|make)\b[^`]*)`", re.sub(r"```.*?```", "", text, flags=re.S)
    )
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    words = [shlex.split(line, comments=True) for line in [*lines, *inline]]
    return [each for each in words if each]


def options(words: list[str]) -> list[str]:
    return [word[2:].split("=")[0] for word in words if word.startswith("--") and len(word) > 2]


@cache
def help_of(script: str, subcommand: str) -> str:
    words = [word for word in (subcommand, "--help") if word]
    return subprocess.check_output([REPOSITORY / script, *words], text=True)


@cache
def service(name: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(name)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_paths_in_code_exist(name: str) -> None:
    paths = re.findall(r"`((?:scripts|infrastructure|\.github|docs)/[\w./-]+)`", read(name))
    assert [path for path in paths if not (REPOSITORY / path).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_scripts_know_the_options_that_they_are_given(name: str) -> None:
    for words in commands(name):
        if words[0].startswith("scripts/"):
            before = words[: words.index("--")] if "--" in words else words
            script = before[0]
            has_subcommand = script.endswith("manage-sagemaker.sh") and len(before) > 1
            known = help_of(script, before[1] if has_subcommand else "")
            assert set(options(before)) <= set(re.findall(r"--([\w-]+)", known)), words


@pytest.mark.parametrize("name", DOCUMENTS)
def test_parameters_of_the_stack_exist(name: str, template: dict[str, Any]) -> None:
    for words in commands(name):
        if "--parameter-overrides" in words:
            given = [
                word.split("=")[0] for word in words[words.index("--parameter-overrides") + 1 :]
            ]
            assert given
            assert set(given) <= template["Parameters"].keys()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_make_targets_exist(name: str) -> None:
    makefile = read("Makefile")
    for words in commands(name):
        if words[0] == "make" and len(words) > 1:
            assert re.search(rf"^{words[1]}:", makefile, flags=re.MULTILINE), words


@pytest.mark.parametrize("name", DOCUMENTS)
def test_calls_of_aws_exist_with_their_options(name: str) -> None:
    for words in commands(name):
        if words[0] == "aws":
            model = service(words[1])
            operations = {xform_name(each, "-"): each for each in model.operation_names}
            shape = model.operation_model(operations[words[2]]).input_shape
            members = {xform_name(each, "-") for each in shape.members} if shape else set()
            required = (
                {xform_name(each, "-") for each in shape.required_members} if shape else set()
            )
            wrong = [each for each in options(words) if each not in members | OF_THE_CLI]
            assert wrong == [], words
            assert required <= set(options(words)), words


@pytest.mark.parametrize("name", DOCUMENTS)
def test_outputs_and_parameters_that_are_named_exist(name: str, template: dict[str, Any]) -> None:
    named = set(re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`", read(name)))
    assert named - OF_AWS <= template["Outputs"].keys() | template["Parameters"].keys()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_stages_stacks_and_layers_that_are_given_exist(name: str) -> None:
    stages = {
        stage: part["deploy"]["parameters"]["stack_name"]
        for stage, part in tomllib.loads(read("samconfig.toml")).items()
        if isinstance(part, dict) and "deploy" in part
    }
    for words in commands(name):
        given = dict(pairwise(words))
        assert given.get("--stage", "dev") in stages, words
        assert given.get("--stack-name", "iris-oculus-dev") in stages.values(), words
        if words[0].endswith("create-layer.sh") and len(words) > 1:
            assert (REPOSITORY / "layers" / words[1]).is_dir()


def test_logs_and_endpoints_that_are_looked_at_are_those_of_the_stack(
    template: dict[str, Any],
) -> None:
    nested, _ = decode(str(REPOSITORY / "infrastructure" / "image_build.yaml"))
    assert nested
    groups = {
        resolve(resource["Properties"]["LogGroupName"], stage="dev").replace("${Suffix}", "-dev")
        for resource in [*template["Resources"].values(), *nested["Resources"].values()]
        if resource["Type"] == "AWS::Logs::LogGroup"
    }
    named = set(re.findall(r"/aws/(?:lambda|sagemaker|codebuild)/[\w/-]+-dev", read(RUNBOOK)))
    assert named
    assert named <= groups
    endpoint = resolve(template["Outputs"]["EndpointName"]["Value"], stage="dev")
    endpoints = {dict(pairwise(words)).get("--endpoint-name") for words in commands(RUNBOOK)}
    assert endpoints - {None} == {endpoint}


def test_a_restored_table_gets_back_the_expiry_that_the_template_gives(
    template: dict[str, Any],
) -> None:
    attribute = template["Resources"]["JobTable"]["Properties"]["TimeToLiveSpecification"]
    (given,) = re.findall(r'--time-to-live-specification "(.*)"', read(RUNBOOK))
    assert given == f"Enabled=true,AttributeName={attribute['AttributeName']}"


def test_the_runbook_has_a_section_for_every_symptom() -> None:
    titles = set(re.findall(r"^## (.*)$", read(RUNBOOK), flags=re.MULTILINE))
    assert titles >= {
        "Certificate pending", "CORS blocked", "Endpoint failed", "No capacity", "Quota 0",
        "Stuck job", "Restore a deleted table", "Rotate", "Roll back", "Something bills",
    }  # fmt: skip


def test_the_variables_of_the_workflows_are_those_to_be_set() -> None:
    workflows = [path.read_text() for path in (REPOSITORY / ".github" / "workflows").glob("*.yml")]
    used = {name for text in workflows for name in re.findall(r"\bvars\.(\w+)", text)}
    environments = {name for text in workflows for name in re.findall(r"environment: (\w+)", text)}
    document = read(".github/SETUP_SECRETS.md")
    assert set(re.findall(r"variable `(\w+)`", document)) == used
    assert set(re.findall(r"gh variable set (\w+) --env (\w+)", document)) == {
        (name, environment) for name in used for environment in environments
    }


def test_amplify_builds_the_page_as_its_folder_says() -> None:
    (application,) = yaml.safe_load(read("amplify.yml"))["applications"]
    root = REPOSITORY / application["appRoot"]
    commands = application["frontend"]["phases"]["build"]["commands"]
    package = yaml.safe_load((root / "package.json").read_text())
    assert [command.removeprefix("npm run ") for command in commands] == ["build"]
    assert "build" in package["scripts"]
    assert application["frontend"]["artifacts"]["baseDirectory"] == "dist"
