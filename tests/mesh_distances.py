"""Exact distances between points and triangle meshes, and between two meshes that touch."""

from dataclasses import dataclass

import numpy as np
import trimesh
from scipy.spatial import KDTree

from tests.mesh_quality import Faces, Floats, Integers, Points, surface_points, unit_normals

Mesh = tuple[Points, Faces]

_POINTS_AT_A_TIME = 4096


@dataclass(frozen=True, eq=False)
class Nearest:
    """For each of N points, the nearest place on a mesh.

    Attributes
    ----------
    distances_mm : ndarray of float64, shape (N,)
    points : ndarray of float64, shape (N, 3)
    face : ndarray of int, shape (N,)
        A triangle that the place lies on.
    """

    distances_mm: Floats
    points: Floats
    face: Integers


def nearest_on_mesh(points: Points, vertices: Points, faces: Faces) -> Nearest:
    """Exact nearest place on a mesh for every point.

    Triangles are sought by their centres, in classes of like size: one whose centre is further
    than the best distance so far plus its radius cannot be nearer.
    """
    if len(points) == 0:
        return Nearest(np.empty(0), np.empty((0, 3)), np.empty(0, np.int64))
    triangles = vertices.astype(np.float64)[faces]
    centres = triangles.mean(axis=1)
    radii = np.linalg.norm(triangles - centres[:, None], axis=2).max(axis=1)
    has_area = np.linalg.norm(unit_normals(vertices, faces), axis=1) > 0.5
    sizes = np.floor(np.log2(np.maximum(radii, 1e-9))).astype(int)
    classes = [np.flatnonzero((sizes == size) & has_area) for size in np.unique(sizes[has_area])]
    trees = [(members, KDTree(centres[members])) for members in classes]
    parts = [
        _nearest(np.asarray(part, np.float64), triangles, radii, trees)
        for part in np.array_split(points, max(1, len(points) // _POINTS_AT_A_TIME))
    ]
    return Nearest(
        np.concatenate([part.distances_mm for part in parts]),
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.face for part in parts]),
    )


def _nearest(
    points: Floats, triangles: Floats, radii: Floats, trees: list[tuple[Integers, KDTree]]
) -> Nearest:
    best = np.full(len(points), np.inf)
    places, best_face = np.empty((len(points), 3)), np.empty(len(points), np.int64)

    def consider(which: Integers, face: Integers) -> None:
        place = trimesh.triangles.closest_point(triangles[face], points[which])
        distance = np.linalg.norm(place - points[which], axis=1)
        order = np.lexsort((distance, which))
        order = order[np.diff(which[order], prepend=-1) > 0]
        order = order[distance[order] < best[which[order]]]
        best[which[order]] = distance[order]
        places[which[order]], best_face[which[order]] = place[order], face[order]

    for members, tree in trees:
        consider(np.arange(len(points)), members[tree.query(points)[1]])
    for members, tree in trees:
        found = tree.query_ball_point(points, best + radii[members].max())
        which = np.repeat(np.arange(len(points)), [len(one) for one in found])
        face = members[np.concatenate(found).astype(np.int64)]
        away = np.linalg.norm(triangles[face].mean(axis=1) - points[which], axis=1)
        close = away - radii[face] < best[which]
        if close.any():
            consider(which[close], face[close])
    return Nearest(best, places, best_face)


def gaps_mm(first: Mesh, second: Mesh, *, reach_mm: float, count: int = 20_000) -> Floats:
    """Where two meshes face each other, how far apart they are; negative where they overlap.

    Parameters
    ----------
    first, second : tuple of vertices and faces
        Closed and outward.
    reach_mm : float
        Places of the first that are further from the second do not face it.
    count : int
        Points spread over the whole surface of the first.

    Returns
    -------
    ndarray of float64, shape (K,)
        One for every point of the first that lies within reach and whose normal looks against the
        nearest triangle's (more than 120 degrees between them). Empty where they do not touch.
    """
    points, own = surface_points(*first, count)
    vertices = second[0].astype(np.float64)
    low, high = vertices.min(axis=0) - reach_mm, vertices.max(axis=0) + reach_mm
    near = ((points >= low) & (points <= high)).all(axis=1)
    points, own = points[near], own[near]
    found = nearest_on_mesh(points, *second)
    normals = unit_normals(*second)[found.face]
    against = np.einsum("ij,ij->i", unit_normals(*first)[own], normals) < -0.5
    facing = against & (found.distances_mm <= reach_mm)
    outside = np.einsum("ij,ij->i", points - found.points, normals) >= 0
    return np.asarray(np.where(outside, found.distances_mm, -found.distances_mm)[facing])
