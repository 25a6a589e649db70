"""What an attempt leaves in the bucket: its artifacts first, its result last."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from iris_oculus.documents import ArtifactEntry, Invocation, Result
from iris_oculus.job import JobStatus
from iris_oculus.layout import artifact_key, artifact_prefix, result_key
from iris_oculus.ports import JobStore, ObjectStore
from iris_oculus.use_cases import attempt_results

logger = logging.getLogger(__name__)

PARALLEL_UPLOADS = 8
"""Most artifacts are small: latency counts, not bandwidth; below boto3's pool of 10."""


def find_result(objects: ObjectStore, invocation: Invocation) -> Result | None:
    """The result that this attempt wrote already, or None."""
    return attempt_results.find_result(objects, invocation.job_id, invocation.attempt)


def write_result(objects: ObjectStore, result: Result) -> None:
    """Write the result: nothing of the attempt may be written after it."""
    objects.write(
        result_key(result.job_id, result.attempt),
        result.model_dump_json().encode(),
        content_type="application/json",
    )


def publish_artifacts(
    objects: ObjectStore,
    job_id: str,
    artifacts: Sequence[tuple[Path, ArtifactEntry]],
    report: Callable[[int, int], None],
) -> None:
    """Upload the artifacts, several at a time.

    Parameters
    ----------
    objects : ObjectStore
    job_id : str
    artifacts : sequence of (Path, ArtifactEntry)
        Files with their description; the entry's name makes the key.
    report : callable
        Called in this thread with (uploaded, in all). What it raises ends the uploads.
    """

    def upload(path: Path, entry: ArtifactEntry) -> None:
        objects.upload(
            path,
            artifact_key(job_id, entry.name),
            content_type=entry.content_type,
            content_encoding=entry.content_encoding,
        )

    with ThreadPoolExecutor(PARALLEL_UPLOADS) as pool:
        uploads = [pool.submit(upload, path, entry) for path, entry in artifacts]
        try:
            for done, finished in enumerate(as_completed(uploads), start=1):
                finished.result()
                report(done, len(uploads))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def withdraw(jobs: JobStore, objects: ObjectStore, invocation: Invocation) -> Result:
    """End an attempt whose job is over.

    Of a cancelled job the artifacts that were uploaded already go, and a result says that nothing
    more will come. A job that is finished, or that another attempt took over, is left as it is;
    what was uploaded to a deleted one goes when the end of this invocation is announced.

    Returns
    -------
    Result
        Status ``cancelled``; stored only where the job was cancelled.
    """
    job_id, attempt = invocation.job_id, invocation.attempt
    result = Result(job_id=job_id, attempt=attempt, status=JobStatus.CANCELLED)
    job = jobs.get(job_id)
    if job is not None and job.status is JobStatus.CANCELLED and job.attempt == attempt:
        objects.delete_prefix(artifact_prefix(job_id))
        write_result(objects, result)
    logger.info("the job is over: stopped", extra={"job_id": job_id, "attempt": attempt})
    return result
