"""What the use cases and the container need of the outside world."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from iris_oculus.job import Job, JobStatus, Progress

if TYPE_CHECKING:
    # The authorizer, by which every call goes, needs ports but no models, and so no pydantic.
    from iris_oculus.documents import Invocation


class Clock(Protocol):
    """Time, so that tests can set it."""

    def now(self) -> float:
        """UTC epoch seconds."""


class ConditionFailed(Exception):
    """A conditional write found the job changed, or gone; nothing was written."""


@dataclass(frozen=True)
class JobPage:
    """One page of a listing, newest first; ``cursor`` is None on the last."""

    jobs: tuple[Job, ...]
    cursor: str | None


class JobStore(Protocol):
    """The job table. Every write but ``create`` is conditional on what the caller read."""

    def create(self, job: Job) -> None:
        """Write a new job.

        Raises
        ------
        ConditionFailed
            If a job with this id exists.
        """

    def get(self, job_id: str) -> Job | None:
        """The job, strongly consistent, or None."""

    def replace(self, job: Job, *, expected: Job) -> None:
        """Write ``job`` if the stored status, attempt and ``updated_at`` are still ``expected``'s.

        Raises
        ------
        ConditionFailed
            If they are not.
        """

    def report(
        self, job_id: str, *, attempt: int, now: float, progress: Progress | None = None
    ) -> None:
        """Set the heartbeat, and progress where given, of a job that is processing this attempt.

        Leaves ``updated_at`` alone, so that it never makes a ``replace`` fail.

        Raises
        ------
        ConditionFailed
            If the job is gone, no longer processing, or on another attempt: stop working on it.
        """

    def list_by_owner(self, owner: str, *, limit: int, cursor: str | None = None) -> JobPage:
        """Jobs of an owner that are not deleted, newest first.

        Raises
        ------
        ValueError
            If the cursor is none that a listing gave.
        """

    def with_status(
        self,
        status: JobStatus,
        *,
        updated_since: float | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Iterator[Job]:
        """Jobs in this state in the order of their ``updated_at``, whoever owns them.

        Eventually consistent: what was written a moment ago may be missing.

        Parameters
        ----------
        status : JobStatus
        updated_since : float, optional
            Only jobs written then or later.
        newest_first : bool
        limit : int, optional
            No more jobs than this, and none beyond them is read.
        """


@dataclass(frozen=True)
class StoredObject:
    """What the bucket knows of an object without reading it."""

    key: str
    size_bytes: int
    etag: str
    content_type: str
    content_encoding: str | None = None
    """``gzip`` where whoever reads it over HTTP is to unpack it."""


@dataclass(frozen=True)
class UploadedPart:
    """One part of an open multipart upload that arrived."""

    number: int
    size_bytes: int
    etag: str


class ObjectStore(Protocol):
    """The bucket."""

    def head(self, key: str) -> StoredObject | None:
        """What is stored under the key, or None."""

    def read(self, key: str, *, first_bytes: int | None = None) -> bytes:
        """The object, or its first bytes.

        Raises
        ------
        KeyError
            If there is no such object.
        """

    def write(self, key: str, body: bytes, *, content_type: str) -> None:
        """Store a small object."""

    def download(self, key: str, path: Path) -> None:
        """Stream an object into a file.

        Raises
        ------
        KeyError
            If there is no such object.
        """

    def upload(
        self, path: Path, key: str, *, content_type: str, content_encoding: str | None = None
    ) -> None:
        """Stream a file into an object."""

    def copy(self, *, source_key: str, target_key: str) -> None:
        """Copy on the server's side, of any size.

        Raises
        ------
        KeyError
            If there is no such source.
        """

    def delete_prefix(self, prefix: str) -> int:
        """Delete every object below a prefix, and abort open multipart uploads below it.

        Returns
        -------
        int
            How many objects were deleted.
        """

    def keys(self, prefix: str) -> Iterator[str]:
        """Keys below a prefix."""

    def presign_put(self, key: str, *, expires_s: int, content_type: str) -> str:
        """URL that takes one PUT of the object."""

    def presign_get(self, key: str, *, expires_s: int, download_name: str) -> str:
        """URL that gives the object, saved under ``download_name``."""

    def start_multipart(self, key: str, *, content_type: str) -> str:
        """Open a multipart upload; returns its id."""

    def presign_part(self, key: str, *, upload_id: str, number: int, expires_s: int) -> str:
        """URL that takes one PUT of one part."""

    def parts(self, key: str, *, upload_id: str) -> Sequence[UploadedPart]:
        """The parts that arrived, by number.

        Raises
        ------
        KeyError
            If there is no such open upload.
        """

    def complete_multipart(
        self, key: str, *, upload_id: str, parts: Sequence[UploadedPart]
    ) -> None:
        """Join the parts into the object."""


class EndpointNotRunning(Exception):
    """There is no endpoint in service under the configured name."""


class Endpoint(Protocol):
    """The asynchronous inference endpoint."""

    def invoke(self, invocation: "Invocation", *, input_key: str) -> None:
        """Queue one invocation whose document is stored under ``input_key``.

        Raises
        ------
        EndpointNotRunning
            If the endpoint does not exist or is not in service.
        """


class Inspector(Protocol):
    """Starts the asynchronous inspection of an uploaded scan."""

    def inspect(self, job_id: str) -> None:
        """Ask for it and return; the outcome is written on the job."""


@dataclass(frozen=True)
class Capacity:
    """What an endpoint runs on.

    Attributes
    ----------
    variants : tuple of str
        Names of its production variants.
    instances : int
        As many as are wanted or still there, whichever is more.
    running : int
        As many as are up.
    takes_requests : bool
        Whether it queues requests and works on them once an instance is up; false while it is made
        or deleted, and after it failed.
    in_service : bool
        False while the endpoint is being changed.
    changed_at : float
        When it was last changed; UTC epoch seconds.
    """

    variants: tuple[str, ...]
    instances: int
    running: int
    takes_requests: bool
    in_service: bool
    changed_at: float


class CapacityChanging(Exception):
    """The endpoint is being changed, so that its capacity cannot be set now."""


class CapacityUnknown(Exception):
    """The control plane did not say: it refused, was asked too often, or cannot be reached."""


class EndpointCapacity(Protocol):
    """The endpoint's control plane, as far as its instances go."""

    def read(self) -> Capacity | None:
        """The capacity, or None if there is no endpoint.

        Raises
        ------
        CapacityUnknown
            If there is no answer, or one that says nothing of the endpoint.
        """

    def release(self, capacity: Capacity) -> None:
        """Take the endpoint to zero instances; requests that wait in its queue stay there.

        Raises
        ------
        CapacityChanging
            If something else is changing the endpoint.
        """
