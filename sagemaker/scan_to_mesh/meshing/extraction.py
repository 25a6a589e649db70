"""From a segment's voxels to a closed, smooth surface in millimetres."""

import math
from dataclasses import dataclass

import numpy as np
from iris_imaging.volume import Affine, voxel_volume_ml

from scan_to_mesh.meshing.block_merging import with_even_blocks_merged
from scan_to_mesh.meshing.dual_surface import dual_surface
from scan_to_mesh.meshing.image_border import ended_at_border, with_rims
from scan_to_mesh.meshing.patient_axes import PaddedMask
from scan_to_mesh.meshing.relaxation import (
    Smoothing,
    relaxed,
    relaxed_where_even,
    surface_normals,
)
from scan_to_mesh.meshing.repair import repaired
from scan_to_mesh.meshing.surface import Surface, transformed
from scan_to_mesh.meshing.topology import is_watertight
from scan_to_mesh.meshing.triangulation import triangulated

# Voxels per crossed lattice edge below which a structure is all edge: a ball with a radius of six
# voxels has 1.5, and so has a tube with one of four and a half.
_THIN = 1.5
_ROUNDS_OF_THE_THIN = 3
# Slices are thick where voxels are so many times longer than wide. Blocks of them would be far
# longer still, and what looks thin by their count may be wide across.
_THICK = 2.5
# Of their stairs, to the width that those of other grids have.
_STAIRS_OF_THE_THICK = 1.5


@dataclass(frozen=True)
class Extraction:
    """How to make a surface of a mask.

    Attributes
    ----------
    coarse : bool
        Whether even places may do with a quarter of the vertices, but for those of thin structures
        and of thick slices.
    smoothing : Smoothing
    """

    coarse: bool
    smoothing: Smoothing


@dataclass(frozen=True, eq=False)
class ExtractedSurface:
    """A surface before decimation.

    Attributes
    ----------
    surface : Surface
        Watertight; in mm from the mask's first voxel along the RAS+ axes.
    full_resolution_triangles : int
        Of the surface with a vertex in every cell, whether it was made or not.
    """

    surface: Surface
    full_resolution_triangles: int


def extract_surface(mask: PaddedMask, voxels: int, extraction: Extraction) -> ExtractedSurface:
    """Smooth closed surface around a segment.

    Parameters
    ----------
    mask : PaddedMask
        On any grid: oblique, sheared or mirrored as it may be.
    voxels : int
        How many are inside.
    extraction : Extraction
    """
    dual, blocks = dual_surface(mask.voxels)
    dual, blocks = with_rims(dual, blocks, mask)
    crossings = len(dual.quads)
    has_thick_slices = _has_thick_slices(mask.affine_ras_mm)
    if voxels < _THIN * crossings:  # no place is even
        rounds = 1 if has_thick_slices else _ROUNDS_OF_THE_THIN
        vertices_index = relaxed(dual, extraction.smoothing.times(rounds))
    else:
        vertices_index = relaxed(dual, extraction.smoothing)
        if extraction.coarse and not has_thick_slices:
            dual, vertices_index = with_even_blocks_merged(
                dual, blocks, vertices_index, surface_normals(vertices_index, dual)
            )
        vertices_index = relaxed_where_even(dual, vertices_index, extraction.smoothing)
    vertices_index = ended_at_border(
        vertices_index, surface_normals(vertices_index, dual), dual, mask
    )
    index_to_mm = mask.affine_ras_mm[:3, :3]
    vertices_mm = transformed(vertices_index, index_to_mm)
    faces = triangulated(vertices_mm, dual.quads)
    if np.linalg.det(index_to_mm[:, ::-1]) < 0:
        faces = np.ascontiguousarray(faces[:, ::-1])
    surface: Surface = (vertices_mm, faces)
    if not is_watertight(faces):
        surface = repaired(surface)
    return ExtractedSurface(surface, 2 * crossings)


def smoothing_for(
    smoothing_mm: float | None, affine_ras_mm: Affine, *, where_even: bool
) -> Smoothing:
    """What stairs of a given width need.

    Parameters
    ----------
    smoothing_mm : float or None
        Width of the widest stairs; None for a voxel's, 0 to leave all of them.
    affine_ras_mm : ndarray of float64, shape (4, 4)
        Of the label map.
    where_even : bool
        Whether stairs that are wider than that, on bodies that lie almost along the grid, go, too.
    """
    voxel_mm = (voxel_volume_ml(affine_ras_mm) * 1000.0) ** (1 / 3)
    width_voxels = 1.0 if smoothing_mm is None else smoothing_mm / voxel_mm
    if width_voxels <= 0.0:
        return Smoothing(rounds=0)
    # A stair of n voxels lets the surface lie half of n off its middle; its own voxel grants 1/2.
    width_voxels = max(1.0, width_voxels)
    return Smoothing(
        slack_voxels=(width_voxels - 1.0) / 2.0,
        stair_voxels=width_voxels
        * (_STAIRS_OF_THE_THICK if _has_thick_slices(affine_ras_mm) else 1.0),
        rounds=math.ceil(width_voxels),
        where_even=where_even,
    )


def _has_thick_slices(affine_ras_mm: Affine) -> bool:
    spacing_mm = np.linalg.norm(affine_ras_mm[:3, :3], axis=0)
    return bool(spacing_mm.max() > _THICK * spacing_mm.min())
