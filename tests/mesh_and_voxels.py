"""Which voxels a mesh holds: an exact scan conversion, to be compared with a mask."""

import numpy as np
import numpy.typing as npt

from tests.mesh_quality import Faces, Floats, Points

# A voxel's centre that lies on the surface, as in a mesh that passes through the voxels' centres,
# belongs to either side: all of them are moved by less than any tolerance, in a skewed direction.
_NUDGE_VOXELS = np.array([3.1e-7, 4.7e-7, 5.9e-7])


def winding_numbers(
    vertices_ras_mm: Points, faces: Faces, affine_ras_mm: Floats, shape: tuple[int, int, int]
) -> npt.NDArray[np.int32]:
    """How often a closed mesh winds around every voxel's centre.

    Parameters
    ----------
    vertices_ras_mm : ndarray, shape (N, 3)
    faces : ndarray of int, shape (M, 3)
    affine_ras_mm : ndarray, shape (4, 4)
        Voxel index to world; a finer grid than the mask's sees more of the mesh.
    shape : tuple of int

    Returns
    -------
    ndarray of int32
        0 outside and 1 inside a sound mesh; -1 where it is inside out, other values only where it
        passes through itself.

    Notes
    -----
    Triangles are projected along the third index axis onto the columns of voxels. The side of an
    edge that a column lies on is computed from the same end of the edge for both of its triangles,
    so that no column slips between two triangles or meets both.
    """
    linear, origin = affine_ras_mm[:3, :3], affine_ras_mm[:3, 3]
    index = (vertices_ras_mm.astype(np.float64) - origin) @ np.linalg.inv(linear).T + _NUDGE_VOXELS
    flat, depth = index[:, :2], index[:, 2]
    low = np.ceil(flat[faces].min(axis=1)).astype(int).clip(0, None)
    high = np.floor(flat[faces].max(axis=1)).astype(int).clip(None, np.array(shape[:2]) - 1)
    columns, rows = (high - low + 1).clip(0, None).T
    face = np.repeat(np.arange(len(faces)), columns * rows)
    within = np.arange(len(face)) - np.repeat(
        np.cumsum(columns * rows) - columns * rows, columns * rows
    )
    place = low[face] + np.stack([within // rows[face], within % rows[face]], axis=1)
    areas = np.stack(
        [
            _twice_area(flat, faces[face, (c + 1) % 3], faces[face, (c + 2) % 3], place)
            for c in range(3)
        ]
    )
    left = np.asarray((areas > 0).all(axis=0))
    met = left | (areas <= 0).all(axis=0) & (areas.sum(axis=0) != 0)
    areas, place, face = areas[:, met], place[met], face[met]
    crossing = (areas / areas.sum(axis=0) * depth[faces[face]].T).sum(axis=0)
    below = np.ceil(crossing).astype(int).clip(0, shape[2])
    steps = np.zeros((*shape[:2], shape[2] + 1), np.int32)
    leaving = np.where(left[met], 1, -1) * int(np.sign(np.linalg.det(linear)))
    np.add.at(steps, (*place.T, below), leaving)
    return steps[:, :, ::-1].cumsum(axis=2, dtype=np.int32)[:, :, -2::-1]


def _twice_area(
    flat: Floats,
    start: npt.NDArray[np.int64],
    end: npt.NDArray[np.int64],
    place: npt.NDArray[np.int64],
) -> Floats:
    """Of the triangle between an edge and a place: positive where the place is on its left."""
    low, high = flat[np.minimum(start, end)], flat[np.maximum(start, end)]
    along, to = high - low, place - low
    area = along[:, 0] * to[:, 1] - along[:, 1] * to[:, 0]
    area[area == 0] = np.finfo(np.float64).tiny
    return np.where(start < end, area, -area)


def boundary_faces(
    mask: npt.NDArray[np.bool_],
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Middles of the voxels' faces between a mask and everything else, and what is beyond them.

    Returns
    -------
    middles : ndarray of float64, shape (N, 3)
        In voxel indices.
    beyond : ndarray of int, shape (N, 3)
        Index of the voxel on the other side; of the last one in the image, where that ends there.
    """
    padded = np.pad(mask, 1)
    middles, beyond = [], []
    for axis, step in enumerate(np.eye(3, dtype=np.int64)):
        place = np.argwhere(np.diff(padded, axis=axis))
        enters = ~padded[tuple(place.T)]
        middles.append(place - 1 + step / 2)
        beyond.append(place - 1 + np.where(enters[:, None], 0, step))
    return np.concatenate(middles), np.concatenate(beyond).clip(0, np.array(mask.shape) - 1)
