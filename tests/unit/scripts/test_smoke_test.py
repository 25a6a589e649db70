"""Whether a deployment is up, asked over HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from iris_oculus.contracts import HealthAnswer

from scripts.operations.deployment import OperationFailed
from scripts.operations.smoke_test import Patience, check_health, main

UP = (200, HealthAnswer().model_dump_json())
SOMEONE_ELSE = (200, json.dumps({"service": "another"}))
STARTING = (503, "")
LIST = (200, "[]")
AT_ONCE = Patience(attempts=3, pause_s=0, timeout_s=5)


@contextmanager
def answering(*answers: tuple[int, str]) -> Iterator[str]:
    """An API that gives these answers in turn, and the last one from then on."""
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, text = left.pop(0) if len(left) > 1 else left[0]
            if self.path != "/dev/healthz":
                status = 404
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_request(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/dev"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("answers", [(UP,), (STARTING, UP), (STARTING, LIST, UP)])
def test_waits_until_the_service_answers_as_itself(answers: tuple[tuple[int, str], ...]) -> None:
    with answering(*answers) as url:
        assert check_health(url + "/", AT_ONCE) == HealthAnswer().version


@pytest.mark.parametrize(
    ("answer", "said"), [(STARTING, "status 503"), (SOMEONE_ELSE, "another"), (LIST, "status 200")]
)
def test_says_what_answered_instead(answer: tuple[int, str], said: str) -> None:
    with answering(answer) as url, pytest.raises(OperationFailed, match=said) as failed:
        check_health(url, AT_ONCE)
    assert "/aws/lambda/iris-health" in failed.value.hint


def test_says_that_nobody_answers() -> None:
    with pytest.raises(OperationFailed, match="no answer"):
        check_health("http://127.0.0.1:9", AT_ONCE)


def test_the_command_asks_the_address_that_it_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    with answering(UP) as url:
        assert main(["--stage", "dev", "--api-url", url]) == 0
    assert "is up: version" in capsys.readouterr().out


def test_the_command_fails_for_a_stage_that_does_not_exist(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--stage", "moon"]) == 1
    assert "samconfig.toml" in capsys.readouterr().err
