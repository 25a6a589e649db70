import itertools
import json
import zlib
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from iris_imaging.volume import LabelMap
from iris_oculus.structures import Structure
from scan_to_mesh.exporters.label_map import write_label_map

LIVER = Structure("liver", 5, "Liver", (200, 90, 60), "digestive", "10200004", "Liver")
HIGH = Structure("high", 300, "High", (1, 2, 3), "other")


def _label_map(affine: np.ndarray, *, dtype: Any = np.uint8, highest: int = 5) -> LabelMap:
    labels = np.zeros((5, 6, 7), dtype=dtype)
    labels[1:4, 2, 3:6] = 5
    labels[0, 1, 2] = highest
    return LabelMap(labels, affine, {5: LIVER, 300: HIGH})


def _written(label_map: LabelMap, folder: Path) -> Any:
    path = folder / "segmentation.nii.gz"
    write_label_map(label_map, path)
    return nib.load(path)


def _orientations() -> list[np.ndarray]:
    """All 48 ways to lay the axes of a scan along the patient, with an offset."""
    affines = []
    for order in itertools.permutations(range(3)):
        for signs in itertools.product((1, -1), repeat=3):
            affine = np.eye(4)
            affine[:3, :3] = (np.eye(3) * signs * np.array([0.7, 0.8, 2.5]))[:, order]
            affine[:3, 3] = (-120.5, 33.25, 900.125)
            affines.append(affine)
    return affines


def _oblique() -> np.ndarray:
    angle = np.deg2rad(17)
    turn = [[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]]
    affine = np.eye(4)
    affine[:3, :3] = np.array(turn) * [0.7, 0.7, 3]
    return affine


def test_grid_labels_and_affine_come_back_in_every_orientation(tmp_path: Path) -> None:
    for affine in [*_orientations(), _oblique()]:
        label_map = _label_map(affine)
        image = _written(label_map, tmp_path)
        assert np.array_equal(np.asanyarray(image.dataobj), label_map.labels)
        assert image.get_data_dtype() == np.uint8
        sform, sform_code = image.get_sform(coded=True)
        qform, qform_code = image.get_qform(coded=True)
        assert (sform_code, qform_code) == (1, 1)
        assert sform == pytest.approx(affine, abs=1e-4)
        assert qform == pytest.approx(affine, abs=1e-3)


def test_a_sheared_grid_has_no_quaternion_that_would_contradict_it(tmp_path: Path) -> None:
    affine = _oblique() @ np.array([[1, 0, 0, 0], [0, 1, 0.6, 0], [0, 0, 1, 0], [0, 0, 0, 1.0]])
    image = _written(_label_map(affine), tmp_path)
    assert image.affine == pytest.approx(affine, abs=1e-4)
    assert (int(image.header["sform_code"]), int(image.header["qform_code"])) == (1, 0)


def test_units_and_intent_are_said(tmp_path: Path) -> None:
    header = _written(_label_map(np.eye(4)), tmp_path).header
    assert header.get_xyzt_units()[0] == "mm"
    assert header.get_intent()[0] == "label"
    assert header.get_slope_inter() in {(1.0, 0.0), (None, None)}


@pytest.mark.parametrize(
    ("dtype", "highest", "stored"),
    [(np.uint16, 255, np.uint8), (np.uint16, 300, np.uint16), (np.uint32, 65535, np.uint16)],
)
def test_the_narrowest_type_that_holds_every_label(
    dtype: Any, highest: int, stored: Any, tmp_path: Path
) -> None:
    image = _written(_label_map(np.eye(4), dtype=dtype, highest=highest), tmp_path)
    assert image.get_data_dtype() == stored
    assert int(np.asanyarray(image.dataobj).max()) == highest


def test_a_label_that_fits_no_type_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="65536"):
        _written(_label_map(np.eye(4), dtype=np.uint32, highest=65536), tmp_path)


def test_the_legend_is_in_the_header(tmp_path: Path) -> None:
    (extension,) = _written(_label_map(np.eye(4)), tmp_path).header.extensions
    assert extension.get_code() == 6  # comment
    legend = json.loads(bytes(extension.get_content()).rstrip(b"\0"))
    assert legend["schema"] == "iris-oculus/label-map/1"
    assert [entry["label_value"] for entry in legend["structures"]] == [5, 300]
    assert legend["structures"][0] == {
        "label_value": 5,
        "name": "liver",
        "display_name": "Liver",
        "color_rgb": [200, 90, 60],
        "snomed_code": "10200004",
        "snomed_meaning": "Liver",
    }


def test_the_same_label_map_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.nii.gz", tmp_path / "b.nii.gz"
    write_label_map(_label_map(np.eye(4)), first)
    write_label_map(_label_map(np.eye(4)), second)
    assert first.read_bytes() == second.read_bytes()


def test_a_real_scans_grid_is_kept(shared_data: Path, tmp_path: Path) -> None:
    scan = nib.load(shared_data / "torso_ct" / "ct.nii.gz")
    labels = np.asanyarray(
        nib.load(shared_data / "torso_ct" / "labels_total_fast.nii.gz").dataobj
    ).astype(np.uint8)
    image = _written(LabelMap(labels, scan.affine, {}), tmp_path)
    assert image.shape == scan.shape
    assert image.affine == pytest.approx(scan.affine, abs=1e-6)
    assert np.array_equal(np.asanyarray(image.dataobj), labels)


def test_the_file_is_one_gzip_member_without_name_or_time(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 6, (150, 140, 130)).astype(np.uint8)  # several blocks of the encoder
    path = tmp_path / "segmentation.nii.gz"
    write_label_map(LabelMap(labels, np.eye(4), {5: LIVER}), path)
    data = path.read_bytes()
    assert data[:8] == b"\x1f\x8b\x08\x00" + bytes(4)  # deflate; no flags, time or name
    decoder = zlib.decompressobj(wbits=31)
    content = decoder.decompress(data)
    assert decoder.eof
    assert decoder.unused_data == b""
    assert np.frombuffer(content[-labels.size :], np.uint8).tobytes() == labels.tobytes(order="F")


def test_labels_are_stored_alike_whatever_their_order_in_memory(tmp_path: Path) -> None:
    labels = np.random.default_rng(2).integers(0, 6, (9, 8, 7)).astype(np.uint8)
    written = []
    for number, laid in enumerate([labels, np.asfortranarray(labels), labels[::-1].copy()[::-1]]):
        path = tmp_path / f"{number}.nii.gz"
        write_label_map(LabelMap(laid, np.eye(4), {5: LIVER}), path)
        written.append(path.read_bytes())
    assert len(set(written)) == 1
