"""Between the scan's own grid and the one that the engine works on: RAS+ and about 3 mm."""

from dataclasses import dataclass
from typing import Any

import nibabel as nib
import numpy as np
import numpy.typing as npt
from iris_imaging.volume import Affine, Volume, spacing_mm

from scan_to_mesh.segmenters.hounsfield.morphology import Image, Spacing

WORKING_MM = 3.0
# What a scanner stores outside of its field of view, and metal, must not weigh in averages.
RANGE_HU = (-1024, 3071)

Voxels = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Orientation:
    """How a scan's index axes become right, anterior, superior: by flips and swaps alone."""

    to_ras: npt.NDArray[np.float64]

    def canonical(self, voxels: Voxels) -> Voxels:
        """View of an array with its index axes nearest to RAS+."""
        turned: Voxels = nib.apply_orientation(voxels, self.to_ras)
        return turned

    def original(self, canonical: Voxels) -> Voxels:
        """Undo :meth:`canonical`."""
        ras = np.array([[0, 1], [1, 1], [2, 1]])
        back = nib.orientations.ornt_transform(ras, self.to_ras)
        turned: Voxels = nib.apply_orientation(canonical, back)
        return np.ascontiguousarray(turned)

    def canonical_spacing_mm(self, affine_ras_mm: Affine) -> Spacing:
        """Voxel size along the canonical axes."""
        mm = spacing_mm(affine_ras_mm)
        order = np.argsort(self.to_ras[:, 0])
        return mm[order[0]], mm[order[1]], mm[order[2]]


def orientation_of(volume: Volume) -> Orientation:
    """Orientation of a volume; of oblique ones, the nearest."""
    return Orientation(to_ras=nib.io_orientation(volume.affine_ras_mm))


def block_size(spacing: Spacing) -> tuple[int, int, int]:
    """How many voxels along each axis make one of the working grid: never more than 3 mm."""
    i, j, k = (max(1, int(WORKING_MM / mm + 0.01)) for mm in spacing)
    return i, j, k


def average_blocks(voxels: Voxels, block: tuple[int, int, int]) -> Image:
    """Average blocks of voxels, slab by slab, so that no float copy of the scan is made.

    Averaging is the anti-aliasing. Blocks that stick out of the scan are padded with its edge.
    """
    size = tuple(-(-n // b) for n, b in zip(voxels.shape, block, strict=True))
    working = np.empty(size, np.float32)
    pad_i, pad_j = (size[a] * block[a] - voxels.shape[a] for a in (0, 1))
    for k in range(size[2]):
        slab = np.clip(voxels[:, :, k * block[2] : (k + 1) * block[2]], *RANGE_HU)
        mean = np.pad(slab.mean(axis=2, dtype=np.float32), ((0, pad_i), (0, pad_j)), mode="edge")
        tiles = mean.reshape(size[0], block[0], size[1], block[1])
        working[:, :, k] = tiles.mean(axis=(1, 3))
    return working
