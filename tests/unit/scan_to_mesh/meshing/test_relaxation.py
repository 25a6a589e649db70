from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from scan_to_mesh.meshing import relaxation
from scan_to_mesh.meshing.block_merging import with_even_blocks_merged
from scan_to_mesh.meshing.dual_surface import DualSurface, dual_surface
from scan_to_mesh.meshing.relaxation import (
    Smoothing,
    relaxed,
    relaxed_where_even,
    surface_normals,
)
from scan_to_mesh.meshing.triangulation import triangulated

from tests.mesh_and_voxels import winding_numbers
from tests.mesh_quality import Floats, unit_normals
from tests.unit.scan_to_mesh.meshing.masks import ball, padded

Vertices = npt.NDArray[np.float32]

BALL = padded(ball(14.2))
MIDDLE = np.array([17.0, 17.0, 17.0])


BALL_SURFACE, _ = dual_surface(BALL)


def mean_tilt_degrees(surface: DualSurface, vertices: Vertices) -> float:
    """Between the triangles and the ball."""
    faces = triangulated(vertices, surface.quads)
    out = vertices[faces].mean(axis=1) - MIDDLE
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    cosine = np.abs((unit_normals(vertices, faces) * out).sum(axis=1))
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))).mean())


def test_stairs_go() -> None:
    rough, smooth = (
        mean_tilt_degrees(BALL_SURFACE, relaxed(BALL_SURFACE, Smoothing(rounds=r))) for r in (0, 3)
    )
    assert rough > 2 * smooth
    assert smooth < 3


def test_wide_stairs_go_where_it_is_even() -> None:
    """The top of a large ball has terraces of ten voxels."""
    top = ball(60)[:12]
    surface, _ = dual_surface(padded(top))
    vertices = relaxed(surface, Smoothing())
    evened = relaxed_where_even(surface, vertices, Smoothing())
    from_axis = np.hypot(*(surface.vertices_index[:, 1:] - (2 + 61)).T)
    dome = (from_axis < 20) & (surface.vertices_index[:, 0] < 10)

    def roughness(moved: Vertices) -> float:
        radii = np.linalg.norm(moved[dome] - [2 + 61, 2 + 61, 2 + 61], axis=1)
        return float(np.std(radii))

    assert roughness(evened) < 0.85 * roughness(vertices)


def test_waves_of_eight_voxels_stay_where_smoothing_would_break_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def height(y: Floats, x: Floats) -> Floats:
        return 15.3 + np.sin(2 * np.pi * y / 8) * np.sin(2 * np.pi * x / 8) + 0.05 * x

    z, y, x = np.indices((40, 50, 50)).astype(float)
    fine, blocks = dual_surface(padded(z < height(y, x)))
    vertices = relaxed(fine, Smoothing())
    normals = surface_normals(vertices, fine)
    surface, merged = with_even_blocks_merged(fine, blocks, vertices, normals)

    def off(moved: Vertices) -> float:
        z, y, x = moved.astype(float).T - 2
        amid = (z > 8) & (y > 8) & (y < 42) & (x > 8) & (x < 42)
        return float(np.std((z - height(y, x))[amid]))

    evened = relaxed_where_even(surface, merged, Smoothing())
    assert off(evened) < 1.1 * off(merged)
    monkeypatch.setattr(relaxation, "_LARGEST_TRESPASS", np.float32(99))
    monkeypatch.setattr(relaxation, "became_thin", lambda ways, *_: np.zeros(len(ways), bool))
    assert off(relaxed_where_even(surface, merged, Smoothing())) > 1.3 * off(merged)


def test_unasked_wide_stairs_stay() -> None:
    vertices = relaxed(BALL_SURFACE, Smoothing())
    unasked = relaxed_where_even(BALL_SURFACE, vertices, Smoothing(where_even=False))
    np.testing.assert_array_equal(unasked, vertices)


def test_no_rounds_leave_every_stair() -> None:
    as_it_is = BALL_SURFACE.vertices_index
    none = Smoothing(rounds=0)
    np.testing.assert_array_equal(relaxed(BALL_SURFACE, none), as_it_is)
    np.testing.assert_array_equal(relaxed_where_even(BALL_SURFACE, as_it_is, none), as_it_is)


def test_voxels_stay_on_their_side() -> None:
    vertices = relaxed(BALL_SURFACE, Smoothing())
    vertices = relaxed_where_even(BALL_SURFACE, vertices, Smoothing())
    faces = triangulated(vertices, BALL_SURFACE.quads)
    inside = winding_numbers(vertices, faces, np.eye(4), BALL.shape) != 0
    assert np.count_nonzero(inside != BALL) <= 0.001 * BALL.sum()


def test_a_spike_stays_and_slack_lets_it_go() -> None:
    voxels = np.zeros((20, 15, 15), bool)
    voxels[:8] = True
    voxels[8:14, 7, 7] = True
    surface, _ = dual_surface(padded(voxels))
    tip = 2 + 13.5
    held, slack = (
        relaxed(surface, Smoothing(slack_voxels=s, rounds=3))[:, 0].max() for s in (0.0, 3.0)
    )
    assert tip - 0.6 < held < tip + 0.5
    assert slack < held


def test_nothing_goes_further_than_a_voxel_along_an_axis() -> None:
    surface = BALL_SURFACE
    moved = relaxed(surface, Smoothing(slack_voxels=5.0, rounds=9)) - surface.vertices_index
    assert np.abs(moved).max() <= 1.5


def test_where_it_lies_on_the_grid_changes_nothing() -> None:
    surface = BALL_SURFACE
    away = np.array([40, 60, 80], np.int32)
    there = replace(
        surface,
        vertices_index=surface.vertices_index + away.astype(np.float32),
        corners_index=surface.corners_index + away,
    )
    np.testing.assert_allclose(
        relaxed(there, Smoothing()) - away, relaxed(surface, Smoothing()), atol=1e-3
    )


@pytest.mark.parametrize(("steps", "within"), [(8, 1e-6), (50, 1e-3)])
def test_the_series_stands_for_as_many_of_taubins_steps(steps: int, within: float) -> None:
    series = relaxation._chebyshev_series(steps)
    k = np.linspace(0, 2, 2001)
    met = 1 - k * np.polynomial.chebyshev.chebval(1 - k, series)
    np.testing.assert_allclose(met, ((1 - 0.65 * k) * (1 + 0.69 * k)) ** (steps / 2), atol=within)


def test_filtering_is_what_the_steps_do() -> None:
    count = len(BALL_SURFACE.vertices_index)
    mean = np.zeros((count, count), np.float32)
    for quad in BALL_SURFACE.quads:
        mean[quad, np.roll(quad, 1)] = mean[np.roll(quad, 1), quad] = 1
    mean /= mean.sum(axis=1, keepdims=True)
    expected = BALL_SURFACE.vertices_index.astype(np.float64)
    for step in range(50):
        expected += (0.65 if step % 2 == 0 else -0.69) * (mean @ expected - expected)
    smoother = relaxation._Smoother(BALL_SURFACE, Smoothing())
    np.testing.assert_allclose(
        smoother.freely(BALL_SURFACE.vertices_index, 50), expected, atol=2e-3
    )
