"""The client against a small API of its own, over HTTP."""

import gzip
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local_stack.client import ApiClient, ApiError, DownloadDamaged, ProcessOptions
from local_stack.server_thread import ServerThread

PART_BYTES = 1000


class FakeApi:
    """Takes uploads in one piece or in parts, and serves a few files."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.parts: dict[int, bytes] = {}
        self.single: bytes | None = None
        self.signed: list[list[int]] = []
        self.files: dict[str, tuple[bytes, str | None]] = {}
        self.jobs: list[dict[str, Any]] = []
        self.completed = False
        self.server = ServerThread(
            Starlette(
                routes=[
                    Route("/upload", self._create, methods=["POST"]),
                    Route("/upload/j1", self._state),
                    Route("/upload/j1/parts", self._sign, methods=["POST"]),
                    Route("/upload/j1/complete", self._complete, methods=["POST"]),
                    Route("/jobs/j1", self._job),
                    Route("/put/{number:int}", self._put, methods=["PUT"]),
                    Route("/stored/{name}", self._stored),
                ]
            ),
            name="fake API",
        )

    async def _create(self, request: Request) -> Response:
        body = await request.json()
        self.bodies.append(body)
        if "file" in body:
            return JSONResponse({"ok": True, "jobId": "j1"})
        if body["filename"] == "scan.nii":
            upload = {"kind": "single", "url": self._url(0), "headers": {"Content-Type": "a/b"}}
        else:
            count = -(-body["size"] // PART_BYTES)
            upload = {"kind": "multipart", "part_size_bytes": PART_BYTES, "part_count": count}
        return JSONResponse({"ok": True, "jobId": "j1", "upload": upload})

    def _url(self, number: int) -> str:
        return f"{self.server.url}/put/{number}"

    async def _put(self, request: Request) -> Response:
        number, body = request.path_params["number"], await request.body()
        if number:
            self.parts[number] = body
        elif request.headers["content-type"] == "a/b" and "content-length" in request.headers:
            self.single = body
        else:
            return Response("<Error/>", status_code=403)
        return Response()

    def _state(self, _: Request) -> Response:
        return JSONResponse({"ok": True, "parts": [{"partNumber": n} for n in self.parts]})

    async def _sign(self, request: Request) -> Response:
        numbers = (await request.json())["partNumbers"]
        self.signed.append(numbers)
        return JSONResponse(
            {"ok": True, "parts": [{"partNumber": n, "url": self._url(n)} for n in numbers]}
        )

    def _complete(self, _: Request) -> Response:
        self.completed = True
        return JSONResponse({"ok": True, "jobId": "j1", "status": "uploaded"})

    def _job(self, _: Request) -> Response:
        return JSONResponse({"ok": True, "job": self.jobs.pop(0)})

    def _stored(self, request: Request) -> Response:
        body, encoding = self.files[request.path_params["name"]]
        return Response(body, headers={"Content-Encoding": encoding} if encoding else {})


@pytest.fixture
def api() -> Iterator[FakeApi]:
    fake = FakeApi()
    yield fake
    fake.server.stop()


@pytest.fixture
def client(api: FakeApi) -> Iterator[ApiClient]:
    with ApiClient(api.server.url, user_id="u1") as made:
        yield made


@pytest.fixture
def scan(tmp_path: Path) -> Callable[[str, int], Path]:
    def make(name: str, size: int) -> Path:
        path = tmp_path / name
        path.write_bytes(bytes(n % 251 for n in range(size)))
        return path

    return make


def test_a_scan_in_one_piece(
    api: FakeApi, client: ApiClient, scan: Callable[[str, int], Path]
) -> None:
    path = scan("scan.nii", 2_500_000)
    sent: list[int] = []

    assert client.upload_presigned(path, sent.append) == "j1"

    assert api.bodies == [{"userId": "u1", "filename": "scan.nii", "size": 2_500_000}]
    assert api.single == path.read_bytes()
    assert sum(sent) == 2_500_000
    assert len(sent) > 1
    assert api.completed


def test_an_upload_in_parts_goes_on_with_what_has_not_arrived(
    api: FakeApi, client: ApiClient, scan: Callable[[str, int], Path]
) -> None:
    path = scan("big.nii.gz", 250 * PART_BYTES - 1)
    content = path.read_bytes()
    api.parts = {1: content[:PART_BYTES], 3: content[2 * PART_BYTES : 3 * PART_BYTES]}

    client.upload_presigned(path)

    assert b"".join(api.parts[n] for n in sorted(api.parts)) == content
    assert [len(numbers) for numbers in api.signed] == [100, 100, 48]
    assert not {1, 3} & set(api.signed[0])


def test_a_small_scan_goes_inside_of_the_request(
    api: FakeApi, client: ApiClient, scan: Callable[[str, int], Path]
) -> None:
    client.upload_inline(scan("scan.nii", 3))

    assert api.bodies == [{"userId": "u1", "filename": "scan.nii", "file": "AAEC"}]


def test_errors_carry_what_the_api_says(client: ApiClient) -> None:
    error = {"code": "job_not_found", "message": "No such job.", "hint": "Check the id."}

    caught = ApiError(404, error)

    assert (caught.status, caught.code, str(caught)) == (
        404,
        "job_not_found",
        "No such job. Check the id.",
    )


def test_waiting_ends_with_the_job(api: FakeApi, client: ApiClient) -> None:
    api.jobs = [{"status": "processing"}, {"status": "processing"}, {"status": "failed"}]

    assert client.wait("j1", every_s=0.001) == {"status": "failed"}


def test_waiting_ends_in_time(api: FakeApi, client: ApiClient) -> None:
    api.jobs = [{"status": "processing"}] * 100

    with pytest.raises(TimeoutError):
        client.wait("j1", every_s=0.001, timeout_s=0.01)


def artifact(api: FakeApi, name: str, stored: bytes, encoding: str | None) -> dict[str, Any]:
    api.files[name] = (stored, encoding)
    return {
        "name": name,
        "url": f"{api.server.url}/stored/{name}",
        "sha256": hashlib.sha256(stored).hexdigest(),
        "content_encoding": encoding,
    }


@pytest.mark.parametrize("encoding", [None, "gzip"])
def test_a_downloaded_file_is_what_was_made(
    api: FakeApi, client: ApiClient, tmp_path: Path, encoding: str | None
) -> None:
    content = b"v 1 2 3\n" * 1000
    stored = gzip.compress(content) if encoding else content

    path = client.download(artifact(api, "liver.obj", stored, encoding), tmp_path)

    assert path == tmp_path / "liver.obj"
    assert path.read_bytes() == content


def test_a_damaged_download_is_an_error(api: FakeApi, client: ApiClient, tmp_path: Path) -> None:
    listed = artifact(api, "liver.obj", b"content", None)
    api.files["liver.obj"] = (b"c0ntent", None)

    with pytest.raises(DownloadDamaged):
        client.download(listed, tmp_path)


@pytest.mark.parametrize("name", ["../x", "a/b", "/etc/x"])
def test_no_download_leaves_its_folder(
    api: FakeApi, client: ApiClient, tmp_path: Path, name: str
) -> None:
    with pytest.raises(DownloadDamaged):
        client.download({"name": name, "url": api.server.url, "sha256": ""}, tmp_path)


def test_only_options_that_are_set_are_sent() -> None:
    assert ProcessOptions().fields() == {}
    assert ProcessOptions(fast=False, reduction_percent=0).fields() == {
        "fast": False,
        "reduction_percent": 0,
    }
