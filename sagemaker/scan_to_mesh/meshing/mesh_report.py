"""What became of a structure on its way from voxels through a fine surface to its mesh."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scan_to_mesh.meshing.distances import surface_distances_mm
from scan_to_mesh.meshing.surface import Surface
from scan_to_mesh.voxel_body import VoxelBody

_Array = npt.NDArray[np.floating[Any]]

_PERCENTILE = 95


@dataclass(frozen=True)
class MeshReport:
    """How well a mesh stands for its voxels and for the surface before decimation.

    Attributes
    ----------
    triangles, triangles_before : int
        Of the mesh, and of the surface at the voxels' full resolution.
    watertight : bool
        Every edge is shared by exactly two triangles that run along it in opposite directions.
    mesh_volume_ml : float or None
        Enclosed volume; None where the mesh is not watertight, since it encloses none then.
    voxels_volume_ml : float
        Voxels times the volume of one.
    volume_difference_percent : float or None
        Mesh minus voxels, of the voxels'; None where the mesh has no volume.
    deviation_p95_mm, deviation_max_mm : float or None
        Distance between the mesh and the surface before decimation: exact distances of samples,
        see :func:`mesh_report`. The larger of both directions each; None where it
        was not measured.
    centroid_difference_mm : float or None
        Between the centroid of the enclosed volume and that of the voxels; None where the mesh
        encloses no volume.
    same_side : bool or None
        Whether the mesh lies on the voxels' side, left or right, of each sagittal plane about which
        a mistake could have mirrored it: the world's x = 0, the middle of the image, and the middle
        of the structure's own box. Only planes from which the voxels' centroid keeps a voxel's
        width clear can tell; None where that is none of them, since the structure lies on the
        middle, or where the mesh encloses no volume.
    """

    triangles: int
    triangles_before: int
    watertight: bool
    mesh_volume_ml: float | None
    voxels_volume_ml: float
    volume_difference_percent: float | None
    deviation_p95_mm: float | None
    deviation_max_mm: float | None
    centroid_difference_mm: float | None
    same_side: bool | None


def mesh_report(  # noqa: PLR0913 - two surfaces, and what was known before
    undecimated: Surface,
    decimated: Surface,
    voxels: VoxelBody,
    *,
    origin_ras_mm: _Array,
    triangles_before: int,
    watertight: bool,
    measure_deviation: bool = True,
) -> MeshReport:
    """Measure a mesh against the surface before decimation, and against the voxels.

    Parameters
    ----------
    undecimated : Surface
        The fine surface; at least one triangle.
    decimated : Surface
        The mesh as it is exported (whatever moved it after decimation counts as deviation), in the
        same frame; at least one triangle.
    voxels : VoxelBody
        In the world.
    origin_ras_mm : ndarray of float, shape (3,)
        Where the surfaces' frame has its origin in the world; its axes run along RAS+.
    triangles_before : int
        Of the surface at the voxels' full resolution, which ``undecimated`` may not have.
    watertight : bool
        Whether ``decimated`` is, by :func:`scan_to_mesh.meshing.topology.is_watertight`.
    measure_deviation : bool
        Most of the time that this takes.

    Notes
    -----
    The deviation is sampled, without chance: from every vertex of the fine surface to the mesh, and
    from every vertex and every triangle's centroid of the mesh to the fine surface. Each distance
    is exact. The 95th percentile counts samples, not area: fine surfaces have equally many in
    every place, so that it is that of the area in effect, and where they are finer in curved
    places, it is stricter. Runs without the GIL but for a few passes of NumPy.
    """
    p95_mm = max_mm = None
    if measure_deviation:
        p95_mm, max_mm = deviation_mm(undecimated, decimated)
    volume_mm3, centroid_mm = _volume_and_centroid(*decimated)
    encloses = watertight and volume_mm3 > 0.0
    mesh_ml = volume_mm3 / 1000.0
    centroid_ras_mm = centroid_mm + origin_ras_mm
    return MeshReport(
        triangles=len(decimated[1]),
        triangles_before=triangles_before,
        watertight=watertight,
        mesh_volume_ml=mesh_ml if watertight else None,
        voxels_volume_ml=voxels.volume_ml,
        volume_difference_percent=100.0 * (mesh_ml / voxels.volume_ml - 1.0)
        if watertight
        else None,
        deviation_p95_mm=p95_mm,
        deviation_max_mm=max_mm,
        centroid_difference_mm=float(np.linalg.norm(centroid_ras_mm - voxels.centroid_ras_mm))
        if encloses
        else None,
        same_side=_is_on_same_side(float(centroid_ras_mm[0]), voxels) if encloses else None,
    )


def deviation_mm(undecimated: Surface, decimated: Surface) -> tuple[float, float]:
    """95th percentile and maximum of the distances, the larger of both directions each.

    Parameters
    ----------
    undecimated, decimated : Surface
        In one frame; see :func:`mesh_report` for what is sampled.
    """
    if undecimated is decimated:
        return 0.0, 0.0
    vertices_mm, faces = decimated
    samples_mm = np.concatenate([vertices_mm, vertices_mm[faces].mean(axis=1)])
    directions = (
        surface_distances_mm(undecimated[0], vertices_mm, faces),
        surface_distances_mm(samples_mm, *undecimated),
    )
    p95_mm = max(float(np.percentile(distances, _PERCENTILE)) for distances in directions)
    return p95_mm, max(float(distances.max()) for distances in directions)


def _volume_and_centroid(
    vertices_mm: _Array, faces: npt.NDArray[np.int32]
) -> tuple[float, npt.NDArray[np.float64]]:
    """Enclosed volume in mm³ and its centroid in mm; NaN where the volume is 0.

    Both as sums over the tetrahedra between each triangle and one vertex of the mesh, which keeps
    rounding independent of where the mesh lies.
    """
    apex_mm = vertices_mm[faces[0, 0]].astype(np.float64)
    a, b, c = ((vertices_mm - apex_mm)[faces[:, corner]] for corner in range(3))
    six_volumes = np.einsum("ij,ij->i", a, np.cross(b, c))
    total = six_volumes.sum()
    if total == 0.0:
        return 0.0, np.full(3, np.nan)
    return float(total / 6.0), six_volumes @ (a + b + c) / (4.0 * total) + apex_mm


def _is_on_same_side(mesh_x_ras_mm: float, voxels: VoxelBody) -> bool | None:
    voxels_x_ras_mm = voxels.centroid_ras_mm[0]
    telling = [
        plane
        for plane in voxels.mirrors_x_ras_mm
        if abs(voxels_x_ras_mm - plane) > voxels.voxel_width_mm
    ]
    if not telling:
        return None
    return all((mesh_x_ras_mm > plane) == (voxels_x_ras_mm > plane) for plane in telling)
