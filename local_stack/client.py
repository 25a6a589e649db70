"""A client of the public API: what a script outside of this project would do, over HTTP alone."""

import base64
import gzip
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self
from urllib.parse import quote

import httpx

CHUNK_BYTES = 2**20
SIGN_AT_ONCE = 100
"""Part URLs that one request may ask for."""
REQUEST_TIMEOUT_S = 60.0
TERMINAL = frozenset({"completed", "failed", "cancelled", "deleted"})

Json = dict[str, Any]
OnBytes = Callable[[int], None]


class ApiError(Exception):
    """The API answered with an error.

    Attributes
    ----------
    status : int
    code, message, hint : str
    """

    def __init__(self, status: int, error: Mapping[str, str]) -> None:
        super().__init__(f"{error['message']} {error['hint']}")
        self.status = status
        self.code = error["code"]
        self.message = error["message"]
        self.hint = error["hint"]


class DownloadDamaged(Exception):
    """A downloaded artifact is not the one that the job lists."""


@dataclass(frozen=True)
class ProcessOptions:
    """Fields of ``POST /process/totalseg``; None leaves the API's default."""

    device: str | None = None
    fast: bool | None = None
    task: str | None = None
    roi_subset: Sequence[str] | None = None
    reduction_percent: int | None = None
    formats: Sequence[str] | None = None

    def fields(self) -> Json:
        """What is set, as JSON."""
        return {name: value for name, value in vars(self).items() if value is not None}


class ApiClient:
    """One user's view of the API.

    Parameters
    ----------
    base_url : str
    user_id : str
        Owner of the jobs while sign-in is off.
    """

    def __init__(self, base_url: str, *, user_id: str = "demo") -> None:
        self._user_id = user_id
        # Local endpoints are never behind a proxy.
        self._http = httpx.Client(base_url=base_url, timeout=REQUEST_TIMEOUT_S, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._http.close()

    def call(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        query: Mapping[str, str] | None = None,
    ) -> Json:
        """One request of the API and its JSON answer.

        Raises
        ------
        ApiError
            If the API says so.
        """
        response = self._http.request(method, path, json=body, params=query)
        answer: Json = response.json()
        if not response.is_success:
            raise ApiError(response.status_code, answer["error"])
        return answer

    # ---------------------------------------------------------------- upload

    def upload_inline(self, scan: Path) -> str:
        """Send a small scan inside of the request; returns the job id."""
        content = base64.b64encode(scan.read_bytes()).decode()
        return str(self._new_job({"filename": scan.name, "file": content})["jobId"])

    def upload_presigned(self, scan: Path, on_bytes: OnBytes = lambda _: None) -> str:
        """Send a scan straight to the bucket, in one piece or in parts as the API says.

        Parameters
        ----------
        scan : Path
        on_bytes : callable, optional
            Told how many more bytes were sent.

        Returns
        -------
        str
            The job id.
        """
        answer = self._new_job({"filename": scan.name, "size": scan.stat().st_size})
        job_id, upload = str(answer["jobId"]), answer["upload"]
        if upload["kind"] == "single":
            with scan.open("rb") as file:
                self._put(upload["url"], file, scan.stat().st_size, upload["headers"], on_bytes)
        else:
            self.send_parts(job_id, scan, upload, on_bytes)
        self.complete(job_id)
        return job_id

    def upload_from(self, job_id: str) -> str:
        """A new job on another job's scan; returns its id."""
        return str(self._new_job({"fromJobId": job_id})["jobId"])

    def send_parts(
        self, job_id: str, scan: Path, upload: Json, on_bytes: OnBytes = lambda _: None
    ) -> None:
        """Send the parts that have not arrived yet: an upload that broke off goes on.

        Parameters
        ----------
        upload : dict
            What ``POST /upload`` or ``GET /upload/{jobId}`` said of the parts.
        """
        part_size = upload["part_size_bytes"]
        arrived = {part["partNumber"] for part in self.upload_state(job_id)["parts"]}
        missing = [n for n in range(1, upload["part_count"] + 1) if n not in arrived]
        with scan.open("rb") as file:
            for start in range(0, len(missing), SIGN_AT_ONCE):
                for part in self.sign_parts(job_id, missing[start : start + SIGN_AT_ONCE]):
                    offset = (part["partNumber"] - 1) * part_size
                    file.seek(offset)
                    size = min(part_size, scan.stat().st_size - offset)
                    self._put(part["url"], file, size, {}, on_bytes)

    def sign_parts(self, job_id: str, numbers: Sequence[int]) -> list[Json]:
        """URLs for some parts of an upload."""
        answer = self.call("POST", f"/upload/{job_id}/parts", {"partNumbers": list(numbers)})
        parts: list[Json] = answer["parts"]
        return parts

    def upload_state(self, job_id: str) -> Json:
        """What of an upload has arrived."""
        return self.call("GET", f"/upload/{job_id}")

    def complete(self, job_id: str) -> Json:
        """Say that the scan has been sent."""
        return self.call("POST", f"/upload/{job_id}/complete", {})

    def _new_job(self, fields: Json) -> Json:
        return self.call("POST", "/upload", {"userId": self._user_id, **fields})

    def _put(
        self, url: str, file: BinaryIO, size: int, headers: Mapping[str, str], on_bytes: OnBytes
    ) -> None:
        kept = {"Content-Type": "application/octet-stream", **headers, "Content-Length": str(size)}
        response = self._http.put(url, content=_pieces(file, size, on_bytes), headers=kept)
        if not response.is_success:
            # The body names the bucket and the key: nothing for a message.
            raise ApiError(
                response.status_code,
                {"code": "upload_refused", "message": "The bucket refused.", "hint": "Try again."},
            )

    # ---------------------------------------------------------------- process

    def process(self, job_id: str, options: ProcessOptions = ProcessOptions()) -> Json:
        """Ask for the segmentation."""
        body = {"jobId": job_id, "userId": self._user_id, **options.fields()}
        return self.call("POST", "/process/totalseg", body)

    def job(self, job_id: str) -> Json:
        """Everything about a job."""
        job: Json = self.call("GET", f"/jobs/{job_id}", query={"userId": self._user_id})["job"]
        return job

    def watch(self, job_id: str, *, every_s: float, timeout_s: float) -> Iterator[Json]:
        """The job, again and again, until it is over.

        Raises
        ------
        TimeoutError
            If it is not over in time.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            job = self.job(job_id)
            yield job
            if job["status"] in TERMINAL:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"the job is still {job['status']} after {timeout_s:.0f} s")
            time.sleep(every_s)

    def wait(self, job_id: str, *, every_s: float = 0.3, timeout_s: float = 3600) -> Json:
        """The job once it is over, in whatever state."""
        *_, last = self.watch(job_id, every_s=every_s, timeout_s=timeout_s)
        return last

    def cancel(self, job_id: str) -> Json:
        """Ask for the job to be dropped."""
        return self.call("POST", f"/jobs/{job_id}/cancel", {}, query={"userId": self._user_id})

    def delete(self, job_id: str) -> Json:
        """Delete the job and all of its files."""
        return self.call("DELETE", f"/jobs/{job_id}", query={"userId": self._user_id})

    def list_jobs(self, *, limit: int = 20, cursor: str | None = None) -> Json:
        """One page of the user's jobs, newest first."""
        query = {"userId": self._user_id, "limit": str(limit)}
        return self.call("GET", "/jobs", query=query | ({"cursor": cursor} if cursor else {}))

    # ---------------------------------------------------------------- results

    def file(self, job_id: str, name: str) -> bytes:
        """An artifact by ``GET /files``, redirect or not."""
        path = f"/files/{job_id}/{quote(name)}"
        response = self._http.get(
            path, params={"userId": self._user_id}, headers={"Accept": "*/*"}, follow_redirects=True
        )
        if not response.is_success:
            raise ApiError(response.status_code, response.json()["error"])
        return response.content

    def download(self, artifact: Json, folder: Path) -> Path:
        """Stream an artifact into a folder, by the URL that the job lists.

        Parameters
        ----------
        artifact : dict
            One of the job's ``artifacts``.

        Raises
        ------
        DownloadDamaged
            If size or hash are not the listed ones, or its name is no plain file name.
        """
        name: str = artifact["name"]
        path = folder / name
        if path.parent != folder or path == folder:
            raise DownloadDamaged("the job lists an artifact whose name is a path")
        digest = hashlib.sha256()
        with path.open("wb") as file, self._http.stream("GET", artifact["url"]) as response:
            response.raise_for_status()
            for chunk in response.iter_raw(CHUNK_BYTES):  # as stored: the hash is of these bytes
                digest.update(chunk)
                file.write(chunk)
        if digest.hexdigest() != artifact["sha256"]:
            raise DownloadDamaged(f"{name} is not what the job lists")
        if artifact.get("content_encoding") == "gzip":
            path.write_bytes(gzip.decompress(path.read_bytes()))
        return path


def _pieces(file: BinaryIO, size: int, on_bytes: OnBytes) -> Iterator[bytes]:
    """The next bytes of a file, in pieces."""
    left = size
    while left > 0 and (piece := file.read(min(CHUNK_BYTES, left))):
        yield piece
        left -= len(piece)
        on_bytes(len(piece))
