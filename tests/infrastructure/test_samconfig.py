"""Deployments by name."""

import tomllib
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def samconfig(repository: Path) -> dict[str, Any]:
    return tomllib.loads((repository / "samconfig.toml").read_text())


@pytest.mark.parametrize("stage", ["dev", "staging", "prod"])
def test_every_stage_deploys_a_stack_of_its_own(
    samconfig: dict[str, Any], template: dict[str, Any], stage: str
) -> None:
    deploy = samconfig[stage]["deploy"]["parameters"]
    overrides = dict(entry.split("=", 1) for entry in deploy["parameter_overrides"])
    assert overrides["Stage"] == stage
    assert overrides.keys() <= template["Parameters"].keys()
    assert deploy["stack_name"] == ("iris-oculus" if stage == "prod" else f"iris-oculus-{stage}")
    allowed = template["Parameters"]["LogRetentionDays"]["AllowedValues"]
    assert int(overrides["LogRetentionDays"]) in allowed


def test_production_asks_before_it_changes(samconfig: dict[str, Any]) -> None:
    assert samconfig["prod"]["deploy"]["parameters"]["confirm_changeset"] is True
