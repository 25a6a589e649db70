import zipfile
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from local_stack.demo import DemoFailed, describe_stage, scan_file, scan_name
from tests.dicom_series import write_dicom_series


@pytest.mark.parametrize(
    ("name", "expected"),
    [("torso.nii.gz", "torso"), ("a.b.NII", "a.b"), ("series.zip", "series")],
)
def test_a_file_is_sent_as_it_is(tmp_path: Path, name: str, expected: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"x")

    assert scan_name(path) == expected
    assert scan_file(path, tmp_path / "unused") == path


@pytest.mark.parametrize("name", ["scan.png", "missing.nii"])
def test_what_the_api_does_not_take_is_refused_before_anything_starts(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "scan.png").write_bytes(b"x")

    with pytest.raises(DemoFailed):
        scan_name(tmp_path / name)


def test_without_a_scan_a_phantom_is_made(tmp_path: Path) -> None:
    path = scan_file(None, tmp_path)

    image = nib.load(path)
    voxels = np.asarray(image.dataobj)
    assert scan_name(None) == "phantom"
    assert voxels.min() <= -1000
    assert voxels.max() > 300
    assert nib.aff2axcodes(image.affine) == ("R", "A", "S")


def test_a_dicom_folder_is_packed_without_its_file_names(tmp_path: Path) -> None:
    folder = tmp_path / "series"
    write_dicom_series(folder, np.zeros((4, 4, 3), np.int16), np.eye(4))

    packed = scan_file(folder, tmp_path)

    assert scan_name(folder) == "series"
    with zipfile.ZipFile(packed) as archive:
        assert len(archive.namelist()) == 3
        assert not {path.name for path in folder.iterdir()} & set(archive.namelist())


@pytest.mark.parametrize(
    ("waiting", "expected"),
    [
        (None, "queued"),
        ({"reason": "instance_starting", "jobsAhead": 0, "eta_s": 250.0}, "about 5 min"),
        ({"reason": "instance_starting", "jobsAhead": 0, "eta_s": None}, "engine starting"),
        ({"reason": "instance_busy", "jobsAhead": 2, "eta_s": None}, "queued, 2 ahead"),
    ],
)
def test_a_starting_engine_is_told_from_a_busy_one(
    waiting: dict[str, object] | None, expected: str
) -> None:
    job = {"status": "processing", "stage": "queued", "stageDetail": None, "waiting": waiting}
    assert describe_stage(job).endswith(expected)
