"""One scan gives one result, however it is sent and in whatever format."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest

from local_stack.client import ApiClient, Json, ProcessOptions
from local_stack.phantom import Phantom
from tests.functional.conftest import JOB_TIMEOUT_S
from tests.functional.results import read_label_map, read_mesh
from tests.functional.scans import (
    Affine,
    load,
    write_dicom_zip,
    write_nifti,
    write_padded_nifti,
)

OPTIONS = ProcessOptions(device="cpu", roi_subset=["lung_left", "lung_right", "bone"])
SAYS_WHEN = {"manifest.json", "bundle.zip"}
"""Artifacts that name the job and the time."""


@dataclass(frozen=True)
class Image:
    voxels: Any
    affine_ras_mm: Affine


@pytest.fixture(params=["phantom", "slab_ct"])
def image(request: pytest.FixtureRequest, phantom: Phantom) -> Image:
    if request.param == "phantom":
        return Image(phantom.volume.voxels, phantom.volume.affine_ras_mm)
    shared_data: Path = request.getfixturevalue("shared_data")
    return Image(*load(shared_data / request.param / "ct.nii.gz"))


@pytest.fixture
def jobs(image: Image, api: ApiClient, tmp_path: Path) -> dict[str, Json]:
    """Completed jobs on the same image, by the way in which it was sent."""
    voxels, affine = image.voxels, image.affine_ras_mm
    small = write_nifti(tmp_path / "a.nii.gz", voxels, affine)
    plain = write_nifti(tmp_path / "b.nii", voxels, affine)
    large = write_padded_nifti(tmp_path / "c.nii", voxels, affine)
    dicom = write_dicom_zip(tmp_path / "d.zip", voxels, affine)
    job_ids = {
        "inline": api.upload_inline(small),
        "presigned": api.upload_presigned(plain),
        "multipart": api.upload_presigned(large),
        "dicom": api.upload_presigned(dicom),
    }
    assert api.upload_state(job_ids["presigned"])["kind"] == "single"
    assert api.upload_state(job_ids["multipart"])["kind"] == "multipart"
    for job_id in job_ids.values():
        api.process(job_id, OPTIONS)
    return {way: api.wait(job_id, timeout_s=JOB_TIMEOUT_S) for way, job_id in job_ids.items()}


def test_every_way_in_gives_the_same_result(
    jobs: dict[str, Json], api: ApiClient, image: Image
) -> None:
    assert {way: job["error"] for way, job in jobs.items() if job["status"] != "completed"} == {}
    assert {job["inspection"]["file_format"] for job in jobs.values()} == {"nifti", "dicom"}
    hashes = {
        way: {
            each["name"]: each["sha256"]
            for each in job["artifacts"]
            if each["name"] not in SAYS_WHEN
        }
        for way, job in jobs.items()
    }
    assert len(hashes["inline"]) > 10
    assert hashes["inline"] == hashes["presigned"] == hashes["multipart"]
    assert hashes["dicom"].keys() == hashes["inline"].keys()

    label_maps = {
        way: read_label_map(api.file(job["jobId"], "segmentation.nii.gz"))
        for way, job in jobs.items()
    }
    assert nibabel.aff2axcodes(label_maps["dicom"].affine) == ("L", "P", "S")
    assert label_maps["inline"].shape == image.voxels.shape
    np.testing.assert_allclose(label_maps["inline"].affine, image.affine_ras_mm, atol=1e-5)
    in_world = {way: nibabel.as_closest_canonical(each) for way, each in label_maps.items()}
    np.testing.assert_array_equal(
        np.asarray(in_world["dicom"].dataobj), np.asarray(in_world["inline"].dataobj)
    )
    np.testing.assert_allclose(in_world["dicom"].affine, in_world["inline"].affine, atol=1e-3)

    for name in hashes["inline"]:
        if name.endswith((".stl", ".glb")) and ".web." not in name:
            here, there = (
                read_mesh(name, api.file(jobs[way]["jobId"], name)).triangles
                for way in ("dicom", "inline")
            )
            # Metres in glTF, millimetres in STL; corner by corner, in the file's order.
            atol = 1e-6 if name.endswith(".glb") else 1e-3
            np.testing.assert_allclose(here, there, rtol=0, atol=atol)
