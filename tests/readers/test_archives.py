"""The bundle and the label map before other people's readers."""

import hashlib
import shutil
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from iris_imaging.volume import LabelMap

from tests.readers.conftest import AFFINE_RAS_MM, load_nifti, run, run_node, run_python


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def bundled(folder: Path) -> dict[str, str]:
    """Hash of every file that belongs in the bundle, by name."""
    files = [path for path in folder.iterdir() if path.suffix not in {".zip", ".npz"}]
    return {path.name: sha256(path.read_bytes()) for path in files}


def test_python_reads_the_bundle(folder: Path) -> None:
    with zipfile.ZipFile(folder / "bundle.zip") as archive:
        found = {name: sha256(archive.read(name)) for name in archive.namelist()}
    assert found == bundled(folder)


def test_a_page_reads_the_bundle(folder: Path) -> None:
    found = run_node("read-files.mjs", folder / "bundle.zip")
    assert found == {"bundle.zip": bundled(folder)}


def test_unzip_reads_the_bundle(folder: Path, tmp_path: Path) -> None:
    if shutil.which("unzip") is None:
        pytest.skip("there is no unzip here")
    run("unzip", "-q", folder / "bundle.zip", "-d", tmp_path)
    assert {path.name: sha256(path.read_bytes()) for path in tmp_path.iterdir()} == bundled(folder)


def test_a_browser_decompresses_the_label_map(folder: Path) -> None:
    path = folder / "segmentation.nii.gz"
    content = zlib.decompress(path.read_bytes(), wbits=31)
    assert run_node("read-files.mjs", path) == {path.name: {"": sha256(content)}}


def test_vtk_and_nibabel_read_the_label_map_at_its_place(folder: Path, label_map: LabelMap) -> None:
    path = folder / "segmentation.nii.gz"
    image = load_nifti(path)
    assert np.array_equal(np.asanyarray(image.dataobj), label_map.labels)
    np.testing.assert_allclose(image.affine, AFFINE_RAS_MM, atol=1e-5)
    found = run_python("readers", "with_vtk", folder, path)
    # VTK turns the order of slices round where the file's axes are left-handed.
    voxels, affine = found[f"{path.name}/voxels"], found[f"{path.name}/affine"]
    index = np.vstack([np.indices(voxels.shape).reshape(3, -1), np.ones(voxels.size)])
    written_index = np.linalg.solve(AFFINE_RAS_MM, affine @ index)[:3]
    np.testing.assert_allclose(written_index, np.rint(written_index), atol=1e-4)
    i, j, k = np.rint(written_index).astype(int)
    assert np.array_equal(voxels.ravel(), label_map.labels[i, j, k])
