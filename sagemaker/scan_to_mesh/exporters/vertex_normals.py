"""Smooth normals."""

import numpy as np
import numpy.typing as npt


def vertex_normals(
    vertices: npt.NDArray[np.float32], faces: npt.NDArray[np.int32]
) -> npt.NDArray[np.float32]:
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
    a, b, c = (vertices[faces[:, corner]].astype(np.float64) for corner in range(3))
    doubled_area = np.cross(b - a, c - a)
    corners = faces.ravel()
    total = np.column_stack(
        [
            np.bincount(
                corners, weights=np.repeat(doubled_area[:, axis], 3), minlength=len(vertices)
            )
            for axis in range(3)
        ]
    )
    length = np.linalg.norm(total, axis=1, keepdims=True)
    unit: npt.NDArray[np.float64] = np.divide(
        total, length, out=np.zeros_like(total), where=length > 0
    )
    unit[length[:, 0] == 0] = (0.0, 0.0, 1.0)
    return unit.astype(np.float32)
