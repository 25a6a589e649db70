"""From the planes of DICOM slices to one affine: the only place where LPS is read."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from iris_oculus.errors import NotThreeDimensional, UntrustedGeometry

from iris_imaging.geometry import MIN_SPACING_MM, MIN_VOXELS_PER_AXIS, check_affine
from iris_imaging.volume import Affine

Vector = npt.NDArray[np.float64]

_LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])

MAX_UNEVENNESS = 0.01
MAX_UNEVENNESS_MM = 0.05
"""A gap between slices may differ from the median gap by the larger of 1 % and 0.05 mm: what
rounding of positions in the headers makes, and far from a missing slice."""

_SAME_DIRECTION = 1e-3
"""Largest difference of direction cosines (0.06 degrees) and of relative pixel spacing in one
stack; also how far the two directions may be from unit length and right angles."""


@dataclass(frozen=True, eq=False)
class Plane:
    """Where one slice lies: DICOM PS3.3, C.7.6.2.1.1.

    Attributes
    ----------
    position_lps_mm : ndarray, shape (3,)
        Centre of the first pixel (Image Position (Patient)).
    row_direction, column_direction : ndarray, shape (3,)
        Unit vectors in LPS along a row (increasing column index) and down a column (increasing
        row index): Image Orientation (Patient).
    row_spacing_mm, column_spacing_mm : float
        Between the centres of neighbouring rows, and of neighbouring columns: Pixel Spacing.
    """

    position_lps_mm: Vector
    row_direction: Vector
    column_direction: Vector
    row_spacing_mm: float
    column_spacing_mm: float

    @property
    def normal(self) -> Vector:
        """Unit vector across the slice, right-handed with row and column direction."""
        return np.cross(self.row_direction, self.column_direction)

    def is_parallel_to(self, other: "Plane") -> bool:
        """Whether both slices can be in one stack: same directions and pixel spacing."""
        ours = np.concatenate([self.row_direction, self.column_direction])
        theirs = np.concatenate([other.row_direction, other.column_direction])
        return (
            bool(np.abs(ours - theirs).max() <= _SAME_DIRECTION)
            and math.isclose(self.row_spacing_mm, other.row_spacing_mm, rel_tol=_SAME_DIRECTION)
            and math.isclose(
                self.column_spacing_mm, other.column_spacing_mm, rel_tol=_SAME_DIRECTION
            )
        )


@dataclass(frozen=True, eq=False)
class Stack:
    """Slices in their order in space.

    Attributes
    ----------
    slices : tuple of tuple of int
        For each slice the indices of the planes that lie there: several where it is repeated.
    affine_ras_mm : ndarray, shape (4, 4)
        From (column index, row index, slice index).
    tilt_degrees : float
        Angle between the way from slice to slice and the slices' normal.
    """

    slices: tuple[tuple[int, ...], ...]
    affine_ras_mm: Affine
    tilt_degrees: float


def plane_from_tags(
    position: Sequence[float], orientation: Sequence[float], pixel_spacing: Sequence[float]
) -> Plane | None:
    """Plane of a slice, or None where the tags are incomplete or contradict themselves.

    Parameters
    ----------
    position : 3 floats, orientation : 6 floats, pixel_spacing : 2 floats (row, column)
        As in the header.
    """
    if (len(position), len(orientation), len(pixel_spacing)) != (3, 6, 2):
        return None
    values = np.array([*position, *orientation, *pixel_spacing], dtype=np.float64)
    if not np.isfinite(values).all() or values[9:].min() <= 0:
        return None
    row, column = values[3:6], values[6:9]
    lengths = np.array([np.linalg.norm(row), np.linalg.norm(column)])
    if np.abs(lengths - 1).max() > _SAME_DIRECTION or abs(row @ column) > _SAME_DIRECTION:
        return None
    return Plane(values[:3], row / lengths[0], column / lengths[1], values[9], values[10])


def _slices_along_normal(
    planes: Sequence[Plane], distances_mm: Vector
) -> tuple[tuple[int, ...], ...]:
    """Indices by increasing distance; planes at one place go together."""
    slices: list[list[int]] = []
    for index in np.argsort(distances_mm, kind="stable"):
        first = slices[-1][0] if slices else None
        if first is None or distances_mm[index] - distances_mm[first] > MIN_SPACING_MM:
            slices.append([int(index)])
            continue
        shift = planes[index].position_lps_mm - planes[first].position_lps_mm
        if np.linalg.norm(shift) > 2 * MIN_SPACING_MM:
            raise UntrustedGeometry("Slices lie beside each other in one plane.")
        slices[-1].append(int(index))
    return tuple(tuple(sorted(indices)) for indices in slices)


def _check_evenness(distances_mm: Vector) -> None:
    gaps = np.diff(distances_mm)
    median = float(np.median(gaps))
    tolerance = max(MAX_UNEVENNESS * median, MAX_UNEVENNESS_MM) + 1e-9
    uneven = int(np.count_nonzero(np.abs(gaps - median) > tolerance))
    if uneven:
        raise UntrustedGeometry(
            f"{uneven} of {gaps.size} gaps between slices differ from the usual {median:.4g} mm: "
            "slices are missing, or the spacing changes."
        )


def _check_straightness(origins_lps_mm: npt.NDArray[np.float64], tolerance_mm: float) -> None:
    """Refuse stacks whose slices are shifted sideways against each other: no affine fits them."""
    steps = np.arange(len(origins_lps_mm))[:, None] / (len(origins_lps_mm) - 1)
    line = origins_lps_mm[0] + steps * (origins_lps_mm[-1] - origins_lps_mm[0])
    aside = np.linalg.norm(origins_lps_mm - line, axis=1) > tolerance_mm
    if aside.any():
        raise UntrustedGeometry(
            f"{np.count_nonzero(aside)} of {len(aside)} slices are shifted against the others."
        )


def stack_planes(planes: Sequence[Plane]) -> Stack:
    """Order parallel planes along their normal and find the affine that they share.

    The affine is that of PS3.3, equation C.7.6.2.1-1, with the index of the column first, and
    with the mean step from slice to slice as its third column; so it is exact for slices that are
    sheared against each other (gantry tilt). x and y are then negated: DICOM's LPS to RAS+.

    Parameters
    ----------
    planes : sequence of Plane
        Parallel, in any order.

    Raises
    ------
    NotThreeDimensional
        If they lie at fewer than three places.
    UntrustedGeometry
        If gaps are uneven, slices are shifted sideways, or the spacing is absurd.
    """
    reference = planes[0]
    positions = np.array([plane.position_lps_mm for plane in planes])
    distances_mm = positions @ reference.normal
    slices = _slices_along_normal(planes, distances_mm)
    if len(slices) < MIN_VOXELS_PER_AXIS:
        raise NotThreeDimensional(
            f"The series has {len(slices)} slices: fewer than {MIN_VOXELS_PER_AXIS} are no volume.",
            hint="Send the complete series, not single slices.",
        )
    used = [indices[0] for indices in slices]
    _check_evenness(distances_mm[used])
    origins = positions[used]
    step = (origins[-1] - origins[0]) / (len(origins) - 1)
    affine_lps_mm = np.eye(4)
    affine_lps_mm[:3, 0] = reference.row_direction * reference.column_spacing_mm
    affine_lps_mm[:3, 1] = reference.column_direction * reference.row_spacing_mm
    affine_lps_mm[:3, 2] = step
    affine_lps_mm[:3, 3] = origins[0]
    affine_ras_mm = _LPS_TO_RAS @ affine_lps_mm
    check_affine(affine_ras_mm)
    smallest = min(reference.row_spacing_mm, reference.column_spacing_mm)
    _check_straightness(origins, tolerance_mm=0.5 * smallest)
    across = float(step @ reference.normal)
    aside = float(np.linalg.norm(step - across * reference.normal))
    return Stack(slices, affine_ras_mm, math.degrees(math.atan2(aside, across)))
