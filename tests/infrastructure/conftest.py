"""The template, raw and as CloudFormation sees it."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cfnlint.decode import decode

REPOSITORY = Path(__file__).resolve().parents[2]
Resources = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    """The raw template, its functions in the long form."""
    decoded, problems = decode(str(REPOSITORY / "template.yaml"))
    assert not problems
    plain: dict[str, Any] = json.loads(json.dumps(decoded))
    return plain


@pytest.fixture(scope="session")
def functions(template: dict[str, Any]) -> Resources:
    """Properties of every function, with those of ``Globals`` filled in."""
    shared = template["Globals"]["Function"]
    found = {}
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            own = resource["Properties"]
            merged = {
                key: {**shared[key], **own[key]}
                for key in shared.keys() & own.keys()
                if isinstance(own[key], dict)
            }
            variables = {
                **shared["Environment"]["Variables"],
                **own.get("Environment", {}).get("Variables", {}),
            }
            found[name] = {**shared, **own, **merged, "Environment": {"Variables": variables}}
    return found


@pytest.fixture(scope="session")
def sam_environment() -> Path:
    """``bin`` of the environment that holds the SAM command line."""
    folder = REPOSITORY / ".venvs" / "sam" / "bin"
    if not folder.is_dir():
        pytest.skip("the SAM command line is not installed: `make sam` does it")
    return folder


@pytest.fixture(scope="session")
def transformed_path(sam_environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The transformed template, as a file."""
    path = tmp_path_factory.mktemp("transformed") / "transformed.json"
    script = Path(__file__).parent / "transform_template.py"
    with path.open("w") as file:
        subprocess.run(
            [sam_environment / "python", script, REPOSITORY / "template.yaml"],
            stdout=file,
            stderr=subprocess.PIPE,
            check=True,
            env={**os.environ, "AWS_DEFAULT_REGION": "us-east-1", "PYTHONPATH": ""},
        )
    return path


@pytest.fixture(scope="session")
def transformed(transformed_path: Path) -> Resources:
    """Resources of the transformed template."""
    resources: Resources = json.loads(transformed_path.read_text())["Resources"]
    return resources
