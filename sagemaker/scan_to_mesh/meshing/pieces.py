"""A surface taken apart into its connected pieces, and put together again."""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from scan_to_mesh.meshing.surface import Surface


def pieces_of(surface: Surface) -> list[Surface]:
    """Split a surface into its connected pieces; a surface of one piece comes back as it is."""
    vertices_ras_mm, faces = surface
    if len(faces) == 0:
        return []
    # Two edges connect the three corners of a triangle.
    start, end = faces[:, [0, 1]].ravel(), faces[:, [1, 2]].ravel()
    graph = sparse.coo_array(
        (np.ones(len(start), np.int8), (start, end)), shape=(len(vertices_ras_mm),) * 2
    )
    count, piece_of_vertex = sparse.csgraph.connected_components(graph, directed=False)
    if count == 1:
        return [surface]
    piece_of_face = piece_of_vertex[faces[:, 0]]
    order = np.argsort(piece_of_face, kind="stable")
    ends = np.cumsum(np.bincount(piece_of_face, minlength=count))[:-1]
    return [
        _compacted(vertices_ras_mm, piece_faces)
        for piece_faces in np.split(faces[order], ends)
        if len(piece_faces)
    ]


def _compacted(vertices_ras_mm: npt.NDArray[np.float64], faces: npt.NDArray[np.int32]) -> Surface:
    used, renumbered = np.unique(faces, return_inverse=True)
    return vertices_ras_mm[used], renumbered.reshape(-1, 3).astype(np.int32)


def joined(pieces: list[Surface]) -> Surface:
    """Put pieces together again, one after the other; at least one."""
    starts = np.cumsum([0, *(len(vertices) for vertices, _ in pieces)])[:-1]
    return (
        np.concatenate([vertices for vertices, _ in pieces]),
        np.concatenate(
            [faces + np.int32(start) for (_, faces), start in zip(pieces, starts, strict=True)]
        ),
    )
