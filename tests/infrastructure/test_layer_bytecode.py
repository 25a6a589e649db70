"""Layers hold bytecode of Lambda's Python where it can be made, and are built where it cannot."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.operations.lambda_python import VERSION, lambda_python
from scripts.operations.layers import LAYERS, Layer
from tests.infrastructure.conftest import Resources

UNCHECKED_HASH = 0b01
"""Flags of such a file: bit 0 for a hash in place of a time, bit 1 for checking it (PEP 552)."""


def make(layer: Layer, repository: Path, content: Path, python: str) -> str:
    """Build a layer as ``sam build`` does; returns what it says."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "--silent", layer.make_target, f"ARTIFACTS_DIR={content}"],
        cwd=repository / "layers" / layer.folder,
        env={**kept, "PYTHON": sys.executable, "LAMBDA_PYTHON": python},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=300,
    ).stdout


@pytest.fixture(scope="module")
def compiler() -> str:
    found = lambda_python(os.environ)
    if found is None:
        pytest.skip(f"no Python {VERSION} here: set LAMBDA_PYTHON to one")
    return str(found)


@pytest.mark.parametrize("folder", LAYERS)
def test_every_source_has_bytecode_that_needs_no_time_stamp(
    repository: Path, tmp_path: Path, compiler: str, folder: str
) -> None:
    assert make(LAYERS[folder], repository, tmp_path, compiler) == ""
    assert [path.name for path in tmp_path.iterdir()] == ["python"]
    sources = list(tmp_path.rglob("*.py"))
    assert sources
    expected = {
        path.parent / "__pycache__" / f"{path.stem}.cpython-313.pyc": path for path in sources
    }
    # No bytecode of the Python that the developer runs comes along.
    assert set(tmp_path.rglob("*.pyc")) == expected.keys()
    for bytecode, source in expected.items():
        content = bytecode.read_bytes()
        assert int.from_bytes(content[4:8], "little") == UNCHECKED_HASH
        # Tracebacks name the source where Lambda mounts the layer.
        assert f"/opt/{source.relative_to(tmp_path)}".encode() in content


def test_bytecode_is_the_same_wherever_it_is_built(
    repository: Path, tmp_path: Path, compiler: str
) -> None:
    built = []
    for name in ("one", "two"):
        make(LAYERS["iris_oculus"], repository, tmp_path / name, compiler)
        paths = sorted((tmp_path / name).rglob("*.pyc"))
        built.append([path.read_bytes() for path in paths])
    assert built[0] == built[1]


@pytest.mark.parametrize("python", ["/nowhere/python3.13", "false", ""])
def test_without_lambda_s_python_the_build_passes_and_says_what_it_costs(
    repository: Path, tmp_path: Path, python: str
) -> None:
    (said,) = make(LAYERS["iris_oculus"], repository, tmp_path, python).splitlines()
    assert "no bytecode" in said
    assert "twice as long" in said
    assert (tmp_path / "python" / "iris_oculus" / "errors.py").is_file()
    assert list(tmp_path.rglob("*.pyc")) == []


def test_every_layer_is_built_and_compiled_the_same_way(
    template: dict[str, Resources], repository: Path
) -> None:
    layers = {
        name: resource
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::LayerVersion"
    }
    assert all(layer["Metadata"]["BuildMethod"] == "makefile" for layer in layers.values())
    folders = {layer["Properties"]["ContentUri"] for layer in layers.values()}
    assert folders == {f"layers/{folder}" for folder in LAYERS}
    recipes = {
        (repository / folder / "Makefile").read_text().partition("define compile")[2]
        for folder in folders
    }
    assert len(recipes) == 1
    assert recipes != {""}
