"""Where the image cuts structures off: flat there, up to a crisp rim.

Of what lies beyond the border of the image nothing is known. So a structure ends there, mostly half
a voxel outside of its outermost voxels, with a flat *cap*. The cap's *rim* belongs to the side: it
lies where the side would pass through the border if the structure went on.
"""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from scan_to_mesh.meshing.cell_patterns import SHEET_MIDDLE, SHEETS
from scan_to_mesh.meshing.dual_surface import SEVERAL_SHEETS, SINGLE_CELL, Blocks, DualSurface
from scan_to_mesh.meshing.patient_axes import Border, PaddedMask

Array = npt.NDArray[Any]

RIM = 1 << 6
"""Set in the pins of a vertex that belongs to a side as well as to a cap."""

# By axis: the bit of a corner's number in a cell, and the corners on the cell's far face.
_CORNER_BIT = (2, 1, 4)
_FAR_CORNERS = (0b11001100, 0b10101010, 0b11110000)
# How much of its slope a side keeps up to the border. Smoothing brings that of layers further in,
# and a side may have turned since: half errs by a quarter of the slope at most, either way.
_SHARE_OF_SLOPE = 0.5
# A side that hardly rises above the border would have its rim far away.
_LEAST_SQUARED_RISE = 0.2
_LARGEST_SLIDE = 1.0
_ON_BORDER = 1e-3


def with_rims(surface: DualSurface, blocks: Blocks, mask: PaddedMask) -> tuple[DualSurface, Blocks]:
    """Tell what lies at the border of the image, and let rims stand for the side.

    Parameters
    ----------
    surface : DualSurface
        With a vertex in every cell.
    blocks : Blocks
        Of the surface.
    mask : PaddedMask
        Of which the surface was made.

    Returns
    -------
    DualSurface
        With pins. Rims lie in the outermost layer of the image's voxels, and stand for these and
        for the same ones once more beyond the border.
    Blocks
        Without those that a rim passes through.
    """
    pins = np.zeros(len(surface.pins), np.uint8)
    for pin, axis, _, layer in _borders(mask):
        pins |= (surface.corners_index[:, axis] == layer) * np.uint8(pin)
    pinned = np.flatnonzero(pins)
    if len(pinned) == 0:
        return surface, blocks
    is_of_one = surface.patterns[pinned] != SEVERAL_SHEETS
    single = pinned[is_of_one]
    cases = _case_of(surface.patterns[single])
    for pin, axis, end, _ in _borders(mask):
        there = pins[single] & pin != 0
        cases[there] = _continued(cases[there], axis, is_far_known=end == 0)
    rims = np.concatenate([single[(cases != 0) & (cases != 255)], pinned[~is_of_one]])
    pins[rims] |= RIM

    vertices_index, patterns = surface.vertices_index.copy(), surface.patterns.copy()
    simple = SHEETS[cases] == 1
    at, cases = single[simple], cases[simple]
    vertices_index[at] = surface.corners_index[at] + SHEET_MIDDLE[cases, 0]
    patterns[at] = _pattern_of(cases)
    for pin, axis, end, layer in _borders(mask):
        vertices_index[pins & pin != 0, axis] = layer + 1 - end
    cut = np.zeros(len(blocks.patterns) + 1, np.bool_)  # the last for vertices without a block
    cut[blocks.of_vertices[rims]] = True
    of_vertices = np.where(cut[blocks.of_vertices], np.int32(-1), blocks.of_vertices)
    return (
        replace(surface, vertices_index=vertices_index, patterns=patterns, pins=pins),
        replace(blocks, of_vertices=of_vertices),
    )


def across_sides(normals: npt.NDArray[np.float32], surface: DualSurface) -> npt.NDArray[np.float32]:
    """Normals with which vertices keep to the border: those of rims, within it.

    Parameters
    ----------
    normals : ndarray of float32, shape (N, 3)
        Of the surface's vertices; of rims, those of the side.
    surface : DualSurface
        With pins.
    """
    rims = np.flatnonzero(surface.pins & RIM)
    if len(rims) == 0:
        return normals
    across = normals.copy()
    across[rims] *= ~are_pinned(surface.pins[rims])
    return across


def ended_at_border(
    vertices_index: npt.NDArray[np.float32],
    normals: npt.NDArray[np.float32],
    surface: DualSurface,
    mask: PaddedMask,
) -> npt.NDArray[np.float32]:
    """Caps on the border of the image, and rims where the side passes through it.

    Parameters
    ----------
    vertices_index, normals : ndarray of float32, shape (N, 3)
        After smoothing; of rims, the side's.
    surface : DualSurface
        With pins.
    mask : PaddedMask
        Of which the surface was made.
    """
    if not surface.pins.any():
        return vertices_index
    ended = vertices_index.copy()
    for pin, axis, end, _ in _borders(mask):
        ended[surface.pins & pin != 0, axis] = mask.border[axis][end]
    rims = np.flatnonzero(surface.pins & RIM)
    along = across_sides(normals, surface)[rims]
    off = ((ended[rims] - vertices_index[rims]) * normals[rims]).sum(axis=1, keepdims=True)
    squared_rise = (along**2).sum(axis=1, keepdims=True).clip(_LEAST_SQUARED_RISE)
    ended[rims] -= (_SHARE_OF_SLOPE * off / squared_rise * along).clip(
        -_LARGEST_SLIDE, _LARGEST_SLIDE
    )
    return ended


def pins_at(vertices_index: npt.NDArray[np.floating[Any]], border: Border) -> npt.NDArray[np.uint8]:
    """Which borders of the image points are on.

    Parameters
    ----------
    vertices_index : ndarray of float, shape (N, 3)
    border : Border
        Of the same index.

    Returns
    -------
    ndarray of uint8, shape (N,)
        Bit ``2 axis`` where the image begins along an axis, ``2 axis + 1`` where it ends.
    """
    pins = np.zeros(len(vertices_index), np.uint8)
    for axis, limits in enumerate(border):
        for end, limit in enumerate(limits):
            is_on = np.abs(vertices_index[:, axis] - limit) < _ON_BORDER
            pins |= is_on * np.uint8(_pin(axis, end))
    return pins


def are_pinned(pins: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Along which axes vertices stay, shape (N, 3)."""
    pinned: npt.NDArray[np.bool_] = (pins[:, np.newaxis] >> np.array([0, 2, 4], np.uint8) & 3) != 0
    return pinned


def _borders(mask: PaddedMask) -> Iterator[tuple[int, int, int, int]]:
    """Borders of the image that a mask reaches: their pin, axis, end and layer of cells."""
    for axis, limits in enumerate(mask.border):
        for end, limit in enumerate(limits):
            layer = math.ceil(limit) - 1 if end else math.floor(limit)
            if 0 <= layer < mask.voxels.shape[axis] - 1:
                yield _pin(axis, end), axis, end, layer


def _pin(axis: int, end: int) -> int:
    return 1 << 2 * axis + end


def _continued(cases: Array, axis: int, *, is_far_known: bool) -> Array:
    """Cases of cells in which the corners of one face are like those of the opposite one."""
    bit, far = _CORNER_BIT[axis], _FAR_CORNERS[axis]
    if is_far_known:
        return cases & far | (cases & far) >> bit
    return cases & (255 - far) | (cases & (255 - far)) << bit


def _case_of(patterns: Array) -> Array:
    """Of single cells."""
    rows = [patterns >> 9 * far + 3 * row & 3 for far in (0, 1) for row in (0, 1)]
    return rows[0] | rows[1] << 2 | rows[2] << 4 | rows[3] << 6


def _pattern_of(cases: Array) -> Array:
    rows = [cases >> shift & 3 for shift in (0, 2, 4, 6)]
    return rows[0] | rows[1] << 3 | rows[2] << 9 | rows[3] << 12 | SINGLE_CELL
