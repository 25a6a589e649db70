import numpy as np
import pytest
from scan_to_mesh.exporters.rasteriser import visible_surface

SIZE = 64


def _inside(corners: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Which points lie strictly inside one triangle, by the sides that they are on."""
    sides = []
    for a, b in ((0, 1), (1, 2), (2, 0)):
        (ax, ay), (bx, by) = corners[a, :2], corners[b, :2]
        sides.append((bx - ax) * (y - ay) - (by - ay) * (x - ax))
    return (np.min(sides, axis=0) > 1e-9) | (np.max(sides, axis=0) < -1e-9)


def _nearest_by_brute_force(corners: np.ndarray) -> np.ndarray:
    """For each pixel the triangle whose plane is nearest, -1 where there is none."""
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    nearest, depth = np.full((SIZE, SIZE), -1), np.full((SIZE, SIZE), np.inf)
    for number, triangle in enumerate(corners):
        plane = np.linalg.solve(np.column_stack([triangle[:, :2], np.ones(3)]), triangle[:, 2])
        here = plane[0] * x + plane[1] * y + plane[2]
        nearer = _inside(triangle, x, y) & (here < depth)
        nearest[nearer], depth[nearer] = number, here[nearer]
    return nearest


def test_the_nearest_of_many_triangles_is_seen_at_every_pixel() -> None:
    generator = np.random.default_rng(7)
    corners = generator.uniform(-20, SIZE + 20, size=(200, 3, 3))
    corners[::2] = corners[::2, :1] + generator.uniform(-4, 4, size=(100, 3, 3))
    seen = visible_surface(corners, width=SIZE, height=SIZE)
    picture = np.full(SIZE * SIZE, -1)
    picture[seen.pixel] = seen.triangle
    assert np.array_equal(picture.reshape(SIZE, SIZE), _nearest_by_brute_force(corners))


def test_weights_lead_back_to_the_pixel() -> None:
    corners = np.random.default_rng(3).uniform(0, SIZE, size=(40, 3, 3))
    seen = visible_surface(corners, width=SIZE, height=SIZE)
    place = np.einsum("pc,pcd->pd", seen.weights, corners[seen.triangle, :, :2])
    assert place[:, 0] == pytest.approx(seen.pixel % SIZE, abs=1e-3)
    assert place[:, 1] == pytest.approx(seen.pixel // SIZE, abs=1e-3)
    assert seen.weights.min() > -1e-3


def test_triangles_that_share_a_side_leave_no_gap_and_no_overlap() -> None:
    square = np.array([[3, 3, 0], [50, 9, 0], [55, 60, 0], [7, 41, 0.0]])
    one, other = square[[0, 1, 2]], square[[0, 2, 3]]
    together = visible_surface(np.array([one, other]), width=SIZE, height=SIZE)
    alone = [visible_surface(half[None], width=SIZE, height=SIZE).pixel for half in (one, other)]
    assert np.array_equal(np.sort(np.concatenate(alone)), together.pixel)


def test_nothing_is_seen_of_what_has_no_area_or_lies_outside() -> None:
    flat = [[1, 1, 0], [5, 5, 0], [9, 9, 0]]
    outside = [[-9, -9, 0], [-1, -9, 0], [-9, -1, 0]]
    for triangles in (np.array([flat, outside], dtype=float), np.zeros((0, 3, 3))):
        assert len(visible_surface(triangles, width=SIZE, height=SIZE).pixel) == 0
