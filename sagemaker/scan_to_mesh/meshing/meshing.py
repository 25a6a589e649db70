"""One closed surface mesh for every segment of a label map."""

import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np
from iris_imaging.volume import LabelMap, voxel_volume_ml
from iris_oculus.structures import Structure

from scan_to_mesh.meshing.decimation import decimate
from scan_to_mesh.meshing.extraction import Extraction, extract_surface, smoothing_for
from scan_to_mesh.meshing.fairing import faired
from scan_to_mesh.meshing.mesh_report import deviation_mm, mesh_report
from scan_to_mesh.meshing.patient_axes import LabelGrid, PatientView
from scan_to_mesh.meshing.pieces import joined, pieces_of
from scan_to_mesh.meshing.repeated_voxels import without_repeats
from scan_to_mesh.meshing.surface import Surface
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scan_to_mesh.meshing.topology import enclosed_volume_mm3, is_watertight
from scan_to_mesh.meshing.volume_restoration import restore_volume
from scan_to_mesh.meshing.welding import safe_to_weld
from scan_to_mesh.segments import (
    Segment,
    cropped_affine,
    find_segments,
    memory_axes,
    permuted_affine,
    structures_of,
)
from scan_to_mesh.voxel_body import VoxelBody, middle_x_ras_mm, voxel_body

SMALLEST_STRUCTURE_FACES = 100
"""A recognisable shape needs some triangles, however small it is."""

# Collapses that would cost more, in voxels, are left undone where nine tenths of the faces are to
# go; where more are, so much more. It binds in structures of few voxels alone: a thin gland of 3 mm
# voxels lost a centimetre without, and a hundred organs at 0.8 mm keep the same faces with and
# without.
_ERROR_VOXELS = 0.39

# How far fairing may take the surface, of that error: no further than leaves the largest distance
# from the shape as it is.
_WAY_OF_ERROR = 0.27

# What is thinner was given back before what smoothing took from it.
_THIN_RADIUS = 10.0

# Below this, a quarter of the vertices leaves decimation nothing to choose from.
_COARSE_FROM_REDUCTION = 0.8

_MOST_TIGHTENINGS = 6

# The distance of slices that were repeated is not known more exactly, nor are voxels always cubes.
_WIDER_THAN_A_VOXEL = 1.2

ReportStructures = Callable[[int, int], None]
"""Called with (structures done, structures in all) whenever one is finished."""


class Quality(StrEnum):
    """How much time meshes may take."""

    DRAFT = "draft"
    """Wide stairs of large even surfaces stay; no deviation is measured."""
    STANDARD = "standard"
    """Even places are decimated from a quarter of the vertices, all others from all of them."""
    PRINT = "print"
    """Every place is decimated from all of its vertices."""


@dataclass(frozen=True)
class MeshingOptions:
    """How to make surface meshes.

    Attributes
    ----------
    target_reduction : float
        Share of the faces to remove, from 0 (no decimation) to below 1. Structures of few voxels
        keep what their shape needs. With ``max_deviation_mm`` it is the most that is removed.
    max_deviation_mm : float or None
        Largest distance between a mesh and the surface before decimation, in both directions, by
        the measure of the mesh report.
    smoothing_mm : float or None
        Width of the stairs to smooth away: the voxel size of the model that made the label map,
        where that is coarser than the label map's. None for the label map's own; or for those that
        it repeats, which are found. 0 leaves all stairs.
    quality : Quality
    drop_islands_below_ml : float
        Pieces of a structure that enclose less are left out, but for its largest. 0 keeps all.
    """

    target_reduction: float = 0.9
    max_deviation_mm: float | None = None
    smoothing_mm: float | None = None
    quality: Quality = Quality.STANDARD
    drop_islands_below_ml: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.target_reduction < 1.0:
            raise ValueError(f"target_reduction lies in [0, 1), not {self.target_reduction}")
        if self.max_deviation_mm is not None and not self.max_deviation_mm > 0.0:
            raise ValueError(f"max_deviation_mm is above 0, not {self.max_deviation_mm}")
        if self.smoothing_mm is not None and not 0.0 <= self.smoothing_mm < math.inf:
            raise ValueError(f"smoothing_mm is not negative, unlike {self.smoothing_mm}")
        if not 0.0 <= self.drop_islands_below_ml < math.inf:
            raise ValueError(f"no volume to drop islands below: {self.drop_islands_below_ml}")


def mesh_label_map(
    label_map: LabelMap,
    options: MeshingOptions,
    report: ReportStructures,
    *,
    threads: int | None = None,
) -> list[SurfaceMesh]:
    """Surface mesh of every structure that occurs in a label map.

    Parameters
    ----------
    label_map : LabelMap
        On any grid: oblique, sheared, mirrored, anisotropic.
    options : MeshingOptions
    report : callable
        Called in this thread; what it raises ends the meshing.
    threads : int, optional
        Structures at a time; as many as there are processors when left out.

    Returns
    -------
    list of SurfaceMesh
        Ordered by label value. Each encloses the volume of its segment's voxels, closed also where
        the segment touches the border of the image, with all of its pieces.

    Raises
    ------
    ValueError
        If a label value occurs that ``label_map.structures`` does not name.

    Notes
    -----
    Where a label map does nothing but repeat the voxels of a coarser grid, as that of a model of
    3 mm on a scan of 0.8 mm, the coarser grid is meshed; volumes are those of the label map.

    Finished meshes take 18 bytes a triangle. What takes more, masks and surfaces before decimation,
    exists for one structure a thread.
    """
    axes = memory_axes(label_map.labels)
    image = LabelGrid.of_image(
        label_map.labels.transpose(axes), permuted_affine(label_map.affine_ras_mm, axes)
    )
    segments = find_segments(image.labels)
    structures = structures_of(label_map, segments)
    grid, on_grid, smoothing_mm = _grid_to_mesh(image, segments, options.smoothing_mm)
    work = [
        _Work(structure, segment, _body_of(original, image))
        for structure, segment, original in zip(structures, on_grid, segments, strict=True)
    ]
    work.sort(key=lambda item: math.prod(item.segment.shape), reverse=True)
    mesh_segment = partial(_mesh_segment, grid, options, _extraction(options, smoothing_mm, grid))
    meshes: list[SurfaceMesh] = []
    executor = ThreadPoolExecutor(threads or os.cpu_count() or 1)
    try:
        futures = [executor.submit(mesh_segment, item) for item in work]
        for future in as_completed(futures):
            meshes.append(future.result())
            report(len(meshes), len(work))
    finally:
        executor.shutdown(cancel_futures=True)
    return sorted(meshes, key=lambda mesh: mesh.structure.label_value)


@dataclass(frozen=True)
class _Work:
    """A segment of the grid that is meshed, and its body as the image's voxels make it."""

    structure: Structure
    segment: Segment
    body: VoxelBody


def _grid_to_mesh(
    image: LabelGrid, segments: list[Segment], smoothing_mm: float | None
) -> tuple[LabelGrid, list[Segment], float | None]:
    """The grid on which the labels were made; stairs of its own voxels need no width."""
    if smoothing_mm != 0.0 and (grid := without_repeats(image)) is not None:
        found = find_segments(grid.labels)
        if [s.label_value for s in found] == [s.label_value for s in segments]:
            voxel_mm = (voxel_volume_ml(grid.affine_ras_mm) * 1000.0) ** (1 / 3)
            has_wider = smoothing_mm is not None and smoothing_mm > _WIDER_THAN_A_VOXEL * voxel_mm
            return grid, found, smoothing_mm if has_wider else None
    return image, segments, smoothing_mm


def _body_of(segment: Segment, image: LabelGrid) -> VoxelBody:
    return voxel_body(
        segment.voxels,
        np.array(segment.centroid_index) - segment.origin_index,
        segment.shape,
        cropped_affine(image.affine_ras_mm, segment.origin_index),
        middle_x_ras_mm(image.labels.shape, image.affine_ras_mm),
    )


def _mesh_segment(
    grid: LabelGrid, options: MeshingOptions, extraction: Extraction, work: _Work
) -> SurfaceMesh:
    mask = PatientView.of(grid).padded_mask(work.segment)
    origin_ras_mm, index_to_mm = mask.affine_ras_mm[:3, 3], mask.affine_ras_mm[:3, :3]
    extracted = extract_surface(mask, work.segment.voxels, extraction)
    border = mask.border
    del mask  # a byte for every voxel of the segment's box
    voxel_mm3 = voxel_volume_ml(grid.affine_ras_mm) * 1000.0
    voxels = work.body.volume_ml * 1000.0 / voxel_mm3
    kept, share = _without_islands(extracted.surface, options.drop_islands_below_ml * 1000.0)
    undecimated = restore_volume(
        kept, share * voxels, index_to_mm, border, thin_radius_voxels=_THIN_RADIUS
    )

    def finished(largest_error_mm: float, piece: Surface, fewer: Surface) -> Surface:
        fairer = faired(fewer, _WAY_OF_ERROR * largest_error_mm, index_to_mm, border)
        return restore_volume(fairer, enclosed_volume_mm3(*piece) / voxel_mm3, index_to_mm, border)

    mesh = _decimated(
        undecimated,
        extracted.full_resolution_triangles,
        options,
        voxel_mm3 ** (1 / 3),
        finished,
    )
    vertices_mm, faces = mesh
    return SurfaceMesh(
        structure=work.structure,
        vertices_ras_mm=safe_to_weld((vertices_mm + origin_ras_mm).astype(np.float32), faces),
        faces=faces,
        report=mesh_report(
            undecimated,
            mesh,
            work.body,
            origin_ras_mm=origin_ras_mm,
            triangles_before=extracted.full_resolution_triangles,
            measure_deviation=options.quality is not Quality.DRAFT,
            watertight=is_watertight(faces),
        ),
    )


def _extraction(options: MeshingOptions, smoothing_mm: float | None, grid: LabelGrid) -> Extraction:
    return Extraction(
        coarse=options.quality is not Quality.PRINT
        and options.target_reduction >= _COARSE_FROM_REDUCTION,
        smoothing=smoothing_for(
            smoothing_mm, grid.affine_ras_mm, where_even=options.quality is not Quality.DRAFT
        ),
    )


def _decimated(
    surface: Surface,
    full_resolution_triangles: int,
    options: MeshingOptions,
    voxel_mm: float,
    finished: Callable[[float, Surface, Surface], Surface],
) -> Surface:
    target = max(
        round(full_resolution_triangles * (1.0 - options.target_reduction)),
        SMALLEST_STRUCTURE_FACES,
    )
    if options.max_deviation_mm is None:
        limit_mm = voxel_mm * _ERROR_VOXELS * max(1.0, 0.1 / (1.0 - options.target_reduction))
        return decimate(surface, target, limit_mm, partial(finished, limit_mm))
    # The quadric's error is an average: tighten it until the distances measured are right.
    largest_error_mm = options.max_deviation_mm
    for _ in range(_MOST_TIGHTENINGS):
        mesh = decimate(surface, target, largest_error_mm, partial(finished, largest_error_mm))
        if deviation_mm(surface, mesh)[1] <= options.max_deviation_mm:
            return mesh
        largest_error_mm /= 2.0
    return surface


def _without_islands(surface: Surface, smallest_mm3: float) -> tuple[Surface, float]:
    """Leave small pieces and cavities out; also the share of the volume that is left."""
    if smallest_mm3 == 0.0:
        return surface, 1.0
    pieces = pieces_of(surface)
    volumes_mm3 = [enclosed_volume_mm3(*piece) for piece in pieces]
    limit_mm3 = min(smallest_mm3, max(volumes_mm3))
    kept = [number for number, volume_mm3 in enumerate(volumes_mm3) if abs(volume_mm3) >= limit_mm3]
    share = sum(volumes_mm3[number] for number in kept) / sum(volumes_mm3)
    return joined([pieces[number] for number in kept]), share
