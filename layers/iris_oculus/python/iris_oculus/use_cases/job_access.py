"""Finding a job that the caller may use, and writing a change of one."""

from collections.abc import Callable

from iris_oculus.errors import JobDeleted, JobNotFound
from iris_oculus.job import Job, JobStatus
from iris_oculus.ports import ConditionFailed, JobStore
from iris_oculus.principal import Principal


def accessible_job(jobs: JobStore, principal: Principal, job_id: str) -> Job:
    """The job, if it exists and belongs to the caller.

    Raises
    ------
    JobNotFound
        If there is none.
    JobNotYours
        If it belongs to somebody else.
    JobDeleted
        If it was deleted.
    """
    job = jobs.get(job_id)
    if job is None:
        raise JobNotFound("There is no job with this id.")
    principal.require_access(job)
    if job.status is JobStatus.DELETED:
        raise JobDeleted("This job was deleted, with all of its files.")
    return job


def change_job(jobs: JobStore, job: Job, change: Callable[[Job], Job]) -> Job:
    """Write a change of a job's state, also where its inspection was written meanwhile.

    Parameters
    ----------
    jobs : JobStore
    job : Job
        As it was read.
    change : callable
        Gives the changed job; called again with a newer one of the same status and attempt.

    Returns
    -------
    Job
        As written.

    Raises
    ------
    ConditionFailed
        If the job's status or attempt is another one by now, or the job is gone.
    """
    while True:
        changed = change(job)
        try:
            jobs.replace(changed, expected=job)
        except ConditionFailed:
            current = jobs.get(job.job_id)
            if current is None or (current.status, current.attempt) != (job.status, job.attempt):
                raise
            job = current
        else:
            return changed
