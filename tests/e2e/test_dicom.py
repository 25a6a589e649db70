"""A folder from the scanner: its series are found, and packed so that nobody is named."""

import gzip
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
from playwright.sync_api import expect
from pydicom import dcmread

from tests.dicom_series import PATIENT_NAME
from tests.e2e.pages.oculus_page import OculusPage
from tests.e2e.scans import AXIAL, AXIAL_SHAPE, scan_of, write_study
from tests.functional.running_app import ObservedApp

SURNAME, GIVEN_NAME = PATIENT_NAME.split("^")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A chest in two series, a localiser, and a report: in folders with the patient's name."""
    return write_study(tmp_path / SURNAME)


def stored_scan(app: ObservedApp, job_id: str) -> bytes:
    """The scan as it arrived in the bucket."""
    s3 = app.s3()
    (bucket,) = [each["Name"] for each in s3.list_buckets()["Buckets"]]
    content = s3.get_object(Bucket=bucket, Key=f"jobs/{job_id}/scan")["Body"].read()
    s3.close()
    return content


def named_in(content: bytes) -> list[str]:
    """What of the patient's name can be read in these bytes."""
    return [name for name in (SURNAME, GIVEN_NAME) if name.encode() in content]


@pytest.mark.parametrize("way_in", ["folder", "drop"])
def test_the_series_of_a_folder_are_found_and_shown(
    page: OculusPage, study: Path, way_in: str
) -> None:
    page.open()

    if way_in == "folder":
        page.choosing.choose_folder(study)
    else:
        page.choosing.drop(study)

    expect(page.choosing.scans).to_have_count(2)
    for title, count in {"Lung 6 mm": 20, "Abdomen 6 mm": 12}.items():
        scan = page.choosing.scan(title)
        expect(scan).to_contain_text(str(count))
        expect(scan).to_contain_text("CT")
        page.choosing.expect_picture(scan)
    refused = page.choosing.refused.evaluate_all("all => all.map((one) => one.dataset.refused)")
    assert "localizer" in refused
    assert page.sent("POST", "/upload.*") == []


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("packing", ["zip", "nifti"])
def test_the_chosen_series_alone_is_sent(
    page: OculusPage, app: ObservedApp, study: Path, packing: str
) -> None:
    page.open()
    page.choosing.choose_folder(study)
    page.choosing.pick(page.choosing.scan("Abdomen 6 mm"))
    page.choosing.pack_as(packing)

    page.choosing.begin()
    page.expect_screen("following")

    job = page.job()
    content = stored_scan(app, page.job_id)
    voxels = scan_of(AXIAL, AXIAL_SHAPE)[:, :, :12]
    (upload,) = page.sent("POST", "/upload")
    assert named_in(upload.post_data_buffer or b"") == []
    if packing == "zip":
        assert job["filename"] == "scan.zip"
        with zipfile.ZipFile(BytesIO(content)) as archive:
            assert named_in(" ".join(archive.namelist()).encode()) == []
            images = [dcmread(BytesIO(archive.read(name))) for name in archive.namelist()]
        assert {image.SeriesDescription for image in images} == {"Abdomen 6 mm"}
        images.sort(key=lambda image: image.InstanceNumber)
        np.testing.assert_array_equal(
            np.stack([image.pixel_array.T for image in images], axis=2), voxels
        )
    else:
        assert job["filename"] == "scan.nii.gz"
        image: Any = nibabel.Nifti1Image.from_bytes(gzip.decompress(content))
        assert named_in(image.to_bytes()) == []
        order = nibabel.orientations.ornt_transform(
            nibabel.io_orientation(image.affine), nibabel.io_orientation(AXIAL)
        )
        same = image.as_reoriented(order)
        np.testing.assert_allclose(same.affine, AXIAL, atol=1e-3)
        np.testing.assert_array_equal(np.asanyarray(same.dataobj), voxels)
    page.way.act("cancel")
    page.expect_screen("ended")


def test_a_zip_of_a_study_is_looked_into(page: OculusPage, study: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "study.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in study.rglob("*"):
            archive.write(file, file.relative_to(tmp_path))
    page.open()

    page.choosing.choose_files(tmp_path / "study.zip")

    expect(page.choosing.scans).to_have_count(2)
    page.choosing.expect_picture(page.choosing.scan("Lung 6 mm"))
