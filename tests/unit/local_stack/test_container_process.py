import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from local_stack.child_process import answers
from local_stack.container_process import ContainerBroken, ContainerProcess

SERVER = """
import http.server, os, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = (os.environ["ENGINE"] + " " + os.environ["S3_BUCKET"]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

assert sys.argv[1:] == ["serve"]
port = int(os.environ["SAGEMAKER_BIND_TO_PORT"])
http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], ContainerProcess]]:
    running: list[ContainerProcess] = []

    def start_server(code: str) -> ContainerProcess:
        script = tmp_path / "server.py"
        script.write_text(dedent(code))
        environment = {"S3_BUCKET": "bucket"}
        running.append(
            ContainerProcess("hounsfield", environment, tmp_path / "container.log", script)
        )
        running[-1].start()
        return running[-1]

    yield start_server
    for container in running:
        container.stop()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def pings(container: ContainerProcess) -> bool:
    return answers(int(container.url().rpartition(":")[2]), "/ping")


def test_it_serves_and_is_gone_after_a_stop(start: Callable[[str], ContainerProcess]) -> None:
    container = start(SERVER)
    wait_for(lambda: pings(container))

    container.stop()

    assert not pings(container)


def test_it_is_started_again_when_it_is_killed(start: Callable[[str], ContainerProcess]) -> None:
    container = start(SERVER)
    wait_for(lambda: pings(container))
    first = container.pid
    assert first is not None

    os.kill(first, signal.SIGKILL)
    wait_for(lambda: container.pid != first and pings(container))


def test_one_that_never_starts_is_given_up(
    start: Callable[[str], ContainerProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local_stack.container_process.RESTART_PAUSES_S", (0.01,))
    container = start("raise SystemExit(1)")

    def broken() -> bool:
        try:
            container.url()
        except ContainerBroken:
            return True
        return False

    wait_for(broken)
