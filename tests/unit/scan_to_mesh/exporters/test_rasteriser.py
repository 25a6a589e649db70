import numpy as np
import numpy.typing as npt
import pytest
from scan_to_mesh.exporters.rasteriser import NOTHING, Projected, VisibleSurface, visible_surface

SIZE = 64
Corners = npt.NDArray[np.float32]


def _see(corners: npt.ArrayLike, *, both_sides: bool = True) -> VisibleSurface:
    """What is seen of triangles that share no corners, shape (M, 3, 3)."""
    single = np.asarray(corners, np.float32).reshape(-1, 3)
    faces = np.arange(len(single), dtype=np.int32).reshape(-1, 3)
    return visible_surface([Projected(single, faces, both_sides)], width=SIZE, height=SIZE)


def _some_triangles(count: int) -> Corners:
    """Large and small ones in turn, some of which reach beyond the picture."""
    generator = np.random.default_rng(7)
    corners = generator.uniform(-20, SIZE + 20, size=(count, 3, 3))
    corners[::2] = corners[::2, :1] + generator.uniform(-4, 4, size=(count // 2, 3, 3))
    return corners.astype(np.float32)


def _inside(corners: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Which points lie strictly inside one triangle, by the sides that they are on."""
    sides = []
    for a, b in ((0, 1), (1, 2), (2, 0)):
        (ax, ay), (bx, by) = corners[a, :2], corners[b, :2]
        sides.append((bx - ax) * (y - ay) - (by - ay) * (x - ax))
    return (np.min(sides, axis=0) > 1e-9) | (np.max(sides, axis=0) < -1e-9)


def _brute_force(corners: Corners) -> tuple[np.ndarray, np.ndarray]:
    """For each sample the triangle whose plane is nearest, NOTHING where there is none."""
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    nearest, depth = np.full((SIZE, SIZE), NOTHING), np.full((SIZE, SIZE), np.inf)
    for number, triangle in enumerate(corners.astype(np.float64)):
        plane = np.linalg.solve(np.column_stack([triangle[:, :2], np.ones(3)]), triangle[:, 2])
        here = plane[0] * x + plane[1] * y + plane[2]
        nearer = _inside(triangle, x, y) & (here < depth)
        nearest[nearer], depth[nearer] = number, here[nearer]
    return nearest, depth


def test_the_nearest_of_many_triangles_is_seen_at_every_sample() -> None:
    corners = _some_triangles(200)
    seen, (nearest, depth) = _see(corners), _brute_force(corners)
    assert np.array_equal(seen.triangle, nearest)
    assert np.array_equal(np.isinf(seen.depth_px), np.isinf(depth))
    covered = nearest != NOTHING
    assert np.abs(seen.depth_px[covered] - depth[covered]).max() < 1e-4


def test_triangles_are_counted_through_the_surfaces() -> None:
    corners = _some_triangles(200)
    faces = np.arange(3 * 50, dtype=np.int32).reshape(-1, 3)
    surfaces = (Projected(part.reshape(-1, 3), faces, True) for part in np.split(corners, 4))
    seen = visible_surface(surfaces, width=SIZE, height=SIZE)
    assert np.array_equal(seen.triangle, _see(corners).triangle)
    assert np.array_equal(seen.depth_px, _see(corners).depth_px)


def test_only_outsides_are_seen_where_asked() -> None:
    corners = _some_triangles(200)
    (bx, by), (cx, cy) = (corners[:, i, :2].T - corners[:, 0, :2].T for i in (1, 2))
    outside = bx * cy - cx * by < 0
    seen = _see(corners, both_sides=False).triangle
    assert np.array_equal(seen != NOTHING, _see(corners[outside]).triangle != NOTHING)
    assert outside[np.unique(seen[seen != NOTHING])].all()


def test_triangles_that_share_a_side_leave_no_gap_and_no_overlap() -> None:
    square = np.array([[3, 3, 0], [50, 9, 0], [55, 60, 0], [7, 41, 0.0]])
    halves = square[[[0, 1, 2], [0, 2, 3]]]
    alone = [_see(half[None]).triangle == 0 for half in halves]
    together = _see(halves).triangle != NOTHING
    assert not (alone[0] & alone[1]).any()
    assert np.array_equal(alone[0] | alone[1], together)
    x, y = square[:, 0], square[:, 1]
    area = (x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2  # Gauss's formula
    assert together.sum() == pytest.approx(area, rel=0.01)


def test_of_triangles_at_one_depth_the_first_is_seen() -> None:
    corners = np.array([[[2, 2, 5], [60, 2, 5], [2, 60, 5.0]]] * 3)
    assert set(np.unique(_see(corners).triangle)) == {NOTHING, 0}


def test_a_steep_triangle_stays_within_its_depths() -> None:
    corners = np.array([[[9.7, 10, 0], [10.3, 40, 0], [10.1, 25, 500.0]]])
    depth = _see(corners).depth_px
    assert depth[np.isfinite(depth)].size
    assert 0 <= depth[np.isfinite(depth)].min() <= depth[np.isfinite(depth)].max() <= 500


def test_nothing_is_seen_of_what_has_no_area_or_lies_outside() -> None:
    flat = [[1, 1, 0], [5, 5, 0], [9, 9, 0]]
    outside = [[-9, -9, 0], [-1, -9, 0], [-9, -1, 0]]
    for triangles in (np.array([flat, outside]), np.zeros((0, 3, 3))):
        seen = _see(triangles)
        assert (seen.triangle == NOTHING).all()
        assert np.isinf(seen.depth_px).all()
