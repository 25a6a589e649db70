"""What a triangle mesh is, measured without any of the code that makes meshes.

Every function takes vertices (mm, one frame for all) and faces, so that it judges whatever wrote
them: the product, a reader of a file, or another library. Where a triangle mesh *should* be is
known by `analytic_shapes`, or by voxels (`mesh_and_voxels`).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

Points = npt.NDArray[np.floating[Any]]
Faces = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

WELD_MM = 1e-4


@dataclass(frozen=True)
class Topology:
    """How the triangles of a mesh hang together.

    Attributes
    ----------
    faces : int
        Triangles, degenerate ones included; all other counts leave those out.
    degenerate_faces : int
        Triangles that name a vertex twice.
    open_edges : int
        Edges of one triangle.
    crowded_edges : int
        Edges of more than two.
    winding_conflicts : int
        Edges of two triangles that run along it in the same direction.
    bow_ties : int
        Vertices whose triangles are not one fan: removing the vertex would part the mesh there.
    pieces : int
        Parts of the mesh that no edge connects.
    euler : int
        Vertices - edges + faces, a bow-tie counted once for each of its fans.
    """

    faces: int
    degenerate_faces: int
    open_edges: int
    crowded_edges: int
    winding_conflicts: int
    bow_ties: int
    pieces: int
    euler: int

    @property
    def is_closed(self) -> bool:
        """Every edge has two triangles, which agree about the side that is outside."""
        faults = self.open_edges + self.crowded_edges + self.winding_conflicts
        return self.faces > 0 and faults == 0

    @property
    def is_closed_manifold(self) -> bool:
        """Closed, and around every vertex one disc: a surface without borders or pinches."""
        return self.is_closed and self.degenerate_faces == 0 and self.bow_ties == 0

    @property
    def genus(self) -> float:
        """Handles of all pieces together; means something for a closed mesh only."""
        return self.pieces - self.euler / 2


def topology(faces: Faces) -> Topology:
    """How triangles hang together by their vertices' indices."""
    proper = faces[(faces != np.roll(faces, -1, axis=1)).all(axis=1)].astype(np.int64)
    start, end = proper.ravel(), np.roll(proper, -1, axis=1).ravel()
    forward = start < end
    low, high = np.minimum(start, end), np.maximum(start, end)
    order = np.lexsort((high, low))
    same = (low[order][1:] == low[order][:-1]) & (high[order][1:] == high[order][:-1])
    edge = np.concatenate([[0], np.cumsum(~same)])[: len(order)]
    uses = np.bincount(edge)
    net = np.bincount(edge, weights=np.where(forward[order], 1, -1))
    # Neighbours across an edge: their corners at each of its ends belong to one fan.
    here, there = order[:-1][same], order[1:][same]
    corner = np.arange(len(start))
    following = corner // 3 * 3 + (corner + 1) % 3
    at_low, at_high = np.where(forward, [corner, following], [following, corner])
    fans, fan_of_corner = _groups(
        len(start),
        np.concatenate([at_low[here], at_high[here]]),
        np.concatenate([at_low[there], at_high[there]]),
    )
    _, first_corner = np.unique(fan_of_corner, return_index=True)
    pieces, _ = _groups(len(proper), here // 3, there // 3)
    return Topology(
        faces=len(faces),
        degenerate_faces=len(faces) - len(proper),
        open_edges=int((uses == 1).sum()),
        crowded_edges=int((uses > 2).sum()),
        winding_conflicts=int(((uses == 2) & (net != 0)).sum()),
        bow_ties=int((np.bincount(start[first_corner]) > 1).sum()),
        pieces=pieces,
        euler=fans - len(uses) + len(proper),
    )


def _groups(nodes: int, one: Integers, other: Integers) -> tuple[int, Integers]:
    links = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(nodes, nodes))
    count, group = connected_components(links, directed=False)
    return int(count), group


def welded(vertices: Points, faces: Faces, within_mm: float = WELD_MM) -> tuple[Floats, Faces]:
    """The mesh after every two vertices that are so close have become one.

    What a reader of a format that stores positions only (STL) makes of it. Chains of close
    vertices become one vertex; triangles that lose a corner stay, as degenerate ones.
    """
    pairs = KDTree(vertices).query_pairs(within_mm, output_type="ndarray")
    count, group = _groups(len(vertices), pairs[:, 0], pairs[:, 1])
    kept = np.empty((count, 3))
    kept[group] = vertices
    return kept, group[faces]


def flat_faces(vertices: Points, faces: Faces) -> int:
    """Triangles without an area, which have no normal."""
    return int((np.linalg.norm(area_vectors_mm2(vertices, faces), axis=1) == 0).sum())


def area_vectors_mm2(vertices: Points, faces: Faces) -> Floats:
    """Normal of every triangle, shape (M, 3), as long as its area."""
    first, second, third = np.moveaxis(vertices.astype(np.float64)[faces], 1, 0)
    return np.cross(second - first, third - first) / 2


def unit_normals(vertices: Points, faces: Faces) -> Floats:
    """Normal of every triangle, shape (M, 3); zeros where it has no area."""
    vectors = area_vectors_mm2(vertices, faces)
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1), 1e-300)[:, None])


def area_mm2(vertices: Points, faces: Faces) -> float:
    """Sum of the triangles' areas."""
    return float(np.linalg.norm(area_vectors_mm2(vertices, faces), axis=1).sum())


def volume_mm3(vertices: Points, faces: Faces) -> float:
    """Volume that a closed mesh encloses; negative where it is inside out."""
    return float(_tetrahedra_mm3(vertices, faces).sum())


def volume_beyond_mm3(vertices_mm: Floats, faces: Faces, axis: int, at_mm: float) -> float:
    """Enclosed volume on the far side of a plane across an axis.

    By the divergence theorem: the integral, over the triangles, of how far they are beyond the
    plane, times the normal's part along the axis; a lid in the plane would add nothing.
    """
    corners = vertices_mm[faces].astype(np.float64)
    areas = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, axis] / 2
    low, middle, high = np.sort(corners[:, :, axis] - at_mm, axis=1).T

    def cut(tip: Floats, one: Floats, other: Floats) -> Floats:
        """Mean over a triangle of which one corner alone is beyond."""
        apart = (tip - one) * (tip - other)
        return np.divide(tip**3, 3 * apart, out=np.zeros_like(tip), where=apart > 0)

    mean = (low + middle + high) / 3
    beyond = np.select(
        [low >= 0, high <= 0, middle <= 0],
        [mean, 0.0, cut(high, low, middle)],
        mean + cut(-low, -middle, -high),
    )
    return float((beyond * areas).sum())


def centroid_mm(vertices: Points, faces: Faces) -> Floats:
    """Centre of mass of the body that a closed mesh encloses."""
    volumes = _tetrahedra_mm3(vertices, faces)
    corners = (vertices.astype(np.float64) - vertices[0])[faces].sum(axis=1) / 4
    return np.asarray(vertices[0] + volumes @ corners / volumes.sum())


def _tetrahedra_mm3(vertices: Points, faces: Faces) -> Floats:
    """Signed volume between every triangle and the first vertex."""
    corners = (vertices.astype(np.float64) - vertices[0])[faces]
    return np.asarray(np.einsum("ij,ij->i", corners[:, 0], area_vectors_mm2(vertices, faces)) / 3)


def surface_points(vertices: Points, faces: Faces, count: int) -> tuple[Floats, Integers]:
    """Points spread evenly over a surface, always the same ones.

    Returns
    -------
    points : ndarray of float64, shape (count, 3)
    face : ndarray of int, shape (count,)
        The triangle that each lies on.

    Notes
    -----
    Triangles take points at even steps of the area; within them the additive recurrence of the
    plastic number (Roberts 2018, "The unreasonable effectiveness of quasirandom sequences")
    spreads them.
    """
    areas = np.linalg.norm(area_vectors_mm2(vertices, faces), axis=1)
    until = np.cumsum(areas)
    face = np.searchsorted(until, (np.arange(count) + 0.5) / count * until[-1])
    plastic = 1.32471795724474602596
    first, second = np.outer([1 / plastic, 1 / plastic**2], np.arange(count)) % 1
    root = np.sqrt(first)
    weights = np.stack([1 - root, root * (1 - second), root * second], axis=1)
    corners = vertices.astype(np.float64)[faces[face]]
    return np.einsum("ij,ijk->ik", weights, corners), face
