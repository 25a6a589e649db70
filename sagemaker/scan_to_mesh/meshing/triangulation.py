"""Triangles from the quadrilaterals of a dual surface."""

import numpy as np
import numpy.typing as npt
from numba import njit


@njit(nogil=True, cache=True)
def triangulated(
    vertices_mm: npt.NDArray[np.float32], quads: npt.NDArray[np.int32]
) -> npt.NDArray[np.int32]:
    """Cut each quadrilateral along its shorter diagonal.

    Parameters
    ----------
    vertices_mm : ndarray of float32, shape (N, 3)
    quads : ndarray of int32, shape (M, 4)
        A corner that occurs twice in a row makes a triangle.

    Returns
    -------
    ndarray of int32, shape (T, 3)
        Wound as the quadrilaterals are.
    """
    faces = np.empty((2 * len(quads), 3), np.int32)
    count = 0
    for q in range(len(quads)):
        a, b, c, d = quads[q, 0], quads[q, 1], quads[q, 2], quads[q, 3]
        first = second = np.float32(0.0)
        for axis in range(3):
            first += (vertices_mm[a, axis] - vertices_mm[c, axis]) ** 2
            second += (vertices_mm[b, axis] - vertices_mm[d, axis]) ** 2
        if a == b or c == d or (b != c and a != d and first <= second):
            if a != b and b != c:
                faces[count, 0], faces[count, 1], faces[count, 2] = a, b, c
                count += 1
            if c != d and d != a:
                faces[count, 0], faces[count, 1], faces[count, 2] = a, c, d
                count += 1
        else:
            if a != b and d != a:
                faces[count, 0], faces[count, 1], faces[count, 2] = a, b, d
                count += 1
            if b != c and c != d:
                faces[count, 0], faces[count, 1], faces[count, 2] = b, c, d
                count += 1
    return faces[:count].copy()
