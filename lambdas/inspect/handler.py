"""Reads an uploaded scan and writes what it found on the job; invoked asynchronously."""

import tempfile
from pathlib import Path

from aws_lambda_powertools.utilities.typing import LambdaContext
from iris_oculus import wiring
from iris_oculus.lambda_log import log_job, logger


def handler(event: dict[str, str], _context: LambdaContext) -> None:
    """Inspect the scan of ``event["jobId"]``."""
    # numpy, nibabel, pydicom and the codecs are read at the first call, not at init: nobody waits
    # for this function, which is invoked asynchronously, and init would be the longest of all.
    from iris_imaging.preflight import inspect

    job_id = event["jobId"]
    log_job(job_id)
    with tempfile.TemporaryDirectory() as folder:
        finding = wiring.inspections().inspect(job_id, Path(folder), inspect)
    if finding is None:
        logger().warning("the job or its scan is gone")
        return
    code = finding.failure.code if finding.failure else None
    logger().info("inspected", extra={"accepted": finding.accepted, "error_code": code})
