"""Exact distances against brute force and against surfaces that are known."""

import numpy as np
import pytest
import trimesh

from tests.mesh_distances import gaps_mm, nearest_on_mesh


def test_nearest_is_nearest_of_all_triangles() -> None:
    rng = np.random.default_rng(1)
    ball = trimesh.creation.icosphere(subdivisions=2, radius=5)
    needle = trimesh.creation.box(extents=(0.05, 0.05, 60))
    body = trimesh.util.concatenate([ball, needle, trimesh.creation.box(extents=(0.1, 0.2, 0.3))])
    points = rng.normal(scale=8, size=(300, 3))
    found = nearest_on_mesh(points, body.vertices, body.faces)
    brute = np.stack(
        [
            np.linalg.norm(
                trimesh.triangles.closest_point(body.triangles, np.tile(p, (len(body.faces), 1)))
                - p,
                axis=1,
            )
            for p in points
        ]
    )
    np.testing.assert_allclose(found.distances_mm, brute.min(axis=1), atol=1e-12)
    np.testing.assert_allclose(
        brute[np.arange(len(points)), found.face], brute.min(axis=1), atol=1e-12
    )
    np.testing.assert_allclose(
        np.linalg.norm(found.points - points, axis=1), found.distances_mm, atol=1e-12
    )


def test_distances_to_a_box_are_exact() -> None:
    box = trimesh.creation.box(extents=(2, 2, 2))
    points = np.array([[3, 0, 0], [0.9, 0, 0], [2, 2, 0], [2, 2, 2], [1, 1, 1]], np.float64)
    found = nearest_on_mesh(points, box.vertices, box.faces)
    np.testing.assert_allclose(found.distances_mm, [2, 0.1, np.sqrt(2), np.sqrt(3), 0], atol=1e-12)


@pytest.mark.parametrize("gap", [0.2, 0.0, -0.3])
def test_a_gap_is_positive_and_an_overlap_negative(gap: float) -> None:
    left = trimesh.creation.box(extents=(10, 20, 20)).subdivide().subdivide()
    right = left.copy()
    right.apply_translation([10 + gap, 0, 0])
    one, other = (left.vertices, left.faces), (right.vertices, right.faces)
    for first, second in ((one, other), (other, one)):
        gaps = gaps_mm(first, second, reach_mm=0.5)
        assert len(gaps) > 3000
        np.testing.assert_allclose(gaps, gap, atol=1e-12)


def test_bodies_apart_do_not_face_each_other() -> None:
    box = trimesh.creation.box(extents=(10, 20, 20))
    one, other = (box.vertices, box.faces), (box.vertices + np.array([11, 0, 0]), box.faces)
    assert gaps_mm(one, other, reach_mm=0.9).size == 0
    assert gaps_mm(one, (box.vertices + np.array([99, 0, 0]), box.faces), reach_mm=0.9).size == 0
