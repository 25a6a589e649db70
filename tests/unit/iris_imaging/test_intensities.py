"""What counts as Hounsfield units."""

from typing import Any

import numpy as np
import pytest
from iris_imaging.intensities import (
    looks_like_hounsfield,
    measure_intensities,
    settle_intensities,
)
from iris_imaging.volume import Modality
from iris_oculus.errors import UnreadableScan


def _mixture(*parts: tuple[float, float]) -> Any:
    """Volume of 1000 voxels; pairs of a share and a value."""
    values = np.concatenate([np.full(round(1000 * share), value) for share, value in parts])
    return values.astype(np.float32).reshape(10, 10, 10)


@pytest.mark.parametrize(
    ("voxels", "expected"),
    [
        (_mixture((0.5, -1000), (0.5, 40)), True),
        (_mixture((0.01, -800), (0.99, 40)), True),
        (_mixture((0.5, -3024), (0.5, 40)), True),
        (_mixture((0.009, -800), (0.991, 40)), False),
        (_mixture((0.5, -5000), (0.5, 40)), False),
        (_mixture((0.5, -400), (0.5, 40)), False),
        (_mixture((0.5, 0), (0.5, 40)), False),
        (_mixture((0.5, -1000), (0.5, 1000)), False),
    ],
    ids=["ct", "little air", "padding", "too little air", "too low", "no air", "mr", "no tissue"],
)
def test_plausibility(voxels: Any, expected: bool) -> None:
    assert looks_like_hounsfield(measure_intensities(voxels)) == expected


def test_padding_with_nan_does_not_make_a_ct() -> None:
    voxels = _mixture((0.5, np.nan), (0.5, 40))
    modality, warnings = settle_intensities(voxels, None)
    assert modality is Modality.UNKNOWN
    assert {warning.code for warning in warnings} == {"not_hounsfield", "non_finite_voxels"}
    assert (voxels == 40).all()


@pytest.mark.parametrize("modality", [Modality.CT, Modality.MR, Modality.UNKNOWN])
def test_a_modality_of_the_header_stands(modality: Modality) -> None:
    assert settle_intensities(_mixture((1.0, 5)), modality)[0] is modality


def test_nothing_finite() -> None:
    with pytest.raises(UnreadableScan):
        settle_intensities(_mixture((1.0, np.inf)), Modality.CT)
