"""Masks as the kernels take them: padded, from an even index on."""

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.uint8]


def padded(inside: npt.NDArray[np.bool_], *, before: int = 2) -> Mask:
    """Emptiness around a mask, so that each axis has an odd number of voxels."""
    sides = [(before, 1 + (size + before) % 2) for size in inside.shape]
    return np.pad(inside, sides).astype(np.uint8)


def ball(radius: float) -> npt.NDArray[np.bool_]:
    """Voxels around the middle of a cube."""
    reach = int(radius) + 1
    offsets = np.indices((2 * reach + 1,) * 3) - reach
    inside: npt.NDArray[np.bool_] = (offsets**2).sum(axis=0) <= radius**2
    return inside


def exposed_faces(mask: Mask) -> int:
    """Voxel faces between inside and outside; the mask has emptiness all around."""
    return sum(int(np.count_nonzero(np.diff(mask.astype(np.int8), axis=a))) for a in range(3))
