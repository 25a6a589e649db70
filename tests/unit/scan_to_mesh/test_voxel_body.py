import numpy as np
import pytest
from scan_to_mesh.voxel_body import centroid_index, middle_x_ras_mm, voxel_body

TILTED = np.array([[-1.2, 0, 0.3, 50], [0, 1.5, 0.9, -20], [0, 0.1, 2.0, 700], [0, 0, 0, 1]])


def test_against_a_loop_over_voxels() -> None:
    mask = np.random.default_rng(5).random((6, 5, 7)) < 0.3
    where = np.argwhere(mask)
    world = where @ TILTED[:3, :3].T + TILTED[:3, 3]
    body = voxel_body(len(where), centroid_index(mask), mask.shape, TILTED, -12.5)
    assert body.volume_ml == pytest.approx(len(where) * abs(np.linalg.det(TILTED)) / 1000)
    assert body.centroid_ras_mm == pytest.approx(tuple(world.mean(axis=0)))
    corners = np.argwhere(np.ones((6, 5, 7))) @ TILTED[:3, :3].T + TILTED[:3, 3]
    box_middle = (corners[:, 0].min() + corners[:, 0].max()) / 2
    assert body.mirrors_x_ras_mm == pytest.approx((0, -12.5, box_middle))
    assert body.voxel_width_mm == pytest.approx(1.5)


def test_middle_of_a_grid_is_between_its_voxels() -> None:
    assert middle_x_ras_mm((4, 9, 9), np.diag([2.0, 1, 1, 1])) == pytest.approx(3.0)
