"""Smooth normals."""

import math

import numba
import numpy as np
import numpy.typing as npt
from numba.extending import register_jitable

Vectors = npt.NDArray[np.float32]
Faces = npt.NDArray[np.int32]


def vertex_normals(vertices: Vectors, faces: Faces) -> Vectors:
    """Unit normals of the vertices: the mean of the faces around each, weighted by their area.

    Parameters
    ----------
    vertices : ndarray of float32, shape (N, 3)
        Any frame, any unit.
    faces : ndarray of int32, shape (M, 3)
        Counter-clockwise seen from outside.

    Returns
    -------
    ndarray of float32, shape (N, 3)
        Same frame; outward. (0, 0, 1) where no face with an area meets the vertex, because
        formats demand unit length everywhere.
    """
    return _mean_of_faces(
        np.require(vertices, np.float32, ["C", "W", "E"]),
        np.require(faces, np.int32, ["C", "W", "E"]),
    )


@register_jitable
def _at(vertices: Vectors, number: int) -> tuple[float, float, float]:
    x, y, z = vertices[number]
    return np.float64(x), np.float64(y), np.float64(z)


@numba.njit("f4[:,::1](f4[:,::1], i4[:,::1])", nogil=True, cache=True)
def _mean_of_faces(vertices: Vectors, faces: Faces) -> Vectors:
    total = np.zeros(vertices.shape, np.float64)
    for number in range(len(faces)):
        a, b, c = faces[number]
        ax, ay, az = _at(vertices, a)
        bx, by, bz = _at(vertices, b)
        cx, cy, cz = _at(vertices, c)
        ux, uy, uz = bx - ax, by - ay, bz - az
        vx, vy, vz = cx - ax, cy - ay, cz - az
        x, y, z = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx  # twice the area
        for corner in (a, b, c):
            total[corner, 0] += x
            total[corner, 1] += y
            total[corner, 2] += z
    normals = np.empty(vertices.shape, np.float32)
    for number in range(len(total)):
        x, y, z = total[number]
        length = math.sqrt(x * x + y * y + z * z)
        if length > 0:
            normals[number, 0] = x / length
            normals[number, 1] = y / length
            normals[number, 2] = z / length
        else:
            normals[number] = (0.0, 0.0, 1.0)
    return normals
