"""A structure's surface."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from iris_oculus.structures import Structure


@dataclass(frozen=True, eq=False)
class SurfaceMesh:
    """Triangles around one structure, in the patient's world frame.

    Attributes
    ----------
    structure : Structure
    vertices_ras_mm : ndarray of float32, shape (N, 3)
        RAS+ world mm.
    faces : ndarray of int32, shape (M, 3)
        Vertex indices, counter-clockwise seen from outside.
    triangles_before : int
        Triangles before decimation.
    watertight : bool
        Every edge is shared by exactly two triangles that run along it in opposite directions.
    """

    structure: Structure
    vertices_ras_mm: npt.NDArray[np.float32]
    faces: npt.NDArray[np.int32]
    triangles_before: int
    watertight: bool
