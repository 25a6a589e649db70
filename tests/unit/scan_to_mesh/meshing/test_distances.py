import numpy as np
import numpy.typing as npt
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scan_to_mesh.meshing.distances import surface_distances_mm

Array = npt.NDArray[np.float64]

# Whole millimetres make triangles that are points and segments, and points on edges and planes.
whole_mm = st.integers(-6, 6).map(float)
any_mm = st.floats(-1000, 1000, width=32)


def _to_segments(points: Array, starts: Array, ends: Array) -> Array:
    along = ends - starts
    length = (along**2).sum(-1)
    share = ((points[:, None] - starts) * along).sum(-1) / np.where(length > 0, length, 1.0)
    nearest = starts + np.clip(share, 0, 1)[..., None] * along
    return np.linalg.norm(points[:, None] - nearest, axis=-1)


def _above_insides(points: Array, triangles: Array) -> Array:
    """To the plane where the foot of the perpendicular lies inside, infinite elsewhere."""
    edges = np.stack([triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]], axis=2)
    from_first = points[:, None] - triangles[:, 0]
    weights = np.einsum("mwx,pmx->pmw", np.linalg.pinv(edges), from_first)
    foot = np.einsum("mxw,pmw->pmx", edges, weights)
    inside = (weights >= 0).all(-1) & (weights.sum(-1) <= 1)
    return np.where(inside, np.linalg.norm(from_first - foot, axis=-1), np.inf)


def _by_brute_force(points: Array, vertices: Array, faces: npt.NDArray[np.int32]) -> Array:
    """All points against all triangles: their edges, and their insides where they have area."""
    triangles = vertices[faces]
    a, b, c = triangles[:, 0], triangles[:, 1], triangles[:, 2]
    candidates = [_to_segments(points, start, end) for start, end in ((a, b), (b, c), (c, a))]
    sizes = np.linalg.norm(b - a, axis=1) * np.linalg.norm(c - a, axis=1)
    solid = np.linalg.norm(np.cross(b - a, c - a), axis=1) > 1e-6 * sizes + 1e-12
    candidates.append(_above_insides(points, triangles[solid]))
    return np.concatenate(candidates, axis=1).min(axis=1)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), coordinates=st.sampled_from([whole_mm, any_mm]))
def test_agrees_with_brute_force_on_any_triangles(
    data: st.DataObject, coordinates: st.SearchStrategy[float]
) -> None:
    vertices = data.draw(arrays.arrays(np.float64, (8, 3), elements=coordinates))
    rows = data.draw(st.integers(1, 12))
    faces = data.draw(arrays.arrays(np.int32, (rows, 3), elements=st.integers(0, 7)))
    points = data.draw(arrays.arrays(np.float64, (6, 3), elements=coordinates))
    measured = surface_distances_mm(points, vertices, faces)
    assert measured.dtype == np.float32
    np.testing.assert_allclose(
        measured, _by_brute_force(points, vertices, faces), rtol=1e-5, atol=1e-3
    )


@pytest.mark.parametrize("spread_mm", [0.5, 20, 400])
def test_agrees_with_trimesh_around_a_real_surface(spread_mm: float) -> None:
    """Near points, points across the emptiness inside, and points far outside."""
    rng = np.random.default_rng(7)
    shape = trimesh.creation.torus(60, 12, major_sections=64, minor_sections=24)
    vertices = shape.vertices * [1, 0.6, 1.4] + [300, -120, 900]
    seeds = vertices[rng.integers(0, len(vertices), 60)]
    points = seeds + rng.normal(0, spread_mm, (60, 3))
    faces = shape.faces.astype(np.int32)
    pairs = np.repeat(points, len(faces), axis=0)
    nearest = trimesh.triangles.closest_point(np.tile(vertices[faces], (len(points), 1, 1)), pairs)
    expected = np.linalg.norm(nearest - pairs, axis=1).reshape(len(points), -1).min(axis=1)
    np.testing.assert_allclose(
        surface_distances_mm(points, vertices, faces), expected, rtol=1e-6, atol=1e-6
    )


def test_a_huge_triangle_among_many_small_ones_is_found_wherever_it_lies() -> None:
    ball = trimesh.creation.icosphere(subdivisions=4, radius=1)
    vertices = np.vstack([ball.vertices, [[-900, -900, 40], [900, -900, 40], [0, 900, 44]]])
    last = len(ball.vertices)
    faces = np.vstack([ball.faces, [[last, last + 1, last + 2]]]).astype(np.int32)
    points = np.random.default_rng(1).uniform(-500, 500, (40, 3))
    np.testing.assert_allclose(
        surface_distances_mm(points, vertices, faces),
        _by_brute_force(points, vertices, faces),
        rtol=1e-6,
    )


def test_distance_to_a_sphere_is_that_of_its_facets() -> None:
    ball = trimesh.creation.icosphere(subdivisions=4, radius=40)
    directions = trimesh.creation.icosphere(subdivisions=3).vertices
    measured = surface_distances_mm(directions * 43, ball.vertices, ball.faces.astype(np.int32))
    # A facet's middle lies below the sphere by at most its sagitta.
    assert measured.min() >= 3 - 1e-5
    assert measured.max() <= 3 + ball.edges_unique_length.max() ** 2 / (6 * 40)


def test_points_on_the_surface_are_at_no_distance() -> None:
    box = trimesh.creation.box(extents=(20, 30, 40))
    vertices = box.vertices + np.array([1000, -2000, 3000])
    faces = box.faces.astype(np.int32)
    on_it = np.vstack([vertices, vertices[faces].mean(axis=1)])
    np.testing.assert_allclose(surface_distances_mm(on_it, vertices, faces), 0, atol=1e-9)


def test_float32_vertices_far_from_the_origin_keep_their_precision() -> None:
    corners = np.array([[5000, 5000, 5000], [5010, 5000, 5000], [5000, 5010, 5000]], np.float32)
    above = corners.mean(axis=0, keepdims=True) + np.array([[0, 0, 0.25]], np.float32)
    assert surface_distances_mm(above, corners, np.array([[0, 1, 2]], np.int32)) == pytest.approx(
        0.25, abs=1e-6
    )


def test_no_points_have_no_distances() -> None:
    box = trimesh.creation.box()
    assert surface_distances_mm(np.empty((0, 3)), box.vertices, box.faces).shape == (0,)


def test_a_surface_without_triangles_is_refused() -> None:
    with pytest.raises(ValueError, match="without triangles"):
        surface_distances_mm(np.zeros((1, 3)), np.zeros((3, 3)), np.empty((0, 3), np.int32))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_coordinate_that_is_not_finite_is_refused(bad: float) -> None:
    box = trimesh.creation.box()
    with pytest.raises(ValueError, match="not finite"):
        surface_distances_mm(np.array([[0, bad, 0]]), box.vertices, box.faces)
