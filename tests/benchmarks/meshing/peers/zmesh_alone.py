"""zmesh, which meshes all labels in one pass and brings its own simplification."""

import numpy as np
from zmesh import Mesher

from tests.benchmarks.meshing.grids import Grid
from tests.benchmarks.meshing.ways import REDUCTION, Mesh, Meshes

_ANY_ERROR_MM = 100.0  # at its default of 1 it leaves more than twice the triangles


def own_simplification(grid: Grid) -> Meshes:
    """Marching cubes on the padded label map, simplified, not smoothed."""
    spacing = np.diag(grid.affine_ras_mm)[:3]
    corner = grid.affine_ras_mm[:3, 3] - spacing
    mesher = Mesher(tuple(spacing))
    mesher.mesh(np.pad(grid.labels, 1))
    found: dict[int, Mesh] = {}
    for value in mesher.ids():
        mesh = mesher.get(
            value,
            normals=False,
            reduction_factor=round(1 / (1 - REDUCTION)),
            max_error=_ANY_ERROR_MM,
            voxel_centered=False,
        )
        mesher.erase(value)
        found[int(value)] = (mesh.vertices + corner, mesh.faces, 0)
    return found
