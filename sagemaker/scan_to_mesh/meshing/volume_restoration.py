"""Give a surface the volume of the voxels that it stands for."""

import numpy as np
import numpy.typing as npt

from scan_to_mesh.meshing.surface import Surface
from scan_to_mesh.meshing.topology import face_normals_mm2

# Two steps are enough for all but the thinnest structures.
_MOST_STEPS = 8


def restore_volume(
    surface: Surface, volume_mm3: float, *, largest_step_mm: float, tolerance: float
) -> Surface:
    """Move vertices along their normals until the surface encloses a given volume.

    Smoothing and decimation shrink convex shapes. Newton's method on the offset: the derivative of
    the volume by the offset is the area.

    Parameters
    ----------
    surface : Surface
        Watertight, wound outward.
    volume_mm3 : float
        Volume to reach.
    largest_step_mm : float
        Limit of one step, so that a sliver of a surface cannot throw its vertices far away.
    tolerance : float
        Share of ``volume_mm3`` that may be missing or too much at the end.

    Returns
    -------
    Surface
        The same faces around moved vertices.
    """
    vertices_ras_mm, faces = surface
    origin_ras_mm = vertices_ras_mm.mean(axis=0)
    centred_mm = vertices_ras_mm - origin_ras_mm
    for _ in range(_MOST_STEPS):
        normals_mm2 = face_normals_mm2(centred_mm, faces)
        enclosed_mm3 = np.einsum("ij,ij->", centred_mm[faces[:, 0]], normals_mm2) / 6.0
        missing_mm3 = volume_mm3 - enclosed_mm3
        if abs(missing_mm3) <= tolerance * volume_mm3:
            break
        area_mm2 = np.linalg.norm(normals_mm2, axis=1).sum() / 2.0
        step_mm = np.clip(missing_mm3 / area_mm2, -largest_step_mm, largest_step_mm)
        centred_mm = centred_mm + step_mm * _vertex_normals(normals_mm2, faces, len(centred_mm))
    return centred_mm + origin_ras_mm, faces


def _vertex_normals(
    normals_mm2: npt.NDArray[np.float64], faces: npt.NDArray[np.int32], vertices: int
) -> npt.NDArray[np.float64]:
    """Unit normals, triangles weighted by area; zero where they cancel out."""
    corners = faces.ravel()
    summed = np.stack(
        [np.bincount(corners, np.repeat(normals_mm2[:, k], 3), vertices) for k in range(3)], axis=1
    )
    length = np.linalg.norm(summed, axis=1, keepdims=True)
    unit: npt.NDArray[np.float64] = summed / np.where(length > 0, length, 1.0)
    return unit
