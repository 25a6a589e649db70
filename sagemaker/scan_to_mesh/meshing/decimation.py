"""Fewer triangles for the same closed surface."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from scan_to_mesh.meshing.distances import surface_distances_mm
from scan_to_mesh.meshing.edge_collapse import collapsed_faces
from scan_to_mesh.meshing.pieces import compacted, joined, pieces_of
from scan_to_mesh.meshing.repair import repaired, spoiled_vertices, without_fins
from scan_to_mesh.meshing.surface import Surface
from scan_to_mesh.meshing.topology import enclosed_volume_mm3, is_watertight

Faces = npt.NDArray[np.int32]

_SMALLEST_PIECE_FACES = 40
_CRUMB_FACES = 8
_CRUMB_VOLUME_SHARE = 0.01
# Where edge collapses spoil a surface beyond repair, another target takes another way.
_TARGET_FACTORS = (1.0, 1.02, 1.05, 1.2, 1.5, 2.0)
_MOST_LOCKINGS = 12
_FACES_ABOUT_A_HANDLE = 8
_HOLES_TO_CLOSE = 0.02
_NO_LIMIT_MM = 1e9
# A quadric's error is an average over planes, and of a thin tongue it may say nothing. So a tip is
# missed where it lies so many times the largest error from the mesh, and kept by locking it.
_LOST_ERRORS = 2.7
_PLACES_TO_SEEK_TIPS = 5000
_MOST_RETURNS_FOR_TIPS = 2


Finish = Callable[[Surface, Surface], Surface]
"""Called with a piece and what is left of it; returns the same faces around moved vertices."""


def _as_it_is(_: Surface, fewer: Surface) -> Surface:
    return fewer


def decimate(
    surface: Surface,
    target_faces: int,
    largest_error_mm: float = _NO_LIMIT_MM,
    finish: Finish = _as_it_is,
) -> Surface:
    """Remove triangles of a closed surface, and keep it closed.

    Quadric edge collapse after Garland and Heckbert 1997 (doi:10.1145/258734.258849), as
    meshoptimizer implements it: collapses keep one of the edge's ends where it is. Every piece of
    the surface is decimated on its own, so that none vanishes.

    Parameters
    ----------
    surface : Surface
        Watertight; may have several pieces.
    target_faces : int
        Faces to keep; small pieces keep what a shape needs, and may stay as they are.
    largest_error_mm : float
        Stop where a collapse would cost more by its quadric: about the distance to the planes of
        the triangles that it replaces, on average.
    finish : callable
        What each piece goes through that lost triangles.

    Returns
    -------
    Surface
        Watertight. A piece that no attempt decimates without opening it stays as it was.
    """
    _, faces = surface
    if target_faces >= len(faces):
        return surface
    pieces = pieces_of(surface)
    targets = _piece_targets(
        np.array([len(piece_faces) for _, piece_faces in pieces]), target_faces
    )
    fewer = [
        _decimated_piece(piece, int(target), largest_error_mm)
        for piece, target in zip(pieces, targets, strict=True)
    ]
    return joined(
        [
            after if after is before else finish(before, after)
            for before, after in zip(pieces, fewer, strict=True)
        ]
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


def _decimated_piece(piece: Surface, target_faces: int, largest_error_mm: float) -> Surface:
    for factor in _TARGET_FACTORS:
        target = round(factor * target_faces)
        if target >= len(piece[1]):
            break
        fewer, is_sound = _simplified(piece, target, largest_error_mm)
        if is_sound:
            return fewer
        fewer = _without_crumbs(repaired(fewer))
        if _is_same_kind_of_body(piece, fewer):
            return fewer
    return piece


def _simplified(
    surface: Surface, target_faces: int, largest_error_mm: float
) -> tuple[Surface, bool]:
    """Collapse edges; where that spoils the surface or a tip is lost, start again without them.

    Also returns whether what came out is the same kind of body.
    """
    vertices_mm, faces = surface
    positions = np.ascontiguousarray(vertices_mm, np.float32)
    contiguous = np.ascontiguousarray(faces)
    locked = np.zeros(len(positions), np.uint8)
    sound, searches = None, 0

    def collapsed(target: int) -> Faces:
        return collapsed_faces(positions, contiguous, locked, target, largest_error_mm)

    for _ in range(_MOST_LOCKINGS):
        kept = collapsed(target_faces)
        spoiled = spoiled_vertices(kept)
        mended = compacted(vertices_mm, without_fins(kept) if len(spoiled) else kept)
        if _is_same_kind_of_body(surface, mended):
            sound = mended
            spoiled = _lost_tips(surface, mended, _LOST_ERRORS * largest_error_mm)
            searches += 1
            if not len(spoiled) or searches > _MOST_RETURNS_FOR_TIPS:
                break
        elif not len(spoiled):
            spoiled = _lost_handle(surface, collapsed, target_faces, kept)
        touches = np.isin(faces, spoiled).any(axis=1)
        locked[faces[touches]] = 1
    return (sound, True) if sound else (compacted(vertices_mm, kept), False)


def _lost_tips(surface: Surface, fewer: Surface, furthest_mm: float) -> npt.NDArray[np.int64]:
    """Vertices of a surface that are far from what is left of it: all, if any of some thousand."""
    if furthest_mm >= _NO_LIMIT_MM:
        return np.empty(0, np.int64)
    vertices_mm, _ = surface
    some_mm = vertices_mm[:: 1 + len(vertices_mm) // _PLACES_TO_SEEK_TIPS]
    if not (surface_distances_mm(some_mm, *fewer) > furthest_mm).any():
        return np.empty(0, np.int64)
    return np.flatnonzero(surface_distances_mm(vertices_mm, *fewer) > furthest_mm)


def _lost_handle(
    surface: Surface, collapsed: Callable[[int], Faces], target_faces: int, after: Faces
) -> npt.NDArray[np.int64]:
    """Vertices where collapses close a narrow handle and leave nothing else to see.

    The last number of faces at which the handle is there, and the first at which it is not, are
    found by bisection, from the surface to what is left of it at the target: what goes between
    them is the place.
    """
    vertices_mm, faces = surface
    lost, whole = target_faces, len(faces)
    before = faces
    while whole - lost > _FACES_ABOUT_A_HANDLE:
        middle = (lost + whole) // 2
        kept = without_fins(collapsed(middle))
        if _is_same_kind_of_body(surface, compacted(vertices_mm, kept)):
            whole, before = middle, kept
        else:
            lost, after = middle, kept
    gone = np.setdiff1d(before, after)
    return np.unique(before[np.isin(before, gone).any(axis=1)]).astype(np.int64)


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


def _is_same_kind_of_body(before: Surface, after: Surface) -> bool:
    """Whether a decimated piece is still closed, of one piece, with as many handles as it had.

    And solid (or a cavity) as it was. A sponge of a hundred holes may lose one.
    """
    holes = abs(_euler_characteristic(before))
    lost = abs(_euler_characteristic(after) - _euler_characteristic(before))
    return (
        lost <= _HOLES_TO_CLOSE * holes
        and is_watertight(after[1])
        and enclosed_volume_mm3(*after) * enclosed_volume_mm3(*before) > 0
        # Fans that share a tip count like a hole.
        and (lost == 0 or not len(spoiled_vertices(after[1])))
    )


def _euler_characteristic(surface: Surface) -> float:
    """Vertices minus edges plus faces, of a closed surface all of whose vertices are used.

    A neck that was pinched off changes it, and so do two fans that have come to share a tip.
    """
    vertices_mm, faces = surface
    return len(vertices_mm) - len(faces) / 2
