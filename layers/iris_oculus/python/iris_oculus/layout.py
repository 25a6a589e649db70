"""Where a job's objects lie in the bucket. No other module writes a key."""

SCAN_NAME = "scan"
JOBS_PREFIX = "jobs/"
THUMBNAIL = "thumbnail.png"
"""The artifact that a list of jobs shows."""
ENDPOINT_OUTPUT_PREFIX = "endpoint-output/"
ENDPOINT_FAILURE_PREFIX = "endpoint-failure/"


def job_prefix(job_id: str) -> str:
    """Everything of a job lies below this prefix, and nothing else does."""
    return f"{JOBS_PREFIX}{job_id}/"


def scan_key(job_id: str) -> str:
    """The uploaded scan; the user's file name is metadata and never part of a key."""
    return f"{job_prefix(job_id)}{SCAN_NAME}"


def invocation_key(job_id: str, attempt: int) -> str:
    """The invocation document of one attempt."""
    return f"{job_prefix(job_id)}invocation-{attempt}.json"


def result_key(job_id: str, attempt: int) -> str:
    """The result of one attempt, written last."""
    return f"{job_prefix(job_id)}result-{attempt}.json"


def artifact_prefix(job_id: str) -> str:
    """Where the artifacts lie."""
    return f"{job_prefix(job_id)}artifacts/"


def artifact_key(job_id: str, name: str) -> str:
    """One artifact; ``name`` is a flat file name."""
    return f"{artifact_prefix(job_id)}{name}"


def job_id_of(key: str) -> str | None:
    """The job that a key belongs to, or None for a key outside of all jobs."""
    head, _, rest = key.removeprefix(JOBS_PREFIX).partition("/")
    return head if key.startswith(JOBS_PREFIX) and head and rest else None
