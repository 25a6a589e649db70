"""Lambda's Runtime API, as far as one execution environment of one function needs it."""

import json
import queue
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DEADLINE_S = 60
ARN = "arn:aws:lambda:us-east-1:123456789012:function:iris-benchmark"


@dataclass(frozen=True)
class Ended:
    """How an invocation ended: ``response`` or ``error``."""

    kind: str
    body: Any


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing of a function that was stopped while it waited for an event."""


class RuntimeApi:
    """Gives a function its events and takes what it answers.

    Usage: start the function with ``AWS_LAMBDA_RUNTIME_API`` set to ``address``, wait for
    :meth:`wait_until_ready`, call :meth:`invoke`.
    """

    def __init__(self) -> None:
        self._events: queue.Queue[bytes] = queue.Queue()
        self._ended: queue.Queue[Ended] = queue.Queue()
        self._ready = threading.Event()
        self._init_error = ""
        self._server = _Server(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_port}"

    def wait_until_ready(self) -> None:
        """Return when the function asks for its first event: its init is over."""
        if not self._ready.wait(DEADLINE_S) or self._init_error:
            raise RuntimeError(f"the function does not start: {self._init_error}")

    def invoke(self, event: Any) -> Ended:
        """Hand out an event and wait for its end."""
        self._events.put(json.dumps(event).encode())
        return self._ended.get(timeout=DEADLINE_S)

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Answers are sent at once: Nagle's algorithm would add some 40 ms to each.
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_GET(self) -> None:
                api._ready.set()
                event = api._events.get()
                self._answer(
                    200,
                    event,
                    {
                        "Lambda-Runtime-Aws-Request-Id": "00000000-0000-0000-0000-000000000000",
                        "Lambda-Runtime-Deadline-Ms": str(int((time.time() + DEADLINE_S) * 1000)),
                        "Lambda-Runtime-Invoked-Function-Arn": ARN,
                        "Content-Type": "application/json",
                    },
                )

            def do_POST(self) -> None:
                body = self._body()
                kind = self.path.rpartition("/")[2]
                if self.path.endswith("/init/error"):
                    api._init_error = body.decode()
                    api._ready.set()
                else:
                    api._ended.put(Ended(kind, json.loads(body or b"null")))
                self._answer(202, b'{"status": "OK"}', {})

            def _body(self) -> bytes:
                if self.headers.get("Transfer-Encoding") != "chunked":
                    return self.rfile.read(int(self.headers.get("Content-Length") or 0))
                whole = b""
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    whole += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return whole

            def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                """Say nothing."""

        return Handler
