"""The template is clean, and every function is what the others expect it to be."""

import importlib
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint_file

from tests.infrastructure.conftest import Resources
from tests.infrastructure.intrinsics import resolve

SHARED_LAYERS = ["IrisOculusLayer", "DependenciesLayer"]
OTHER_LAYERS = {
    "health": ["IrisOculusLayer"],
    "inspect": [*SHARED_LAYERS, "IrisImagingLayer", "ImagingDependenciesLayer"],
    "authorizer": [*SHARED_LAYERS, "AuthorizerDependenciesLayer"],
}


def route_of(function: dict[str, Any]) -> str:
    """Name of the folder in ``lambdas/`` that holds the function."""
    return str(function["CodeUri"]).removeprefix("lambdas/")


def test_the_raw_template_lints_clean(repository: Path) -> None:
    assert [str(match) for match in lint_file(repository / "template.yaml")] == []


def test_the_transformed_template_lints_clean(transformed_path: Path) -> None:
    assert [str(match) for match in lint_file(transformed_path)] == []


def test_every_folder_of_lambdas_is_one_function(functions: Resources, repository: Path) -> None:
    folders = [path.parent.name for path in (repository / "lambdas").glob("*/handler.py")]
    assert sorted(map(route_of, functions.values())) == sorted(folders)


def test_every_function_has_the_handler_that_it_names(functions: Resources) -> None:
    for function in functions.values():
        module, attribute = function["Handler"].split(".")
        handler = importlib.import_module(f"lambdas.{route_of(function)}.{module}")
        assert callable(getattr(handler, attribute))


def test_every_function_runs_python_313_on_arm64(functions: Resources) -> None:
    assert {function["Runtime"] for function in functions.values()} == {"python3.13"}
    assert all(function["Architectures"] == ["arm64"] for function in functions.values())


@pytest.mark.parametrize(("stage", "suffix"), [("prod", ""), ("dev", "-dev"), ("qa2", "-qa2")])
def test_names_follow_the_stage(functions: Resources, stage: str, suffix: str) -> None:
    for function in functions.values():
        expected = f"iris-{route_of(function)}{suffix}"
        assert resolve(function["FunctionName"], stage=stage) == expected


@pytest.mark.parametrize("stage", ["prod", "dev"])
def test_every_function_logs_json_to_a_group_of_its_own_that_forgets(
    template: dict[str, Any], functions: Resources, stage: str
) -> None:
    for function in functions.values():
        logging = function["LoggingConfig"]
        assert logging["LogFormat"] == "JSON"
        group = template["Resources"][logging["LogGroup"]["Ref"]]["Properties"]
        name = resolve(function["FunctionName"], stage=stage)
        assert resolve(group["LogGroupName"], stage=stage) == f"/aws/lambda/{name}"
        assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_every_function_is_traced(functions: Resources) -> None:
    assert {function["Tracing"] for function in functions.values()} == {"Active"}


def test_every_function_has_the_layers_that_its_code_needs(functions: Resources) -> None:
    for function in functions.values():
        layers = [layer["Ref"] for layer in function["Layers"]]
        assert layers == OTHER_LAYERS.get(route_of(function), SHARED_LAYERS)


def test_functions_behind_the_api_end_before_the_gateway_does(functions: Resources) -> None:
    for function in functions.values():
        if any(event["Type"] == "Api" for event in function.get("Events", {}).values()):
            assert function["Timeout"] <= 29


@pytest.mark.parametrize("stage", ["prod", "dev"])
def test_everyone_means_the_same_endpoint(
    template: dict[str, Any], functions: Resources, stage: str
) -> None:
    expected = "iris-totalsegmentator-endpoint" + ("" if stage == "prod" else f"-{stage}")
    assert resolve(template["Outputs"]["EndpointName"]["Value"], stage=stage) == expected
    callers = 0
    for function in functions.values():
        variables = function["Environment"]["Variables"]
        if "SAGEMAKER_ENDPOINT_NAME" in variables:
            assert resolve(variables["SAGEMAKER_ENDPOINT_NAME"], stage=stage) == expected
        for policy in function.get("Policies", []):
            for statement in policy["Statement"]:
                if statement["Action"] == "sagemaker:InvokeEndpointAsync":
                    callers += 1
                    arn = resolve(statement["Resource"], stage=stage)
                    assert arn.endswith(f":endpoint/{expected}")
                    assert "SAGEMAKER_ENDPOINT_NAME" in variables
    assert callers == 3


def test_outputs_name_every_function(template: dict[str, Any], functions: Resources) -> None:
    values = [output["Value"] for output in template["Outputs"].values()]
    assert all({"Ref": name} in values for name in functions)
