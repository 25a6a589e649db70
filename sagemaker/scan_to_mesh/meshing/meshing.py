"""One closed surface mesh for every segment of a label map."""

import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from iris_imaging.volume import Affine, LabelMap, voxel_volume_ml
from iris_oculus.structures import Structure

from scan_to_mesh.meshing.decimation import decimate
from scan_to_mesh.meshing.extraction import extract_surface
from scan_to_mesh.meshing.mesh_report import mesh_report
from scan_to_mesh.meshing.patient_axes import along_patient_axes
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scan_to_mesh.meshing.topology import is_watertight
from scan_to_mesh.meshing.volume_restoration import restore_volume
from scan_to_mesh.segments import (
    Segment,
    cropped_affine,
    find_segments,
    memory_axes,
    permuted_affine,
    structures_of,
)
from scan_to_mesh.voxel_body import centroid_index, middle_x_ras_mm, voxel_body

_TOLERANCE_BEFORE_DECIMATION = 0.05
_TOLERANCE = 0.002

ReportStructures = Callable[[int, int], None]
"""Called with (structures done, structures in all) whenever one is finished."""


@dataclass(frozen=True)
class MeshingOptions:
    """How to make surface meshes.

    Attributes
    ----------
    target_reduction : float
        Fraction of the faces to remove, from 0 (no decimation) to below 1.
    """

    target_reduction: float = 0.9

    def __post_init__(self) -> None:
        if not 0.0 <= self.target_reduction < 1.0:
            raise ValueError(f"target_reduction lies in [0, 1), not {self.target_reduction}")


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
    """
    axes = memory_axes(label_map.labels)
    labels = label_map.labels.transpose(axes)
    affine_ras_mm = permuted_affine(label_map.affine_ras_mm, axes)
    segments = find_segments(labels)
    work = list(zip(segments, structures_of(label_map, segments), strict=True))
    work.sort(key=lambda item: math.prod(item[0].shape), reverse=True)
    meshes: list[SurfaceMesh] = []
    executor = ThreadPoolExecutor(threads or os.cpu_count() or 1)
    try:
        futures = [
            executor.submit(_mesh_segment, labels, affine_ras_mm, segment, structure, options)
            for segment, structure in work
        ]
        for future in as_completed(futures):
            meshes.append(future.result())
            report(len(meshes), len(work))
    finally:
        executor.shutdown(cancel_futures=True)
    return sorted(meshes, key=lambda mesh: mesh.structure.label_value)


def _mesh_segment(
    labels: npt.NDArray[Any],
    affine_ras_mm: Affine,
    segment: Segment,
    structure: Structure,
    options: MeshingOptions,
) -> SurfaceMesh:
    mask, crop_affine_ras_mm = along_patient_axes(
        labels[segment.box] == segment.label_value,
        cropped_affine(affine_ras_mm, segment.origin_index),
    )
    voxel_mm3 = voxel_volume_ml(affine_ras_mm) * 1000.0
    voxels = int(np.count_nonzero(mask))
    with_voxels_volume = partial(
        restore_volume,
        volume_mm3=voxels * voxel_mm3,
        largest_step_mm=voxel_mm3 ** (1 / 3),
    )
    # From the crop's corner: further away, rounding would decide ties of the decimation.
    extracted = extract_surface(mask, crop_affine_ras_mm[:3, :3])
    # Thin structures shrink most: decimating them shrunken would cost their shape.
    swollen = with_voxels_volume(extracted, tolerance=_TOLERANCE_BEFORE_DECIMATION)
    decimated = decimate(swollen, options.target_reduction)
    vertices_mm, faces = restored = with_voxels_volume(decimated, tolerance=_TOLERANCE)
    origin_ras_mm = crop_affine_ras_mm[:3, 3]
    body = voxel_body(
        voxels,
        centroid_index(mask),
        mask.shape,
        crop_affine_ras_mm,
        middle_x_ras_mm(labels.shape, affine_ras_mm),
    )
    return SurfaceMesh(
        structure=structure,
        vertices_ras_mm=(vertices_mm + origin_ras_mm).astype(np.float32),
        faces=faces,
        report=mesh_report(
            swollen,
            restored,
            body,
            origin_ras_mm=origin_ras_mm,
            watertight=is_watertight(faces),
        ),
    )
