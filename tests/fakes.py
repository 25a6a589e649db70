"""The ports in memory. The contract suite runs over these and over the real adapters alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from iris_oculus.documents import Invocation
from iris_oculus.job import Job, JobStatus, Progress
from iris_oculus.ports import (
    Capacity,
    CapacityChanging,
    CapacityUnknown,
    ConditionFailed,
    EndpointNotRunning,
    JobPage,
    StoredObject,
    UploadedPart,
)


@dataclass
class FakeClock:
    """Time that stands still until a test moves it."""

    time_s: float = 1_760_000_000.0

    def now(self) -> float:
        return self.time_s

    def advance(self, seconds: float) -> None:
        self.time_s += seconds


@dataclass
class FakeJobStore:
    """Jobs in a dict."""

    items: dict[str, Job] = field(default_factory=dict)

    def create(self, job: Job) -> None:
        if job.job_id in self.items:
            raise ConditionFailed
        self.items[job.job_id] = job

    def get(self, job_id: str) -> Job | None:
        return self.items.get(job_id)

    def replace(self, job: Job, *, expected: Job) -> None:
        stored = self.items.get(job.job_id)
        if stored is None or _version(stored) != _version(expected):
            raise ConditionFailed
        self.items[job.job_id] = job

    def report(
        self, job_id: str, *, attempt: int, now: float, progress: Progress | None = None
    ) -> None:
        stored = self.items.get(job_id)
        if stored is None or (stored.status, stored.attempt) != (JobStatus.PROCESSING, attempt):
            raise ConditionFailed
        self.items[job_id] = replace(
            stored, heartbeat_at=now, progress=stored.progress if progress is None else progress
        )

    def list_by_owner(self, owner: str, *, limit: int, cursor: str | None = None) -> JobPage:
        mine = sorted(
            (
                job
                for job in self.items.values()
                if job.owner == owner and job.status is not JobStatus.DELETED
            ),
            key=lambda job: -job.created_at,
        )
        ids = [job.job_id for job in mine]
        if cursor is not None and cursor not in ids:
            raise ValueError("this cursor is none that a listing gave")
        start = 0 if cursor is None else ids.index(cursor) + 1
        page = mine[start : start + limit]
        more = start + limit < len(mine)
        return JobPage(tuple(page), page[-1].job_id if more else None)

    def with_status(
        self,
        status: JobStatus,
        *,
        updated_since: float | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Iterator[Job]:
        since = float("-inf") if updated_since is None else updated_since
        found = [
            job for job in self.items.values() if job.status is status and job.updated_at >= since
        ]
        found.sort(key=lambda job: job.updated_at, reverse=newest_first)
        yield from found[:limit]


def _version(job: Job) -> tuple[JobStatus, int, float]:
    return job.status, job.attempt, job.updated_at


@dataclass
class FakeObjectStore:
    """Objects in a dict; ``put`` and ``put_part`` do what a browser does with presigned URLs."""

    objects: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    uploads: dict[str, tuple[str, str, dict[int, bytes]]] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    encodings: dict[str, str | None] = field(default_factory=dict)

    def put(self, key: str, body: bytes) -> None:
        self.write(key, body, content_type="application/octet-stream")

    def put_part(self, key: str, number: int, body: bytes) -> None:
        upload_id = next(id_ for id_, (open_key, _, _) in self.uploads.items() if open_key == key)
        self.uploads[upload_id][2][number] = body

    def head(self, key: str) -> StoredObject | None:
        if key not in self.objects:
            return None
        body, content_type = self.objects[key]
        encoding = self.encodings.get(key)
        return StoredObject(key, len(body), f"{hash(body):x}", content_type, encoding)

    def read(self, key: str, *, first_bytes: int | None = None) -> bytes:
        return self.objects[key][0][:first_bytes]

    def write(self, key: str, body: bytes, *, content_type: str) -> None:
        self.objects[key] = (body, content_type)
        self.written.append(key)

    def download(self, key: str, path: Path) -> None:
        path.write_bytes(self.objects[key][0])

    def upload(
        self, path: Path, key: str, *, content_type: str, content_encoding: str | None = None
    ) -> None:
        self.write(key, path.read_bytes(), content_type=content_type)
        self.encodings[key] = content_encoding

    def copy(self, *, source_key: str, target_key: str) -> None:
        self.objects[target_key] = self.objects[source_key]

    def delete_prefix(self, prefix: str) -> int:
        for upload_id in [
            id_ for id_, (key, _, _) in self.uploads.items() if key.startswith(prefix)
        ]:
            del self.uploads[upload_id]
        doomed = list(self.keys(prefix))
        for key in doomed:
            del self.objects[key]
        return len(doomed)

    def keys(self, prefix: str) -> Iterator[str]:
        yield from [key for key in self.objects if key.startswith(prefix)]

    def presign_put(self, key: str, *, expires_s: int, content_type: str) -> str:
        return f"https://bucket.test/{key}?expires={expires_s}"

    def presign_get(self, key: str, *, expires_s: int, download_name: str) -> str:
        return f"https://bucket.test/{key}?expires={expires_s}&name={download_name}"

    def start_multipart(self, key: str, *, content_type: str) -> str:
        upload_id = f"upload-{len(self.uploads) + 1}"
        self.uploads[upload_id] = (key, content_type, {})
        return upload_id

    def presign_part(self, key: str, *, upload_id: str, number: int, expires_s: int) -> str:
        return f"https://bucket.test/{key}?uploadId={upload_id}&partNumber={number}"

    def parts(self, key: str, *, upload_id: str) -> Sequence[UploadedPart]:
        _, _, parts = self.uploads[upload_id]
        return [
            UploadedPart(number, len(body), f"{hash(body):x}")
            for number, body in sorted(parts.items())
        ]

    def complete_multipart(
        self, key: str, *, upload_id: str, parts: Sequence[UploadedPart]
    ) -> None:
        _, content_type, bodies = self.uploads.pop(upload_id)
        joined = b"".join(bodies[part.number] for part in parts)
        self.write(key, joined, content_type=content_type)


@dataclass
class FakeEndpoint:
    """An endpoint that keeps what it is sent."""

    running: bool = True
    invocations: list[Invocation] = field(default_factory=list)

    def invoke(self, invocation: Invocation, *, input_key: str) -> None:
        if not self.running:
            raise EndpointNotRunning
        self.invocations.append(invocation)


@dataclass
class FakeInspector:
    """An inspector that keeps what it is asked."""

    asked: list[str] = field(default_factory=list)

    def inspect(self, job_id: str) -> None:
        self.asked.append(job_id)


@dataclass
class FakeCapacity:
    """An endpoint's control plane: ``found`` is what it says.

    ``silent`` makes it say nothing, ``changing`` makes it refuse.
    """

    found: Capacity | None
    changing: bool = False
    silent: bool = False
    released: int = 0
    reads: int = 0

    def read(self) -> Capacity | None:
        self.reads += 1
        if self.silent:
            raise CapacityUnknown("ThrottlingException")
        return self.found

    def release(self, capacity: Capacity) -> None:
        if self.changing:
            raise CapacityChanging
        self.released += 1
        self.found = replace(capacity, instances=0)
