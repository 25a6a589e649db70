"""The dtype follows from the values alone."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from iris_imaging.voxel_buffer import VoxelBuffer, rescaled


@given(
    arrays.arrays(
        st.sampled_from([np.int8, np.uint8, np.int16, np.uint16, np.int32, np.float32]),
        (3, 2, 5),
    )
)
def test_what_fits_is_kept_exactly(voxels: Any) -> None:
    buffer = VoxelBuffer(voxels.shape)
    with np.errstate(invalid="ignore"):
        exact = voxels.astype(np.float32).astype(np.float64) == voxels
    for k in range(5):
        buffer.write(k, voxels[:, :, k : k + 1])
    if buffer.voxels.dtype != np.float32 or exact.all():
        np.testing.assert_array_equal(buffer.voxels, voxels)


@pytest.mark.parametrize("order", [range(4), [3, 1, 0, 2]])
def test_the_order_of_writing_does_not_matter(order: Any) -> None:
    voxels = np.zeros((2, 3, 4))
    voxels[..., 1], voxels[..., 2], voxels[..., 3] = -40_000, 0.5, 7
    buffer = VoxelBuffer(voxels.shape)
    for k in order:
        buffer.write(k, voxels[:, :, k : k + 1])
    assert buffer.voxels.dtype == np.float32
    np.testing.assert_array_equal(buffer.voxels, voxels)
    assert buffer.voxels.flags.f_contiguous


@pytest.mark.parametrize("value", [1.0, 0.1, 70_000.0, 1e300])
def test_a_written_slice_is_recognised(value: float) -> None:
    buffer = VoxelBuffer((2, 2, 1))
    one_slice = np.full((2, 2), value)
    buffer.write(0, one_slice[:, :, None])
    assert buffer.holds(0, one_slice)
    one_slice[1, 1] = 3.5
    assert not buffer.holds(0, one_slice)


def test_beyond_float32_is_infinity() -> None:
    buffer = VoxelBuffer((1, 1, 1))
    buffer.write(0, np.full((1, 1, 1), 1e300))
    assert np.isinf(buffer.voxels).all()


@given(
    raw=arrays.arrays(st.sampled_from([np.int8, np.uint16, np.int16, np.int32]), (4, 3)),
    slope=st.sampled_from([1.0, 2.0, 0.5, -1.0]),
    intercept=st.sampled_from([0.0, -1024.0, 0.25, 2.0**29]),
)
def test_rescaling_is_exact(raw: Any, slope: float, intercept: float) -> None:
    expected = raw.astype(np.float64) * slope + intercept
    np.testing.assert_array_equal(rescaled(raw, slope, intercept), expected)
