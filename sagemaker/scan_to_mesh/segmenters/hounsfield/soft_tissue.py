"""Fat, muscle and the soft tissue that density cannot divide."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from scan_to_mesh.segmenters.hounsfield.landmarks import find_landmarks
from scan_to_mesh.segmenters.hounsfield.morphology import (
    Image,
    Mask,
    Spacing,
    closing,
    dilate,
    erode,
    fill_holes_by_slice,
    opening,
)

# Adipose tissue and skeletal muscle in body-composition CT (Aubrey et al., Acta Physiologica
# 2014; 210:489-497): -190 to -30 and -29 to 150.
FAT_HU = (-190, -30)
MUSCLE_HU = (-30, 150)
SMOOTHING_MM = 1.5
# Skin is as dense as muscle; streaks in the fat under it are thinner than twice 2 mm; the ring of
# muscle and bone round the cavity has no wider gaps than twice 14 mm.
SKIN_MM = 6
STREAK_MM = 2
GAP_MM = 14
BODY_WALL_MM = 20
# Organs are thicker than twice this, the front and sides of the body wall are not.
ORGAN_RADIUS_MM = 13
# From the tips of the spinous processes to the spinal canal.
BACK_MM = 40
# Psoas and the muscles of hip and shoulder lie round bones thicker than twice this.
THICK_BONE_MM = 7
ROUND_BONE_MM = 25
HALF_RESOLUTION_BELOW_MM = 3.5


@dataclass(frozen=True, eq=False)
class SoftTissues:
    """Masks that do not overlap."""

    fat: Mask
    muscle: Mask
    other: Mask


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What was found before.

    Attributes
    ----------
    body, bone, lungs : ndarray of bool
    free : ndarray of bool
        Part of the body without a label yet.
    """

    body: Mask
    bone: Mask
    lungs: Mask
    free: Mask


def divide_soft_tissue(hu: Image, around: Surroundings, spacing_mm: Spacing) -> SoftTissues:
    """Divide what is neither lung, gas nor bone.

    Fat goes by density. Muscle and organs have the same density, so muscle goes by place, which is
    an approximation: see :func:`_muscle_zone`.

    Parameters
    ----------
    hu : ndarray of float32, shape (I, J, K)
        Index axes RAS+.
    around : Surroundings
    """
    free = around.free
    smooth = ndimage.gaussian_filter(hu, [SMOOTHING_MM / mm for mm in spacing_mm])
    fat = free & (smooth > FAT_HU[0]) & (smooth < FAT_HU[1])
    lean = free & (smooth >= MUSCLE_HU[0]) & (smooth <= MUSCLE_HU[1])
    landmarks = find_landmarks(around.body, around.bone, spacing_mm)
    # Places are smooth: they are found on every second voxel of a fine grid.
    i, j, k = (2 if mm <= HALF_RESOLUTION_BELOW_MM else 1 for mm in spacing_mm)
    coarse_mm = (i * spacing_mm[0], j * spacing_mm[1], k * spacing_mm[2])
    coarse = Surroundings(
        body=around.body[::i, ::j, ::k],
        bone=around.bone[::i, ::j, ::k],
        lungs=around.lungs[::i, ::j, ::k],
        free=lean[::i, ::j, ::k],
    )
    zone = _muscle_zone(coarse, landmarks.spine_tips[::k] / j, coarse_mm)
    for axis, factor in enumerate((i, j, k)):
        zone = np.repeat(zone, factor, axis=axis)
    zone = zone[: hu.shape[0], : hu.shape[1], : hu.shape[2]]
    muscle = lean & zone & ~fill_holes_by_slice(around.bone)  # not in the spinal canal
    return SoftTissues(fat=fat, muscle=muscle, other=free & ~fat & ~muscle)


def _muscle_zone(
    around: Surroundings, spine_tips: npt.NDArray[np.float64], spacing_mm: Spacing
) -> Mask:
    """Where lean tissue, which is all that is free here, is muscle rather than an organ.

    Behind the spinal canal; in the outer 20 mm of what muscle and bone enclose, as far as it is not
    thick; and round thick bones below the lungs.
    """
    lean = around.free
    rows = np.arange(around.body.shape[1])[:, None]
    behind: Mask = (rows - spine_tips < BACK_MM / spacing_mm[1]) & np.isfinite(spine_tips)
    firm = lean | around.bone
    wall = _body_wall(firm, around.body, spacing_mm)
    wall &= ~opening(lean & ~behind, ORGAN_RADIUS_MM, spacing_mm)
    thick_bone = opening(around.bone, THICK_BONE_MM, spacing_mm)
    round_bone = dilate(thick_bone, ROUND_BONE_MM, spacing_mm) & ~around.lungs.any(axis=(0, 1))
    zone: Mask = behind | wall | round_bone
    return zone


def _body_wall(firm: Mask, body: Mask, spacing_mm: Spacing) -> Mask:
    """Outer layer, as thick as the body wall, of what muscle and bone enclose slice by slice."""
    beneath_skin = erode(body, SKIN_MM, spacing_mm)
    ring = closing(opening(firm & beneath_skin, STREAK_MM, spacing_mm), GAP_MM, spacing_mm)
    enclosed = fill_holes_by_slice(ring) & body
    return enclosed & ~erode(enclosed, BODY_WALL_MM, spacing_mm)
