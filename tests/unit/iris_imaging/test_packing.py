"""Packing names nobody and leaves out what is no image."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from iris_imaging.scan import pack_dicom_folder, read_scan
from iris_oculus.errors import NotAnImage

from tests.dicom_series import write_dicom_series
from tests.unit.iris_imaging.phantoms import affine, ct_phantom


def test_only_dicom_under_neutral_names(tmp_path: Path) -> None:
    folder = tmp_path / "Surname, Given"
    files = write_dicom_series(folder / "1960-01-01" / "CT", ct_phantom(), affine())
    (folder / "DICOMDIR").write_bytes(files[0].read_bytes())
    (folder / "viewer.exe").write_bytes(b"MZ" + bytes(500))
    packed = folder / "packed.zip"
    pack_dicom_folder(folder, packed)
    with zipfile.ZipFile(packed) as archive:
        names = archive.namelist()
        contents = {archive.read(name) for name in names}
    assert names == [f"{number:06d}.dcm" for number in range(1, len(files) + 1)]
    assert contents == {file.read_bytes() for file in files}
    np.testing.assert_array_equal(read_scan(packed).volume.voxels, ct_phantom())


def test_the_same_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    write_dicom_series(tmp_path / "series", ct_phantom(), affine())
    archives = []
    for name in ("one", "two"):
        pack_dicom_folder(tmp_path / "series", tmp_path / name)
        archives.append((tmp_path / name).read_bytes())
    assert archives[0] == archives[1]


def test_a_folder_without_dicom(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(NotAnImage):
        pack_dicom_folder(tmp_path, tmp_path / "packed.zip")
    assert not (tmp_path / "packed.zip").exists()
