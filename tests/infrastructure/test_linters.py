"""Programs that know shell scripts, workflows and Dockerfiles find nothing in ours."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import REPOSITORY

WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
SCRIPTS = [*sorted((REPOSITORY / "scripts").glob("*.sh")), REPOSITORY / ".ci" / "run"]


@pytest.fixture(scope="module")
def linters() -> Path:
    folder = REPOSITORY / ".venvs" / "linters" / "bin"
    if not folder.is_dir():
        pytest.skip("the linters are not installed: `make infrastructure` does it")
    return folder


def findings(*command: str | Path) -> str:
    finished = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    return "" if finished.returncode == 0 else finished.stdout + finished.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_shellcheck(linters: Path, script: Path) -> None:
    # SC2329: functions that are called by a name in a variable.
    assert findings(linters / "shellcheck", "--exclude=SC2329", script) == ""


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_stop_at_the_first_error(script: Path) -> None:
    assert "\nset -euo pipefail\n" in script.read_text()
    assert script.stat().st_mode & 0o100


def test_hadolint(linters: Path) -> None:
    assert findings(linters / "hadolint", REPOSITORY / "sagemaker" / "Dockerfile") == ""


def test_zizmor(linters: Path) -> None:
    assert findings(linters / "zizmor", "--offline", "--strict-collection", *WORKFLOWS) == ""


def test_workflows_are_of_github_s_form(linters: Path) -> None:
    schema = ["--builtin-schema", "vendor.github-workflows"]
    assert findings(linters / "check-jsonschema", *schema, *WORKFLOWS) == ""


def jobs() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{path.stem}: {name}", job)
        for path in WORKFLOWS
        for name, job in yaml.safe_load(path.read_text())["jobs"].items()
    ]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_and_say_their_version(path: Path) -> None:
    uses = re.findall(r"uses: (\S+)(.*)", path.read_text())
    assert uses
    for action, rest in uses:
        if not action.startswith("./"):
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action)
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", rest)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_start_without_rights_and_hold_no_keys(path: Path) -> None:
    text = path.read_text()
    assert yaml.safe_load(text)["permissions"] == {}
    assert "secrets." not in text
    assert "access-key" not in text


def test_only_deployments_may_ask_for_the_role() -> None:
    asking = {name for name, job in jobs() if "id-token" in job["permissions"]}
    assert asking == {"deploy: dev", "deploy: prod"}


def test_prod_comes_after_dev_after_the_tests() -> None:
    deploy = yaml.safe_load((REPOSITORY / ".github" / "workflows" / "deploy.yml").read_text())
    order = {name: job.get("needs") for name, job in deploy["jobs"].items()}
    assert order == {"test": None, "dev": "test", "prod": "dev"}
    for stage in ("dev", "prod"):
        assert deploy["jobs"][stage]["environment"] == stage
        commands = [step for step in deploy["jobs"][stage]["steps"] if "run" in step]
        assert [step["env"]["STAGE"] for step in commands] == [stage]


def test_a_stage_is_deployed_once_at_a_time_and_prod_s_approval_holds_up_only_prod() -> None:
    """A run that waits for a reviewer is in progress: a group of the workflow would block dev."""
    deploy = yaml.safe_load((REPOSITORY / ".github" / "workflows" / "deploy.yml").read_text())
    assert "concurrency" not in deploy
    for stage in ("dev", "prod"):
        concurrency = deploy["jobs"][stage]["concurrency"]
        assert concurrency == {"group": f"deploy-{stage}", "cancel-in-progress": False}


def test_what_workflows_run_exists() -> None:
    for _, job in jobs():
        for step in job.get("steps", []):
            for script in re.findall(r"\bscripts/\S+\.sh", step.get("run", "")):
                assert (REPOSITORY / script).exists()
