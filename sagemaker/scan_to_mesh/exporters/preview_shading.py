"""What light makes of a picture's surfaces: smooth normals, lamps, and shade in hollows."""

import math
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt
from numba import f4, i4, i8, types
from numba.extending import register_jitable

from scan_to_mesh.exporters.preview_light import diffuse_and_gloss, lamp_table
from scan_to_mesh.exporters.rasteriser import NOTHING, Floats, Triangles, VisibleSurface

Numbers = npt.NDArray[np.int32]
Vector = tuple[float, float, float]

_CELL = 4  # samples along one side of the squares for which shade is computed
_TAPS = 32
_REACH = 0.11  # of the picture's height
_STRENGTH = 3.0
_DARKEST = 0.35
_FLATTEST = 0.12  # sine of the angle from which on something above a surface shades it
_SAME_SURFACE = 12.0  # samples of depth
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


class Drawn(NamedTuple):
    """Surfaces on the picture's axes.

    Attributes
    ----------
    corners : ndarray of float32, shape (N, 3)
        As :func:`visible_surface` takes them.
    normals : ndarray of float32, shape (N, 3)
        Unit vectors on the camera's axes: right, up, towards the viewer.
    faces : ndarray of int32, shape (M, 3)
    surface : ndarray of int32, shape (M,)
        Number of the surface that each face is a part of.
    colors : ndarray of float32, shape (S, 3)
        Of the surfaces: sRGB from 0 to 1.
    """

    corners: Floats
    normals: Floats
    faces: Triangles
    surface: Numbers
    colors: Floats


# numba does not type its own types' constructors.
_DRAWN = types.NamedTuple(  # type: ignore[no-untyped-call]
    (f4[:, ::1], f4[:, ::1], i4[:, ::1], i4[::1], f4[:, ::1]), Drawn
)
_SEEN = types.NamedTuple((i4[:, ::1], f4[:, ::1]), VisibleSurface)  # type: ignore[no-untyped-call]


def shaded(drawn: Drawn, seen: VisibleSurface, *, samples: int) -> Floats:
    """Light what is seen.

    Parameters
    ----------
    drawn : Drawn
    seen : VisibleSurface
        Of the same surfaces; its size is a multiple of ``samples``.
    samples : int
        Of one pixel, in each direction.

    Returns
    -------
    ndarray of float32, shape (height, width, 4)
        sRGB times cover, and cover, from 0 to 1.
    """
    sky = _smoothed(_open_sky(drawn, seen, _tap_offsets(len(seen.triangle))))
    return _lit(drawn, seen, sky, lamp_table(), samples)


def _tap_offsets(height: int) -> Floats:
    """Where to look around a sample: (x, y), denser near it, on Vogel's spiral."""
    steps = np.arange(_TAPS) + 0.5
    distance = _REACH * height * (steps / _TAPS) ** 1.3
    angle = _GOLDEN_ANGLE * np.arange(_TAPS)
    return np.column_stack([distance * np.cos(angle), distance * np.sin(angle)]).astype(np.float32)


@register_jitable
def _normal_at(x: float, y: float, drawn: Drawn, number: int) -> Vector:
    """Unit normal of a triangle at a sample, turned to the viewer."""
    corners, normals = drawn.corners, drawn.normals
    a, b, c = drawn.faces[number]
    ax, ay = corners[a, 0], corners[a, 1]
    bx, by = corners[b, 0] - ax, corners[b, 1] - ay
    cx, cy = corners[c, 0] - ax, corners[c, 1] - ay
    area = bx * cy - cx * by
    of_b = min(max(((x - ax) * cy - (y - ay) * cx) / area, 0.0), 1.0)
    of_c = min(max(((y - ay) * bx - (x - ax) * by) / area, 0.0), 1.0 - of_b)
    of_a = 1.0 - of_b - of_c
    nx = of_a * normals[a, 0] + of_b * normals[b, 0] + of_c * normals[c, 0]
    ny = of_a * normals[a, 1] + of_b * normals[b, 1] + of_c * normals[c, 1]
    nz = of_a * normals[a, 2] + of_b * normals[b, 2] + of_c * normals[c, 2]
    length = max(math.sqrt(nx * nx + ny * ny + nz * nz), 1e-12)
    if area > 0:  # its inside is seen
        length = -length
    return nx / length, ny / length, nz / length


@register_jitable
def _sample_of_cell(column: int, row: int, triangle: Triangles) -> tuple[int, int]:
    """The first sample of a cell where something is seen, the first of all where nothing is."""
    first_x, first_y = column * _CELL, row * _CELL
    for y in range(first_y, min(first_y + _CELL, triangle.shape[0])):
        for x in range(first_x, min(first_x + _CELL, triangle.shape[1])):
            if triangle[y, x] != NOTHING:
                return x, y
    return first_x, first_y


@numba.njit(f4[:, :, ::1](_DRAWN, _SEEN, f4[:, ::1]), nogil=True, cache=True)
def _open_sky(drawn: Drawn, seen: VisibleSurface, taps: Floats) -> Floats:
    """How much of the sky each cell of the picture sees.

    Screen-space obscurance in the manner of McGuire et al. (The Alchemy screen-space ambient
    obscurance algorithm, 2011): what the depth buffer holds above a surface, near by, shades it.

    Returns
    -------
    ndarray of float32, shape (rows of cells, columns of cells, 2)
        Share from 0 to 1, and the depth at which it holds; infinite where nothing is seen.
    """
    triangle, depth = seen
    height, width = depth.shape
    sky = np.empty((-(-height // _CELL), -(-width // _CELL), 2), np.float32)
    reach = taps[-1, 0] ** 2 + taps[-1, 1] ** 2
    for row in range(sky.shape[0]):
        for column in range(sky.shape[1]):
            x, y = _sample_of_cell(column, row, triangle)
            sky[row, column, 0], sky[row, column, 1] = 1.0, depth[y, x]
            if triangle[y, x] == NOTHING:
                continue
            nx, ny, nz = _normal_at(x, y, drawn, triangle[y, x])
            # Each cell turns the spiral its own way (Jimenez 2014, interleaved gradient noise):
            # smoothing then sees many more directions than one cell.
            turn = 52.9829189 * ((0.06711056 * column + 0.00583715 * row) % 1.0) % 1.0 * math.tau
            cos, sin = math.cos(turn), math.sin(turn)
            hidden = 0.0
            for tap in range(len(taps)):
                dx = taps[tap, 0] * cos - taps[tap, 1] * sin
                dy = taps[tap, 0] * sin + taps[tap, 1] * cos
                at_x, at_y = round(x + dx), round(y + dy)
                if not (0 <= at_x < width and 0 <= at_y < height):
                    continue
                nearer = depth[y, x] - depth[at_y, at_x]
                squared = dx * dx + dy * dy + nearer * nearer
                if squared < reach:
                    sine = (dx * nx - dy * ny + nearer * nz) / math.sqrt(squared)
                    hidden += max(sine - _FLATTEST, 0.0) * (1.0 - squared / reach)
            sky[row, column, 0] = max(1.0 - _STRENGTH * hidden / len(taps), 0.0)
    return sky


@register_jitable
def _likeness(depth: float, other: float) -> float:
    """How surely two depths are of one surface, from 0 to 1."""
    steps = (depth - other) / _SAME_SURFACE
    return 1.0 / (1.0 + steps * steps)


@numba.njit("f4[:,:,::1](f4[:,:,::1])", nogil=True, cache=True)
def _smoothed(sky: Floats) -> Floats:
    """Mean over 5 × 5 cells of one surface: takes the noise of few taps away."""
    rows, columns = sky.shape[:2]
    smooth = sky.copy()
    for row in range(rows):
        for column in range(columns):
            depth = sky[row, column, 1]
            if depth == np.inf:
                continue
            total, weights = 0.0, 0.0
            for i in range(max(row - 2, 0), min(row + 3, rows)):
                for j in range(max(column - 2, 0), min(column + 3, columns)):
                    weight = _likeness(depth, sky[i, j, 1])
                    total += weight * sky[i, j, 0]
                    weights += weight
            smooth[row, column, 0] = total / weights
    return smooth


@register_jitable
def _sky_at(x: float, y: float, depth: float, sky: Floats) -> float:
    """Between four cells, of those at this depth."""
    across, down = (x + 0.5) / _CELL - 0.5, (y + 0.5) / _CELL - 0.5
    column, row = math.floor(across), math.floor(down)
    total, weights = 0.0, 0.0
    for i in range(max(row, 0), min(row + 2, sky.shape[0])):
        for j in range(max(column, 0), min(column + 2, sky.shape[1])):
            weight = (1.001 - abs(across - j)) * (1.001 - abs(down - i))
            weight *= _likeness(depth, sky[i, j, 1]) + 1e-6
            total += weight * sky[i, j, 0]
            weights += weight
    return total / weights


@numba.njit(f4[:, :, ::1](_DRAWN, _SEEN, f4[:, :, ::1], f4[:, ::1], i8), nogil=True, cache=True)
def _lit(drawn: Drawn, seen: VisibleSurface, sky: Floats, lamps: Floats, samples: int) -> Floats:
    """Pixels as the mean of their samples; neighbours on one surface share their light."""
    triangle, depth = seen
    surface, colors = drawn.surface, drawn.colors
    picture = np.zeros((depth.shape[0] // samples, depth.shape[1] // samples, 4), np.float32)
    share = 1.0 / (samples * samples)
    for row, column in np.ndindex(picture.shape[:2]):
        pixel = picture[row, column]
        lit, lit_depth, diffuse, gloss = NOTHING, 0.0, 0.0, 0.0
        for y in range(row * samples, (row + 1) * samples):
            for x in range(column * samples, (column + 1) * samples):
                number = triangle[y, x]
                if number == NOTHING:
                    continue
                if surface[number] != lit or abs(depth[y, x] - lit_depth) > _SAME_SURFACE:
                    lit, lit_depth = surface[number], depth[y, x]
                    normal = _normal_at(x, y, drawn, number)
                    diffuse, gloss = diffuse_and_gloss(normal, lamps)
                    open_sky = _DARKEST + (1.0 - _DARKEST) * _sky_at(x, y, lit_depth, sky)
                    diffuse, gloss = diffuse * open_sky, gloss * open_sky
                for channel in range(3):
                    pixel[channel] += share * min(colors[lit, channel] * diffuse + gloss, 1.0)
                pixel[3] += share
    return picture
