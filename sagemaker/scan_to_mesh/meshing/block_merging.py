"""One vertex instead of four for each block of cells in which a smoothed surface is even."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from scan_to_mesh.meshing.dual_surface import Blocks, DualSurface

Array = npt.NDArray[Any]

# Cosine of the largest angle between a vertex's normal and the mean of its block. Measured on label
# maps of organs and on known bodies: where more bends, details of four voxels are blunted.
_LEAST_COSINE = 0.975


def with_even_blocks_merged(
    surface: DualSurface,
    blocks: Blocks,
    vertices_index: npt.NDArray[np.float32],
    normals: npt.NDArray[np.float32],
) -> tuple[DualSurface, npt.NDArray[np.float32]]:
    """Let the vertices of each even block become one, on the surface on which they lie.

    Parameters
    ----------
    surface : DualSurface
        With a vertex in every cell.
    blocks : Blocks
        Of the surface.
    vertices_index : ndarray of float32, shape (N, 3)
        The surface's vertices after smoothing.
    normals : ndarray of float32, shape (N, 3)
        Unit normals of the smoothed surface.

    Returns
    -------
    DualSurface
        Of the same topology. Its vertices are means of those before smoothing.
    ndarray of float32, shape (M, 3)
        Its vertices after smoothing.
    """
    mean_normals, is_even = _evenness(
        blocks.of_vertices, len(blocks.patterns), normals, _LEAST_COSINE
    )
    new_vertices, old_vertices = _assigned(blocks.of_vertices, is_even)
    anchors = _means(surface.vertices_index, new_vertices, len(old_vertices))
    merged = _means(vertices_index, new_vertices, len(old_vertices))
    sag = _means(
        _half_products(vertices_index, normals, new_vertices, merged),
        new_vertices,
        len(old_vertices),
    )
    corners_index, patterns = surface.corners_index[old_vertices], surface.patterns[old_vertices]
    block = blocks.of_vertices[old_vertices]
    is_merged = (block >= 0) & is_even[block]
    block = block[is_merged]
    corners_index[is_merged] = blocks.corners_index[block]
    patterns[is_merged] = blocks.patterns[block]
    merged[is_merged] += sag[is_merged] * mean_normals[block]
    quads = _quads_between(new_vertices, surface.quads)
    pins = surface.pins[old_vertices]
    return DualSurface(anchors, corners_index, patterns, quads, pins), merged


@njit(nogil=True, cache=True)
def _evenness(
    of_vertices: Array, count: int, normals: Array, least_cosine: float
) -> tuple[Array, Array]:
    """Mean normal of each block, and whether every vertex's own is near it."""
    means = np.zeros((count + 1, 3), np.float32)  # the last for vertices without a block
    for vertex in range(len(of_vertices)):
        for axis in range(3):
            means[of_vertices[vertex], axis] += normals[vertex, axis]
    for block in range(count):
        length = np.sqrt(means[block, 0] ** 2 + means[block, 1] ** 2 + means[block, 2] ** 2)
        if length > 0:
            for axis in range(3):
                means[block, axis] /= length
    is_even = np.ones(count + 1, np.bool_)
    is_even[count] = False
    for vertex in range(len(of_vertices)):
        block = of_vertices[vertex]
        cosine = np.float32(0.0)
        for axis in range(3):
            cosine += means[block, axis] * normals[vertex, axis]
        if cosine < least_cosine:
            is_even[block] = False
    return means, is_even


@njit(nogil=True, cache=True)
def _assigned(of_vertices: Array, is_even: Array) -> tuple[Array, Array]:
    """What vertex each one becomes, and one that each is made of; in order of the old ones."""
    new_vertices = np.empty(len(of_vertices), np.int32)
    old_vertices = np.empty(len(of_vertices), np.int32)
    of_blocks = np.full(len(is_even), -1, np.int32)
    count = 0
    for vertex in range(len(of_vertices)):
        block = of_vertices[vertex]
        if is_even[block] and of_blocks[block] >= 0:
            new_vertices[vertex] = of_blocks[block]
            continue
        of_blocks[block] = new_vertices[vertex] = count
        old_vertices[count] = vertex
        count += 1
    return new_vertices, old_vertices[:count].copy()


@njit(nogil=True, cache=True)
def _means(values: Array, new_vertices: Array, count: int) -> Array:
    means = np.zeros((count, values.shape[1]), np.float32)
    of = np.zeros(count, np.float32)
    for vertex in range(len(values)):
        new = new_vertices[vertex]
        of[new] += np.float32(1.0)
        for axis in range(values.shape[1]):
            means[new, axis] += values[vertex, axis]
    for new in range(count):
        for axis in range(values.shape[1]):
            means[new, axis] /= of[new]
    return means


@njit(nogil=True, cache=True)
def _half_products(vertices: Array, normals: Array, new_vertices: Array, merged: Array) -> Array:
    """Of the way to each vertex from what it is merged into, with its normal.

    The mean of places on a curved surface lies off it, and since normals turn with the place, the
    mean of these tells how far.
    """
    products = np.zeros((len(vertices), 1), np.float32)
    for vertex in range(len(vertices)):
        for axis in range(3):
            way = vertices[vertex, axis] - merged[new_vertices[vertex], axis]
            products[vertex, 0] += np.float32(0.5) * way * normals[vertex, axis]
    return products


@njit(nogil=True, cache=True)
def _quads_between(new_vertices: Array, quads: Array) -> Array:
    """Quadrilaterals between the new vertices, but those that have become a line or a point."""
    between = np.empty_like(quads)
    count = 0
    for q in range(len(quads)):
        a, b, c, d = (
            new_vertices[quads[q, 0]],
            new_vertices[quads[q, 1]],
            new_vertices[quads[q, 2]],
            new_vertices[quads[q, 3]],
        )
        if (a == b and c == d) or (a == d and b == c):
            continue
        between[count, 0], between[count, 1], between[count, 2], between[count, 3] = a, b, c, d
        count += 1
    return between[:count].copy()
