"""The README's ``curl`` examples work, one after the other, as they stand there."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.functional.answers import DESCRIPTION
from tests.functional.running_app import ObservedApp

TIMEOUT_S = 120


def examples(name: str) -> str:
    """All blocks under the heading ``## curl``, as one script."""
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    (section,) = re.findall(r"^## curl\n(.*?)(?=^## )", text, re.MULTILINE | re.DOTALL)
    blocks = re.findall(r"^```bash\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return "\n".join(blocks)


def calls(script: str) -> set[tuple[str, str]]:
    """Method and path template of every call of the API in a script."""
    found = set()
    for command in re.findall(r"^.*\bcurl\b(?:.*\\\n)*.*$", script, re.MULTILINE):
        for path in re.findall(r"\$API(/[^\"?\s]*)", command):
            explicit = re.search(r"-X (\w+)", command)
            sends = re.search(r"\s-d\s", command)
            method = explicit.group(1) if explicit else "POST" if sends else "GET"
            found.add((method.lower(), template_of(path)))
    return found


def template_of(path: str) -> str:
    """The description's template that a path of the examples fits."""
    for template in sorted(DESCRIPTION["paths"], key=lambda template: template.count("{")):
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return str(template)
    raise AssertionError(f"no route has the path {path}")


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_examples_run(app: ObservedApp, phantom_scan: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", examples("README.md")],
        cwd=tmp_path,
        env=os.environ | {"API": app.url, "SCAN": str(phantom_scan)},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "completed" in done.stdout
    assert '"job_not_found"' in done.stdout
    made = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert {"manifest.json", "model.glb", "bundle.zip"} <= made.keys()
    assert min(made.values()) > 0
    assert (tmp_path / "model.glb").read_bytes().startswith(b"glTF")


def test_every_route_has_an_example() -> None:
    described = {
        (method, path) for path, operations in DESCRIPTION["paths"].items() for method in operations
    }

    assert calls(examples("README.md")) == described
