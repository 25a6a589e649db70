"""The image cannot be built everywhere; what it is made of can be checked everywhere."""

import json
import os
import re
import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

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
    settings = [word for name, words in instructions if name == "ENV" for word in words.split()]
    assert "ENGINE=totalsegmentator" in settings
    assert json.loads(last["ENTRYPOINT"]) == ["python", "/opt/program/inference.py"]
    assert json.loads(last["CMD"]) == ["serve"]
    assert last["EXPOSE"] == "8080"
    assert "USER" not in last


def test_nothing_is_fetched_or_reported_at_run_time(instructions: list[tuple[str, str]]) -> None:
    text = DOCKERFILE.read_text()
    assert re.findall(r"ALLOW_WEIGHTS_DOWNLOAD=(\w+)", text) == ["false"]
    before, _, _ = text.partition("totalseg_download_weights -t")
    assert '"send_usage_stats": false' in before


def test_weights_are_chosen_by_an_argument_that_only_later_layers_depend_on(
    instructions: list[tuple[str, str]], tmp_path: Path
) -> None:
    names = [name for name, _ in instructions]
    assert names.index("ARG") > max(
        at for at, (name, words) in enumerate(instructions) if name == "RUN" and "pip" in words
    )
    downloads = next(words for name, words in instructions if "download_weights" in words)
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "totalseg_download_weights"
    program.write_text('#!/bin/sh\necho "$2" >> "$CALLS"\ntest "$2" != lost\n')
    program.chmod(0o755)

    def fetched(tasks: str) -> tuple[int, list[str]]:
        calls = tmp_path / f"calls of {tasks}"
        environment = {
            "PATH": f"{program.parent}:{os.environ['PATH']}",
            "TOTALSEG_HOME_DIR": str(tmp_path / f"home of {tasks}"),
            "TASKS": tasks,
            "CALLS": str(calls),
        }
        finished = subprocess.run(["/bin/sh", "-c", downloads], env=environment, check=False)
        return finished.returncode, calls.read_text().split()

    default = dict(instructions)["ARG"].split("=", 1)[1].strip('"')
    assert fetched(default) == (0, ["total", "total_fast"])
    assert fetched("total_fast,body") == (0, ["total_fast", "body"])
    code, _ = fetched("total,lost,body")
    assert code != 0


def test_the_base_is_of_one_version_of_the_python_that_the_lock_is_for() -> None:
    (base,) = re.findall(r"^FROM (\S+)$", DOCKERFILE.read_text(), flags=re.MULTILINE)
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm", base)


def test_the_image_holds_what_the_test_environment_holds() -> None:
    """The image cannot be built everywhere; `make test-totalsegmentator` runs the same versions."""

    def versions(path: str) -> dict[str, str]:
        text = (REPOSITORY / path).read_text()
        return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", text, flags=re.MULTILINE))

    image = versions("sagemaker/requirements.txt")
    environment = versions("requirements/totalsegmentator.txt")
    assert image.items() <= environment.items()
    # What the environment has beside: the tests, and the laptop's stack that they run in.
    assert {"pytest", "starlette", "uvicorn"} <= environment.keys() - image.keys()
    install = (REPOSITORY / "scripts" / "install-totalsegmentator.sh").read_text()
    for lock in ("requirements/totalsegmentator-torch.txt", "requirements/totalsegmentator.txt"):
        assert lock in install


def test_health_is_asked_where_the_server_listens(instructions: list[tuple[str, str]]) -> None:
    program = json.loads(dict(instructions)["HEALTHCHECK"].partition("CMD ")[2])
    seen = []

    class Ping(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(200 if len(seen) == 1 else 503)
            self.end_headers()

        def log_request(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Ping)
    thread = Thread(target=server.serve_forever)
    thread.start()
    environment = {"SAGEMAKER_BIND_TO_PORT": str(server.server_port)}
    command = [sys.executable, *program[1:]]
    codes = [
        subprocess.run(command, env=environment, capture_output=True, check=False).returncode
        for _ in range(2)
    ]
    server.shutdown()
    thread.join()
    server.server_close()
    assert codes == [0, 1]
    assert seen == ["/ping", "/ping"]


def test_every_requirement_is_hashed() -> None:
    lock = (REPOSITORY / "sagemaker" / "requirements.txt").read_text()
    pinned = re.findall(r"^([a-z0-9._-]+)==", lock, flags=re.MULTILINE)
    blocks = re.split(r"^(?=[a-z0-9._-]+==)", lock, flags=re.MULTILINE)[1:]
    assert {"totalsegmentator", "nnunetv2", "boto3", "pydicom", "numpy"} <= set(pinned)
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in lock
