"""Libraries that remove triangles."""

from typing import Any

import fast_simplification
import meshoptimizer
import numpy as np
from vtkmodules.vtkFiltersCore import vtkQuadricDecimation

from tests.benchmarks.meshing.peers.vtk_data import Faces, Vertices, polygons_of, triangles_of
from tests.benchmarks.meshing.ways import REDUCTION

_AGGRESSIVENESS = 5
_ANY_ERROR = 1.0  # of the mesh's extent


def by_fast_simplification(vertices: Vertices, faces: Faces) -> tuple[Vertices, Faces]:
    """fast-simplification, which tends to lose less at this setting than at its default."""
    found: tuple[Any, Any] = fast_simplification.simplify(
        np.ascontiguousarray(vertices, np.float32),
        np.ascontiguousarray(faces, np.int32),
        target_reduction=REDUCTION,
        agg=_AGGRESSIVENESS,
    )
    return found


def by_meshoptimizer(vertices: Vertices, faces: Faces) -> tuple[Vertices, Faces]:
    """meshoptimizer's simplify, with the share of the triangles as the only limit."""
    corners = np.ascontiguousarray(faces, np.uint32).ravel()
    positions = np.ascontiguousarray(vertices, np.float32)
    kept = np.empty_like(corners)
    count = meshoptimizer.simplify(
        kept,
        corners,
        positions,
        len(corners),
        len(positions),
        positions.strides[0],
        round(len(faces) * (1 - REDUCTION)) * 3,
        _ANY_ERROR,
    )
    used, renumbered = np.unique(kept[:count], return_inverse=True)
    return positions[used], renumbered.reshape(-1, 3).astype(np.int32)


def by_vtk_quadric(vertices: Vertices, faces: Faces) -> tuple[Vertices, Faces]:
    """VTK's quadric decimation."""
    quadric = vtkQuadricDecimation()
    quadric.SetInputData(polygons_of(vertices, faces))
    quadric.SetTargetReduction(REDUCTION)
    quadric.VolumePreservationOn()
    quadric.Update()
    return triangles_of(quadric.GetOutput())
