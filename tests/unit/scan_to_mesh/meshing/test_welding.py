import numpy as np
import trimesh
from scan_to_mesh.meshing.welding import safe_to_weld

from tests.mesh_quality import topology, welded


def two_tetrahedra(gap_mm: float) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """Tip to tip."""
    one = np.array([[0, 0, 0], [1, 0, 3], [-1, 1, 3], [-1, -1, 3]], np.float32)
    faces = np.array([[0, 2, 1], [0, 3, 2], [0, 1, 3], [1, 2, 3]], np.int32)
    other = one * np.array([1, -1, -1], np.float32) - np.array([0, 0, gap_mm], np.float32)
    return np.concatenate([one, other]), np.concatenate([faces, faces + 4])


def test_vertices_in_one_place_part() -> None:
    for gap_mm in (0.0, 5e-5, 1e-4, 2e-4):
        vertices, faces = two_tetrahedra(gap_mm)
        apart = safe_to_weld(vertices, faces)
        after, after_faces = welded(apart, faces)
        assert len(after) == 8
        assert topology(after_faces).is_closed_manifold
        assert np.abs(apart - vertices).max() < 0.003


def test_nothing_else_moves() -> None:
    vertices, faces = two_tetrahedra(0.0)
    moved = np.abs(safe_to_weld(vertices, faces) - vertices).max(axis=1) > 0
    assert moved.sum() == 1
    vertices, faces = two_tetrahedra(0.01)
    assert safe_to_weld(vertices, faces) is vertices


def test_flat_faces_along_the_grid_are_no_trouble() -> None:
    box = trimesh.creation.box((300, 300, 300)).subdivide().subdivide().subdivide().subdivide()
    vertices = np.array(box.vertices, np.float32)
    assert safe_to_weld(vertices, np.array(box.faces, np.int32)) is vertices
