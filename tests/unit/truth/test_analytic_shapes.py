"""The bodies' stated facts against each other: distance, volume, centre and voxels."""

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from scipy.spatial.distance import cdist

from tests.analytic_shapes import (
    Body,
    capsule,
    cone,
    ellipsoid,
    half_ball,
    plate,
    sphere,
    torus,
    wedge,
)
from tests.label_maps import (
    GRIDS,
    ORIENTATIONS,
    reoriented,
    rotation,
    segment_centroid_mm,
    segment_mm3,
    structure,
    voxelised,
)

BODIES = [
    sphere(20),
    half_ball(20),
    half_ball(20, upper=False),
    ellipsoid(20, 12, 8),
    torus(14, 5),
    capsule(12, 4),
    plate(14, 3),
    cone(12, 24),
    wedge(16, 20, 24),
]
TURNED = [body.placed(rotation(20, -35, 50), (3, -2, 5)) for body in BODIES]
BY_NAME = [pytest.param(body, id=body.name) for body in BODIES]


@pytest.mark.parametrize("body", [pytest.param(body, id=body.name) for body in TURNED])
def test_volume_and_centre_are_those_of_many_small_voxels(body: Body) -> None:
    image = voxelised(body, np.diag([0.5, 0.5, 0.5]))
    assert segment_mm3(image) == pytest.approx(body.volume_mm3, rel=2e-3)
    np.testing.assert_allclose(segment_centroid_mm(image), body.centroid_mm, atol=0.02)


@pytest.mark.parametrize("body", BY_NAME)
def test_the_distance_is_a_distance(body: Body) -> None:
    """Exact means: following the normal by the distance ends on the surface, from either side."""
    points = np.random.default_rng(3).uniform(-1.2, 1.2, (4000, 3)) * body.reach_mm
    distance = body.distance_mm(points)
    near = np.abs(distance) < 3
    landed = points[near] - body.normals(points[near]) * distance[near][:, None]
    off = np.abs(body.distance_mm(landed))
    # Where two places are nearest the gradient points at neither: few points, none outside.
    assert (off < 1e-3).mean() > 0.97
    convex_or_outside = distance[near] > 0
    assert off[convex_or_outside].max() < 1e-3
    one, other = points[:2000], points[2000:]
    apart = np.linalg.norm(one - other, axis=1)
    assert (np.abs(distance[:2000] - distance[2000:]) <= apart + 1e-9).all()


def test_halves_share_a_plane_and_make_a_ball() -> None:
    points = np.random.default_rng(4).uniform(-25, 25, (4000, 3))
    upper, lower = half_ball(20), half_ball(20, upper=False)
    either = (upper.distance_mm(points) < 0) | (lower.distance_mm(points) < 0)
    np.testing.assert_array_equal(either, sphere(20).distance_mm(points) < 0)
    on_disc = points * [0.3, 0.3, 0]
    np.testing.assert_allclose(upper.distance_mm(on_disc), 0, atol=1e-12)
    np.testing.assert_allclose(lower.normals(on_disc + 1e-3), np.tile([0, 0, 1], (4000, 1)))


def test_known_distances() -> None:
    assert ellipsoid(60, 40, 25).distance_mm(np.array([[70, 0, 0], [0, 0, -20], [0, 0, 0]])) == (
        pytest.approx([10, -5, -25], abs=1e-3)
    )
    assert cone(10, 20).distance_mm(np.array([[0, 0, 13], [0, 0, -12], [0, 0, -9]])) == (
        pytest.approx([3, 2, -1])
    )
    assert wedge(10, 20, 30).distance_mm(np.array([[0, 18, -5], [0, 0, 14]])) == (
        pytest.approx([3, 4])
    )


@pytest.mark.parametrize("linear", GRIDS.values(), ids=GRIDS)
def test_every_grid_holds_the_whole_body(linear: npt.NDArray[np.float64]) -> None:
    body = ellipsoid(36, 24, 18)
    image = voxelised(body, linear)
    assert segment_mm3(image) == pytest.approx(body.volume_mm3, rel=0.01)
    for axis, end in itertools.product(range(3), (0, -1)):
        assert not image.labels.take(end, axis).any()


def test_there_are_48_orientations_and_all_show_the_same_world() -> None:
    body = sphere(4).placed(np.eye(3), (5, 2, -3))
    image = voxelised(body, np.diag([1.5, 1.0, 2.0]))
    affines = set()
    for axes, directions in ORIENTATIONS:
        other = reoriented(image, axes, directions)
        assert segment_mm3(other) == pytest.approx(segment_mm3(image))
        np.testing.assert_allclose(segment_centroid_mm(other), segment_centroid_mm(image))
        affines.add(tuple(np.sign(other.affine_ras_mm[:3, :3]).ravel()))
    assert len(affines) == 48


def test_later_bodies_win_and_values_have_structures() -> None:
    image = voxelised([sphere(10), sphere(5)], np.diag([1.0, 1.0, 1.0]), dtype=np.uint16)
    assert image.labels.dtype == np.uint16
    assert image.labels.flags.f_contiguous
    assert image.structures == {1: structure(1), 2: structure(2)}
    assert segment_mm3(image, 2) == pytest.approx(sphere(5).volume_mm3, rel=0.03)
    assert image.labels[tuple(np.array(image.labels.shape) // 2)] == 2


@pytest.mark.parametrize("body", BY_NAME)
def test_points_on_the_surface_cover_it(body: Body) -> None:
    points = body.surface_points(1.0)
    np.testing.assert_allclose(body.distance_mm(points), 0, atol=1e-3)
    finer = body.surface_points(0.7)
    assert cdist(finer, points).min(axis=1).max() < 2.0
