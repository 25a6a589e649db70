"""The real SAM command line accepts the template and builds it, with no Python 3.13 to be found."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

LIMIT_BYTES = 250 * 1024 * 1024
"""Unzipped size of a function with its layers (AWS Lambda developer guide, "Lambda quotas")."""
LAYERS = (
    "AuthorizerDependenciesLayer",
    "DependenciesLayer",
    "ImagingDependenciesLayer",
    "IrisImagingLayer",
    "IrisOculusLayer",
)
LAYERS_OF_INSPECT = tuple(name for name in LAYERS if not name.startswith("Authorizer"))
NESTED = ("CustomDomain", "ImageBuild", "Observability")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """A machine that has this Python, make and nothing of AWS."""
    tools = tmp_path_factory.mktemp("tools")
    for tool in ("make", "sh", "mkdir", "uname", "cp", "find", "rm"):
        found = shutil.which(tool)
        assert found is not None
        (tools / tool).symlink_to(found)
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("PIP_", "SSL_", "HOME", "LANG"))
    }
    return {
        **kept,
        "PATH": str(tools),
        "PYTHON": sys.executable,
        "AWS_DEFAULT_REGION": "us-east-1",
        "SAM_CLI_TELEMETRY": "0",
    }


@pytest.fixture(scope="module")
def build(
    sam_environment: Path,
    repository: Path,
    environment: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, str]:
    """What ``sam build`` leaves, and what it says."""
    folder = tmp_path_factory.mktemp("sam") / "build"
    finished = subprocess.run(
        [
            sam_environment / "sam",
            "build",
            "--template-file",
            repository / "template.yaml",
            "--build-dir",
            folder,
            "--cache-dir",
            folder.parent / "cache",
            "--config-env",
            "dev",
        ],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return folder, finished.stderr


@pytest.fixture(scope="module")
def built(build: tuple[Path, str]) -> Path:
    return build[0]


def test_sam_validates_the_template(
    sam_environment: Path, repository: Path, environment: Mapping[str, str]
) -> None:
    finished = subprocess.run(
        [sam_environment / "sam", "validate", "--lint"],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_the_build_holds_every_layer_and_nested_stack(built: Path) -> None:
    assert {path.name for path in built.iterdir()} == {*LAYERS, *NESTED, "template.yaml"}


def test_what_a_build_without_python_3_13_costs_is_said(build: tuple[Path, str]) -> None:
    folder, said = build
    assert said.count("no bytecode") == len(LAYERS)
    assert list(folder.rglob("*.pyc")) == []


def test_everything_compiled_is_for_arm64(built: Path) -> None:
    libraries = [path for path in built.rglob("*") if ".so" in path.suffixes and path.is_file()]
    assert any("pydantic_core" in path.name for path in libraries)
    for library in libraries:
        # ELF header: the machine at byte 18, 183 being AArch64 (ELF for the Arm 64-bit
        # architecture, "e_machine").
        header = library.read_bytes()[:20]
        assert header[:4] == b"\x7fELF"
        assert int.from_bytes(header[18:20], "little") == 183
    extensions = {path.name for path in libraries if ".cpython-" in path.name}
    assert extensions
    assert all(".cpython-313-aarch64-" in name for name in extensions)


def test_inspect_with_its_layers_stays_within_lambda_s_limit(built: Path, repository: Path) -> None:
    folders = [*(built / name for name in LAYERS_OF_INSPECT), repository / "lambdas" / "inspect"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    # A deployment may add bytecode, which is larger than its source by a quarter.
    size_bytes = sum(path.stat().st_size * (2.5 if path.suffix == ".py" else 1.0) for path in files)
    assert size_bytes < LIMIT_BYTES
