"""Bodies of the API's requests and answers.

Names are camelCase; quantities are snake_case with their unit (``size_bytes``, ``volume_ml``), and
so are options that keep TotalSegmentator's own name (``roi_subset``).
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from iris_oculus.documents import (
    ArtifactEntry,
    EngineEntry,
    FailureEntry,
    GeometryEntry,
    OptionsEntry,
    StructureEntry,
    WarningEntry,
)
from iris_oculus.job import DEFAULT_FORMATS, Device, JobStatus, Stage

MAX_SCAN_BYTES = 5 * 2**30
PartNumber = Annotated[int, Field(ge=1, le=10_000)]
UserId = Annotated[
    str,
    Field(
        min_length=1,
        max_length=128,
        pattern=r"^[A-Za-z0-9._@:+-]+$",
        description="Names the owner while sign-in is off; a token's subject replaces it.",
    ),
]


class Body(BaseModel):
    """Immutable; unknown fields are refused, so that a misspelt option is not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class UploadRequest(Body):
    """``POST /upload``: the file itself, or its size, or another job whose scan to use."""

    filename: Annotated[str, Field(max_length=255)] | None = None
    userId: UserId | None = None
    file: Annotated[str, Field(description="The scan, base64; up to about 3.3 MiB.")] | None = None
    size: Annotated[int, Field(ge=0, description="Bytes that will be sent.")] | None = None
    fromJobId: Annotated[str, Field(description="Make a new job on this job's scan.")] | None = None


class ProcessRequest(Body):
    """``POST /process/totalseg``."""

    jobId: str
    userId: UserId | None = None
    device: Device = "gpu"
    fast: bool = True
    reduction_percent: Annotated[int, Field(ge=0, le=99)] = 90
    task: str = "total"
    roi_subset: list[str] | None = None
    formats: list[str] = list(DEFAULT_FORMATS)


class PartsRequest(Body):
    """``POST /upload/{jobId}/parts``: the parts to sign URLs for."""

    partNumbers: Annotated[list[PartNumber], Field(min_length=1, max_length=100)]


class CompleteRequest(Body):
    """``POST /upload/{jobId}/complete``: nothing to say; an empty body will do."""


class Outgoing(BaseModel):
    """What answers are made of."""

    model_config = ConfigDict(defer_build=True)


class Error(Outgoing):
    """What is wrong and what to do."""

    code: str
    message: str
    hint: str


class ErrorAnswer(Outgoing):
    """Every error, of every route."""

    ok: Literal[False] = False
    error: Error


class SignedPart(Outgoing):
    """URL that takes one PUT of one part."""

    partNumber: int
    url: str


class UploadedPartView(Outgoing):
    """A part that arrived."""

    partNumber: int
    size_bytes: int
    etag: str


class SingleUpload(Outgoing):
    """One PUT of the whole scan, with exactly these headers."""

    kind: Literal["single"] = "single"
    method: Literal["PUT"] = "PUT"
    url: str
    headers: dict[str, str]
    expires_s: int


class MultipartUpload(Outgoing):
    """One PUT a part; ``parts`` holds the first URLs, ``POST …/parts`` signs the others."""

    kind: Literal["multipart"] = "multipart"
    method: Literal["PUT"] = "PUT"
    part_size_bytes: int
    part_count: int
    parts: list[SignedPart]
    expires_s: int


class UploadAnswer(Outgoing):
    """The scan has arrived."""

    ok: Literal[True] = True
    jobId: str


class PresignedUploadAnswer(UploadAnswer):
    """Where to send the scan."""

    upload: SingleUpload | MultipartUpload


class PartsAnswer(Outgoing):
    """Signed URLs, one a part asked for."""

    ok: Literal[True] = True
    parts: list[SignedPart]
    expires_s: int


class UploadStateAnswer(Outgoing):
    """What arrived so far, so that an upload can go on after a break."""

    ok: Literal[True] = True
    jobId: str
    status: JobStatus
    kind: Literal["single", "multipart"]
    part_size_bytes: int | None = None
    part_count: int | None = None
    parts: list[UploadedPartView] = []


class StatusAnswer(Outgoing):
    """A job and the state that it is in now."""

    ok: Literal[True] = True
    jobId: str
    status: JobStatus


class DeleteAnswer(Outgoing):
    """What was deleted, and what is left below the job's prefix: always 0."""

    ok: Literal[True] = True
    jobId: str
    status: Literal[JobStatus.DELETED] = JobStatus.DELETED
    deletedObjects: int
    remainingObjects: int


class ArtifactView(ArtifactEntry):
    """An artifact and a presigned URL that gives it."""

    url: str


class StageDetail(Outgoing):
    """How far within the stage: structures meshed, files published."""

    done: int
    total: int


class WaitingView(Outgoing):
    """What a processing job waits for while no worker is at it."""

    reason: Annotated[
        Literal["instance_starting", "instance_busy"],
        Field(description="The endpoint has no instance yet, or its instances have work."),
    ]
    jobsAhead: Annotated[
        int,
        Field(
            ge=0,
            description="Jobs queued earlier that were not over at the last look, up to ten "
            "seconds ago; 100 stands for 100 or more.",
        ),
    ]
    eta_s: Annotated[
        float | None,
        Field(
            ge=60,
            description="Until an instance has started, from the starts before; null where they "
            "do not tell, or when it takes far longer than they did.",
        ),
    ] = None


class InspectionView(Outgoing):
    """What the inspection found: advice for people; the container checks again."""

    accepted: bool
    file_format: str | None = None
    modality: str | None = None
    geometry: GeometryEntry | None = None
    series_count: int | None = None
    file_sha256: str | None = None
    failure: FailureEntry | None = None


class CostView(Outgoing):
    """What a job's time on the GPU instance costs. Amounts are null where ``basis`` says why."""

    usd: float | None = None
    cold_start_usd: Annotated[
        float | None, Field(description="For starting the instance; not part of `usd`.")
    ] = None
    instance_type: str | None = None
    basis: str


class JobSummary(Outgoing):
    """A job in a list. Times are ISO 8601 in UTC."""

    jobId: str
    status: JobStatus
    filename: str
    size_bytes: int | None
    createdAt: str
    updatedAt: str
    options: OptionsEntry | None = None
    stage: Stage | None = None
    progress: Annotated[float, Field(ge=0, le=1)] | None = None
    stageDetail: StageDetail | None = None
    eta_s: float | None = None
    thumbnail_url: Annotated[
        str | None,
        Field(description="Presigned URL of a small picture; null until the job is completed."),
    ] = None
    warnings: list[WarningEntry] = []
    error: Error | None = None


class JobView(JobSummary):
    """Everything about one job."""

    attempt: int
    waiting: Annotated[
        WaitingView | None,
        Field(description="Null once a worker is at the job, and where the reason is not known."),
    ] = None
    inspection: InspectionView | None = None
    engine: EngineEntry | None = None
    timings_s: dict[str, float] = {}
    cost: Annotated[CostView | None, Field(description="Null until the job has ended.")] = None
    structures: list[StructureEntry] = []
    artifacts: list[ArtifactView] = []


class JobAnswer(Outgoing):
    """One job."""

    ok: Literal[True] = True
    job: JobView


class JobsAnswer(Outgoing):
    """A page of jobs, newest first; send ``cursor`` back for the next one."""

    ok: Literal[True] = True
    jobs: list[JobSummary]
    cursor: str | None


class StructureView(Outgoing):
    """A structure that a task can find."""

    name: str
    display_name: str
    label_value: int
    body_system: str
    encloses: bool
    color_rgb: tuple[int, int, int]
    snomed_code: str | None
    snomed_meaning: str | None


class TaskView(Outgoing):
    """A segmentation task; ``available`` says whether this deployment runs it."""

    name: str
    description: str
    modality: str
    licence: str
    available: bool
    has_fast: bool
    structures: list[StructureView]


class TasksAnswer(Outgoing):
    """What can be segmented here, and by which engine."""

    ok: Literal[True] = True
    engine: str
    tasks: list[TaskView]


class HealthAnswer(Outgoing):
    """The API is up."""

    ok: Literal[True] = True
    service: Literal["iris-oculus-api"] = "iris-oculus-api"
    version: Literal["1.0.0"] = "1.0.0"
