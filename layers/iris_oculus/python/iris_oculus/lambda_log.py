"""The functions' structured log, apart from HTTP: half of them never see a request."""

from functools import cache

from aws_lambda_powertools import Logger


@cache
def logger() -> Logger:
    """The function's structured logger."""
    return Logger()


def log_job(job_id: str) -> None:
    """Put a job's id on every further log line of this invocation."""
    logger().append_keys(job_id=job_id)
