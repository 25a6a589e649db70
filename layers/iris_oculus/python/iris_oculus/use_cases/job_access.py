"""Finding a job that the caller may use."""

from iris_oculus.errors import JobDeleted, JobNotFound
from iris_oculus.job import Job, JobStatus
from iris_oculus.ports import JobStore
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
