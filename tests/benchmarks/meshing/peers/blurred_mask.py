"""A blurred mask, VTK's flying edges, and a fast decimator: the best composition of libraries."""

from collections.abc import Callable

import numpy as np
from scipy import ndimage
from vtkmodules.vtkFiltersCore import vtkFlyingEdges3D

from tests.benchmarks.meshing.grids import Grid
from tests.benchmarks.meshing.peers.crops import boxes_of, padded_mask
from tests.benchmarks.meshing.peers.decimators import by_fast_simplification, by_meshoptimizer
from tests.benchmarks.meshing.peers.vtk_data import Faces, Vertices, image_of, triangles_of
from tests.benchmarks.meshing.ways import Mesh, Meshes

_SIGMA_VOXELS, _MARGIN_VOXELS = 1.0, 4
_THIN_PEAK = 0.6

_Decimate = Callable[[Vertices, Faces], tuple[Vertices, Faces]]


def with_fast_simplification(grid: Grid) -> Meshes:
    """Decimated by fast-simplification."""
    return _meshes(grid, by_fast_simplification)


def with_meshoptimizer(grid: Grid) -> Meshes:
    """Decimated by meshoptimizer."""
    return _meshes(grid, by_meshoptimizer)


def _meshes(grid: Grid, decimate: _Decimate) -> Meshes:
    found: dict[int, Mesh] = {}
    for value, box in boxes_of(grid.labels).items():
        mask, origin = padded_mask(grid.labels, value, box, _MARGIN_VOXELS, np.float32)
        blurred = ndimage.gaussian_filter(mask.T, _SIGMA_VOXELS, mode="constant", truncate=3.0).T
        peak = float(blurred.max())
        edges = vtkFlyingEdges3D()
        edges.SetInputData(image_of(blurred, origin, grid.affine_ras_mm))
        # Half, as long as thin structures reach it: otherwise they would vanish.
        edges.SetValue(0, 0.5 if peak > _THIN_PEAK else peak / 2)
        edges.ComputeGradientsOff()
        edges.ComputeNormalsOff()
        edges.ComputeScalarsOff()
        edges.Update()
        vertices, faces = triangles_of(edges.GetOutput())
        found[value] = (*decimate(vertices, faces), len(faces))
    return found
