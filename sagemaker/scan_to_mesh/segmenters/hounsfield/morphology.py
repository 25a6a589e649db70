"""Binary morphology in millimetres, confined to where the mask is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Mask = npt.NDArray[np.bool_]
Image = npt.NDArray[np.float32]
Box = tuple[slice, slice, slice]
Spacing = tuple[float, float, float]

FACES = ndimage.generate_binary_structure(3, 1)
CORNERS = ndimage.generate_binary_structure(3, 3)
LARGEST_BRUSH_VOXELS = 100
# Depth in a mask that fills the image.
ENDLESS_MM = 1e4


def bounding_box(mask: Mask, margin_mm: float, spacing_mm: Spacing) -> Box | None:
    """Slices round the true voxels, widened by a margin; None for an empty mask."""
    slices = []
    for axis, mm in enumerate(spacing_mm):
        others = tuple(a for a in range(3) if a != axis)
        hits = np.flatnonzero(mask.any(axis=others))
        if not hits.size:
            return None
        margin = int(np.ceil(margin_mm / mm)) + 1
        slices.append(
            slice(max(0, int(hits[0]) - margin), min(mask.shape[axis], int(hits[-1]) + 1 + margin))
        )
    i, j, k = slices
    return i, j, k


def depth_mm(mask: Mask, spacing_mm: Spacing) -> Image:
    """Distance of every true voxel to the nearest false one, float32, 0 elsewhere.

    The faces of the image do not count as outside: a scan that is cut there goes on.
    """
    depth = np.zeros(mask.shape, np.float32)
    box = bounding_box(mask, 0, spacing_mm)
    if box is not None:
        if mask[box].all():
            depth[box] = ENDLESS_MM
        else:
            depth[box] = ndimage.distance_transform_edt(mask[box], sampling=spacing_mm)
    return depth


def ball(radius_mm: float, spacing_mm: Spacing) -> Mask:
    """Voxels whose centres lie within a radius of the middle one."""
    reach = [int(radius_mm / mm) for mm in spacing_mm]
    axes = np.ogrid[tuple(slice(-n, n + 1) for n in reach)]
    squares = [(axis * mm) ** 2 for axis, mm in zip(axes, spacing_mm, strict=True)]
    inside: Mask = squares[0] + squares[1] + squares[2] <= radius_mm**2
    return inside


def _is_small(brush: Mask) -> bool:
    """Whether moving the brush over the mask is quicker than a distance transform."""
    return int(np.count_nonzero(brush)) <= LARGEST_BRUSH_VOXELS


def erode(mask: Mask, radius_mm: float, spacing_mm: Spacing) -> Mask:
    """Voxels that lie deeper than a radius; the faces of the image do not count as outside."""
    eroded = np.zeros_like(mask)
    box = bounding_box(mask, 0, spacing_mm)
    if box is None:
        return eroded
    brush = ball(radius_mm, spacing_mm)
    if _is_small(brush):
        eroded[box] = ndimage.binary_erosion(mask[box], brush, border_value=1)
        return eroded
    return depth_mm(mask, spacing_mm) > radius_mm


def dilate(mask: Mask, radius_mm: float, spacing_mm: Spacing) -> Mask:
    """Voxels within a radius of the mask."""
    grown = np.zeros_like(mask)
    box = bounding_box(mask, radius_mm, spacing_mm)
    if box is None:
        return grown
    brush = ball(radius_mm, spacing_mm)
    if _is_small(brush):
        grown[box] = ndimage.binary_dilation(mask[box], brush)
    else:
        grown[box] = ndimage.distance_transform_edt(~mask[box], sampling=spacing_mm) <= radius_mm
    return grown


def opening(mask: Mask, radius_mm: float, spacing_mm: Spacing) -> Mask:
    """Parts of the mask that a ball of this radius fits into."""
    opened: Mask = dilate(erode(mask, radius_mm, spacing_mm), radius_mm, spacing_mm) & mask
    return opened


def closing(mask: Mask, radius_mm: float, spacing_mm: Spacing) -> Mask:
    """Mask with its gaps filled that a ball of this radius does not fit into."""
    closed = mask.copy()
    box = bounding_box(mask, 2 * radius_mm, spacing_mm)
    if box is not None:
        near = dilate(mask[box], radius_mm, spacing_mm)
        closed[box] |= erode(near, radius_mm, spacing_mm)
    return closed


def fill_holes_by_slice(mask: Mask) -> Mask:
    """Fill, in every slice of the last axis, what the mask surrounds."""
    filled = mask.copy()
    for k in np.flatnonzero(mask.any(axis=(0, 1))):
        filled[:, :, k] = ndimage.binary_fill_holes(mask[:, :, k])
    return filled


@dataclass(frozen=True, eq=False)
class Components:
    """Connected components of a mask.

    Attributes
    ----------
    numbers : ndarray of int32
        0 outside of the mask, then 1 to ``count``.
    voxels : ndarray of int
        Size by number; entry 0 is 0.
    """

    numbers: npt.NDArray[np.int32]
    voxels: npt.NDArray[np.int64]

    @property
    def count(self) -> int:
        """How many components there are."""
        return len(self.voxels) - 1

    def chosen(self, keep: npt.NDArray[np.bool_]) -> Mask:
        """Mask of the components for whose number ``keep`` is true; entry 0 must be false."""
        mask: Mask = keep[self.numbers]
        return mask

    def largest(self) -> Mask:
        """Mask of the largest component; empty if there is none."""
        keep = np.zeros(len(self.voxels), bool)
        if self.count:
            keep[int(self.voxels.argmax())] = True
        return self.chosen(keep)


def components(mask: Mask, connectivity: npt.NDArray[np.bool_] = FACES) -> Components:
    """Label the connected components of a mask."""
    numbers, _ = ndimage.label(mask, structure=connectivity)
    voxels = np.bincount(numbers.ravel())
    voxels[0] = 0
    return Components(numbers=numbers, voxels=voxels)


def touching(mask: Mask, seeds: Mask, connectivity: npt.NDArray[np.bool_] = FACES) -> Mask:
    """Components of a mask that hold at least one seed."""
    parts = components(mask, connectivity)
    keep = np.zeros(len(parts.voxels), bool)
    keep[np.unique(parts.numbers[seeds & mask])] = True
    keep[0] = False
    return parts.chosen(keep)
