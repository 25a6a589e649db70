import numpy as np
import pytest
import trimesh
from scan_to_mesh.meshing.pieces import pieces_of
from scan_to_mesh.meshing.repair import repaired
from scan_to_mesh.meshing.surface import Surface
from scan_to_mesh.meshing.topology import enclosed_volume_mm3, is_watertight


def bodies_sharing_an_edge(*, winding: int = 1) -> Surface:
    """Two tetrahedra, left and right of one common edge."""
    vertices = np.array(
        [[0, 0, -1], [0, 0, 1], [1, -1, 0], [1, 1, 0], [-1, 1, 0], [-1, -1, 0]], np.float64
    )
    faces = []
    for third, fourth in ((2, 3), (4, 5)):
        faces += [[0, third, 1], [0, 1, fourth], [1, third, fourth], [0, fourth, third]]
    return vertices, np.array(faces, np.int32)[:, ::winding]


def test_a_clean_surface_stays_as_it_is() -> None:
    ball = trimesh.creation.icosphere(subdivisions=2)
    vertices, faces = repaired((ball.vertices, ball.faces.astype(np.int32)))
    np.testing.assert_array_equal(vertices, ball.vertices)
    np.testing.assert_array_equal(faces, ball.faces)


@pytest.mark.parametrize("winding", [1, -1])
def test_sheets_that_meet_at_an_edge_are_parted(winding: int) -> None:
    pinched = bodies_sharing_an_edge(winding=winding)
    assert not is_watertight(pinched[1])
    parted = repaired(pinched)
    assert is_watertight(parted[1])
    assert enclosed_volume_mm3(*parted) == pytest.approx(enclosed_volume_mm3(*pinched))


def test_a_fin_is_removed_and_its_edges_heal() -> None:
    ball = trimesh.creation.icosphere(subdivisions=1)
    a, b, _ = ball.faces[0]
    tip = len(ball.vertices)
    fin = [[a, b, tip], [b, a, tip]]
    vertices = np.vstack([ball.vertices, [[3.0, 3.0, 3.0]]])
    healed_vertices, healed_faces = repaired(
        (vertices, np.vstack([ball.faces, fin]).astype(np.int32))
    )
    np.testing.assert_array_equal(healed_faces, ball.faces)
    np.testing.assert_array_equal(healed_vertices, ball.vertices)


def test_a_flap_that_encloses_nothing_vanishes() -> None:
    vertices, faces = repaired((np.eye(3), np.array([[0, 1, 2], [0, 2, 1]], np.int32)))
    assert vertices.shape == (0, 3)
    assert faces.shape == (0, 3)
    assert not is_watertight(faces)


def test_many_pinches_at_once() -> None:
    """A checkerboard of cubes touches itself at hundreds of edges and corners."""
    checkers = np.indices((4, 4, 4)).sum(axis=0) % 2 == 0
    cubes = trimesh.voxel.VoxelGrid(checkers).as_boxes()
    cubes.merge_vertices()
    pinched = (np.asarray(cubes.vertices), cubes.faces.astype(np.int32))
    assert not is_watertight(pinched[1])
    parted = repaired(pinched)
    assert is_watertight(parted[1])
    assert enclosed_volume_mm3(*parted) == pytest.approx(checkers.sum())


def test_bodies_that_share_a_corner_get_one_each() -> None:
    ball = trimesh.creation.icosphere(subdivisions=1)
    other = ball.faces + len(ball.vertices)
    other[other == len(ball.vertices)] = 0
    bow_tie = np.vstack([ball.vertices, ball.vertices * 2 - ball.vertices[0] * 3])
    vertices, faces = repaired((bow_tie, np.vstack([ball.faces, other]).astype(np.int32)))
    assert len(pieces_of((vertices, faces))) == 2
    assert len(vertices) == 2 * len(ball.vertices)
    assert is_watertight(faces)
