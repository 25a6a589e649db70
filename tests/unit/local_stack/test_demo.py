from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from local_stack.demo import DemoFailed, prepare_scan


@pytest.mark.parametrize(
    ("name", "expected"),
    [("torso.nii.gz", "torso"), ("a.b.NII", "a.b"), ("series.zip", "series")],
)
def test_a_file_is_sent_as_it_is(tmp_path: Path, name: str, expected: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"x")

    scan = prepare_scan(path, tmp_path / "unused")

    assert (scan.path, scan.name) == (path, expected)


@pytest.mark.parametrize("name", ["scan.png", "missing.nii"])
def test_what_the_api_does_not_take_is_refused_before_anything_starts(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "scan.png").write_bytes(b"x")

    with pytest.raises(DemoFailed):
        prepare_scan(tmp_path / name, tmp_path)


def test_without_a_scan_a_phantom_is_made(tmp_path: Path) -> None:
    scan = prepare_scan(None, tmp_path)

    image = nib.load(scan.path)
    voxels = np.asarray(image.dataobj)
    assert scan.name == "phantom"
    assert voxels.min() <= -1000
    assert voxels.max() > 300
    assert nib.aff2axcodes(image.affine) == ("R", "A", "S")
