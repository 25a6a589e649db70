import numpy as np
import pytest
import trimesh
from scan_to_mesh.meshing.needles import without_needles
from scan_to_mesh.meshing.surface import Surface

from tests.mesh_quality import flat_faces, topology, volume_mm3


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
    vertices, faces = without_needles(before)
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


def test_triangles_of_some_height_stay() -> None:
    before = box_with_a_needle(0.05)
    assert without_needles(before)[1] is before[1]


def test_an_edge_that_is_there_already_is_not_made_twice() -> None:
    """A flat tetrahedron: every two of its corners have an edge."""
    vertices = np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0], [1, 1, 0]], np.float32)
    faces = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]], np.int32)
    _, after = without_needles((vertices, faces))
    np.testing.assert_array_equal(after, faces)
