"""A triangle surface on its way to becoming a mesh."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

Surface = tuple[npt.NDArray[np.floating[Any]], npt.NDArray[np.int32]]
"""Vertices in mm along the RAS+ axes from any origin, shape (N, 3), and faces, shape (M, 3),
counter-clockwise from outside."""


@njit(nogil=True, cache=True)
def transformed(
    points: npt.NDArray[np.floating[Any]], matrix: npt.NDArray[np.float64]
) -> npt.NDArray[np.float32]:
    """``points @ matrix.T`` as float32.

    NumPy's own asks BLAS, which wakes threads of its own for three columns, beside the structures'.

    Parameters
    ----------
    points : ndarray of float, shape (N, 3)
    matrix : ndarray of float64, shape (3, 3)
    """
    result = np.empty((len(points), 3), np.float32)
    for point in range(len(points)):
        for axis in range(3):
            result[point, axis] = (
                matrix[axis, 0] * points[point, 0]
                + matrix[axis, 1] * points[point, 1]
                + matrix[axis, 2] * points[point, 2]
            )
    return result
