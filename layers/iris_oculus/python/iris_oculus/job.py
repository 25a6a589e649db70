"""The job: one scan's processing, its states, and what may follow what."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class JobStatus(StrEnum):
    """States of a job; doubts are warnings, not states."""

    AWAITING_UPLOAD = "awaiting_upload"
    UPLOADED = "uploaded"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DELETED = "deleted"


TERMINAL = frozenset(
    {JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.DELETED}
)


class Stage(StrEnum):
    """Where a processing job is; the pipeline's stages in their order."""

    QUEUED = "queued"
    LOADING = "loading"
    SEGMENTING = "segmenting"
    MESHING = "meshing"
    EXPORTING = "exporting"
    PUBLISHING = "publishing"


Device = Literal["gpu", "cpu", "auto"]
ExportFormat = Literal["glb", "obj", "stl", "ply", "zip"]
EXPORT_FORMATS: tuple[ExportFormat, ...] = ("glb", "obj", "stl", "ply", "zip")
DEFAULT_FORMATS: tuple[ExportFormat, ...] = ("glb", "obj", "stl", "zip")


@dataclass(frozen=True)
class ProcessOptions:
    """How a scan is to be processed.

    Attributes
    ----------
    task : str
        A task of the deployment's engine.
    device : {"gpu", "cpu", "auto"}
        ``gpu`` where there is none runs on the CPU, with a warning.
    fast : bool
        The engine's faster, coarser model.
    roi_subset : tuple of str or None
        Names of the only structures wanted; None for all of the task.
    reduction_percent : int
        Share of the faces that decimation removes, 0 to 99.
    formats : tuple of str
        Sorted; always some of ``EXPORT_FORMATS``.
    """

    task: str = "total"
    device: Device = "gpu"
    fast: bool = True
    roi_subset: tuple[str, ...] | None = None
    reduction_percent: int = 90
    formats: tuple[ExportFormat, ...] = DEFAULT_FORMATS


RETRIED = "retried"
"""Code of the warning that a job runs for the second time: it says nothing about the scan."""


@dataclass(frozen=True)
class JobWarning:
    """Something that the user should know about a job that goes on all the same.

    Attributes
    ----------
    code : str
        Stable identifier: ``gpu_missing``, ``orientation_unknown``, …
    message : str
        One sentence for people; holds no patient data.
    """

    code: str
    message: str


@dataclass(frozen=True)
class Failure:
    """Why a job failed, in the shape of the API's errors."""

    code: str
    message: str
    hint: str


@dataclass(frozen=True)
class Progress:
    """How far a processing job is.

    Attributes
    ----------
    stage : Stage
    fraction : float
        Of the whole job, 0 to 1; never falls within one attempt.
    done, total : int or None
        Within the stage: structures meshed, models run, files published.
    """

    stage: Stage
    fraction: float
    done: int | None = None
    total: int | None = None


@dataclass(frozen=True)
class Multipart:
    """An upload in parts that is still open."""

    upload_id: str
    part_size_bytes: int
    part_count: int


@dataclass(frozen=True)
class Job:
    """One scan's processing, as the job table holds it.

    Times are UTC epoch seconds. ``expires_at`` is the table's TTL. ``instance_type`` is the billed
    instance that the last attempt ran on, where there was one, and ``cold_start_s`` how long the
    job waited for that instance to start.
    """

    job_id: str
    owner: str
    filename: str
    size_bytes: int | None
    status: JobStatus
    created_at: float
    updated_at: float
    expires_at: int
    multipart: Multipart | None = None
    inspection: dict[str, object] | None = None
    options: ProcessOptions | None = None
    attempt: int = 0
    progress: Progress | None = None
    heartbeat_at: float | None = None
    started_at: float | None = None
    finished_at: float | None = None
    timings_s: dict[str, float] = field(default_factory=dict)
    instance_type: str | None = None
    cold_start_s: float = 0.0
    engine: dict[str, object] | None = None
    warnings: tuple[JobWarning, ...] = ()
    failure: Failure | None = None
