from dataclasses import replace

import numpy as np
import pytest
from scan_to_mesh.meshing.dual_surface import DualSurface, dual_surface
from scan_to_mesh.meshing.relaxation import Smoothing, relaxed
from scan_to_mesh.meshing.triangulation import triangulated

from tests.mesh_and_voxels import winding_numbers
from tests.mesh_quality import unit_normals
from tests.unit.scan_to_mesh.meshing.masks import ball, padded

BALL = padded(ball(14.2))
MIDDLE = np.array([17.0, 17.0, 17.0])


def mean_tilt_degrees(surface: DualSurface, smoothing: Smoothing) -> float:
    """Between the triangles and the ball."""
    vertices = relaxed(surface, smoothing)
    faces = triangulated(vertices, surface.quads)
    out = vertices[faces].mean(axis=1) - MIDDLE
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    cosine = np.abs((unit_normals(vertices, faces) * out).sum(axis=1))
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))).mean())


@pytest.mark.parametrize("coarse", [False, True])
def test_stairs_go(coarse: bool) -> None:
    surface = dual_surface(BALL, coarse=coarse)
    rough, smooth = (mean_tilt_degrees(surface, Smoothing(rounds=r)) for r in (0, 3))
    assert rough > 2 * smooth
    assert smooth < 3


def test_no_rounds_leave_every_stair() -> None:
    surface = dual_surface(BALL, coarse=True)
    np.testing.assert_array_equal(relaxed(surface, Smoothing(rounds=0)), surface.vertices_index)


def test_voxels_stay_on_their_side() -> None:
    surface = dual_surface(BALL, coarse=False)
    vertices = relaxed(surface, Smoothing())
    faces = triangulated(vertices, surface.quads)
    inside = winding_numbers(vertices, faces, np.eye(4), BALL.shape) != 0
    assert np.count_nonzero(inside != BALL) <= 0.001 * BALL.sum()


def test_a_spike_stays_and_slack_lets_it_go() -> None:
    voxels = np.zeros((20, 15, 15), bool)
    voxels[:8] = True
    voxels[8:14, 7, 7] = True
    surface = dual_surface(padded(voxels), coarse=True)
    tip = 2 + 13.5
    held, slack = (relaxed(surface, Smoothing(slack_voxels=s))[:, 0].max() for s in (0.0, 3.0))
    assert tip - 0.6 < held < tip + 0.5
    assert slack < held


def test_nothing_goes_further_than_a_voxel_along_an_axis() -> None:
    surface = dual_surface(BALL, coarse=True)
    moved = relaxed(surface, Smoothing(slack_voxels=5.0, rounds=9)) - surface.vertices_index
    assert np.abs(moved).max() <= 1.5


def test_where_it_lies_on_the_grid_changes_nothing() -> None:
    surface = dual_surface(BALL, coarse=True)
    away = np.array([40, 60, 80], np.int32)
    there = replace(
        surface,
        vertices_index=surface.vertices_index + away.astype(np.float32),
        corners_index=surface.corners_index + away,
    )
    np.testing.assert_allclose(
        relaxed(there, Smoothing()) - away, relaxed(surface, Smoothing()), atol=1e-3
    )
