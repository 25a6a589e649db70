"""Shapes whose surface is known exactly, as labels; and how far meshes of them are from it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

from tests.analytic_shapes import Body, capsule, ellipsoid, plate, sphere, torus
from tests.mesh_distances import nearest_on_mesh
from tests.mesh_quality import Faces, Points, surface_points, unit_normals, volume_mm3

_SHAPE, _SPACING_MM = (320, 320, 240), (0.8, 0.8, 1.0)
_BLOCK = 16
_POINTS = 40_000
_UPRIGHT = np.eye(3)


def _turned(x: float, y: float) -> npt.NDArray[np.float64]:
    matrix: npt.NDArray[np.float64] = Rotation.from_euler("xy", [x, y], degrees=True).as_matrix()
    return matrix


# Places are no multiples of the spacing, so that no shape lies on the grid by chance.
BODIES: Mapping[int, Body] = {
    1: sphere(40).placed(_UPRIGHT, (60.3, 60.1, 60.45)),
    2: sphere(20).placed(_UPRIGHT, (130.15, 40.3, 40.2)),
    3: sphere(10).placed(_UPRIGHT, (130.3, 80.37, 40.7)),
    4: sphere(5).placed(_UPRIGHT, (130.21, 105.4, 40.1)),
    5: sphere(3).placed(_UPRIGHT, (130.3, 125.2, 40.1)),
    6: ellipsoid(60, 40, 25).placed(_UPRIGHT, (150.3, 90.2, 150.6)),
    7: ellipsoid(30, 15, 8).placed(_UPRIGHT, (190.3, 50.2, 50.6)),
    8: torus(25, 4).placed(_UPRIGHT, (190.4, 120.1, 50.3)),
    9: capsule(75, 4).placed(_turned(25, 22), (60.1, 175.05, 85.15)),
    10: capsule(75, 2).placed(_turned(25, 22), (90.1, 180.1, 85)),
    11: capsule(75, 1.2).placed(_turned(25, 22), (120.1, 180.1, 85)),
    12: plate(30, 2.4).placed(_turned(20, 29), (190.0, 190.0, 120.0)),
}


@dataclass(frozen=True)
class Truth:
    """How one mesh compares with the shape itself: mm, degrees, share of the volume."""

    mean: float
    p95: float
    largest: float
    lost: float
    """From the shape to the mesh at most: at places of the shape's surface."""
    normals: float
    volume_error: float


def labels_of_shapes() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float64]]:
    """Labels in Fortran order, and their affine: a voxel belongs to the shape around its centre."""
    labels = np.zeros(_SHAPE, np.uint8, order="F")
    block = np.moveaxis(np.indices((_BLOCK,) * 3), 0, -1).reshape(-1, 3)
    corners = np.moveaxis(np.indices(np.array(_SHAPE) // _BLOCK), 0, -1).reshape(-1, 3) * _BLOCK
    centres_mm = (corners + (_BLOCK - 1) / 2) * _SPACING_MM
    radius_mm = float(np.linalg.norm(np.array(_SPACING_MM) * _BLOCK / 2))
    for value, body in BODIES.items():
        # Only blocks of voxels that the shape may reach are looked at voxel by voxel.
        for corner in corners[body.distance_mm(centres_mm) < radius_mm]:
            voxels = corner + block
            voxels = voxels[body.distance_mm(voxels * _SPACING_MM) < 0]
            if labels[tuple(voxels.T)].any():
                raise ValueError(f"{body.name} meets another shape")
            labels[tuple(voxels.T)] = value
    return labels, np.diag([*_SPACING_MM, 1.0])


def compare(vertices: Points, faces: Faces, body: Body, near_surface: Points) -> Truth:
    """How far a mesh is from a shape.

    Parameters
    ----------
    vertices, faces : ndarray
    body : Body
    near_surface : ndarray, shape (N, 3)
        Places all around the shape, some voxels from its surface at most.
    """
    vertices = vertices.astype(np.float64)
    points, face = surface_points(vertices, faces, _POINTS)
    away = np.abs(body.distance_mm(points))
    largest = max(away.max(), np.abs(body.distance_mm(vertices)).max())
    outward = unit_normals(vertices, faces)[face]
    # Which side is outside is judged elsewhere: a mesh that is inside out may have good normals.
    cosines = np.abs(np.einsum("ij,ij->i", body.normals(points), outward)).clip(0, 1)
    on_surface = near_surface - body.distance_mm(near_surface)[:, None] * body.normals(near_surface)
    some = on_surface[:: max(1, len(on_surface) // _POINTS)]
    return Truth(
        mean=float(away.mean()),
        p95=float(np.percentile(away, 95)),
        largest=float(largest),
        lost=float(nearest_on_mesh(some, vertices, faces).distances_mm.max()),
        normals=float(np.degrees(np.arccos(cosines)).mean()),
        volume_error=abs(volume_mm3(vertices, faces)) / body.volume_mm3 - 1,
    )
