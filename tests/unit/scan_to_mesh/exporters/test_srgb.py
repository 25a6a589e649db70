import numpy as np
import pytest
from scan_to_mesh.exporters.srgb import linear_from_srgb


def test_every_byte_comes_back_through_the_inverse() -> None:
    linear = linear_from_srgb(np.arange(256) / 255).astype(np.float64)
    srgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    assert np.array_equal(np.rint(srgb * 255), np.arange(256))


def test_middle_grey_holds_a_fifth_of_the_light() -> None:
    assert linear_from_srgb([128 / 255]) == pytest.approx(0.2158605, abs=1e-6)
