"""``scripts/create-layer.sh``, against an emulated Lambda."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from scripts.operations.layers import LAYERS, build, main
from tests.infrastructure.emulation import credentials, moto_url, run_script


@pytest.fixture(scope="module")
def endpoint_url() -> Iterator[str]:
    with moto_url() as url:
        yield url


def published(endpoint_url: str, name: str) -> list[dict[str, Any]]:
    client = boto3.client(
        "lambda",
        endpoint_url=endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="emulated",
        aws_secret_access_key="emulated",
    )
    versions: list[dict[str, Any]] = client.list_layer_versions(LayerName=name)["LayerVersions"]
    return versions


def test_twice_in_a_row_publishes_once(endpoint_url: str) -> None:
    runs = [
        run_script(
            "create-layer.sh", "iris_oculus", "--stage", "staging",
            environment=credentials(endpoint_url),
        )
        for _ in range(2)
    ]  # fmt: skip
    assert [run.returncode for run in runs] == [0, 0], runs[-1].stderr
    assert runs[0].stdout == runs[1].stdout
    versions = published(endpoint_url, "iris-oculus-staging")
    assert [version["LayerVersionArn"] for version in versions] == [runs[0].stdout.strip()]


def test_a_dry_run_publishes_nothing(endpoint_url: str) -> None:
    finished = run_script(
        "create-layer.sh", "iris_imaging", "--dry-run", environment=credentials(endpoint_url)
    )
    assert finished.returncode == 0, finished.stderr
    assert "would publish it as iris-imaging-dev" in finished.stdout
    assert published(endpoint_url, "iris-imaging-dev") == []


def test_a_stage_that_does_not_exist_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["iris_oculus", "--stage", "moon"]) == 1
    assert "samconfig.toml" in capsys.readouterr().err


def test_help_needs_no_access() -> None:
    finished = run_script("create-layer.sh", "--help", environment={})
    assert finished.returncode == 0
    assert "--dry-run" in finished.stdout


def test_a_zip_holds_what_lambda_puts_on_the_path() -> None:
    package = build(LAYERS["iris_oculus"])
    assert build(LAYERS["iris_oculus"]) == package
    names = zipfile.ZipFile(io.BytesIO(package)).namelist()
    assert "python/iris_oculus/errors.py" in names
    assert all(name.startswith("python/") for name in names)
    # Whatever Python ran in the checkout, only what Lambda's can use is packed.
    assert all(name.endswith(".cpython-313.pyc") for name in names if "__pycache__" in name)


def test_dependencies_are_built_by_their_makefile() -> None:
    names = zipfile.ZipFile(io.BytesIO(build(LAYERS["authorizer_dependencies"]))).namelist()
    assert "python/jwt/__init__.py" in names
    assert any("aarch64" in name for name in names)


def test_layers_are_called_as_in_the_template(template: dict[str, Any]) -> None:
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            layer = LAYERS[resource["Properties"]["ContentUri"].removeprefix("layers/")]
            assert resource["Properties"]["LayerName"]["Fn::Join"][1][0] == layer.name
            assert layer.make_target == f"build-{name}"
