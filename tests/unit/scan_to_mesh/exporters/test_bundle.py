import os
import zipfile
from pathlib import Path

import pytest
from scan_to_mesh.exporters.bundle import write_bundle


def _files(folder: Path) -> list[Path]:
    folder.mkdir()
    contents = {
        "model.obj": b"v 1 2 3\n" * 5000,
        "model.glb": b"glTF" * 5000,
        "segmentation.nii.gz": b"\x1f\x8b" * 100,
        "preview.png": b"\x89PNG" * 100,
        "manifest.json": b"{}",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


def test_the_archive_is_flat_sorted_and_whole(tmp_path: Path) -> None:
    files = _files(tmp_path / "out")
    write_bundle(files, tmp_path / "bundle.zip")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(file.name for file in files)
        assert all(archive.read(file.name) == file.read_bytes() for file in files)


def test_only_what_can_shrink_is_compressed(tmp_path: Path) -> None:
    write_bundle(_files(tmp_path / "out"), tmp_path / "bundle.zip")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        stored = {i.filename for i in archive.infolist() if i.compress_type == zipfile.ZIP_STORED}
        assert stored == {"segmentation.nii.gz", "preview.png"}
        assert archive.getinfo("model.obj").compress_size < 2000


def test_order_times_and_permissions_leave_no_trace(tmp_path: Path) -> None:
    first = _files(tmp_path / "first")
    second = _files(tmp_path / "second")
    for file in second:
        os.utime(file, (1_600_000_000, 1_600_000_000))
        file.chmod(0o600)
    write_bundle(first, tmp_path / "a.zip")
    write_bundle(second[::-1], tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    files = [*_files(tmp_path / "first"), *_files(tmp_path / "second")]
    with pytest.raises(ValueError, match="same name"):
        write_bundle(files, tmp_path / "bundle.zip")
    assert not (tmp_path / "bundle.zip").exists()
