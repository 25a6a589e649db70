"""Which triangle is seen at which sample of a picture: a z-buffer, for pictures without a GPU."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt
from numba.extending import register_jitable

Floats = npt.NDArray[np.float32]
Triangles = npt.NDArray[np.int32]

NOTHING = -1
_SMALLEST_AREA_PX = 1e-6  # a triangle seen edge-on covers no sample, and its plane has no slope


class Projected(NamedTuple):
    """A surface on the picture's axes.

    Attributes
    ----------
    corners_px : ndarray of float32, shape (N, 3)
        (x to the right, y down, depth away from the viewer). Sample (column, row) lies at
        x = column, y = row.
    faces : ndarray of int32, shape (M, 3)
        Numbers of corners; counter-clockwise as the viewer sees the outside.
    both_sides : bool
        Whether its triangles are seen from their inside too.
    """

    corners_px: Floats
    faces: Triangles
    both_sides: bool


class VisibleSurface(NamedTuple):
    """What is seen, sample by sample.

    Attributes
    ----------
    triangle : ndarray of int32, shape (height, width)
        Number of the nearest triangle, counted through the surfaces; ``NOTHING`` where there is
        none.
    depth_px : ndarray of float32, shape (height, width)
        How far away it is there; infinite where there is none.
    """

    triangle: Triangles
    depth_px: Floats


def visible_surface(surfaces: Iterable[Projected], *, width: int, height: int) -> VisibleSurface:
    """Find the nearest triangle of every sample.

    Triangles that share a side leave no gap and do not overlap. Of triangles at the same depth the
    first is seen.

    Parameters
    ----------
    surfaces : iterable of Projected
        Drawn one after another, and not kept.
    width, height : int
        Size of the picture; triangles may reach beyond it.
    """
    triangle = np.full((height, width), NOTHING, np.int32)
    depth_px = np.full((height, width), np.inf, np.float32)
    first_number = 0
    for corners_px, faces, both_sides in surfaces:
        _keep_nearest(
            np.ascontiguousarray(corners_px, np.float32),
            np.ascontiguousarray(faces, np.int32),
            first_number,
            both_sides,
            triangle,
            depth_px,
        )
        first_number += len(faces)
    return VisibleSurface(triangle, depth_px)


@register_jitable
def _corner(corners: Floats, number: int) -> tuple[float, float, float]:
    return (
        np.float64(corners[number, 0]),
        np.float64(corners[number, 1]),
        np.float64(corners[number, 2]),
    )


@register_jitable
def _crossing(upper_x: float, upper_y: float, lower_x: float, lower_y: float, y: float) -> float:
    """Where a side crosses a row."""
    return upper_x + (y - upper_y) * ((lower_x - upper_x) / (lower_y - upper_y))


@numba.njit("void(f4[:,::1], i4[:,::1], i8, b1, i4[:,::1], f4[:,::1])", nogil=True, cache=True)
def _keep_nearest(  # noqa: PLR0913, PLR0917 - a surface, and what is seen so far
    corners: Floats,
    faces: Triangles,
    first_number: int,
    both_sides: bool,  # noqa: FBT001
    triangle: Triangles,
    depth: Floats,
) -> None:
    """Draw row by row: rows touch only samples that are inside, bounding boxes twice as many."""
    height, width = depth.shape
    for number in range(len(faces)):
        ax, ay, az = _corner(corners, faces[number, 0])
        bx, by, bz = _corner(corners, faces[number, 1])
        cx, cy, cz = _corner(corners, faces[number, 2])
        area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)  # below 0 for the outside: y is down
        if abs(area) < _SMALLEST_AREA_PX or (area > 0 and not both_sides):
            continue
        slope_x = ((bz - az) * (cy - ay) - (cz - az) * (by - ay)) / area
        slope_y = ((bx - ax) * (cz - az) - (cx - ax) * (bz - az)) / area
        nearest, farthest = min(az, bz, cz), max(az, bz, cz)
        origin = az - slope_x * ax - slope_y * ay
        # By height. Both triangles at a side then compute its crossing of a row alike.
        if by < ay:
            ax, ay, bx, by = bx, by, ax, ay
        if cy < by:
            bx, by, cx, cy = cx, cy, bx, by
        if by < ay:
            ax, ay, bx, by = bx, by, ax, ay
        for y in range(max(math.ceil(ay), 0), min(math.ceil(cy), height)):
            one = _crossing(ax, ay, cx, cy, y)
            other = _crossing(ax, ay, bx, by, y) if y < by else _crossing(bx, by, cx, cy, y)
            first = max(math.ceil(min(one, other)), 0)
            for x in range(first, min(math.ceil(max(one, other)), width)):
                # Within its corners' depths: steep planes overshoot at the sides.
                here = min(max(origin + slope_x * x + slope_y * y, nearest), farthest)
                if np.float32(here) < depth[y, x]:
                    depth[y, x] = here
                    triangle[y, x] = first_number + number
