"""Morphology in millimetres against its definition by distances."""

import numpy as np
import pytest
from scan_to_mesh.segmenters.hounsfield import morphology
from scipy import ndimage

SPACINGS = [(3.0, 3.0, 3.0), (1.0, 2.0, 5.0)]


@pytest.fixture
def blobs() -> np.ndarray:
    noise = np.random.default_rng(0).normal(size=(40, 41, 42))
    return ndimage.gaussian_filter(noise, 2) > 0


# 2 mm and 4 mm are done with a brush, 15 mm with a distance transform.
@pytest.mark.parametrize("spacing_mm", SPACINGS)
@pytest.mark.parametrize("radius_mm", [2, 4, 15])
def test_erosion_and_dilation_are_by_distance(blobs, spacing_mm, radius_mm):
    inside = ndimage.distance_transform_edt(blobs, sampling=spacing_mm)
    outside = ndimage.distance_transform_edt(~blobs, sampling=spacing_mm)
    eroded = morphology.erode(blobs, radius_mm, spacing_mm)
    dilated = morphology.dilate(blobs, radius_mm, spacing_mm)
    assert np.array_equal(eroded, inside > radius_mm)
    assert np.array_equal(dilated, outside <= radius_mm)


def test_the_faces_of_the_image_are_no_border():
    everything = np.ones((9, 9, 9), bool)
    for radius_mm in (2, 30):
        assert morphology.erode(everything, radius_mm, (1, 1, 1)).all()
        assert morphology.opening(everything, radius_mm, (1, 1, 1)).all()


def test_nothing_stays_nothing():
    nothing = np.zeros((5, 6, 7), bool)
    spacing_mm = (1.0, 1.0, 1.0)
    assert morphology.bounding_box(nothing, 1, spacing_mm) is None
    for operation in (
        morphology.erode,
        morphology.dilate,
        morphology.opening,
        morphology.closing,
    ):
        assert not operation(nothing, 3, spacing_mm).any()
    assert not morphology.components(nothing).largest().any()


def test_opening_cuts_thin_parts_off_and_closing_fills_thin_gaps():
    mask = np.zeros((40, 40, 40), bool)
    mask[5:25, 10:30, 10:30] = True
    mask[25:38, 19:21, 19:21] = True
    opened = morphology.opening(mask, 3, (1.0, 1.0, 1.0))
    assert not opened[28:].any()
    assert opened[15, 20, 20]
    gap = mask.copy()
    gap[14:16] = False
    closed = morphology.closing(gap, 3, (1.0, 1.0, 1.0))
    assert closed[14:16, 14:26, 14:26].all()
    assert not closed[:3].any()


def test_components_know_their_sizes():
    mask = np.zeros((10, 10, 10), bool)
    mask[1:3, 1:3, 1:3] = True
    mask[5:9, 5:9, 5:9] = True
    parts = morphology.components(mask)
    assert parts.count == 2
    assert sorted(parts.voxels) == [0, 8, 64]
    assert np.count_nonzero(parts.largest()) == 64


def test_holes_are_filled_slice_by_slice():
    tube = np.zeros((9, 9, 5), bool)
    tube[2:7, 2:7] = True
    tube[4, 4] = False  # open at both ends, closed in every slice
    assert morphology.fill_holes_by_slice(tube)[4, 4].all()
