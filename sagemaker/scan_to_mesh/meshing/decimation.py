"""Fewer triangles for the same closed surface."""

import threading

import numpy as np
import numpy.typing as npt
from fast_simplification.simplify import simplify
from scipy import sparse

from scan_to_mesh.meshing.repair import repaired
from scan_to_mesh.meshing.surface import Surface
from scan_to_mesh.meshing.topology import enclosed_volume_mm3, is_watertight

# A recognisable shape needs some triangles, however small it is.
SMALLEST_STRUCTURE_FACES = 100
_SMALLEST_PIECE_FACES = 40

# Where edge collapses spoil a surface beyond repair, another target takes another way.
_TARGET_FACTORS = (1.0, 1.02, 1.05, 1.2, 1.5, 2.0)
# Growth of the error threshold from sweep to sweep. The first is finer and may stop before the
# target; the second, the library's default, then goes on from there.
_AGGRESSIVENESS = (5.0, 7.0)

# fast-simplification keeps its mesh in globals between loading and reading it back.
_simplifier_lock = threading.Lock()


def decimate(surface: Surface, target_reduction: float) -> Surface:
    """Remove a share of the triangles of a closed surface, and keep it closed.

    Quadric edge collapse after Garland and Heckbert 1997 (doi:10.1145/258734.258849). Every piece
    of the surface is decimated on its own, so that none vanishes.

    Parameters
    ----------
    surface : Surface
        Watertight; may have several pieces.
    target_reduction : float
        Share of the faces to remove, 0 to 1. Structures keep at least
        ``SMALLEST_STRUCTURE_FACES``; small pieces stay as they are.

    Returns
    -------
    Surface
        Watertight. A piece that no attempt decimates without opening it stays as it was.
    """
    _, faces = surface
    target = max(round(len(faces) * (1.0 - target_reduction)), SMALLEST_STRUCTURE_FACES)
    if target >= len(faces):
        return surface
    pieces = _pieces(surface)
    targets = _piece_targets(np.array([len(piece_faces) for _, piece_faces in pieces]), target)
    return _joined(
        [_decimated_piece(piece, int(t)) for piece, t in zip(pieces, targets, strict=True)]
    )


def _piece_targets(sizes: npt.NDArray[np.int64], target: int) -> npt.NDArray[np.int64]:
    """Share a number of faces among pieces by size; none gets fewer than a shape needs."""
    targets = np.minimum(sizes, _SMALLEST_PIECE_FACES)
    shared = np.ones(len(sizes), bool)
    while shared.any():
        share = (target - targets[~shared].sum()) / sizes[shared].sum()
        too_small = shared & (share * sizes < targets)
        if not too_small.any():
            targets[shared] = np.rint(share * sizes[shared])
            break
        shared &= ~too_small
    return targets


def _decimated_piece(piece: Surface, target_faces: int) -> Surface:
    for factor in _TARGET_FACTORS:
        target = round(factor * target_faces)
        if target >= len(piece[1]):
            break
        fewer = piece
        for aggressiveness in _AGGRESSIVENESS:
            if len(fewer[1]) > target:
                fewer = _simplified(fewer, target, aggressiveness)
        fewer = repaired(fewer)
        if _is_same_kind_of_body(piece, fewer):
            return fewer
    return piece


def _simplified(surface: Surface, target_faces: int, aggressiveness: float) -> Surface:
    with _simplifier_lock:
        vertices_ras_mm, faces = simplify(*surface, target_count=target_faces, agg=aggressiveness)
    return vertices_ras_mm, faces


def _is_same_kind_of_body(before: Surface, after: Surface) -> bool:
    """Whether a decimated piece is still closed, and solid (or a cavity) as it was."""
    return is_watertight(after[1]) and (
        enclosed_volume_mm3(*after) * enclosed_volume_mm3(*before) > 0
    )


def _pieces(surface: Surface) -> list[Surface]:
    """Split a surface into its connected pieces."""
    vertices_ras_mm, faces = surface
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


def _joined(pieces: list[Surface]) -> Surface:
    starts = np.cumsum([0, *(len(vertices) for vertices, _ in pieces)])[:-1]
    return (
        np.concatenate([vertices for vertices, _ in pieces]),
        np.concatenate(
            [faces + np.int32(start) for (_, faces), start in zip(pieces, starts, strict=True)]
        ),
    )
