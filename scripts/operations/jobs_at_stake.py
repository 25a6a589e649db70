"""Jobs that run or wait on the endpoint: deleting it drops its queue."""

import time
from dataclasses import replace

from iris_oculus.errors import EndpointStopped
from iris_oculus.job import Failure, Job, JobStatus
from iris_oculus.layout import result_key
from iris_oculus.ports import ConditionFailed
from iris_oculus.use_cases.job_access import change_job

from scripts.operations.deployment import OperationFailed
from scripts.operations.operation import Operation

RUN_AGAIN = (
    "Start the endpoint with `scripts/manage-sagemaker.sh start`; then "
    'POST /upload {"fromJobId": "…"} makes a new job on the same scan.'
)


def processing_jobs(operation: Operation) -> list[str]:
    """Ids of the jobs that are processing, waiting ones included."""
    jobs = operation.cloud.jobs(operation.deployment.table)
    return sorted(job.job_id for job in jobs.with_status(JobStatus.PROCESSING))


def refuse_while_jobs_run(operation: Operation, *, doing: str) -> None:
    """Stop an operation that would lose jobs.

    Raises
    ------
    OperationFailed
        If jobs are processing; the message lists them.
    """
    running = processing_jobs(operation)
    if running:
        raise OperationFailed(
            f"{doing} would lose {len(running)} job(s): {', '.join(running)}.",
            hint="Wait for them (stop --wait), or use --force: they can be run again.",
        )


def wait_for_jobs(operation: Operation) -> None:
    """Wait until no job is processing."""
    running: list[str] = []

    def idle() -> bool:
        running[:] = processing_jobs(operation)
        return not running

    operation.wait_until(
        idle,
        doing=lambda: f"{len(running)} job(s) still processing: {', '.join(running)}",
        hint="Run the command again, with a longer --timeout-min, or with --force.",
    )


def release_jobs(operation: Operation) -> None:
    """Fail every job that the endpoint took with it, in a way that lets its user run it again.

    A job whose result is written is left alone: the janitor finishes it.
    """
    store = operation.cloud.jobs(operation.deployment.table)
    objects = operation.cloud.objects(operation.deployment.bucket)
    for job in list(store.with_status(JobStatus.PROCESSING)):
        if objects.head(result_key(job.job_id, job.attempt)) is not None:
            continue
        if operation.terminal.change(f"mark job {job.job_id} as failed (endpoint_stopped)"):
            try:
                change_job(store, job, _stopped)
            except ConditionFailed:
                operation.terminal.say(f"  job {job.job_id} changed meanwhile; left as it is")


def _stopped(job: Job) -> Job:
    now = time.time()
    failure = Failure(
        EndpointStopped.code, "The endpoint was stopped while the job was on it.", RUN_AGAIN
    )
    return replace(job, status=JobStatus.FAILED, failure=failure, finished_at=now, updated_at=now)
