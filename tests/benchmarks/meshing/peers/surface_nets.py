"""VTK's SurfaceNets3D, which meshes all labels at once, and a decimator for each label."""

from collections.abc import Callable

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkFiltersCore import vtkSurfaceNets3D

from tests.benchmarks.meshing.grids import Grid
from tests.benchmarks.meshing.peers.decimators import by_meshoptimizer, by_vtk_quadric
from tests.benchmarks.meshing.peers.vtk_data import Faces, Vertices, image_of, triangles_of
from tests.benchmarks.meshing.ways import Mesh, Meshes

_ITERATIONS, _RELAXATION, _CONSTRAINT_SCALE = 16, 0.5, 2.0

_Decimate = Callable[[Vertices, Faces], tuple[Vertices, Faces]]


def vtk_quadric(grid: Grid) -> Meshes:
    """Decimated by VTK."""
    return _meshes(grid, by_vtk_quadric)


def meshoptimizer(grid: Grid) -> Meshes:
    """Decimated by meshoptimizer."""
    return _meshes(grid, by_meshoptimizer)


def _meshes(grid: Grid, decimate: _Decimate) -> Meshes:
    padded = np.zeros([side + 2 for side in grid.labels.shape], np.uint8, order="F")
    padded[1:-1, 1:-1, 1:-1] = grid.labels
    values = np.flatnonzero(np.bincount(grid.labels.ravel(order="K")))
    values = values[values > 0]
    nets = vtkSurfaceNets3D()
    nets.SetInputData(image_of(padded, np.full(3, -1), grid.affine_ras_mm))
    nets.SetNumberOfLabels(len(values))
    for place, value in enumerate(values):
        nets.SetValue(place, value)
    nets.SetBackgroundLabel(0)
    nets.SetOutputMeshTypeToTriangles()
    nets.SmoothingOn()
    nets.SetNumberOfIterations(_ITERATIONS)
    nets.SetRelaxationFactor(_RELAXATION)
    nets.SetConstraintScale(_CONSTRAINT_SCALE)
    nets.Update()
    vertices, faces = triangles_of(nets.GetOutput())
    sides = vtk_to_numpy(nets.GetOutput().GetCellData().GetArray("BoundaryLabels"))
    front, back = sides[:, 0].astype(np.int64), sides[:, 1].astype(np.int64)
    found: dict[int, Mesh] = {}
    orders = [np.argsort(side, kind="stable") for side in (front, back)]
    for value in values:
        mine = [
            faces[order[slice(*np.searchsorted(side[order], [value, value + 1]))]]
            for side, order in zip((front, back), orders, strict=True)
        ]
        # A triangle between two labels belongs to both, and is seen from the other side by one.
        own = np.concatenate([mine[0], mine[1][:, ::-1]])
        used, renumbered = np.unique(own, return_inverse=True)
        fewer = decimate(vertices[used], renumbered.reshape(-1, 3))
        found[int(value)] = (*fewer, len(own))
    return found
