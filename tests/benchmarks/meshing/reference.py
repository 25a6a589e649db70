"""What meshes are compared with: the label map's own surfaces."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from skimage.measure import marching_cubes

from tests.benchmarks.meshing.grids import Grid
from tests.mesh_quality import Faces, Floats

_FEWEST_COMMON_FACES = 200
_PLACES = 300


@dataclass(frozen=True, eq=False)
class LabelSurface:
    """One label's own surface, and its voxels' volume.

    Attributes
    ----------
    vertices : ndarray of float64, shape (N, 3)
        RAS+ mm, half way between a voxel of the label and one that is not.
    faces : ndarray of int, shape (M, 3)
    voxels_mm3 : float
    """

    vertices: Floats
    faces: Faces
    voxels_mm3: float


@dataclass(frozen=True, eq=False)
class Reference:
    """A label map's surfaces, and where its labels touch one another.

    Attributes
    ----------
    surfaces : mapping of int to LabelSurface
    contacts : mapping of (int, int) to ndarray of float64, shape (K, 3)
        Centres of common faces of the voxels of two labels, RAS+ mm.
    sampled : mapping of int to vertices and faces
        The smooth surfaces that the labels were sampled from, where they are known.
    """

    surfaces: Mapping[int, LabelSurface]
    contacts: Mapping[tuple[int, int], Floats]
    sampled: Mapping[int, tuple[Floats, Faces]]


def reference_of(
    grid: Grid, sampled: Mapping[int, tuple[Floats, Faces]] | None = None
) -> Reference:
    """Surfaces of every label: marching cubes of its voxels, nothing smoothed, nothing removed."""
    boxes = ndimage.find_objects(grid.labels.T)
    surfaces = {
        value: _surface(grid, value, box[::-1]) for value, box in enumerate(boxes, 1) if box
    }
    return Reference(surfaces, _contacts(grid), sampled or {})


def _surface(grid: Grid, value: int, box: tuple[slice, ...]) -> LabelSurface:
    mask = np.pad(grid.labels[box] == value, 1)
    vertices, faces, _, _ = marching_cubes(mask.astype(np.float32), 0.5)
    linear, origin = grid.affine_ras_mm[:3, :3], grid.affine_ras_mm[:3, 3]
    index = vertices + [side.start - 1 for side in box]
    return LabelSurface(
        index @ linear.T + origin,
        faces[:, ::-1],  # scikit-image winds inward
        float(mask.sum() * abs(np.linalg.det(linear))),
    )


def _contacts(grid: Grid) -> dict[tuple[int, int], Floats]:
    """Centres of the faces that voxels of two labels have in common; of many, evenly some."""
    pairs, centres = [], []
    for axis in range(3):
        first = grid.labels[tuple(slice(None, -1 if a == axis else None) for a in range(3))]
        second = grid.labels[tuple(slice(1 if a == axis else None, None) for a in range(3))]
        at = np.argwhere((first != second) & (first > 0) & (second > 0))
        both = np.stack([first[tuple(at.T)], second[tuple(at.T)]], axis=1)
        pairs.append(np.sort(both, axis=1).astype(int))
        centres.append(at + 0.5 * np.eye(3)[axis])
    pair, centre = np.concatenate(pairs), np.concatenate(centres)
    keys = pair[:, 0] * 256 + pair[:, 1]
    order = np.argsort(keys, kind="stable")
    values, starts = np.unique(keys[order], return_index=True)
    several = np.split(centre[order], starts)[1:]
    found: dict[tuple[int, int], npt.NDArray[np.float64]] = {}
    for key, places in zip(values, several, strict=True):
        if len(places) >= _FEWEST_COMMON_FACES:
            some = places[np.linspace(0, len(places) - 1, _PLACES).astype(int)]
            moved = some @ grid.affine_ras_mm[:3, :3].T + grid.affine_ras_mm[:3, 3]
            found[int(key) // 256, int(key) % 256] = moved
    return found
