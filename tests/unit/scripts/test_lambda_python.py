from pathlib import Path

import pytest

from scripts.operations.lambda_python import lambda_python


def python(folder: Path, says: str, *, status: int = 0) -> Path:
    """A program called ``python3.13`` that answers every question alike."""
    folder.mkdir(parents=True)
    path = folder / "python3.13"
    path.write_text(f"#!/bin/sh\necho {says}\nexit {status}\n")
    path.chmod(0o755)
    return path


def test_what_is_told_is_taken(tmp_path: Path) -> None:
    told = python(tmp_path / "told", "3.13")
    python(tmp_path / "bin", "3.13")
    environment = {"LAMBDA_PYTHON": str(told), "PATH": str(tmp_path / "bin")}
    assert lambda_python(environment) == told


def test_what_is_told_is_not_replaced_by_another(tmp_path: Path) -> None:
    python(tmp_path / "bin", "3.13")
    environment = {"LAMBDA_PYTHON": "/nowhere/python", "PATH": str(tmp_path / "bin")}
    assert lambda_python(environment) is None


def test_a_stand_in_that_does_not_run_is_passed_over(tmp_path: Path) -> None:
    python(tmp_path / "shims", "", status=127)
    real = python(tmp_path / "bin", "3.13")
    path = f"{tmp_path / 'shims'}:{tmp_path / 'bin'}"
    assert lambda_python({"PATH": path}) == real


@pytest.mark.parametrize("home", ["HOME", "PYENV_ROOT"])
def test_pyenv_s_versions_are_known(tmp_path: Path, home: str) -> None:
    root = tmp_path if home == "PYENV_ROOT" else tmp_path / ".pyenv"
    real = python(root / "versions" / "3.13.5" / "bin", "3.13")
    assert lambda_python({"PATH": "", home: str(tmp_path)}) == real


@pytest.mark.parametrize("says", ["3.12", "2.7", "nothing"])
def test_another_version_will_not_do(tmp_path: Path, says: str) -> None:
    python(tmp_path / "bin", says)
    assert lambda_python({"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}) is None
