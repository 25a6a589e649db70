"""The measures on meshes whose faults are known."""

import numpy as np
import pytest
import trimesh

from tests.mesh_quality import (
    Faces,
    area_mm2,
    centroid_mm,
    flat_faces,
    surface_points,
    topology,
    unit_normals,
    volume_mm3,
    welded,
)

TETRAHEDRON = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]])
CORNERS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float64)


def test_a_sound_body() -> None:
    facts = topology(TETRAHEDRON)
    assert facts.is_closed_manifold
    assert (facts.pieces, facts.euler, facts.genus) == (1, 2, 0)


def test_a_ring_has_one_hole_and_two_rings_have_two() -> None:
    ring = trimesh.creation.torus(10, 2)
    assert topology(ring.faces).genus == 1
    both = topology(np.vstack([ring.faces, ring.faces + len(ring.vertices)]))
    assert both.is_closed_manifold
    assert (both.pieces, both.genus) == (2, 2)


@pytest.mark.parametrize(
    ("faces", "fault", "count"),
    [
        pytest.param(TETRAHEDRON[:3], "open_edges", 3, id="a face is missing"),
        pytest.param(
            np.vstack([TETRAHEDRON[:3], TETRAHEDRON[3:, ::-1]]),
            "winding_conflicts",
            3,
            id="a face looks inward",
        ),
        pytest.param(np.vstack([TETRAHEDRON, TETRAHEDRON]), "crowded_edges", 6, id="twice"),
        pytest.param(np.vstack([TETRAHEDRON, [[0, 1, 1]]]), "degenerate_faces", 1, id="a line"),
        pytest.param(
            np.vstack([TETRAHEDRON, [[0, 5, 4], [0, 4, 6], [4, 5, 6], [0, 6, 5]]]),
            "bow_ties",
            1,
            id="two bodies at a corner",
        ),
        pytest.param(
            np.vstack([TETRAHEDRON, [[0, 4, 1], [0, 1, 5], [1, 4, 5], [0, 5, 4]]]),
            "crowded_edges",
            1,
            id="two bodies at an edge",
        ),
    ],
)
def test_every_fault_is_seen(faces: Faces, fault: str, count: int) -> None:
    facts = topology(faces)
    assert getattr(facts, fault) == count
    assert not facts.is_closed_manifold


def test_a_pinch_does_not_join_pieces_nor_make_a_hole() -> None:
    other = [[0, 5, 4], [0, 4, 6], [4, 5, 6], [0, 6, 5]]
    facts = topology(np.vstack([TETRAHEDRON, other]))
    assert facts.is_closed
    assert (facts.pieces, facts.genus) == (2, 0)


def test_no_triangle_is_no_body() -> None:
    facts = topology(np.empty((0, 3), np.int32))
    assert not facts.is_closed
    assert (facts.pieces, facts.euler) == (0, 0)


def test_what_is_inside_out_is_closed_but_has_less_than_no_volume() -> None:
    assert topology(TETRAHEDRON[:, ::-1]).is_closed_manifold
    assert volume_mm3(CORNERS, TETRAHEDRON) == pytest.approx(1 / 6)
    assert volume_mm3(CORNERS, TETRAHEDRON[:, ::-1]) == pytest.approx(-1 / 6)


def test_welding_joins_what_lies_in_one_place() -> None:
    soup = trimesh.creation.icosphere(subdivisions=3, radius=20)
    vertices = soup.vertices[soup.faces].reshape(-1, 3)
    apart = np.arange(len(vertices)).reshape(-1, 3)
    rng = np.random.default_rng(0)
    vertices = vertices + rng.uniform(-2e-5, 2e-5, vertices.shape)
    assert topology(apart).open_edges == len(vertices)
    joined, faces = welded(vertices, apart)
    assert len(joined) == len(soup.vertices)
    assert topology(faces).is_closed_manifold


def test_welding_shows_two_sheets_that_touch() -> None:
    box = trimesh.creation.box(extents=(2, 2, 2))
    vertices = np.vstack([box.vertices, box.vertices + np.array([2, 2, 0])])
    faces = np.vstack([box.faces, box.faces + len(box.vertices)])
    assert topology(faces).is_closed_manifold
    assert topology(welded(vertices, faces)[1]).crowded_edges == 1


def test_welding_shows_an_edge_that_is_too_short() -> None:
    ball = trimesh.creation.icosphere(subdivisions=2)
    vertices = ball.vertices.copy()
    here, there = ball.edges_unique[0]
    vertices[here] = vertices[there] + 5e-5
    faces = welded(vertices, ball.faces)[1]
    assert topology(faces).degenerate_faces == 2
    assert topology(faces).is_closed


def test_measures_of_a_box_far_away() -> None:
    box = trimesh.creation.box(extents=(20, 30, 40))
    vertices = box.vertices + np.array([900, -700, 1200])
    assert volume_mm3(vertices, box.faces) == pytest.approx(24_000)
    assert area_mm2(vertices, box.faces) == pytest.approx(5_200)
    np.testing.assert_allclose(centroid_mm(vertices, box.faces), [900, -700, 1200])
    assert flat_faces(vertices, box.faces) == 0
    assert flat_faces(np.array([[0, 0, 0], [1, 1, 1], [2, 2, 2]]), np.array([[0, 1, 2]])) == 1


def test_the_centre_of_a_tetrahedron() -> None:
    np.testing.assert_allclose(centroid_mm(CORNERS + 7, TETRAHEDRON), [7.25, 7.25, 7.25])


def test_points_lie_on_the_surface_evenly() -> None:
    box = trimesh.creation.box(extents=(2, 4, 8))
    points, face = surface_points(box.vertices, box.faces, 20_000)
    to_plane = np.einsum(
        "ij,ij->i",
        points - box.vertices[box.faces[face, 0]],
        unit_normals(box.vertices, box.faces)[face],
    )
    np.testing.assert_allclose(to_plane, 0, atol=1e-12)
    assert (np.abs(points) <= np.array([1, 2, 4]) + 1e-12).all()
    for octant in np.array(np.meshgrid(*[[-1, 1]] * 3)).reshape(3, -1).T:
        assert ((points * octant) > 0).all(axis=1).mean() == pytest.approx(1 / 8, abs=0.002)
    share = np.bincount(face, minlength=len(box.faces)) / len(face)
    np.testing.assert_allclose(share, box.area_faces / box.area, atol=1e-3)
    again, _ = surface_points(box.vertices, box.faces, 20_000)
    np.testing.assert_array_equal(points, again)
