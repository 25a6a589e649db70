"""The way to the working grid and back."""

import numpy as np
import pytest
from scan_to_mesh.segmenters.hounsfield.grid import average_blocks, block_size
from scan_to_mesh.segmenters.hounsfield.refine import refine
from scan_to_mesh.segmenters.hounsfield.tissue import Tissue


@pytest.mark.parametrize(
    ("spacing_mm", "block"),
    [
        ((3.0, 3.0, 3.0), (1, 1, 1)),
        ((0.7, 0.7, 1.0), (4, 4, 3)),
        ((1.5, 2.0, 5.0), (2, 1, 1)),
        ((0.6, 0.6, 0.6), (5, 5, 5)),
    ],
)
def test_working_voxels_are_as_large_as_3_mm_allows(spacing_mm, block):
    assert block_size(spacing_mm) == block


def test_blocks_are_averaged_and_edges_padded():
    voxels = np.random.default_rng(1).integers(-1000, 1000, (5, 4, 7)).astype(np.int16)
    working = average_blocks(voxels, (2, 2, 3))
    assert working.shape == (3, 2, 3)
    assert working.dtype == np.float32
    assert working[0, 1, 1] == pytest.approx(voxels[0:2, 2:4, 3:6].mean(), abs=1e-3)
    assert working[2, 0, 0] == pytest.approx(voxels[4, 0:2, 0:3].mean(), abs=1e-3)
    assert working[0, 0, 2] == pytest.approx(voxels[0:2, 0:2, 6].mean(), abs=1e-3)


def test_metal_and_padding_values_are_clipped():
    voxels = np.array([-3024, 30000], np.int16).reshape(2, 1, 1)
    assert average_blocks(voxels, (1, 1, 1)).ravel().tolist() == [-1024, 3071]


def test_refining_finds_the_edges_of_the_scan():
    block, mm = (4, 4, 3), (0.75, 0.75, 1.0)
    axes = [np.arange(n) * s for n, s in zip((82, 80, 61), mm, strict=True)]
    x, y, z = np.meshgrid(*axes, indexing="ij")
    radius_mm = np.sqrt((x - 31) ** 2 + (y - 29) ** 2 + (z - 30) ** 2)
    noise = np.random.default_rng(2).normal(0, 15, radius_mm.shape)
    voxels = (np.where(radius_mm <= 17, 250, 50) + noise).astype(np.int16)
    working = average_blocks(voxels, block)
    coarse = np.where(working > 150, Tissue.BONE, Tissue.MUSCLE).astype(np.uint8)
    fine = refine(coarse, working, voxels, block, mm)
    assert fine.shape == voxels.shape
    truly = radius_mm <= 17
    found = fine == Tissue.BONE
    overlap = 2 * np.count_nonzero(found & truly) / (found.sum() + truly.sum())
    assert overlap > 0.97
    assert set(np.unique(fine)) == {Tissue.BONE, Tissue.MUSCLE}


def test_what_contrast_agent_made_dense_does_not_become_bone_again():
    block, mm = (2, 2, 2), (1.5, 1.5, 1.5)
    voxels = np.full((20, 20, 20), 300, np.int16)
    working = average_blocks(voxels, block)
    coarse = np.full((10, 10, 10), Tissue.SOFT_TISSUE_OTHER, np.uint8)
    coarse[5:] = Tissue.BONE
    fine = refine(coarse, working, voxels, block, mm)
    assert (fine[:10] == Tissue.SOFT_TISSUE_OTHER).all()
    assert (fine[10:] == Tissue.BONE).all()


def test_a_scan_of_working_size_is_left_as_it_is():
    labels = np.random.default_rng(3).integers(0, 9, (5, 6, 7)).astype(np.uint8)
    hu = np.zeros((5, 6, 7), np.float32)
    assert refine(labels, hu, hu, (1, 1, 1), (3.0, 3.0, 3.0)) is labels
