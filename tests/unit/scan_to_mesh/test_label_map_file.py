import json
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import numpy.typing as npt
import pytest
from iris_oculus.errors import InvalidField, NotAnImage, NotThreeDimensional, UnreadableScan
from scan_to_mesh.label_map_file import read_label_map, read_names

AFFINE = np.array([[-2.0, 0, 0, 30], [0, 1.5, 0.2, -10], [0, 0, 3.0, 5], [0, 0, 0, 1]])


def write(path: Path, labels: npt.NDArray[Any], affine: npt.NDArray[np.float64] = AFFINE) -> Path:
    image = nibabel.Nifti1Image(labels, affine, dtype=labels.dtype)
    image.header.set_xyzt_units("mm")
    nibabel.save(image, path)
    return path


def some_labels(dtype: str) -> npt.NDArray[Any]:
    labels = np.zeros((4, 5, 6), dtype)
    labels[1:3, 2:4, 1:5] = 3
    labels[0, 0, 0] = 100
    return labels


@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f4", "f8"])
@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
def test_values_and_places_are_those_of_the_file(tmp_path: Path, dtype: str, suffix: str) -> None:
    stored = some_labels(dtype)
    label_map, warnings = read_label_map(write(tmp_path / f"labels{suffix}", stored), {3: "liver"})
    assert label_map.labels.dtype.kind == "u"
    assert label_map.labels.dtype.isnative
    np.testing.assert_array_equal(label_map.labels, stored)
    np.testing.assert_allclose(label_map.affine_ras_mm, AFFINE, atol=1e-6)
    assert {v: s.name for v, s in label_map.structures.items()} == {3: "liver", 100: "label_100"}
    assert len({s.color_rgb for s in label_map.structures.values()}) == 2
    assert warnings == ()


def test_big_endian_files(tmp_path: Path) -> None:
    stored = some_labels("u2")
    image = nibabel.Nifti1Image(stored, AFFINE, nibabel.Nifti1Header(endianness=">"))
    image.set_data_dtype(">u2")
    nibabel.save(image, tmp_path / "labels.nii")
    label_map, _ = read_label_map(tmp_path / "labels.nii", {})
    np.testing.assert_array_equal(label_map.labels, stored)
    assert label_map.labels.dtype.isnative


def test_a_label_value_of_32_bits_is_exact(tmp_path: Path) -> None:
    stored = np.zeros((3, 3, 3), np.uint32)
    stored[1, 1, 1] = 4_294_967_295
    label_map, _ = read_label_map(write(tmp_path / "labels.nii.gz", stored), {})
    assert list(label_map.structures) == [4_294_967_295]


def test_a_fourth_axis_of_one_is_no_axis(tmp_path: Path) -> None:
    stored = some_labels("u1")
    label_map, _ = read_label_map(write(tmp_path / "labels.nii.gz", stored[..., None]), {})
    np.testing.assert_array_equal(label_map.labels, stored)


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(np.full((3, 3, 3), -1, np.int16), id="negative"),
        pytest.param(np.full((3, 3, 3), 0.5, np.float32), id="fractions"),
        pytest.param(np.full((3, 3, 3), np.nan, np.float32), id="not a number"),
        pytest.param(np.full((3, 3, 3), np.inf, np.float64), id="infinite"),
    ],
)
def test_what_is_no_label_map_is_refused(tmp_path: Path, stored: npt.NDArray[Any]) -> None:
    with pytest.raises(UnreadableScan, match="whole numbers"):
        read_label_map(write(tmp_path / "labels.nii.gz", stored), {})


def test_time_series_and_other_files_are_refused(tmp_path: Path) -> None:
    series = write(tmp_path / "labels.nii.gz", np.zeros((3, 3, 3, 2), np.uint8))
    with pytest.raises(NotThreeDimensional):
        read_label_map(series, {})
    text = tmp_path / "text.nii"
    text.write_text("no image at all" * 50)
    with pytest.raises(NotAnImage):
        read_label_map(text, {})


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "labels.nii", some_labels("u2"))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UnreadableScan):
        read_label_map(path, {})


def test_names(tmp_path: Path) -> None:
    path = tmp_path / "names.json"
    path.write_text(json.dumps({"1": "liver", "20": "spleen"}))
    assert read_names(path) == {1: "liver", 20: "spleen"}


@pytest.mark.parametrize(
    "content",
    ["", "[]", "3", '{"one": "liver"}', '{"0": "liver"}', '{"1": 2}', '{"1": "a", "2": "a"}'],
)
def test_other_names_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "names.json"
    path.write_text(content)
    with pytest.raises(InvalidField):
        read_names(path)
