"""Looking at jobs, taking their files away, deleting them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from iris_oculus.contracts import (
    ArtifactView,
    CostView,
    DeleteAnswer,
    Error,
    InspectionView,
    JobAnswer,
    JobsAnswer,
    JobSummary,
    JobView,
    StageDetail,
)
from iris_oculus.documents import (
    ArtifactEntry,
    EngineEntry,
    Inspection,
    OptionsEntry,
    Result,
    WarningEntry,
)
from iris_oculus.errors import FileNotFound, InvalidField, InvalidFilename
from iris_oculus.job import RETRIED, TERMINAL, Job, JobStatus
from iris_oculus.layout import THUMBNAIL, artifact_key, job_prefix
from iris_oculus.ports import Clock, ConditionFailed, JobStore, ObjectStore
from iris_oculus.pricing import PRICES, UnknownInstanceType, job_cost_usd
from iris_oculus.principal import Principal
from iris_oculus.use_cases.attempt_results import read_result
from iris_oculus.use_cases.job_access import accessible_job
from iris_oculus.use_cases.waiting import Waiting

INLINE_ARTIFACT_BYTES = 4_500_000
"""A Lambda answers with at most 6,291,456 bytes, and binary is base64 in them."""
URL_LIFETIME_S = 3600
MAX_PAGE = 100
ETA_FROM_FRACTION = 0.15
"""Before that a job may stand for minutes in its first long step, and the estimate would grow."""
_ARTIFACT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True)
class ArtifactFile:
    """An artifact to answer with: its bytes, or where to get them.

    Exactly one of ``body`` and ``url`` is given.
    """

    name: str
    content_type: str
    body: bytes | None = None
    url: str | None = None


@dataclass(frozen=True)
class Results:
    """The use cases of ``/jobs`` and ``/files``."""

    jobs: JobStore
    objects: ObjectStore
    clock: Clock
    waiting: Waiting

    def job(self, principal: Principal, job_id: str) -> JobAnswer:
        """Everything about one job, with a presigned URL for each artifact."""
        job = accessible_job(self.jobs, principal, job_id)
        result = self._result(job)
        view = JobView(
            **dict(self._summary(job)),
            attempt=job.attempt,
            waiting=self.waiting.view(job),
            inspection=_inspection(job.inspection),
            engine=None if job.engine is None else EngineEntry.model_validate(job.engine),
            timings_s=job.timings_s,
            cost=_cost(job),
            structures=[] if result is None else result.structures,
            artifacts=[]
            if result is None
            else [self._artifact(job_id, entry) for entry in result.artifacts],
        )
        return JobAnswer(job=view)

    def list(self, principal: Principal, *, limit: int, cursor: str | None) -> JobsAnswer:
        """Jobs of the caller, newest first.

        Raises
        ------
        InvalidField
            If the limit is outside 1 to 100, the cursor is unknown, or nobody is named.
        """
        if not 1 <= limit <= MAX_PAGE:
            raise InvalidField(f"limit must lie between 1 and {MAX_PAGE}.")
        try:
            page = self.jobs.list_by_owner(principal.owner, limit=limit, cursor=cursor)
        except ValueError as error:
            raise InvalidField(
                "cursor is none that a listing gave.", hint="Leave it out to start again."
            ) from error
        return JobsAnswer(jobs=[self._summary(job) for job in page.jobs], cursor=page.cursor)

    def delete(self, principal: Principal, job_id: str) -> DeleteAnswer:
        """Delete everything of a job. A worker that is at it stops at its next report."""
        job = accessible_job(self.jobs, principal, job_id)
        now = self.clock.now()
        # What stays is a tombstone without the file name or anything read from the scan.
        tombstone = Job(
            job_id=job.job_id,
            owner=job.owner,
            filename="",
            size_bytes=None,
            status=JobStatus.DELETED,
            created_at=job.created_at,
            updated_at=now,
            expires_at=job.expires_at,
            attempt=job.attempt,
        )
        try:
            self.jobs.replace(tombstone, expected=job)
        except ConditionFailed:
            return self.delete(principal, job_id)
        deleted = self.objects.delete_prefix(job_prefix(job_id))
        remaining = sum(1 for _ in self.objects.keys(job_prefix(job_id)))
        return DeleteAnswer(jobId=job_id, deletedObjects=deleted, remainingObjects=remaining)

    def file(self, principal: Principal, job_id: str, name: str) -> ArtifactFile:
        """One artifact of a completed job.

        Raises
        ------
        InvalidFilename
            If the name is no flat artifact name.
        FileNotFound
            If the job has no such artifact, or is not completed.
        """
        if not _ARTIFACT_NAME.fullmatch(name):
            raise InvalidFilename(
                "This is no artifact's name.", hint="GET /jobs/{jobId} lists the artifacts."
            )
        job = accessible_job(self.jobs, principal, job_id)
        if job.status is not JobStatus.COMPLETED:
            raise FileNotFound(f"The job is {job.status}: it has no artifacts.")
        key = artifact_key(job_id, name)
        stored = self.objects.head(key)
        if stored is None:
            raise FileNotFound("The job has no artifact of this name.")
        # The bucket says in its answer that a file is packed.
        if stored.content_encoding is None and stored.size_bytes <= INLINE_ARTIFACT_BYTES:
            return ArtifactFile(name, stored.content_type, body=self.objects.read(key))
        return ArtifactFile(name, stored.content_type, url=self._url(job_id, name))

    def _summary(self, job: Job) -> JobSummary:
        progress = job.progress
        failure = job.failure
        return JobSummary(
            jobId=job.job_id,
            status=job.status,
            filename=job.filename,
            size_bytes=job.size_bytes,
            createdAt=_iso(job.created_at),
            updatedAt=_iso(max(job.updated_at, job.heartbeat_at or 0)),
            options=None if job.options is None else OptionsEntry.of(job.options),
            stage=None if progress is None else progress.stage,
            progress=None if progress is None else progress.fraction,
            stageDetail=None
            if progress is None or progress.done is None or progress.total is None
            else StageDetail(done=progress.done, total=progress.total),
            eta_s=_eta_s(job, self.clock.now()),
            thumbnail_url=self._thumbnail_url(job),
            warnings=_warnings(job),
            error=None
            if failure is None
            else Error(code=failure.code, message=failure.message, hint=failure.hint),
        )

    def _thumbnail_url(self, job: Job) -> str | None:
        if job.status is not JobStatus.COMPLETED:
            return None
        return self._url(job.job_id, THUMBNAIL)

    def _url(self, job_id: str, name: str) -> str:
        return self.objects.presign_get(
            artifact_key(job_id, name), expires_s=URL_LIFETIME_S, download_name=name
        )

    def _artifact(self, job_id: str, entry: ArtifactEntry) -> ArtifactView:
        return ArtifactView(**dict(entry), url=self._url(job_id, entry.name))

    def _result(self, job: Job) -> Result | None:
        if job.status is not JobStatus.COMPLETED:
            return None
        return read_result(self.objects, job.job_id, job.attempt)


def _warnings(job: Job) -> list[WarningEntry]:
    found = [WarningEntry.of(warning) for warning in job.warnings]
    # The container looks at the scan again: what it says takes the place of the inspection's word.
    if job.inspection is not None and all(warning.code == RETRIED for warning in found):
        found += Inspection.model_validate(job.inspection).warnings
    return found


def _inspection(inspection: Mapping[str, object] | None) -> InspectionView | None:
    if inspection is None:
        return None
    return InspectionView(**Inspection.model_validate(inspection).model_dump(exclude={"warnings"}))


def _eta_s(job: Job, now: float) -> float | None:
    """Time left if the rest goes as fast as what is done; None while that says little."""
    progress = job.progress
    if job.status is not JobStatus.PROCESSING or progress is None or job.started_at is None:
        return None
    if progress.fraction < ETA_FROM_FRACTION:
        return None
    elapsed = now - job.started_at
    return round(max(0.0, elapsed * (1 - progress.fraction) / progress.fraction), 1)


def _cost(job: Job) -> CostView | None:
    if job.status not in TERMINAL:
        return None
    if job.instance_type is None:
        return CostView(basis="Not billed by the hour, or ended before its cost could be measured.")
    try:
        cost = job_cost_usd(job.timings_s, job.instance_type, job.cold_start_s)
    except UnknownInstanceType:
        return CostView(
            instance_type=job.instance_type, basis="The price of this instance type is not known."
        )
    return CostView(
        usd=round(cost.usd, 6),
        cold_start_usd=round(cost.cold_start_usd, 6),
        instance_type=job.instance_type,
        basis=f"Measured seconds on the instance; prices of {PRICES.region}, {PRICES.checked_on}.",
    )


def _iso(time_s: float) -> str:
    return datetime.fromtimestamp(time_s, UTC).isoformat(timespec="milliseconds")
