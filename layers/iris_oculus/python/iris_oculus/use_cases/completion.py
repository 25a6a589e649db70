"""Finishing jobs: by the endpoint's word, and by the janitor's when there is none."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from iris_oculus.documents import Result
from iris_oculus.errors import IrisOculusError, UploadExpired, WorkerLost
from iris_oculus.job import RETRIED, Failure, Job, JobStatus, JobWarning, Progress, Stage
from iris_oculus.layout import job_prefix
from iris_oculus.ports import (
    Clock,
    ConditionFailed,
    Endpoint,
    EndpointNotRunning,
    JobStore,
    ObjectStore,
)
from iris_oculus.use_cases.attempt_results import find_result
from iris_oculus.use_cases.job_access import change_job
from iris_oculus.use_cases.processing import invoke

MAX_ATTEMPTS = 2
QUEUED_LIMIT_S = 21600 + 900
"""The endpoint drops a request after six hours in its queue, and says so; later than that plus the
event's way, nobody will."""
UPLOAD_LIMIT_S = 24 * 3600
"""The bucket's lifecycle aborts multipart uploads after a day."""
TOMBSTONE_SWEEP_S = 2 * 3600
"""A worker may still publish for a while after its job was deleted: at most as long as an
invocation may last, with a margin."""


@dataclass(frozen=True)
class InferenceOutcome:
    """What the endpoint says of one invocation.

    Attributes
    ----------
    job_id : str
    attempt : int
    reason : str or None
        Why it failed, in the endpoint's words (for the log); None if it completed.
    """

    job_id: str
    attempt: int
    reason: str | None


@dataclass(frozen=True)
class Completion:
    """The use cases of the completion queue and of the janitor.

    Attributes
    ----------
    silence_limit_s : float
        How long a worker may be silent before it counts as lost; a few heartbeats.
    """

    jobs: JobStore
    objects: ObjectStore
    endpoint: Endpoint
    clock: Clock
    silence_limit_s: float

    def finish(self, outcome: InferenceOutcome) -> JobStatus | None:
        """Finish the attempt that the endpoint speaks of; late and repeated words change nothing.

        Returns
        -------
        JobStatus or None
            The job's state afterwards; None if there is no such job.
        """
        job = self.jobs.get(outcome.job_id)
        if job is None:
            return None
        if job.status is JobStatus.DELETED:
            self.objects.delete_prefix(job_prefix(job.job_id))
            return job.status
        if job.status is not JobStatus.PROCESSING or job.attempt != outcome.attempt:
            return job.status
        return self._settle(job, self._result(job))

    def sweep(self) -> dict[str, int]:
        """Settle every job that nobody will speak of any more.

        Returns
        -------
        dict of str to int
            How many jobs were settled, by what became of them.
        """
        swept: dict[str, int] = {}
        now = self.clock.now()
        for job in self.jobs.with_status(JobStatus.PROCESSING):
            result = self._result(job)
            if result is not None or self._is_lost(job, now):
                status = self._settle(job, result)
                swept[status] = swept.get(status, 0) + 1
        for job in self.jobs.with_status(JobStatus.AWAITING_UPLOAD):
            if now - job.created_at > UPLOAD_LIMIT_S:
                self._fail(job, UploadExpired("The scan did not arrive within a day."))
                swept["upload_expired"] = swept.get("upload_expired", 0) + 1
        for job in self.jobs.with_status(JobStatus.DELETED):
            if now - job.updated_at < TOMBSTONE_SWEEP_S:
                self.objects.delete_prefix(job_prefix(job.job_id))
        return swept

    def _is_lost(self, job: Job, now: float) -> bool:
        if job.heartbeat_at is not None:
            return now - job.heartbeat_at > self.silence_limit_s
        return now - job.updated_at > QUEUED_LIMIT_S

    def _settle(self, job: Job, result: Result | None) -> JobStatus:
        if result is not None:
            return self._write(job, lambda job: _finished(job, result, self.clock.now()))
        if job.attempt < MAX_ATTEMPTS:
            return self._retry(job)
        lost = WorkerLost("The worker was lost twice: it did not start, or ended in the middle.")
        return self._fail(job, lost)

    def _retry(self, job: Job) -> JobStatus:
        try:
            again = change_job(self.jobs, job, self._queued_again)
        except ConditionFailed:
            return self._current_status(job)
        try:
            invoke(again, self.objects, self.endpoint)
        except EndpointNotRunning:
            lost = WorkerLost("The worker was lost, and the endpoint has been stopped since.")
            return self._fail(again, lost)
        return again.status

    def _queued_again(self, job: Job) -> Job:
        return replace(
            job,
            attempt=job.attempt + 1,
            progress=Progress(Stage.QUEUED, 0.0),
            heartbeat_at=None,
            updated_at=self.clock.now(),
            warnings=(
                *job.warnings,
                JobWarning(RETRIED, "The worker was lost in the middle; the job ran again."),
            ),
        )

    def _fail(self, job: Job, error: IrisOculusError) -> JobStatus:
        now = self.clock.now()
        failure = Failure(error.code, error.message, error.hint)
        return self._write(
            job,
            lambda job: replace(
                job, status=JobStatus.FAILED, failure=failure, finished_at=now, updated_at=now
            ),
        )

    def _write(self, job: Job, change: Callable[[Job], Job]) -> JobStatus:
        try:
            return change_job(self.jobs, job, change).status
        except ConditionFailed:
            return self._current_status(job)

    def _current_status(self, job: Job) -> JobStatus:
        current = self.jobs.get(job.job_id)
        return current.status if current is not None else JobStatus.DELETED

    def _result(self, job: Job) -> Result | None:
        return find_result(self.objects, job.job_id, job.attempt)


def _finished(job: Job, result: Result, now: float) -> Job:
    failure = result.failure
    completed = result.status is JobStatus.COMPLETED
    return replace(
        job,
        status=result.status,
        progress=Progress(Stage.PUBLISHING, 1.0) if completed else job.progress,
        finished_at=now,
        updated_at=now,
        timings_s=result.timings_s,
        instance_type=result.instance.instance_type if result.instance else None,
        cold_start_s=_cold_start_s(job, result),
        engine=result.engine.model_dump(mode="json") if result.engine else None,
        warnings=job.warnings + tuple(JobWarning(w.code, w.message) for w in result.warnings),
        failure=Failure(failure.code, failure.message, failure.hint) if failure else None,
    )


def _cold_start_s(job: Job, result: Result) -> float:
    """Time for which the job waited for its instance, and nothing else: 0 where it was up."""
    instance = result.instance
    # A retried attempt was queued when the janitor wrote the record; nobody has touched it since.
    queued_at = job.started_at if job.attempt == 1 else job.updated_at
    if instance is None or not instance.first_job or queued_at is None:
        return 0.0
    return max(0.0, instance.began_at - queued_at)
