"""Every function gets the environment that its code reads, and no more."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from iris_oculus import settings, wiring

from tests.infrastructure.conftest import REPOSITORY, Resources
from tests.infrastructure.intrinsics import resolve

HANDLERS = sorted((REPOSITORY / "lambdas").glob("*/handler.py"))
PARAMETERS = {
    "Licences": "commercial",
    "SignInRequired": "false",
    "Stage": "dev",
    "WarmWindowSeconds": "900",
}
FOR_EVERYONE = {
    "STAGE",
    "POWERTOOLS_SERVICE_NAME",
    "POWERTOOLS_METRICS_NAMESPACE",
    "POWERTOOLS_LOG_LEVEL",
}


def environment_of(functions: Resources, handler: Path) -> dict[str, str]:
    uri = f"lambdas/{handler.parent.name}"
    (function,) = (entry for entry in functions.values() if entry["CodeUri"] == uri)
    variables: dict[str, object] = function["Environment"]["Variables"]
    return {name: _text(value) for name, value in variables.items()}


def _text(value: object) -> str:
    # A parameter or a resource becomes its default or its name at deployment.
    match value:
        case {"Ref": str(name)}:
            return PARAMETERS.get(name, name)
        case {"Fn::Join": [",", {"Ref": "AllowedOrigins"}]}:
            return "https://one.example,https://two.example"
    return str(resolve(value, stage="dev"))


def wired_by(handler: Path) -> set[str]:
    """Names of what a handler asks the composition root for."""
    return {
        node.attr
        for node in ast.walk(ast.parse(handler.read_text()))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "wiring"
    }


def forget() -> None:
    for provider in vars(wiring).values():
        if hasattr(provider, "cache_clear"):
            provider.cache_clear()


@pytest.fixture(autouse=True)
def _fresh_wiring() -> Iterator[None]:
    forget()
    yield
    forget()


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda path: path.parent.name)
def test_the_environment_is_enough(
    functions: Resources, handler: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = environment_of(functions, handler)
    for name in list(os.environ):
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")  # Lambda sets it

    for provider in wired_by(handler):
        getattr(wiring, provider)()
    # Raises SettingMissing, or KeyError for a kind of licences that there is none of, if not.


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda path: path.parent.name)
def test_nothing_is_set_that_nobody_reads(functions: Resources, handler: Path) -> None:
    read = set(re.findall(r'"([A-Z][A-Z0-9_]+)"', Path(settings.__file__).read_text()))
    assert set(environment_of(functions, handler)) <= read | FOR_EVERYONE


def test_health_needs_nothing_of_aws(functions: Resources) -> None:
    health = environment_of(functions, REPOSITORY / "lambdas" / "health" / "handler.py")
    assert set(health) == FOR_EVERYONE | {"ALLOWED_ORIGINS"}


def test_what_runs_in_the_cloud_is_totalsegmentator(functions: Resources) -> None:
    engines = {
        function["Environment"]["Variables"].get("ENGINE", "totalsegmentator")
        for function in functions.values()
    }
    assert engines == {"totalsegmentator"}


def test_every_kind_of_licences_is_known(template: dict[str, dict[str, dict[str, object]]]) -> None:
    allowed = template["Parameters"]["Licences"]["AllowedValues"]
    assert isinstance(allowed, list)
    assert set(allowed) == set(settings.LICENCES)
