import numpy as np
from scan_to_mesh.meshing.triangulation import triangulated

SQUARE = np.array([[0, 0, 0], [2, 0, 0], [3, 3, 0], [0, 2, 0]], np.float32)


def cut(*corners: int) -> list[list[int]]:
    faces: list[list[int]] = triangulated(SQUARE, np.array([corners], np.int32)).tolist()
    return faces


def test_the_shorter_diagonal_cuts_a_quadrilateral() -> None:
    assert cut(0, 1, 2, 3) == [[0, 1, 3], [1, 2, 3]]
    assert cut(1, 2, 3, 0) == [[1, 2, 3], [1, 3, 0]]


def test_a_corner_that_occurs_twice_makes_a_triangle_of_the_same_winding() -> None:
    for doubled in ((0, 0, 1, 2), (0, 1, 1, 2), (0, 1, 2, 2), (0, 1, 2, 0)):
        (face,) = cut(*doubled)
        turns = [face[k:] + face[:k] for k in range(3)]
        assert [0, 1, 2] in turns


def test_a_line_makes_nothing() -> None:
    assert cut(0, 0, 1, 1) == []
