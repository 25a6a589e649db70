"""What the documents for operators name exists: files, options, parameters, calls of AWS."""

import re
import shlex
import subprocess
from functools import cache
from typing import Any

import botocore.session
import pytest
import yaml
from botocore import xform_name
from botocore.model import ServiceModel

from tests.conftest import REPOSITORY

DOCUMENTS = [
    "docs/QUICK_START.md",
    "docs/AWS_DEPLOYMENT_GUIDE.md",
    "docs/DEPLOYMENT_SUMMARY.md",
    "docs/OPERATIONS.md",
    ".github/SETUP_SECRETS.md",
]
OF_THE_CLI = {"query", "output", "region"}


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


def anchors(name: str) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", read(name), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    folder = (REPOSITORY / name).parent
    for target, _, anchor in (
        link.partition("#") for link in re.findall(r"\]\((?!https?:)([^)]+)\)", read(name))
    ):
        path = (folder / target).resolve()
        assert path.exists(), target
        if anchor:
            assert anchor in anchors(str(path.relative_to(REPOSITORY))), (target, anchor)


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
            assert [each for each in options(before) if f"--{each}" not in known] == [], words


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
            wrong = [each for each in options(words) if each not in members | OF_THE_CLI]
            assert wrong == [], words


def test_outputs_that_the_runbook_names_exist(template: dict[str, Any]) -> None:
    named = re.findall(r"output `(\w+)`|topic `(\w+)`", read("docs/OPERATIONS.md"))
    assert {first or second for first, second in named} <= template["Outputs"].keys()


def test_amplify_builds_the_page_as_its_folder_says() -> None:
    (application,) = yaml.safe_load(read("amplify.yml"))["applications"]
    root = REPOSITORY / application["appRoot"]
    commands = application["frontend"]["phases"]["build"]["commands"]
    package = yaml.safe_load((root / "package.json").read_text())
    assert [command.removeprefix("npm run ") for command in commands] == ["build"]
    assert "build" in package["scripts"]
    assert application["frontend"]["artifacts"]["baseDirectory"] == "dist"
