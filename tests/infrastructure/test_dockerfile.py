"""The image cannot be built everywhere; what it is made of can be checked everywhere."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

DOCKERFILE = REPOSITORY / "sagemaker" / "Dockerfile"
CODE = ("iris_oculus", "iris_imaging", "scan_to_mesh", "inference.py")


@pytest.fixture(scope="module")
def instructions() -> list[tuple[str, str]]:
    """Instructions and their arguments, without comments and continuations."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines if line.strip()]


def copies(instructions: list[tuple[str, str]]) -> list[tuple[list[str], str]]:
    words = [arguments.split() for name, arguments in instructions if name == "COPY"]
    return [(each[:-1], each[-1]) for each in words]


def test_everything_that_is_copied_exists_and_is_sent_to_the_builder(
    instructions: list[tuple[str, str]],
) -> None:
    allowed = DOCKERFILE.with_name("Dockerfile.dockerignore").read_text().splitlines()
    sources = [source for each, _ in copies(instructions) for source in each]
    assert sources
    for source in sources:
        assert (REPOSITORY / source).exists()
        assert f"!{source}" in allowed


def test_the_program_is_complete_without_the_repository(
    instructions: list[tuple[str, str]], tmp_path: Path
) -> None:
    for (source, *_), target in copies(instructions):
        if target in CODE:
            copy = shutil.copytree if (REPOSITORY / source).is_dir() else shutil.copy
            copy(REPOSITORY / source, tmp_path / target)
    program = (
        "import inspect, iris_imaging, iris_oculus, scan_to_mesh.pipeline, scan_to_mesh.server;"
        "print(iris_imaging.__file__, iris_oculus.__file__, scan_to_mesh.server.__file__)"
    )
    files = subprocess.check_output([sys.executable, "-c", program], cwd=tmp_path, text=True)
    assert len(files.split()) == 3
    assert all(Path(file).is_relative_to(tmp_path) for file in files.split())


def test_it_runs_the_engine_of_the_cloud_as_sagemaker_starts_it(
    instructions: list[tuple[str, str]],
) -> None:
    last = dict(instructions)
    assert ("ENV", "ENGINE=totalsegmentator") in instructions
    assert json.loads(last["ENTRYPOINT"]) == ["python", "/opt/program/inference.py"]
    assert json.loads(last["CMD"]) == ["serve"]
    assert last["EXPOSE"] == "8080"
    assert "USER" not in last
    assert "ALLOW_WEIGHTS_DOWNLOAD" not in DOCKERFILE.read_text()


def test_every_requirement_is_hashed() -> None:
    lock = (REPOSITORY / "sagemaker" / "requirements.txt").read_text()
    pinned = re.findall(r"^([a-z0-9._-]+)==", lock, flags=re.MULTILINE)
    blocks = re.split(r"^(?=[a-z0-9._-]+==)", lock, flags=re.MULTILINE)[1:]
    assert {"totalsegmentator", "nnunetv2", "boto3", "pydicom", "numpy"} <= set(pinned)
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in lock
