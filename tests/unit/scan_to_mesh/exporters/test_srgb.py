import numpy as np
import pytest
from scan_to_mesh.exporters.srgb import linear_from_srgb, srgb_bytes_from_linear


def test_every_byte_comes_back() -> None:
    every = np.arange(256)
    assert np.array_equal(srgb_bytes_from_linear(linear_from_srgb(every / 255)), every)


def test_middle_grey_holds_a_fifth_of_the_light() -> None:
    assert linear_from_srgb([128 / 255]) == pytest.approx(0.2158605, abs=1e-6)


def test_light_beyond_white_is_white() -> None:
    assert srgb_bytes_from_linear(np.array([-0.1, 3.0], dtype=np.float32)).tolist() == [0, 255]
