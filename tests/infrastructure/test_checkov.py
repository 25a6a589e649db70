"""checkov finds nothing open or unencrypted but what is waived, each with its reason."""

import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

Finding = tuple[str, str]
"""Id of the check, and logical id of the resource."""


@pytest.fixture(scope="module")
def findings(repository: Path, transformed_path: Path) -> set[Finding]:
    """Everything that checkov finds fault with, in the stack and its nested stacks."""
    program = repository / ".venvs" / "checkov" / "bin" / "checkov"
    if not program.is_file():
        pytest.skip("checkov is not installed: `make infrastructure` does it")
    nested = sorted((repository / "infrastructure").glob("*.yaml"))
    files = [argument for path in [transformed_path, *nested] for argument in ("--file", path)]
    finished = subprocess.run(
        # --skip-download: guides come from its maker's servers.
        [program, "--framework", "cloudformation", "--skip-download", "--output", "json", *files],
        cwd=transformed_path.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    report: dict[str, Any] = json.loads(finished.stdout)
    summary = report["summary"]
    assert summary["parsing_errors"] == 0
    assert summary["passed"] > 200
    failed = report["results"]["failed_checks"]
    return {(check["check_id"], check["resource"].split(".")[-1]) for check in failed}


@pytest.fixture(scope="module")
def waivers() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("checkov_waivers.toml").read_text())


def test_every_finding_is_waived(
    findings: set[Finding], waivers: dict[str, dict[str, Any]]
) -> None:
    open_findings = {
        (check, resource)
        for check, resource in findings
        if check not in waivers or resource not in waivers[check].get("resources", [resource])
    }
    assert open_findings == set()


def test_every_waiver_is_needed_and_argued(
    findings: set[Finding], waivers: dict[str, dict[str, Any]]
) -> None:
    found = {check for check, _ in findings}
    for check, waiver in waivers.items():
        assert check in found
        assert {(check, resource) for resource in waiver.get("resources", [])} <= findings
        assert waiver["reason"]
