"""Scans that cannot be processed: refused as early as possible, with a reason and a hint."""

import base64
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from local_stack.client import ApiClient, ApiError, Json, ProcessOptions
from local_stack.phantom import Phantom
from tests.functional.conftest import JOB_TIMEOUT_S
from tests.functional.running_app import ObservedApp, wait_until
from tests.functional.scans import write_nifti

AFFINE = np.diag([2.0, 2.0, 3.0, 1.0])


def inspection_of(api: ApiClient, job_id: str) -> Json:
    """What the inspection found, once it is over."""
    wait_until(lambda: api.job(job_id)["inspection"], "the inspection ends", timeout_s=60)
    inspection: Json = api.job(job_id)["inspection"]
    return inspection


def random_bytes(path: Path) -> Path:
    path = path / "a.nii.gz"
    path.write_bytes(np.random.default_rng(3).bytes(5000))
    return path


def series_in_time(path: Path) -> Path:
    return write_nifti(path / "a.nii.gz", np.zeros((8, 8, 8, 5), np.int16), AFFINE)


def zip_without_dicom(path: Path) -> Path:
    with zipfile.ZipFile(path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", "no images here")
    return path / "a.zip"


def cut_short(path: Path) -> Path:
    whole = write_nifti(path / "a.nii", np.zeros((40, 40, 40), np.int16), AFFINE).read_bytes()
    (path / "b.nii").write_bytes(whole[: len(whole) // 2])
    return path / "b.nii"


def no_ct(path: Path) -> Path:
    """Intensities like those of an MR."""
    voxels = np.random.default_rng(3).integers(0, 900, (20, 20, 20)).astype(np.int16)
    return write_nifti(path / "a.nii.gz", voxels, AFFINE)


def damaged_in_the_middle(path: Path) -> Path:
    """A gzip stream whose header is whole."""
    voxels = np.random.default_rng(3).integers(-1000, 900, (40, 40, 40)).astype(np.int16)
    damaged = bytearray(write_nifti(path / "a.nii.gz", voxels, AFFINE).read_bytes())
    damaged[len(damaged) // 2 :] = bytes(len(damaged) - len(damaged) // 2)
    (path / "a.nii.gz").write_bytes(damaged)
    return path / "a.nii.gz"


@pytest.mark.parametrize(
    ("filename", "content", "code"),
    [
        ("a.nii.gz", bytes(range(256)) * 8, "not_an_image"),
        ("a.nii", b"\x1f\x8b\x08" + b"x" * 500, "not_an_image"),
        ("a.jpg", b"x", "unsupported_format"),
        ("../a.nii", b"x", "invalid_filename"),
        ("a\n.nii", b"x", "invalid_filename"),
        ("a.nii", b"", "empty_file"),
    ],
)
def test_what_cannot_be_a_scan_makes_no_job(
    app: ObservedApp, filename: str, content: bytes, code: str
) -> None:
    file = base64.b64encode(content).decode()
    with app.client("no-scans") as api:
        with pytest.raises(ApiError) as refused:
            api.call("POST", "/upload", {"filename": filename, "userId": "no-scans", "file": file})

        assert (refused.value.status, refused.value.code) == (400, code)
        assert api.list_jobs()["jobs"] == []


def test_a_file_that_is_not_base64_is_named(api: ApiClient) -> None:
    with pytest.raises(ApiError) as refused:
        api.call("POST", "/upload", {"filename": "a.nii", "userId": "tester", "file": "§§§"})

    assert (refused.value.status, refused.value.code) == (400, "invalid_base64")
    assert "base64 -w0" in refused.value.hint


def test_random_bytes_fail_their_job_when_they_have_arrived(api: ApiClient, tmp_path: Path) -> None:
    with pytest.raises(ApiError) as refused:
        api.upload_presigned(random_bytes(tmp_path))

    assert (refused.value.status, refused.value.code) == (400, "not_an_image")
    (job,) = api.list_jobs(limit=1)["jobs"]
    assert (job["status"], job["error"]["code"]) == ("failed", "not_an_image")


@pytest.mark.parametrize(
    ("write", "code"),
    [
        (series_in_time, "not_3d"),
        (zip_without_dicom, "not_an_image"),
        (cut_short, "unreadable_scan"),
    ],
)
def test_the_inspection_refuses_what_headers_show(
    api: ApiClient, tmp_path: Path, write: Callable[[Path], Path], code: str
) -> None:
    job_id = api.upload_presigned(write(tmp_path))

    inspection = inspection_of(api, job_id)

    assert not inspection["accepted"]
    assert inspection["failure"]["code"] == code
    assert inspection["failure"]["hint"]
    with pytest.raises(ApiError) as refused:
        api.process(job_id, ProcessOptions(device="cpu"))
    assert (refused.value.status, refused.value.code) == (409, "scan_refused")
    assert str(refused.value).startswith(inspection["failure"]["message"])


@pytest.mark.parametrize(
    ("write", "code"), [(no_ct, "wrong_modality"), (damaged_in_the_middle, "unreadable_scan")]
)
def test_what_only_voxels_show_fails_in_the_container(
    api: ApiClient, tmp_path: Path, write: Callable[[Path], Path], code: str
) -> None:
    job_id = api.upload_presigned(write(tmp_path))
    assert inspection_of(api, job_id)["accepted"]
    api.process(job_id, ProcessOptions(device="cpu"))

    job = api.wait(job_id, timeout_s=JOB_TIMEOUT_S)

    assert (job["status"], job["error"]["code"]) == ("failed", code)
    assert job["error"]["hint"]
    assert job["artifacts"] == []


def test_the_inspection_is_seen_on_the_job(
    api: ApiClient, phantom: Phantom, phantom_scan: Path
) -> None:
    job_id = api.upload_presigned(phantom_scan)

    inspection = inspection_of(api, job_id)

    assert inspection["accepted"]
    assert inspection["failure"] is None
    assert (inspection["file_format"], inspection["series_count"]) == ("nifti", 1)
    geometry = inspection["geometry"]
    assert geometry["shape"] == list(phantom.volume.voxels.shape)
    assert geometry["orientation"] == "RAS"
    np.testing.assert_allclose(
        geometry["affine_ras_mm"], phantom.volume.affine_ras_mm, rtol=0, atol=1e-4
    )
