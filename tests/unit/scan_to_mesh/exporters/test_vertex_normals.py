import numpy as np
import pytest
from scan_to_mesh.exporters.vertex_normals import vertex_normals
from shapes_to_export import sphere


def test_normals_of_a_sphere_point_outward() -> None:
    ball = sphere(radius_mm=30, subdivisions=4)
    expected = ball.vertices_ras_mm / np.linalg.norm(ball.vertices_ras_mm, axis=1, keepdims=True)
    assert vertex_normals(ball.vertices_ras_mm, ball.faces) == pytest.approx(expected, abs=0.01)


def test_faces_count_by_their_area() -> None:
    # Two faces meet along the y axis: one of area 2 that faces +z, one of area 1 that faces +x.
    vertices = np.array([[0, 0, 0], [0, 2, 0], [-2, 0, 0], [0, 0, -1]], dtype=np.float32)
    faces = np.array([[0, 1, 2], [0, 3, 1]], dtype=np.int32)
    shared = vertex_normals(vertices, faces)[0]
    assert shared == pytest.approx(np.array([1, 0, 2]) / np.sqrt(5))


def test_a_vertex_without_area_still_has_a_unit_normal() -> None:
    vertices = np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0], [9, 9, 9]], dtype=np.float32)
    normals = vertex_normals(vertices, np.array([[0, 1, 2]], dtype=np.int32))
    assert np.array_equal(normals, np.tile([0, 0, 1], (4, 1)))
