"""What most projects do: scikit-image's marching cubes, open3d's Taubin smoothing and quadric."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import open3d
from skimage.measure import marching_cubes

from tests.benchmarks.meshing.grids import Grid
from tests.benchmarks.meshing.peers.crops import boxes_of, padded_mask
from tests.benchmarks.meshing.ways import REDUCTION, Mesh, Meshes

_TAUBIN_ITERATIONS = 10
_Mask = npt.NDArray[np.float32]


def whole_volume(grid: Grid) -> Meshes:
    """A mask of the whole volume for every label."""
    values = [int(value) for value in np.unique(grid.labels) if value]
    masks = ((value, np.pad(grid.labels == value, 1).astype(np.float32)) for value in values)
    return {value: _mesh(grid, mask, np.full(3, -1)) for value, mask in masks}


def cropped(grid: Grid) -> Meshes:
    """A mask of the label's box for every label."""
    return {value: _mesh(grid, mask, origin) for value, mask, origin in _crops(grid)}


def _crops(grid: Grid) -> Iterator[tuple[int, _Mask, npt.NDArray[np.int64]]]:
    for value, box in boxes_of(grid.labels).items():
        yield value, *padded_mask(grid.labels, value, box, 1, np.float32)


def _mesh(grid: Grid, mask: _Mask, origin: npt.NDArray[np.int64]) -> Mesh:
    vertices, faces, _, _ = marching_cubes(mask, 0.5)
    linear, offset = grid.affine_ras_mm[:3, :3], grid.affine_ras_mm[:3, 3]
    mesh = open3d.geometry.TriangleMesh(
        open3d.utility.Vector3dVector((vertices + origin) @ linear.T + offset),
        open3d.utility.Vector3iVector(faces.astype(np.int32)),
    )
    mesh = mesh.filter_smooth_taubin(_TAUBIN_ITERATIONS)
    mesh = mesh.simplify_quadric_decimation(round(len(faces) * (1 - REDUCTION)))
    return np.asarray(mesh.vertices), np.asarray(mesh.triangles), len(faces)
