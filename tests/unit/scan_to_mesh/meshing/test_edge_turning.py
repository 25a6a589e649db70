import numpy as np
import pytest
import trimesh
from scan_to_mesh.meshing.edge_turning import turn_edges
from scan_to_mesh.meshing.surface import Surface

from tests.mesh_quality import flat_faces, topology, volume_mm3


def with_edges_turned(surface: Surface, largest_way: float) -> Surface:
    vertices, faces = surface
    turned = faces.copy()
    opposites = turn_edges(np.asarray(vertices, np.float64), turned, largest_way)
    starts, ends = turned.ravel(), np.roll(turned, -1, axis=1).ravel()
    np.testing.assert_array_equal(starts[opposites], ends)
    np.testing.assert_array_equal(ends[opposites], starts)
    return vertices, turned


def box_with_a_needle(lift: float) -> Surface:
    """A box in one of whose edges lies a vertex that the triangle of one side passes by."""
    box = trimesh.creation.box((2.0, 3.0, 5.0))
    vertices, faces = np.array(box.vertices), np.array(box.faces, np.int32)
    a, c = next(
        (int(f[k]), int(f[(k + 1) % 3])) for f in faces for k in range(3) if is_edge(box, f, k)
    )
    here = next(n for n, f in enumerate(faces) if runs(f, a, c))
    b = len(vertices)
    across = next(int(v) for v in faces[here] if v not in {a, c})
    vertices = np.vstack([vertices, (vertices[a] + vertices[c]) / 2 + lift])
    split = np.array([[a, b, across], [b, c, across], [a, c, b]], np.int32)
    return vertices.astype(np.float32), np.vstack([np.delete(faces, here, 0), split])


def runs(face: np.ndarray[tuple[int, ...], np.dtype[np.int32]], a: int, c: int) -> bool:
    return any(face[k] == a and face[(k + 1) % 3] == c for k in range(3))


def is_edge(
    box: trimesh.Trimesh, face: np.ndarray[tuple[int, ...], np.dtype[np.int32]], k: int
) -> bool:
    """Whether an edge of a triangle is one of the box, not a diagonal of its sides."""
    way = box.vertices[face[(k + 1) % 3]] - box.vertices[face[k]]
    return bool(np.count_nonzero(np.abs(way) > 1e-9) == 1)


@pytest.mark.parametrize("lift", [0.0, 1e-5])
def test_the_edge_beside_a_needle_is_turned(lift: float) -> None:
    before = box_with_a_needle(lift)
    if lift == 0.0:
        assert flat_faces(*before) == 1
    vertices, faces = with_edges_turned(before, 0.01)
    np.testing.assert_array_equal(vertices, before[0])
    assert len(faces) == len(before[1])
    assert flat_faces(vertices, faces) == 0
    assert topology(faces).is_closed_manifold
    assert volume_mm3(vertices, faces) == pytest.approx(30.0, abs=1e-3)
    sides = vertices[faces]
    height = np.linalg.norm(
        np.cross(sides[:, 1] - sides[:, 0], sides[:, 2] - sides[:, 0]), axis=1
    ) / max(2.0, 3.0, 5.0)
    assert height.min() > 0.1


def icosahedron_with_a_turned_edge() -> tuple[Surface, trimesh.Trimesh, float]:
    """A dent in a regular body, the body, and how deep the dent is."""
    ball = trimesh.creation.icosahedron()
    f, g = ball.face_adjacency[0].tolist()
    faces = np.array(ball.faces, np.int32)
    b = (set(faces[f].tolist()) - set(faces[g].tolist())).pop()
    d = (set(faces[g].tolist()) - set(faces[f].tolist())).pop()
    a, c = np.roll(faces[f], -list(faces[f]).index(b))[1:]
    faces[f], faces[g] = (a, d, b), (d, c, b)
    middles = ball.vertices[[a, c]].mean(axis=0), ball.vertices[[b, d]].mean(axis=0)
    return (ball.vertices, faces), ball, float(np.linalg.norm(middles[0] - middles[1]))


def triangles(faces: np.ndarray[tuple[int, ...], np.dtype[np.int32]]) -> set[frozenset[int]]:
    return {frozenset(face) for face in faces.tolist()}


def test_an_edge_that_bends_the_surface_is_turned() -> None:
    dented, ball, depth_mm = icosahedron_with_a_turned_edge()
    vertices, faces = with_edges_turned(dented, 1.01 * depth_mm)
    assert triangles(faces) == triangles(ball.faces)
    assert volume_mm3(vertices, faces) == pytest.approx(ball.volume)


def test_edges_that_would_take_the_surface_too_far_stay() -> None:
    dented, _, depth_mm = icosahedron_with_a_turned_edge()
    _, faces = with_edges_turned(dented, 0.99 * depth_mm)
    np.testing.assert_array_equal(faces, dented[1])


@pytest.mark.parametrize("seed", range(4))
def test_a_surface_bends_less_and_encloses_about_as_much(seed: int) -> None:
    rng = np.random.default_rng(seed)
    places = rng.normal(size=(400, 3))
    hull = trimesh.convex.convex_hull(places / np.linalg.norm(places, axis=1, keepdims=True))
    noisy = hull.vertices * (1.0, 1.0, 0.6) + rng.normal(scale=0.01, size=hull.vertices.shape)
    before = noisy, np.array(hull.faces, np.int32)
    vertices, faces = with_edges_turned(before, 0.05)
    np.testing.assert_array_equal(vertices, noisy)
    assert topology(faces).is_closed_manifold
    assert bend(vertices, faces) < 0.95 * bend(*before)
    assert volume_mm3(vertices, faces) == pytest.approx(volume_mm3(*before), rel=0.01)


def bend(
    vertices: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    faces: np.ndarray[tuple[int, ...], np.dtype[np.int32]],
) -> float:
    """Sum over edges of length and difference of normals."""
    mesh = trimesh.Trimesh(vertices, faces, process=False)
    f, g = mesh.face_adjacency.T
    ends = mesh.vertices[mesh.face_adjacency_edges]
    lengths = np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1)
    return float(lengths @ np.linalg.norm(mesh.face_normals[f] - mesh.face_normals[g], axis=1))


def test_an_edge_that_is_there_already_is_not_made_twice() -> None:
    """A flat tetrahedron: every two of its corners have an edge."""
    vertices = np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0], [1, 1, 0]], np.float32)
    faces = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]], np.int32)
    _, after = with_edges_turned((vertices, faces), 1.0)
    np.testing.assert_array_equal(after, faces)


def test_a_surface_with_a_tip_of_two_fans_stays_closed() -> None:
    """Two dented balls that share a vertex."""
    (vertices, faces), _, depth_mm = icosahedron_with_a_turned_edge()
    shared = int(faces[0, 0])
    other = np.where(faces == shared, shared, faces + len(vertices)).astype(np.int32)
    both = np.vstack([vertices, 2.0 * vertices[shared] - vertices])
    # A point reflection turns a body inside out.
    two = both, np.vstack([faces, other[:, ::-1]])
    after = with_edges_turned(two, 2.0 * depth_mm)
    assert topology(after[1]).is_closed
    assert volume_mm3(*after) >= volume_mm3(*two) > 0.0
