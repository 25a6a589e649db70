"""Which triangle is seen at which pixel: a z-buffer in numpy, for pictures without a GPU.

Triangles are cut into rows and rows into pixels, all of them at once, and one unbuffered minimum
keeps the nearest triangle of each pixel. Spans of rows touch only pixels that are inside, where
testing every pixel of a bounding box would cost numpy several times as many elements.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

_CHUNK = 1 << 15  # triangles at a time: bounds the memory that their pixels take
_DEPTH_STEPS = 2**31 - 1
_SMALLEST_AREA_PX = 1e-6  # a triangle seen edge-on covers no pixel's centre, and has no plane
_TRIANGLE_BITS = np.uint64(32)
_TRIANGLE_MASK = np.uint64(0xFFFFFFFF)
_NOTHING = np.uint64(0xFFFFFFFFFFFFFFFF)


@dataclass(frozen=True, eq=False)
class VisibleSurface:
    """What is seen, pixel by pixel.

    Attributes
    ----------
    pixel : ndarray of int64, shape (P,)
        Flat numbers of the pixels where something is seen, in rising order.
    triangle : ndarray of int64, shape (P,)
        The nearest triangle there.
    weights : ndarray of float32, shape (P, 3)
        Barycentric coordinates of the pixel's centre in it.
    """

    pixel: Numbers
    triangle: Numbers
    weights: Floats


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows of triangles: ``count`` pixels of ``triangle`` at ``y``, from ``first_x``."""

    triangle: Numbers
    y: Numbers
    first_x: Numbers
    count: Numbers


def visible_surface(corners_px: Doubles, *, width: int, height: int) -> VisibleSurface:
    """Find the nearest triangle of every pixel.

    Parameters
    ----------
    corners_px : ndarray of float64, shape (M, 3, 3)
        Corners of the triangles as (x to the right, y down, depth away from the viewer). Pixel
        (column, row) has its centre at x = column, y = row. Both sides of a triangle are seen.
    width, height : int
        Size of the picture; triangles may reach beyond it.
    """
    nearest = np.full(width * height, _NOTHING)
    usable = np.flatnonzero(np.abs(doubled_area(corners_px)) > _SMALLEST_AREA_PX)
    if len(usable):
        depth = corners_px[..., 2]
        nearest_depth, steps = depth.min(), _DEPTH_STEPS / max(float(np.ptp(depth)), 1e-12)
    for start in range(0, len(usable), _CHUNK):
        numbers = usable[start : start + _CHUNK]
        corners = corners_px[numbers]
        corners[..., 2] = (corners[..., 2] - nearest_depth) * steps
        _keep_nearest(nearest, corners, numbers, width=width, height=height)
    pixel = np.flatnonzero(nearest != _NOTHING)
    triangle = (nearest[pixel] & _TRIANGLE_MASK).astype(np.int64)
    return VisibleSurface(pixel, triangle, _barycentric(corners_px, triangle, pixel, width))


def _keep_nearest(
    nearest: npt.NDArray[np.uint64], corners: Doubles, numbers: Numbers, *, width: int, height: int
) -> None:
    rows = _rows(corners, width=width, height=height)
    slope_x, slope_y = _depth_slopes(corners)
    start = corners[:, 0][rows.triangle]
    slope = slope_x[rows.triangle]
    depth_at_first = (
        start[:, 2]
        + slope * (rows.first_x - start[:, 0])
        + slope_y[rows.triangle] * (rows.y - start[:, 1])
    )
    step = _numbers_within(rows.count)
    depth = np.repeat(slope, rows.count) * step + np.repeat(depth_at_first, rows.count)
    pixel = np.repeat(rows.y * width + rows.first_x, rows.count) + step
    key = np.clip(depth, 0, _DEPTH_STEPS).astype(np.uint64) << _TRIANGLE_BITS
    key |= np.repeat(numbers[rows.triangle].astype(np.uint64), rows.count)
    np.minimum.at(nearest, pixel, key)


def _rows(corners: Doubles, *, width: int, height: int) -> _Rows:
    """Cut triangles into the rows whose pixels' centres lie inside them."""
    order = np.argsort(corners[..., 1], axis=1)
    (x0, x1, x2) = np.take_along_axis(corners[..., 0], order, axis=1).T
    (y0, y1, y2) = np.take_along_axis(corners[..., 1], order, axis=1).T
    first_y = np.clip(np.ceil(y0), 0, height).astype(np.int64)
    end_y = np.clip(np.ceil(y2), 0, height).astype(np.int64)
    count = end_y - first_y
    triangle = np.repeat(np.arange(len(corners)), count)
    y = first_y[triangle] + _numbers_within(count)
    below = y - y0[triangle]
    on_long_side = x0[triangle] + below * _run_per_rise(x2 - x0, y2 - y0)[triangle]
    on_short_side = np.where(
        y < y1[triangle],
        x0[triangle] + below * _run_per_rise(x1 - x0, y1 - y0)[triangle],
        x1[triangle] + (y - y1[triangle]) * _run_per_rise(x2 - x1, y2 - y1)[triangle],
    )
    left, right = np.minimum(on_long_side, on_short_side), np.maximum(on_long_side, on_short_side)
    first_x = np.clip(np.ceil(left), 0, width).astype(np.int64)
    end_x = np.clip(np.ceil(right), 0, width).astype(np.int64)
    return _Rows(triangle=triangle, y=y, first_x=first_x, count=end_x - first_x)


def _numbers_within(counts: Numbers) -> Numbers:
    """0, 1, … for each item of so many parts, one after another."""
    before = np.cumsum(counts) - counts
    numbers: Numbers = np.arange(counts.sum()) - np.repeat(before, counts)
    return numbers


def _run_per_rise(run: Doubles, rise: Doubles) -> Doubles:
    """Slope of a side; no row's centre crosses a level one, so that its 0 is never used."""
    return np.divide(run, rise, out=np.zeros_like(run), where=rise > 0)


def doubled_area(corners_px: Doubles) -> Doubles:
    """Twice the signed area of triangles in the picture's plane, px².

    Parameters
    ----------
    corners_px : ndarray of float64, shape (M, 3, 3)
        As :func:`visible_surface` takes them.

    Returns
    -------
    ndarray of float64, shape (M,)
        Negative where the corners run counter-clockwise in the picture (whose y points down):
        the triangle shows its outside.
    """
    (bx, by), (cx, cy) = (corners_px[:, i, :2].T - corners_px[:, 0, :2].T for i in (1, 2))
    area: Doubles = bx * cy - cx * by
    return area


def _depth_slopes(corners: Doubles) -> tuple[Doubles, Doubles]:
    """Change of depth per pixel to the right, and per pixel down, in each triangle's plane."""
    (bx, by, bz), (cx, cy, cz) = ((corners[:, i] - corners[:, 0]).T for i in (1, 2))
    area = bx * cy - cx * by
    return (bz * cy - cz * by) / area, (bx * cz - cx * bz) / area


def _barycentric(corners: Doubles, triangle: Numbers, pixel: Numbers, width: int) -> Floats:
    """Weights of a triangle's corners at pixels; the planes are solved once for each triangle."""
    (bx, by), (cx, cy) = (corners[:, i, :2].T - corners[:, 0, :2].T for i in (1, 2))
    area = doubled_area(corners)
    area[area == 0] = 1.0  # of triangles that are never seen
    y, x = np.divmod(pixel, width)
    weights = np.empty((len(pixel), 3), dtype=np.float32)
    right = x - corners[:, 0, 0][triangle]
    down = y - corners[:, 0, 1][triangle]
    weights[:, 1] = right * (cy / area)[triangle] - down * (cx / area)[triangle]
    weights[:, 2] = down * (bx / area)[triangle] - right * (by / area)[triangle]
    weights[:, 0] = 1.0 - weights[:, 1] - weights[:, 2]
    return weights
