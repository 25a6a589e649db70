"""What cannot work is refused in the page, with the reason, before a byte is sent."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import nibabel
import numpy as np
import pytest
from playwright.sync_api import expect
from pydicom.uid import SecondaryCaptureImageStorage

from tests.dicom_series import PATIENT_NAME, write_dicom_series
from tests.e2e.pages.oculus_page import OculusPage

AFFINE = np.diag([2.0, 2.0, 3.0, 1.0])
LARGER_THAN_ALLOWED_BYTES = 6 * 10**9
COUNT_KEPT_UPLOADS = """() => new Promise((done, failed) => {
  const opening = indexedDB.open('iris-oculus')
  opening.onerror = () => failed(opening.error)
  opening.onsuccess = () => {
    const counting = opening.result.transaction('uploads').objectStore('uploads').count()
    counting.onsuccess = () => done(counting.result)
  }
})"""
VOXELS = np.random.default_rng(5).integers(-900, 900, (16, 16, 6)).astype(np.int16)


def notes(folder: Path) -> Path:
    (folder / "notes.txt").write_text("These are words, and no picture of anything.\n" * 50)
    return folder / "notes.txt"


def words_in_a_scans_name(folder: Path) -> Path:
    (folder / "scan.nii").write_text("These are words, and no picture of anything.\n" * 50)
    return folder / "scan.nii"


def nothing(folder: Path) -> Path:
    (folder / "scan.nii.gz").touch()
    return folder / "scan.nii.gz"


def cut_short(folder: Path) -> Path:
    path = folder / "scan.nii"
    nibabel.save(nibabel.Nifti1Image(VOXELS, AFFINE), path)
    path.write_bytes(path.read_bytes()[:-1000])
    return path


def several_phases(folder: Path) -> Path:
    path = folder / "scan.nii.gz"
    nibabel.save(nibabel.Nifti1Image(np.zeros((8, 8, 8, 4), np.int16), AFFINE), path)
    return path


def too_large(folder: Path) -> Path:
    with (folder / "scan.nii").open("wb") as file:
        file.write(nibabel.Nifti1Image(VOXELS, AFFINE).header.binaryblock)
        file.truncate(LARGER_THAN_ALLOWED_BYTES)  # a hole: takes no room on disk
    return folder / "scan.nii"


def no_images_in_a_zip(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "study.zip", "w") as archive:
        archive.writestr("readme.txt", "no images here")
    return folder / "study.zip"


def one_slice(folder: Path) -> Path:
    return write_dicom_series(folder / "series", VOXELS[:, :, :1], AFFINE)[0]


def localiser(folder: Path) -> Path:
    tags = {"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}
    return write_dicom_series(folder / "series", VOXELS[:, :, :1], AFFINE, tags=tags)[0]


def photograph(folder: Path) -> Path:
    tags = {"SOPClassUID": SecondaryCaptureImageStorage}
    return write_dicom_series(folder / "series", VOXELS[:, :, :1], AFFINE, tags=tags)[0]


@pytest.mark.parametrize(
    ("write", "refusal"),
    [
        (notes, "not_a_scan"),
        (words_in_a_scans_name, "not_a_scan"),
        (nothing, "empty"),
        (cut_short, "damaged"),
        (several_phases, "time_series"),
        (too_large, "too_large"),
        (no_images_in_a_zip, "no_image"),
        (one_slice, "too_few_slices"),
        (localiser, "localizer"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_what_is_no_scan_is_refused_before_anything_is_sent(
    page: OculusPage, tmp_path: Path, write: Callable[[Path], Path], refusal: str
) -> None:
    page.open()

    page.choosing.choose_files(write(tmp_path))

    expect(page.choosing.refused).to_have_attribute("data-refused", refusal)
    expect(page.choosing.refused).to_be_visible()
    expect(page.choosing.scans).to_have_count(0)
    expect(page.choosing.begin_button).to_be_disabled()
    assert page.sent("POST", "/upload.*") == []
    assert page.sent("PUT", ".*") == []


def test_a_modality_that_no_task_here_is_for_cannot_be_sent(
    page: OculusPage, tmp_path: Path
) -> None:
    write_dicom_series(tmp_path / "mr", np.abs(VOXELS), AFFINE, modality="MR")
    page.open()

    page.choosing.choose_folder(tmp_path / "mr")

    expect(page.choosing.refused).to_have_attribute("data-refused", "wrong_modality")
    expect(page.choosing.refused).to_contain_text("MR")
    expect(page.choosing.begin_button).to_be_disabled()
    assert page.sent("POST", "/upload.*") == []


def test_what_the_headers_say_of_the_patient_is_not_kept(page: OculusPage, tmp_path: Path) -> None:
    write_dicom_series(tmp_path / "series", VOXELS, AFFINE)
    page.open()
    page.choosing.choose_folder(tmp_path / "series")
    page.choosing.expect_ready()

    stored = page.tab.evaluate("() => JSON.stringify(localStorage)")

    assert PATIENT_NAME.split("^")[0] not in stored
    assert page.tab.evaluate(COUNT_KEPT_UPLOADS) == 0
