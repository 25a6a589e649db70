"""Third-party layers: pinned, hashed, for Lambda's machine, and in step with the project."""

import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import grimp
import pytest

LAYERS = {
    "DependenciesLayer": ("dependencies", "lambdas"),
    "AuthorizerDependenciesLayer": ("authorizer_dependencies", "authorizer"),
    "ImagingDependenciesLayer": ("imaging_dependencies", "imaging"),
}
REQUIREMENT = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)$")


def requirements(repository: Path, folder: str) -> list[str]:
    """Logical lines of a layer's lock."""
    text = (repository / "layers" / folder / "requirements.txt").read_text()
    lines = text.replace("\\\n", " ").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def canonical(requirement: str) -> str:
    """Name of a requirement, as locks write it."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


@pytest.mark.parametrize(("folder", "extra"), LAYERS.values())
def test_locks_are_pinned_and_hashed_and_name_no_host(
    repository: Path, folder: str, extra: str
) -> None:
    for line in requirements(repository, folder):
        requirement, *hashes = line.split()
        assert REQUIREMENT.match(requirement)
        assert hashes
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", entry) for entry in hashes)


@pytest.mark.parametrize(("folder", "extra"), LAYERS.values())
def test_locks_hold_what_the_project_lists(repository: Path, folder: str, extra: str) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    listed = set(map(canonical, project["optional-dependencies"][extra]))
    assert listed <= set(map(canonical, requirements(repository, folder)))


def test_no_package_lies_in_two_layers_of_a_function(repository: Path) -> None:
    shared = set(map(canonical, requirements(repository, "dependencies")))
    for folder in ("authorizer_dependencies", "imaging_dependencies"):
        assert not shared & set(map(canonical, requirements(repository, folder)))


@pytest.mark.parametrize(("name", "folder"), [(name, at[0]) for name, at in LAYERS.items()])
def test_a_layer_is_built_for_lambda_s_machine(
    template: dict[str, Any], repository: Path, tmp_path: Path, name: str, folder: str
) -> None:
    layer = template["Resources"][name]
    assert layer["Metadata"]["BuildMethod"] == "makefile"
    assert layer["Properties"]["ContentUri"] == f"layers/{folder}"
    command = subprocess.run(
        ["make", "--dry-run", f"build-{name}", f"ARTIFACTS_DIR={tmp_path}"],
        cwd=repository / "layers" / folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "--require-hashes" in command
    assert "--only-binary=:all:" in command
    assert "--python-version 3.13" in command
    assert set(re.findall(r"--platform \S+_(\w+64)\b", command)) == {"aarch64"}
    assert f"--target {tmp_path}/python" in command.replace('"', "")


def modules_after(statement: str) -> set[str]:
    """What a fresh Python has loaded after a statement."""
    loaded = subprocess.run(
        [sys.executable, "-c", f"import sys; {statement}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return set(loaded.split())


def test_health_needs_no_layer_of_dependencies(repository: Path) -> None:
    before = modules_after("import lambdas")  # what the environment's own hooks load
    loaded = modules_after("import lambdas.health.handler") - before
    assert {name.partition(".")[0] for name in loaded} <= {
        "iris_oculus",
        "lambdas",
        *sys.stdlib_module_names,
    }


def test_inspect_reads_no_imaging_library_until_it_is_called() -> None:
    loaded = modules_after("import lambdas.inspect.handler")
    assert not {"iris_imaging", "nibabel", "numpy", "pydicom", "gdcm"} & loaded


def test_the_authorizer_loads_no_models() -> None:
    assert "pydantic" not in modules_after("import lambdas.authorizer.handler")


@pytest.mark.parametrize("function", ["authorizer", "completion", "inspect", "janitor"])
def test_what_sees_no_request_of_the_api_loads_nothing_of_http(function: str) -> None:
    loaded = modules_after(f"import lambdas.{function}.handler")
    assert not {"iris_oculus.lambda_http", "aws_lambda_powertools.event_handler"} & loaded


def test_layers_hold_all_that_the_code_imports(repository: Path) -> None:
    graph = grimp.build_graph(
        "lambdas",
        "iris_imaging",
        "iris_oculus",
        include_external_packages=True,
        exclude_type_checking_imports=True,
        cache_dir=None,
    )
    ours = {"lambdas", "iris_imaging", "iris_oculus"}
    given = set(map(canonical, requirements(repository, "dependencies"))) | {"boto3", "botocore"}
    imaging = given | set(map(canonical, requirements(repository, "imaging_dependencies")))
    tokens = given | set(map(canonical, requirements(repository, "authorizer_dependencies")))
    distributions = importlib.metadata.packages_distributions()
    for module in graph.modules:
        if module.split(".")[0] not in ours:
            continue
        available = given
        if module.startswith(("iris_imaging", "lambdas.inspect")):
            available = imaging
        elif module == "iris_oculus.sign_in":
            available = tokens
        for imported in graph.find_modules_directly_imported_by(module):
            package = imported.split(".")[0]
            if package not in ours | sys.stdlib_module_names:
                assert available & set(map(canonical, distributions[package])), (module, package)
