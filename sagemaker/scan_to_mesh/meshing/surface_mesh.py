"""A structure's surface."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from iris_oculus.structures import Structure

from scan_to_mesh.meshing.mesh_report import MeshReport


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
    report : MeshReport
        What became of the structure on its way here.
    """

    structure: Structure
    vertices_ras_mm: npt.NDArray[np.float32]
    faces: npt.NDArray[np.int32]
    report: MeshReport

    @property
    def triangles_before(self) -> int:
        """Triangles before decimation."""
        return self.report.triangles_before

    @property
    def watertight(self) -> bool:
        """Every edge is shared by exactly two triangles that run along it in opposite ways."""
        return self.report.watertight
