"""Equal for one image in many files, different for different images."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from iris_imaging.content_hash import content_sha256

from tests.unit.iris_imaging.phantoms import affine, ct_phantom, orientations, reoriented

ROTATION = (7, -11, 5)


@pytest.mark.parametrize("orientation", orientations(), ids=str)
def test_axis_order_is_no_content(orientation: np.ndarray) -> None:
    voxels, matrix = ct_phantom(), affine(rotation_degrees=ROTATION)
    turned = reoriented(voxels, matrix, orientation)
    assert content_sha256(*turned) == content_sha256(voxels, matrix)


@given(st.sampled_from([0.3125, 0.625, 0.9375, 0.7, 1.0, 1.25, 3.0, 0.9765625, 0.488]))
def test_rounding_of_headers_is_no_content(spacing: float) -> None:
    matrix = affine((spacing, spacing, 2.5), origin=(-250.0, -249.5, 1012.75))
    as_nifti = matrix.astype(np.float32).astype(np.float64)
    assert content_sha256(ct_phantom(), as_nifti) == content_sha256(ct_phantom(), matrix)


def test_memory_order_is_no_content() -> None:
    voxels = ct_phantom()
    expected = content_sha256(np.ascontiguousarray(voxels), affine())
    assert content_sha256(np.asfortranarray(voxels), affine()) == expected
    assert content_sha256(voxels.astype(">i2"), affine()) == expected


def test_every_voxel_and_every_length_counts() -> None:
    hashes = {content_sha256(ct_phantom(), affine())}
    for index in [(0, 0, 0), (13, 10, 8), (5, 5, 5)]:
        voxels = ct_phantom()
        voxels[index] += 1
        hashes.add(content_sha256(voxels, affine()))
    for row in range(3):
        for column in range(4):
            matrix = affine()
            matrix[row, column] += 0.01
            hashes.add(content_sha256(ct_phantom(), matrix))
    hashes.add(content_sha256(ct_phantom()[:, :, :8], affine()))
    assert len(hashes) == 1 + 3 + 12 + 1
