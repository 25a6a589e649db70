"""Fewer triangles for the same closed surface."""

import threading

import numpy as np
import numpy.typing as npt
from fast_simplification.simplify import simplify

from scan_to_mesh.meshing.pieces import joined, pieces_of
from scan_to_mesh.meshing.repair import repaired
from scan_to_mesh.meshing.surface import Surface
from scan_to_mesh.meshing.topology import enclosed_volume_mm3, is_watertight

# A recognisable shape needs some triangles, however small it is.
SMALLEST_STRUCTURE_FACES = 100
_SMALLEST_PIECE_FACES = 40

_CRUMB_FACES = 8
_CRUMB_VOLUME_SHARE = 0.01

# Where edge collapses spoil a surface beyond repair, another target takes another way.
_TARGET_FACTORS = (1.0, 1.02, 1.05, 1.2, 1.5, 2.0)
# Growth of the error threshold from sweep to sweep. The library's default is fast; a finer one
# keeps thin shapes better, and may stop before the target, so that the default goes on from there.
# Large surfaces have triangles enough for the default alone, in half the time.
_DEFAULT_AGGRESSIVENESS = 7.0
_FINE_AGGRESSIVENESS = 5.0
_LARGE_SURFACE_FACES = 100_000

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
    pieces = pieces_of(surface)
    targets = _piece_targets(np.array([len(piece_faces) for _, piece_faces in pieces]), target)
    return joined(
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
        if len(piece[1]) < _LARGE_SURFACE_FACES:
            fewer = _simplified(fewer, target, _FINE_AGGRESSIVENESS)
        if len(fewer[1]) > target:
            fewer = _simplified(fewer, target, _DEFAULT_AGGRESSIVENESS)
        fewer = _without_crumbs(repaired(fewer))
        if _is_same_kind_of_body(piece, fewer):
            return fewer
    return piece


def _without_crumbs(surface: Surface) -> Surface:
    """Drop the specks that a repaired fold leaves behind: next to no triangles, no volume."""
    bodies = pieces_of(surface)
    if len(bodies) <= 1:
        return surface
    volumes_mm3 = np.abs([enclosed_volume_mm3(*body) for body in bodies])
    smallest_mm3 = _CRUMB_VOLUME_SHARE * volumes_mm3.max()
    return joined(
        [
            body
            for body, volume_mm3 in zip(bodies, volumes_mm3, strict=True)
            if len(body[1]) > _CRUMB_FACES or volume_mm3 > smallest_mm3
        ]
    )


def _simplified(surface: Surface, target_faces: int, aggressiveness: float) -> Surface:
    with _simplifier_lock:
        vertices_ras_mm, faces = simplify(*surface, target_count=target_faces, agg=aggressiveness)
    return vertices_ras_mm, faces


def _is_same_kind_of_body(before: Surface, after: Surface) -> bool:
    """Whether a decimated piece is still closed, and solid (or a cavity) as it was."""
    return is_watertight(after[1]) and (
        enclosed_volume_mm3(*after) * enclosed_volume_mm3(*before) > 0
    )
