"""Serves the built pages and the inputs to a browser of the same machine."""

import gzip
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

_GZIP_LEVEL = 6


@contextmanager
def serving(pages: Path, data: Path) -> Iterator[str]:
    """Serve ``pages`` at ``/`` and ``data`` at ``/data/``; gives the address.

    OBJ files go out with gzip, as text should; all else as it is stored.
    """

    @cache
    def body(path: Path) -> tuple[bytes, bool]:
        packed = path.suffix == ".obj"
        content = path.read_bytes()
        return (gzip.compress(content, _GZIP_LEVEL, mtime=0) if packed else content), packed

    for text in data.glob("*.obj"):
        body(text)  # packing is no part of what is measured

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections are kept, as S3 does
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            name = urlsplit(self.path).path.lstrip("/")
            inside = name.removeprefix("data/")
            path = (data if name != inside else pages) / inside
            if not path.is_file():
                self.send_response(HTTPStatus.NOT_FOUND)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            content, packed = body(path)
            self.send_response(HTTPStatus.OK)
            kind = mimetypes.guess_type(path.name)[0]
            self.send_header("Content-Type", kind or "application/octet-stream")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
