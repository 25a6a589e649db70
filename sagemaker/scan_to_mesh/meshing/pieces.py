"""A surface taken apart into its connected pieces, and put together again."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from scan_to_mesh.meshing.surface import Surface


def pieces_of(surface: Surface) -> list[Surface]:
    """Split a surface into its connected pieces; a surface of one piece comes back as it is."""
    vertices_mm, faces = surface
    if len(faces) == 0:
        return []
    count, piece_of_face = _pieces_of_faces(faces, len(vertices_mm))
    if count == 1:
        return [surface]
    order = np.argsort(piece_of_face, kind="stable")
    ends = np.cumsum(np.bincount(piece_of_face, minlength=count))[:-1]
    return [compacted(vertices_mm, piece_faces) for piece_faces in np.split(faces[order], ends)]


def compacted(vertices_mm: npt.NDArray[np.floating[Any]], faces: npt.NDArray[np.int32]) -> Surface:
    """Leave out the vertices that no face uses; the others keep their order."""
    used = np.zeros(len(vertices_mm), np.bool_)
    used[faces] = True
    if used.all():
        return vertices_mm, faces
    renumbered = np.cumsum(used, dtype=np.int32) - np.int32(1)
    return vertices_mm[used], renumbered[faces]


def joined(pieces: list[Surface]) -> Surface:
    """Put pieces together again, one after the other; at least one."""
    if len(pieces) == 1:
        return pieces[0]
    starts = np.cumsum([0, *(len(vertices) for vertices, _ in pieces)])[:-1]
    return (
        np.concatenate([vertices for vertices, _ in pieces]),
        np.concatenate(
            [faces + np.int32(start) for (_, faces), start in zip(pieces, starts, strict=True)]
        ),
    )


@njit(nogil=True, cache=True)
def root_of(parents: npt.NDArray[np.int32], vertex: int) -> int:
    """Representative of a vertex's set; shortens the way to it (Tarjan 1975)."""
    while parents[vertex] != vertex:
        parents[vertex] = parents[parents[vertex]]
        vertex = parents[vertex]
    return vertex


@njit(nogil=True, cache=True)
def _pieces_of_faces(
    faces: npt.NDArray[np.int32], vertex_count: int
) -> tuple[int, npt.NDArray[np.int32]]:
    """How many pieces there are, and the piece of each face, in the order of their first faces."""
    parents = np.arange(vertex_count).astype(np.int32)
    for face in range(len(faces)):
        root = root_of(parents, faces[face, 0])
        for corner in range(1, 3):
            other = root_of(parents, faces[face, corner])
            # The smaller number is the root: chains stay short where numbers follow the surface.
            if other < root:
                parents[root] = other
                root = other
            else:
                parents[other] = root
    piece_of_root = np.full(vertex_count, -1, np.int32)
    piece_of_face = np.empty(len(faces), np.int32)
    count = 0
    for face in range(len(faces)):
        root = root_of(parents, faces[face, 0])
        if piece_of_root[root] < 0:
            piece_of_root[root] = count
            count += 1
        piece_of_face[face] = piece_of_root[root]
    return count, piece_of_face
