"""The order in which 3D Slicer's segmentations become closed surfaces, by VTK's filters alone."""

import numpy as np
from vtkmodules.vtkFiltersCore import vtkDecimatePro, vtkWindowedSincPolyDataFilter
from vtkmodules.vtkFiltersGeneral import vtkDiscreteFlyingEdges3D

from tests.benchmarks.meshing.grids import Grid
from tests.benchmarks.meshing.peers.crops import boxes_of, padded_mask
from tests.benchmarks.meshing.peers.vtk_data import image_of, triangles_of
from tests.benchmarks.meshing.ways import REDUCTION, Mesh, Meshes

_FEATURE_ANGLE = 60
# Slicer's "smoothing factor" f: 20 + 40 f iterations with a pass band of 10^(-4 f); 0.5 is default.
_ITERATIONS, _PASS_BAND = 40, 0.01


def slicer_order(grid: Grid) -> Meshes:
    """Decimate first, then smooth, on the labels' boxes."""
    found: dict[int, Mesh] = {}
    for value, box in boxes_of(grid.labels).items():
        mask, origin = padded_mask(grid.labels, value, box, 1, np.uint8)
        edges = vtkDiscreteFlyingEdges3D()
        edges.SetInputData(image_of(mask, origin, grid.affine_ras_mm))
        edges.SetValue(0, 1)
        edges.ComputeGradientsOff()
        edges.ComputeNormalsOff()
        edges.ComputeScalarsOff()
        edges.Update()
        decimate = vtkDecimatePro()
        decimate.SetInputData(edges.GetOutput())
        decimate.SetFeatureAngle(_FEATURE_ANGLE)
        decimate.SplittingOff()
        decimate.PreserveTopologyOn()
        decimate.SetMaximumError(1)
        decimate.SetTargetReduction(REDUCTION)
        decimate.Update()
        smooth = vtkWindowedSincPolyDataFilter()
        smooth.SetInputData(decimate.GetOutput())
        smooth.SetNumberOfIterations(_ITERATIONS)
        smooth.SetPassBand(_PASS_BAND)
        smooth.BoundarySmoothingOff()
        smooth.FeatureEdgeSmoothingOff()
        smooth.NonManifoldSmoothingOn()
        smooth.NormalizeCoordinatesOn()
        smooth.Update()
        before = edges.GetOutput().GetNumberOfPolys()
        found[value] = (*triangles_of(smooth.GetOutput()), before)
    return found
