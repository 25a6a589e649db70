from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from iris_imaging.volume import LabelMap, Volume
from iris_oculus.structures import Structure
from scan_to_mesh.exporters.page_volumes import reduce_for_page, write_page_volumes

LIVER = Structure("liver", 5, "Liver", (200, 90, 60), "digestive")
AFFINE_RAS_MM = np.array(
    [
        [-0.6, 0.1, 0.0, 90.0],
        [0.1, -0.7, 0.3, -20.0],
        [0.0, 0.2, 2.5, -400.0],
        [0.0, 0.0, 0.0, 1.0],
    ]
)
"""Mirrored, oblique and sheared."""


def volume(voxels: np.ndarray) -> Volume:
    return Volume(voxels, AFFINE_RAS_MM)


def label_map(labels: np.ndarray) -> LabelMap:
    return LabelMap(labels, AFFINE_RAS_MM, {5: LIVER})


def world_x_mm(affine: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """RAS x of each voxel's centre."""
    i, j, k = np.indices(shape)
    x: np.ndarray = affine[0, 0] * i + affine[0, 1] * j + affine[0, 2] * k + affine[0, 3]
    return x


def test_a_reduced_voxel_shows_what_lies_at_its_place() -> None:
    shape = (50, 41, 36)
    # A scan whose value is its own place: wherever a voxel lands, its value says where it is.
    placed = (100 * world_x_mm(AFFINE_RAS_MM, shape)).astype(np.float32)

    reduced = reduce_for_page(volume(placed), label_map(np.zeros(shape, np.uint8)), max_side=32)

    assert reduced.intensities.shape == (32, 32, 32)
    assert reduced.slope == 1
    expected = 100 * world_x_mm(reduced.affine_ras_mm, (32, 32, 32))
    # Voxels that lie across an edge count by their share: that moves a mean by an eighth at most.
    eighth = 100 * np.abs(AFFINE_RAS_MM[0, :3]).sum() / 8
    np.testing.assert_allclose(reduced.intensities, expected, atol=eighth + 0.5)


def test_means_keep_the_total() -> None:
    voxels = np.random.default_rng(1).integers(-1000, 2000, (33, 47, 80)).astype(np.int16)
    reduced = reduce_for_page(volume(voxels), label_map(np.zeros_like(voxels, np.uint8)), 20)
    assert reduced.intensities.mean() == pytest.approx(voxels.mean(), abs=0.05)


def test_a_reduced_label_is_the_one_at_the_centre() -> None:
    labels = np.zeros((64, 10, 10), np.uint8)
    labels[40:] = 5  # from index 40 on: the face lies at 39.5
    reduced = reduce_for_page(volume(np.zeros_like(labels, np.int16)), label_map(labels), 32)
    assert reduced.labels is not None
    index = reduced.affine_ras_mm @ [[20.0], [0], [0], [1]]
    index = np.linalg.solve(AFFINE_RAS_MM, index)
    assert index[0, 0] == pytest.approx(40.5)
    assert (reduced.labels[:20] == 0).all()
    assert (reduced.labels[20:] == 5).all()


def test_a_small_scan_stays_as_it_is() -> None:
    voxels = np.random.default_rng(2).integers(-1000, 2000, (7, 8, 9)).astype(np.int32)
    labels = (voxels > 500).astype(np.uint16) * 5
    reduced = reduce_for_page(volume(voxels), label_map(labels))
    assert np.array_equal(reduced.intensities, voxels)
    assert np.array_equal(reduced.labels, labels)
    assert np.array_equal(reduced.affine_ras_mm, AFFINE_RAS_MM)


def test_values_beyond_16_bits_are_scaled_not_cut() -> None:
    voxels = np.array([[[-1024, 0, 65534]]], dtype=np.int32)
    reduced = reduce_for_page(volume(voxels), label_map(np.zeros((1, 1, 3), np.uint8)))
    assert reduced.slope == 2
    assert (reduced.intensities * reduced.slope).tolist() == voxels.tolist()


def test_both_files_say_the_same_place_and_the_scans_values(tmp_path: Path) -> None:
    voxels = np.arange(-60, 60, dtype=np.int16).reshape(4, 5, 6)
    labels = np.full((4, 5, 6), 5, np.uint8)
    written = write_page_volumes(reduce_for_page(volume(voxels), label_map(labels)), tmp_path)
    assert [path.name for path in written] == ["ct_preview.nii.gz", "segmentation_preview.nii.gz"]
    load: Any = nib.load
    scan, segments = (load(path) for path in written)
    assert np.array_equal(scan.get_fdata(), voxels)
    assert np.array_equal(np.asanyarray(segments.dataobj), labels)
    assert segments.get_data_dtype() == np.uint8
    for image in (scan, segments):
        np.testing.assert_allclose(image.affine, AFFINE_RAS_MM, rtol=1e-6)


def test_labels_beyond_8_bits_make_no_label_file(tmp_path: Path) -> None:
    labels = np.full((2, 2, 2), 300, np.uint16)
    reduced = reduce_for_page(volume(np.zeros((2, 2, 2), np.int16)), label_map(labels))
    assert [path.name for path in write_page_volumes(reduced, tmp_path)] == ["ct_preview.nii.gz"]
