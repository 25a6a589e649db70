import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scan_to_mesh.meshing.occupancy import signed_occupancy

SPACINGS = [(1.0, 1.0, 1.0), (0.7, 0.7, 5.0), (3.0, 0.5, 1.0)]


@settings(max_examples=50, deadline=None)
@given(mask=arrays(bool, (6, 5, 7)), spacing=st.sampled_from(SPACINGS))
def test_the_mask_alone_decides_what_is_inside(
    mask: np.ndarray, spacing: tuple[float, float, float]
) -> None:
    field = signed_occupancy(mask, spacing)
    np.testing.assert_array_equal(field > 0, mask)
    assert field.dtype == np.float32
    assert np.abs(field).min() >= 0.0099


def test_a_flat_face_keeps_its_place_between_the_voxels() -> None:
    mask = np.zeros((20, 9, 9), bool)
    mask[:10] = True
    before, after = signed_occupancy(mask, (1.0, 1.0, 1.0))[9:11, 4, 4]
    assert before / (before - after) == pytest.approx(0.5, abs=1e-3)


def test_smoothing_is_a_length_in_mm() -> None:
    """Twice the voxels per axis give the same field at the same places."""
    coarse = np.zeros((12, 12, 12), bool)
    coarse[3:9, 3:9, 3:9] = True
    fine = coarse.repeat(2, axis=2)
    by_slices = signed_occupancy(fine, (1.0, 1.0, 0.5))
    assert by_slices[6, 6, 4] < 0 < by_slices[6, 6, 6]
    np.testing.assert_allclose(by_slices, by_slices[::-1, ::-1, ::-1], atol=1e-6)
    np.testing.assert_allclose(by_slices, by_slices.transpose(1, 0, 2), atol=1e-6)
