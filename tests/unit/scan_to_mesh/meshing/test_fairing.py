import numpy as np
import pytest
import trimesh
from scan_to_mesh.meshing.fairing import faired
from scan_to_mesh.meshing.surface import Surface

from tests.mesh_quality import topology, unit_normals, volume_mm3

UNIT = np.eye(3)
RADIUS_MM = 20.0


def noisy_ball(seed: int, noise_mm: float = 0.1) -> Surface:
    ball = trimesh.creation.icosphere(subdivisions=3, radius=RADIUS_MM)
    out = ball.vertices / RADIUS_MM
    noise = np.random.default_rng(seed).normal(scale=noise_mm, size=(len(out), 1))
    return (ball.vertices + noise * out).astype(np.float32), ball.faces.astype(np.int32)


def off_radial(surface: Surface) -> float:
    """Root mean square angle between triangles' normals and a ball's, in degrees."""
    middles = surface[0][surface[1]].mean(axis=1)
    radial = middles / np.linalg.norm(middles, axis=1, keepdims=True)
    cosines = (unit_normals(*surface) * radial).sum(axis=1).clip(-1.0, 1.0)
    return float(np.degrees(np.sqrt(np.mean(np.arccos(cosines) ** 2))))


def off_radius_mm(surface: Surface) -> float:
    return float(np.std(np.linalg.norm(surface[0], axis=1)))


@pytest.mark.parametrize("seed", range(3))
def test_a_noisy_ball_becomes_rounder_and_keeps_its_volume(seed: int) -> None:
    noisy = noisy_ball(seed)
    even = faired(noisy, 1.0, UNIT)
    assert topology(even[1]).is_closed_manifold
    assert off_radial(even) < 0.95 * off_radial(noisy)
    assert off_radius_mm(even) < 0.95 * off_radius_mm(noisy)
    assert volume_mm3(*even) == pytest.approx(volume_mm3(*noisy), rel=0.005)


def test_what_is_given_stays_as_it_was() -> None:
    vertices, faces = noisy_ball(0)
    before = vertices.copy(), faces.copy()
    faired((vertices, faces), 1.0, UNIT)
    np.testing.assert_array_equal(vertices, before[0])
    np.testing.assert_array_equal(faces, before[1])


def test_flat_sides_and_crisp_edges_stay() -> None:
    box = trimesh.creation.box((20.0, 30.0, 50.0)).subdivide().subdivide()
    rotation = trimesh.transformations.random_rotation_matrix(np.random.default_rng(1).random(3))
    box.apply_transform(rotation)
    surface = box.vertices.astype(np.float32), box.faces.astype(np.int32)
    vertices, faces = faired(surface, 1.0, UNIT)
    np.testing.assert_allclose(vertices, surface[0], atol=1e-4)
    assert volume_mm3(vertices, faces) == pytest.approx(30_000.0, rel=1e-5)


@pytest.mark.parametrize("way_mm", [0.01, 0.05])
def test_no_vertex_goes_further_than_it_may(way_mm: float) -> None:
    noisy = noisy_ball(2, noise_mm=0.5)
    even = faired(noisy, way_mm, UNIT)
    ways_mm = np.linalg.norm(even[0] - noisy[0], axis=1)
    assert ways_mm.max() == pytest.approx(way_mm, rel=1e-3)


@pytest.mark.parametrize("index_to_mm", [UNIT, np.diag([0.5, 2.0, -1.0])[:, [1, 0, 2]]])
def test_vertices_at_the_border_of_the_image_stay(index_to_mm: np.ndarray) -> None:
    vertices_mm, faces = noisy_ball(3)
    index = vertices_mm @ np.linalg.inv(index_to_mm).T
    pinned = np.array([5, 77, 301])
    limits = [(float(index[pinned[axis], axis]), 1e6) for axis in range(3)]
    even_mm, _ = faired((vertices_mm, faces), 1.0, index_to_mm, limits)
    stays = np.zeros(len(index), bool)
    for axis, (limit, _) in enumerate(limits):
        stays |= np.abs(index[:, axis] - limit) < 1e-4
    assert stays[pinned].all()
    moved = (even_mm != vertices_mm).any(axis=1)
    assert not moved[pinned].any()
    assert moved.mean() > 0.9


def test_triangles_without_an_area_do_no_harm() -> None:
    """Two balls' vertices in one place: nothing to divide by."""
    vertices, faces = noisy_ball(4)
    a, b, c = faces[0]
    vertices[[a, b, c]] = vertices[a]
    even, _ = faired((vertices, faces), 1.0, UNIT)
    assert np.isfinite(even).all()
