"""A synthetic body with 117 labels on a CT's grid."""

import numpy as np
import numpy.typing as npt

from tests.benchmarks.page.body import make_labels

_SHAPE = (512, 512, 500)
_SPACING_MM = (0.8, 0.8, 1.0)
# The body is pressed together along z, so that all of it lies in 500 slices of a millimetre.
_BODY_MM_BY_SLICE = 1.76


def synthetic_body() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float64]]:
    """Labels in Fortran order, and their affine."""
    labels = np.zeros(_SHAPE, np.uint8, order="F")
    make_labels(labels, (*_SPACING_MM[:2], _BODY_MM_BY_SLICE))
    affine = np.diag([*_SPACING_MM, 1.0])
    affine[:3, 3] = (-205.0, -205.0, -500.0)
    return labels, affine
