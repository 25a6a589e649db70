"""Archives and folders from strangers."""

import struct
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from iris_imaging.limits import ReadLimits
from iris_imaging.scan import describe_scan, pack_dicom_folder, read_scan
from iris_oculus.errors import NotAnImage, UnreadableScan

from tests.dicom_series import write_dicom_series, write_enhanced_ct
from tests.unit.iris_imaging.phantoms import affine, ct_phantom


@pytest.fixture
def series(tmp_path: Path) -> Path:
    write_dicom_series(tmp_path / "series", ct_phantom(), affine())
    return tmp_path / "series"


@pytest.fixture
def archive(series: Path) -> Path:
    path = series.parent / "scan"
    pack_dicom_folder(series, path)
    return path


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_archives_of_any_nesting_with_other_files(series: Path, method: int) -> None:
    path = series.parent / "scan"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.mkdir("empty/")
        archive.writestr("README.txt", "read me")
        archive.writestr("__MACOSX/._IM1", b"\0\5\x16\7" + bytes(200))
        for number, file in enumerate(sorted(series.iterdir())):
            archive.write(file, f"study/{number % 2}/deep/{file.name}")
    scan = read_scan(path)
    np.testing.assert_array_equal(scan.volume.voxels, ct_phantom())
    assert scan.content_sha256 == read_scan(series).content_sha256


def test_paths_in_the_archive_lead_nowhere(series: Path) -> None:
    folder = series.parent / "deep" / "inside"
    folder.mkdir(parents=True)
    path = folder / "scan"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(series.iterdir()):
            archive.write(file, f"../../{file.name}.escaped")
    before = set(series.parent.rglob("*"))
    np.testing.assert_array_equal(read_scan(path).volume.voxels, ct_phantom())
    assert set(series.parent.rglob("*")) == before


def test_members_of_one_name_are_all_read(series: Path) -> None:
    path = series.parent / "scan"
    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile's own, about the name
        for file in series.iterdir():
            archive.writestr("IM0", file.read_bytes())
    np.testing.assert_array_equal(read_scan(path).volume.voxels, ct_phantom())


def test_a_multi_frame_file_in_an_archive(tmp_path: Path) -> None:
    write_enhanced_ct(tmp_path / "IM0", ct_phantom(), affine())
    with zipfile.ZipFile(tmp_path / "scan", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "IM0")
    np.testing.assert_array_equal(read_scan(tmp_path / "scan").volume.voxels, ct_phantom())


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_truncated_archives(archive: Path, kept: float) -> None:
    data = archive.read_bytes()
    archive.write_bytes(data[: int(kept * len(data))])
    with pytest.raises(UnreadableScan, match="truncated"):
        describe_scan(archive)


def test_a_wrong_checksum_of_a_member(series: Path) -> None:
    path = series.parent / "scan"
    with zipfile.ZipFile(path, "w") as archive:
        for file in series.iterdir():
            archive.write(file, file.name)
    data = bytearray(path.read_bytes())
    pixels = ct_phantom()[:, :, 4].T.tobytes()
    data[data.index(pixels) + 10] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(UnreadableScan, match="damaged"):
        read_scan(path)


def test_an_archive_that_unpacks_to_too_much(tmp_path: Path) -> None:
    path = tmp_path / "scan"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(str(number), bytes(2**20))
    assert path.stat().st_size < 2**13
    with pytest.raises(NotAnImage):
        describe_scan(path)
    with pytest.raises(UnreadableScan, match="GiB"):
        describe_scan(path, limits=ReadLimits(max_uncompressed_bytes=2**22 - 1))


def test_a_member_larger_than_it_says(archive: Path) -> None:
    """The size that is limited is what the archive states; no more than that is unpacked."""
    data = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as packed:
        directory = packed.start_dir
    struct.pack_into("<L", data, directory + 24, 400)  # uncompressed size of the first member
    archive.write_bytes(data)
    with pytest.raises(UnreadableScan):
        read_scan(archive)


def test_too_many_files(archive: Path, series: Path) -> None:
    limits = ReadLimits(max_files=8)
    for path in (archive, series):
        with pytest.raises(UnreadableScan, match="more than 8"):
            describe_scan(path, limits=limits)


def test_encrypted_archives(archive: Path) -> None:
    data = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as packed:
        data[packed.start_dir + 8] |= 1
    archive.write_bytes(data)
    with pytest.raises(UnreadableScan, match="encrypted"):
        describe_scan(archive)


def test_archives_without_dicom(tmp_path: Path) -> None:
    path = tmp_path / "scan"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme", "no image")
    with pytest.raises(NotAnImage, match="no DICOM"):
        describe_scan(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ct.nii.gz", b"\x1f\x8b\x08" + bytes(100))
    with pytest.raises(NotAnImage) as caught:
        describe_scan(path)
    assert ".nii.gz file itself" in caught.value.hint


def test_empty_archives_and_folders(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "scan", "w"):
        pass
    (tmp_path / "folder").mkdir()
    for name in ("scan", "folder"):
        with pytest.raises(NotAnImage, match="no files"):
            describe_scan(tmp_path / name)


def test_what_is_not_there_is_no_fault_of_the_scan(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        describe_scan(tmp_path / "scan")
