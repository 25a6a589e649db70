"""Label maps from the working grid back to the scan's, with edges where the scan has them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from scan_to_mesh.segmenters.hounsfield.divide import Labels
from scan_to_mesh.segmenters.hounsfield.grid import RANGE_HU, Voxels
from scan_to_mesh.segmenters.hounsfield.morphology import Image, Mask, Spacing
from scan_to_mesh.segmenters.hounsfield.tissue import Tissue

GAS = (Tissue.LUNG_LEFT, Tissue.LUNG_RIGHT, Tissue.AIRWAY, Tissue.GAS_OTHER)
LEAN = (Tissue.MUSCLE, Tissue.SOFT_TISSUE_OTHER)

GAS_HU = -425
SKIN_HU = -250
FAT_HU = -30
BONE_HU = 150
SPONGY_HU = 100
# Noise of thin slices, not edges, is what this evens out.
SMOOTHING_MM = 0.7
SLAB_VOXELS = 4_000_000


@dataclass(frozen=True, eq=False)
class _Meeting:
    """Border voxels of the scan, and the labels that meet at each: 0 where there is none.

    All are one-dimensional, one entry a border voxel.
    """

    hu: npt.NDArray[np.float32]
    own: Labels
    outside: npt.NDArray[np.bool_]
    gas: Labels
    lean: Labels
    fat: Labels
    bone: Labels
    surface: Labels


def _nearby(labels: Labels, kinds: tuple[Tissue, ...]) -> Labels:
    """Label of one of these kinds in a voxel or else next to it."""
    own = np.where(np.isin(labels, kinds), labels, 0).astype(np.uint8)
    near: Labels = ndimage.maximum_filter(own, 3)
    return np.where(own > 0, own, near)


def refine(
    labels: Labels,
    working: Image,
    voxels: Voxels,
    block: tuple[int, int, int],
    spacing_mm: Spacing,
) -> Labels:
    """Bring a label map to the scan's grid.

    Inside a tissue a working voxel's label goes to all of its block. Within one working voxel of a
    border, the scan's own density chooses among the labels that meet there. Borders without an
    edge of density (muscle to organ, lung to airway) keep the working grid's steps.

    Parameters
    ----------
    labels : ndarray of uint8
        On the working grid.
    working : ndarray of float32
        Hounsfield units on the working grid.
    voxels : ndarray, shape (I, J, K)
        Hounsfield units, index axes RAS+.
    block : tuple of int
        Voxels of the scan along each axis that make one of the working grid.
    spacing_mm : tuple of float
        Of ``voxels``.

    Returns
    -------
    ndarray of uint8, shape (I, J, K)
    """
    if block == (1, 1, 1):
        return labels
    fine = _repeat(labels, block, voxels.shape)
    mixed = ndimage.maximum_filter(labels, 3) != ndimage.minimum_filter(labels, 3)
    near = {
        "gas": _nearby(labels, GAS),
        "lean": _nearby(labels, LEAN),
        "fat": _nearby(labels, (Tissue.FAT,)),
        # Dense and yet not bone: contrast agent, which must not become bone here.
        "bone": np.where(
            (working > BONE_HU) & (labels != Tissue.BONE), 0, _nearby(labels, (Tissue.BONE,))
        ).astype(np.uint8),
        "surface": _nearby(labels, (Tissue.BODY_SURFACE,)),
    }
    outside = ndimage.minimum_filter(labels, 3) == Tissue.OUTSIDE
    layers = max(1, SLAB_VOXELS // (voxels.shape[0] * voxels.shape[1] * block[2]))
    for first in range(0, labels.shape[2], layers):
        coarse = slice(first, first + layers)
        rows = slice(first * block[2], min((first + layers) * block[2], voxels.shape[2]))
        slab = fine[:, :, rows]
        border = np.nonzero(_repeat(mixed[:, :, coarse], block, slab.shape))
        index = tuple(axis // b for axis, b in zip(border, block, strict=True))
        meeting = _Meeting(
            hu=_smooth(voxels, rows, block, spacing_mm)[border],
            own=slab[border],
            outside=outside[:, :, coarse][index],
            **{kind: values[:, :, coarse][index] for kind, values in near.items()},
        )
        was_bone = slab == Tissue.BONE
        slab[border] = _choose(meeting)
        _restore_marrow(slab, was_bone)
    return fine


def _restore_marrow(slab: Labels, was_bone: Mask) -> None:
    """Give back to bone what it lost although cortex surrounds it in its axial slice."""
    bone = slab == Tissue.BONE
    lost = was_bone & ~bone
    for k in np.flatnonzero(lost.any(axis=(0, 1))):
        i, j = ndimage.find_objects(was_bone[:, :, k].astype(np.uint8))[0]
        enclosed = ndimage.binary_fill_holes(bone[i, j, k]) & lost[i, j, k]
        slab[i, j, k][enclosed] = Tissue.BONE


def _repeat(
    coarse: npt.NDArray[Any], block: tuple[int, int, int], shape: tuple[int, ...]
) -> npt.NDArray[Any]:
    for axis, count in enumerate(block):
        coarse = np.repeat(coarse, count, axis=axis)
    return np.ascontiguousarray(coarse[: shape[0], : shape[1], : shape[2]])


def _smooth(voxels: Voxels, rows: slice, block: tuple[int, int, int], spacing_mm: Spacing) -> Image:
    """Densities of some axial slices, slightly smoothed along the axes that are finely sampled."""
    sigma = [SMOOTHING_MM / mm if b > 1 else 0 for mm, b in zip(spacing_mm, block, strict=True)]
    halo = int(np.ceil(4 * sigma[2])) + 1
    start = max(0, rows.start - halo)
    slab = np.clip(voxels[:, :, start : rows.stop + halo], *RANGE_HU).astype(np.float32)
    smooth: Image = ndimage.gaussian_filter(slab, sigma)
    return smooth[:, :, rows.start - start : rows.stop - start]


def _choose(meeting: _Meeting) -> Labels:
    """The label of each border voxel: the first rule that fits its density, else its own."""
    hu, own = meeting.hu, meeting.own
    to_air = meeting.outside & (hu < SKIN_HU)
    to_gas = ~meeting.outside & (meeting.gas > 0) & (hu < GAS_HU)
    # The shell is a layer of place, not of density: it gives way to air alone.
    to_skin = (own == Tissue.OUTSIDE) & (meeting.surface > 0) & (hu >= SKIN_HU)
    stays = (own == Tissue.BODY_SURFACE) | (own == Tissue.OUTSIDE)
    to_bone = (meeting.bone > 0) & (hu > BONE_HU)
    # Spongy bone under the cortex is less dense than what makes soft tissue into bone.
    stays |= (own == Tissue.BONE) & (hu > SPONGY_HU)
    to_fat = (meeting.fat > 0) & (hu < FAT_HU)
    to_lean = (meeting.lean > 0) & (hu >= FAT_HU)
    rules = [to_air, to_gas, to_skin, stays, to_bone, to_fat, to_lean]
    air = np.zeros_like(own)
    choices = [air, meeting.gas, meeting.surface, own, meeting.bone, meeting.fat, meeting.lean]
    chosen: Labels = np.select(rules, choices, default=own)
    return chosen
