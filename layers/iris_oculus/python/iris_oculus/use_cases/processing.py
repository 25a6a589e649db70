"""From an uploaded scan to a finished job, whatever happens in between."""

from contextlib import suppress
from dataclasses import dataclass, replace

from iris_oculus.contracts import ProcessRequest, StatusAnswer
from iris_oculus.documents import Inspection, Invocation, OptionsEntry
from iris_oculus.errors import (
    AlreadyProcessed,
    EndpointStopped,
    JobConflict,
    NotUploaded,
    ScanNotFound,
    ScanRefused,
    TaskUnavailable,
    UnknownFormat,
    UnknownStructure,
    UnknownTask,
)
from iris_oculus.job import (
    EXPORT_FORMATS,
    ExportFormat,
    Job,
    JobStatus,
    ProcessOptions,
    Progress,
    Stage,
)
from iris_oculus.layout import invocation_key, scan_key
from iris_oculus.ports import (
    Clock,
    ConditionFailed,
    Endpoint,
    EndpointNotRunning,
    JobStore,
    ObjectStore,
)
from iris_oculus.principal import Principal
from iris_oculus.structures import Task, catalogue
from iris_oculus.use_cases.job_access import accessible_job, change_job


@dataclass(frozen=True)
class Deployment:
    """What this deployment can do.

    Attributes
    ----------
    engine : {"totalsegmentator", "hounsfield"}
        The engine of the endpoint's container.
    licences : frozenset of str
        Licences of tasks that may run here: ``open``, ``commercial``, ``non_commercial``.
    """

    engine: str
    licences: frozenset[str]

    def tasks(self) -> dict[str, Task]:
        """Tasks of the engine by name, whether their licence allows them here or not."""
        return dict(catalogue(self.engine))

    def allows(self, task: Task) -> bool:
        """Whether the task's licence allows it here."""
        return task.licence in self.licences


@dataclass(frozen=True)
class Processing:
    """The use cases of ``/process/totalseg`` and of cancelling."""

    jobs: JobStore
    objects: ObjectStore
    endpoint: Endpoint
    clock: Clock
    deployment: Deployment

    def process(self, principal: Principal, request: ProcessRequest) -> StatusAnswer:
        """Queue a job's scan for the endpoint. Repeating the request is harmless.

        Raises
        ------
        UnknownTask, TaskUnavailable, UnknownStructure, UnknownFormat
            If an option names what there is not.
        NotUploaded, ScanNotFound, ScanRefused
            If there is no scan to process.
        AlreadyProcessed
            If the job was processed with other options.
        EndpointStopped
            If the endpoint is not running; the job stays ``uploaded``.
        """
        job = accessible_job(self.jobs, principal, request.jobId)
        options = self._options(request)
        if job.options is not None:
            if job.options != options:
                raise AlreadyProcessed("This job was processed with other options.")
            return StatusAnswer(jobId=job.job_id, status=job.status)
        self._check_scan(job)
        now = self.clock.now()
        processing = replace(
            job,
            status=JobStatus.PROCESSING,
            options=options,
            attempt=1,
            progress=Progress(Stage.QUEUED, 0.0),
            started_at=now,
            updated_at=now,
        )
        try:
            self.jobs.replace(processing, expected=job)
        except ConditionFailed:
            # Somebody asked at the same time: what they asked for decides the answer.
            return self.process(principal, request)
        self._invoke_or_revert(processing)
        return StatusAnswer(jobId=job.job_id, status=JobStatus.PROCESSING)

    def cancel(self, principal: Principal, job_id: str) -> StatusAnswer:
        """Stop caring for a job's result; the container drops it at its next report.

        Raises
        ------
        JobConflict
            If the job is over, or not processing yet.
        """
        job = accessible_job(self.jobs, principal, job_id)
        if job.status is JobStatus.CANCELLED:
            return StatusAnswer(jobId=job_id, status=job.status)
        if job.status is not JobStatus.PROCESSING:
            raise JobConflict(f"Only a processing job can be cancelled; this one is {job.status}.")
        now = self.clock.now()
        cancelled = replace(job, status=JobStatus.CANCELLED, finished_at=now, updated_at=now)
        try:
            self.jobs.replace(cancelled, expected=job)
        except ConditionFailed:
            return self.cancel(principal, job_id)
        return StatusAnswer(jobId=job_id, status=JobStatus.CANCELLED)

    def _options(self, request: ProcessRequest) -> ProcessOptions:
        tasks = self.deployment.tasks()
        task = tasks.get(request.task)
        if task is None:
            known = catalogue("totalsegmentator")
            if request.task in known:
                raise TaskUnavailable(
                    f"The engine here, {self.deployment.engine}, does not have this task."
                )
            raise UnknownTask("There is no such task.")
        if not self.deployment.allows(task):
            raise TaskUnavailable(f"This deployment has no licence for this task ({task.licence}).")
        return ProcessOptions(
            task=request.task,
            device=request.device,
            fast=request.fast,
            roi_subset=_roi_subset(request.roi_subset, task),
            reduction_percent=request.reduction_percent,
            formats=_formats(request.formats),
        )

    def _check_scan(self, job: Job) -> None:
        if job.status is JobStatus.AWAITING_UPLOAD:
            raise NotUploaded("The scan of this job has not arrived.")
        if job.status is not JobStatus.UPLOADED:
            raise JobConflict(f"This job is {job.status}.")
        if job.inspection is not None:
            failure = Inspection.model_validate(job.inspection).failure
            if failure is not None:
                raise ScanRefused(failure.message, hint=failure.hint)
        if self.objects.head(scan_key(job.job_id)) is None:
            raise ScanNotFound("The scan of this job is gone.", hint="Upload the scan again.")

    def _invoke_or_revert(self, job: Job) -> None:
        try:
            invoke(job, self.objects, self.endpoint)
        except EndpointNotRunning as error:
            # Cancelled or deleted in the meantime: nothing to give back.
            with suppress(ConditionFailed):
                change_job(self.jobs, job, self._uploaded_again)
            raise EndpointStopped("The segmentation endpoint is not running.") from error

    def _uploaded_again(self, job: Job) -> Job:
        return replace(
            job,
            status=JobStatus.UPLOADED,
            options=None,
            attempt=0,
            progress=None,
            started_at=None,
            updated_at=self.clock.now(),
        )


def invoke(job: Job, objects: ObjectStore, endpoint: Endpoint) -> None:
    """Write the invocation of a processing job's attempt, and queue it.

    Raises
    ------
    EndpointNotRunning
        If the endpoint is not in service.
    """
    if job.options is None:
        raise ValueError("a job without options cannot be invoked")
    invocation = Invocation(
        job_id=job.job_id, attempt=job.attempt, options=OptionsEntry.of(job.options)
    )
    key = invocation_key(job.job_id, job.attempt)
    objects.write(key, invocation.model_dump_json().encode(), content_type="application/json")
    endpoint.invoke(invocation, input_key=key)


def _roi_subset(names: list[str] | None, task: Task) -> tuple[str, ...] | None:
    if names is None:
        return None
    known = {structure.name for structure in task.structures}
    unknown = sorted(set(names) - known)
    if unknown:
        raise UnknownStructure(
            f"Task {task.name} has no structure of this name: {unknown[0][:80]!r}."
        )
    if not names:
        raise UnknownStructure("roi_subset is empty.", hint="Leave it out for all structures.")
    return tuple(sorted(set(names)))


def _formats(names: list[str]) -> tuple[ExportFormat, ...]:
    unknown = sorted(set(names) - set(EXPORT_FORMATS))
    if unknown:
        raise UnknownFormat(
            f"There is no export format of this name: {unknown[0][:80]!r}.",
            hint=f"The formats are {', '.join(EXPORT_FORMATS)}.",
        )
    return tuple(name for name in EXPORT_FORMATS if name in names)
