"""Triangles next to a line, which have no normal to speak of."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from scan_to_mesh.meshing.surface import Surface

Array = npt.NDArray[Any]

# Of the longest edge. One triangle in thirty thousand is as flat in organs; in a body that ends
# along straight lines, as the border of an image cuts it, many more.
_LEAST_HEIGHT = 1e-3
_MOST_PASSES = 4


def without_needles(surface: Surface) -> Surface:
    """Give every triangle a height, where that takes nothing but turning an edge.

    The corner of a needle lies on its longest edge, or next to it. So the triangle on the other
    side of that edge may as well be parted there.

    Parameters
    ----------
    surface : Surface
        Watertight.

    Returns
    -------
    Surface
        Watertight, of the same vertices and as many faces.
    """
    vertices, faces = surface
    for _ in range(_MOST_PASSES):
        needles, apexes = _needles(vertices, faces)
        if len(needles) == 0:
            break
        faces = faces.copy()
        for needle, apex in zip(needles.tolist(), apexes.tolist(), strict=True):
            _turn_longest_edge(faces, needle, apex)
    return vertices, faces


def _turn_longest_edge(faces: npt.NDArray[np.int32], needle: int, apex: int) -> None:
    b, c, a = np.roll(faces[needle], -apex)
    has_a, has_c = (faces == a).any(axis=1), (faces == c).any(axis=1)
    beyond = [face for face in np.flatnonzero(has_a & has_c) if face != needle]
    if len(beyond) != 1:
        return
    (d,) = set(faces[beyond[0]].tolist()) - {int(a), int(c)}
    if ((faces == b).any(axis=1) & (faces == d).any(axis=1)).any():  # there is an edge already
        return
    faces[needle] = a, b, d
    faces[beyond[0]] = b, c, d


@njit(nogil=True, cache=True)
def _needles(vertices: Array, faces: Array) -> tuple[Array, Array]:
    """Triangles without a height, and which of their corners lies on the opposite edge."""
    needles = np.empty(len(faces), np.int32)
    apexes = np.empty(len(faces), np.int32)
    count = 0
    edge = np.empty((3, 3))
    for face in range(len(faces)):
        longest, apex = 0.0, 0
        for corner in range(3):
            squared = 0.0
            for axis in range(3):
                edge[corner, axis] = (
                    np.float64(vertices[faces[face, (corner + 2) % 3], axis])
                    - vertices[faces[face, (corner + 1) % 3], axis]
                )
                squared += edge[corner, axis] ** 2
            if squared > longest:
                longest, apex = squared, corner
        u, v = edge[0], edge[1]
        n0 = u[1] * v[2] - u[2] * v[1]
        n1 = u[2] * v[0] - u[0] * v[2]
        n2 = u[0] * v[1] - u[1] * v[0]
        if n0 * n0 + n1 * n1 + n2 * n2 < (_LEAST_HEIGHT * longest) ** 2:
            needles[count], apexes[count] = face, apex
            count += 1
    return needles[:count].copy(), apexes[:count].copy()
