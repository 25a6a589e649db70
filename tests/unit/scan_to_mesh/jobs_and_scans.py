"""Jobs, invocations and a small scan, for the tests of the container's spine."""

import gzip
from dataclasses import replace
from pathlib import Path

import nibabel
import numpy as np
from iris_oculus.documents import Invocation, OptionsEntry
from iris_oculus.job import Job, JobStatus
from iris_oculus.layout import scan_key
from iris_oculus.ports import JobStore, ObjectStore

JOB_ID = "abc123def456"
NOW = 1_760_000_000.0
BALL_RADIUS_MM = 12.0
BALL_CENTRE_RAS_MM = np.array([-20.0, 10.0, 30.0])
AFFINE_RAS_MM = np.array([[-2.0, 0, 0, 4.0], [0, -2.0, 0, 34.0], [0, 0, 2.5, 0.0], [0, 0, 0, 1.0]])
SHAPE = (24, 24, 24)


def ball_scan() -> bytes:
    """A gzipped NIfTI in LPS order: a ball of 200 HU in air, around a known point."""
    index = np.stack(np.meshgrid(*map(np.arange, SHAPE), indexing="ij"), axis=-1)
    points_ras_mm = index @ AFFINE_RAS_MM[:3, :3].T + AFFINE_RAS_MM[:3, 3]
    inside = np.linalg.norm(points_ras_mm - BALL_CENTRE_RAS_MM, axis=-1) <= BALL_RADIUS_MM
    image = nibabel.Nifti1Image(np.where(inside, 200, -1000).astype(np.int16), AFFINE_RAS_MM)
    image.header.set_xyzt_units("mm")
    return gzip.compress(image.to_bytes(), compresslevel=1)


def body_scan() -> bytes:
    """A gzipped NIfTI of 6 mm voxels: a trunk of soft tissue with two pockets of gas, in air."""
    i, j, k = np.meshgrid(*map(np.arange, (64, 44, 40)), indexing="ij")
    voxels_hu = np.full(i.shape, -1000, np.int16)
    voxels_hu[((i - 32) / 28) ** 2 + ((j - 22) / 17) ** 2 <= 1] = 40
    for side in (-1, 1):
        pocket = ((i - 32 + 13 * side) / 9) ** 2 + ((j - 22) / 11) ** 2 + ((k - 20) / 15) ** 2 <= 1
        voxels_hu[pocket] = -850
    image = nibabel.Nifti1Image(voxels_hu, np.diag([6.0, 6.0, 6.0, 1.0]))
    image.header.set_xyzt_units("mm")
    return gzip.compress(image.to_bytes(), compresslevel=1)


def processing_job(job_id: str = JOB_ID, *, attempt: int = 1) -> Job:
    return Job(
        job_id=job_id,
        owner="user123",
        filename="scan.nii.gz",
        size_bytes=4096,
        status=JobStatus.PROCESSING,
        created_at=NOW,
        updated_at=NOW,
        expires_at=int(NOW) + 90 * 86400,
        attempt=attempt,
    )


def add_job(
    jobs: JobStore, objects: ObjectStore, job_id: str = JOB_ID, *, scan: bytes | None = None
) -> None:
    """A job in state ``processing`` with its scan in the bucket."""
    jobs.create(processing_job(job_id))
    body = ball_scan() if scan is None else scan
    objects.write(scan_key(job_id), body, content_type="application/octet-stream")


def set_status(jobs: JobStore, status: JobStatus, job_id: str = JOB_ID) -> None:
    """What the API does to a job while the container works on it."""
    job = jobs.get(job_id)
    assert job is not None
    jobs.replace(replace(job, status=status, updated_at=job.updated_at + 1), expected=job)


def invocation(task: str = "find_blob", job_id: str = JOB_ID, **options: object) -> Invocation:
    entry = OptionsEntry.model_validate({"task": task, **options})
    return Invocation(job_id=job_id, attempt=1, options=entry)


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
