"""The numbers of each segment: size, intensity, position."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from iris_imaging.volume import Affine, LabelMap, Modality, Volume, voxel_volume_ml
from iris_oculus.structures import Structure

from scan_to_mesh.segments import (
    Segment,
    find_segments,
    memory_axes,
    permuted_affine,
    structures_of,
)
from scan_to_mesh.voxel_body import centroid_index


@dataclass(frozen=True)
class SegmentStatistics:
    """What one segment measures.

    Attributes
    ----------
    structure : Structure
    voxels : int
    volume_ml : float
        Voxels times the volume of one.
    mean_hu, sd_hu : float or None
        Mean and (population) standard deviation inside the segment; None without a CT volume.
    truncated : bool
        The segment touches a face of the image: it may go on outside, and every number is a lower
        bound.
    centroid_ras_mm : tuple of float
        Mean position of the voxels' centres.
    """

    structure: Structure
    voxels: int
    volume_ml: float
    mean_hu: float | None
    sd_hu: float | None
    truncated: bool
    centroid_ras_mm: tuple[float, float, float]


def segment_statistics(label_map: LabelMap, volume: Volume | None) -> list[SegmentStatistics]:
    """Measure every segment that occurs, ordered by label value.

    Parameters
    ----------
    label_map : LabelMap
    volume : Volume or None
        The scan that was segmented, on the label map's grid. Intensities are measured only where it
        is a CT: other modalities have no Hounsfield units.

    Raises
    ------
    ValueError
        If the volume lies on another grid, or a label value occurs that has no structure.
    """
    if volume is not None:
        _check_same_grid(label_map, volume)
    axes = memory_axes(label_map.labels)
    labels = label_map.labels.transpose(axes)
    affine_ras_mm = permuted_affine(label_map.affine_ras_mm, axes)
    is_ct = volume is not None and volume.modality is Modality.CT
    intensities_hu = volume.voxels.transpose(axes) if volume is not None and is_ct else None
    segments = find_segments(labels)
    return [
        _measure(labels, intensities_hu, affine_ras_mm, segment, structure)
        for segment, structure in zip(segments, structures_of(label_map, segments), strict=True)
    ]


def _check_same_grid(label_map: LabelMap, volume: Volume) -> None:
    if label_map.labels.shape != volume.voxels.shape:
        raise ValueError(
            f"label map {label_map.labels.shape} and volume {volume.voxels.shape} differ in shape"
        )
    if not np.allclose(label_map.affine_ras_mm, volume.affine_ras_mm, rtol=0, atol=1e-3):
        raise ValueError("label map and volume differ in their affine")


def _measure(
    labels: npt.NDArray[Any],
    intensities_hu: npt.NDArray[Any] | None,
    affine_ras_mm: Affine,
    segment: Segment,
    structure: Structure,
) -> SegmentStatistics:
    mask = labels[segment.box] == segment.label_value
    voxels = int(np.count_nonzero(mask))
    mean_hu = sd_hu = None
    if intensities_hu is not None:
        inside_hu = intensities_hu[segment.box][mask]
        mean_hu = float(inside_hu.mean(dtype=np.float64))
        sd_hu = float(inside_hu.std(dtype=np.float64))
    centroid = centroid_index(mask) + segment.origin_index
    x, y, z = affine_ras_mm[:3, :3] @ centroid + affine_ras_mm[:3, 3]
    return SegmentStatistics(
        structure=structure,
        voxels=voxels,
        volume_ml=voxels * voxel_volume_ml(affine_ras_mm),
        mean_hu=mean_hu,
        sd_hu=sd_hu,
        truncated=any(
            axis.start == 0 or axis.stop == size
            for axis, size in zip(segment.box, labels.shape, strict=True)
        ),
        centroid_ras_mm=(float(x), float(y), float(z)),
    )
