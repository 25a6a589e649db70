import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scan_to_mesh.meshing.block_merging import with_even_blocks_merged
from scan_to_mesh.meshing.dual_surface import SINGLE_CELL, DualSurface, dual_surface
from scan_to_mesh.meshing.relaxation import Smoothing, relaxed, surface_normals
from scan_to_mesh.meshing.triangulation import triangulated

from tests.mesh_quality import Floats, topology
from tests.unit.scan_to_mesh.meshing.masks import Mask, ball, padded

RADIUS = 14.2
BALL = padded(ball(RADIUS))
MIDDLE = np.array([17.0, 17.0, 17.0])


def merged(mask: Mask, *, smooth: bool = True) -> tuple[DualSurface, DualSurface, Floats]:
    """The surface with a vertex in every cell, the one with blocks, and its smoothed vertices."""
    fine, blocks = dual_surface(mask)
    vertices = relaxed(fine, Smoothing(rounds=3)) if smooth else fine.vertices_index
    normals = surface_normals(vertices, fine)
    surface, vertices_index = with_even_blocks_merged(fine, blocks, vertices, normals)
    return fine, surface, vertices_index.astype(np.float64)


def test_even_blocks_share_a_vertex_and_keep_their_voxels() -> None:
    fine, surface, _ = merged(BALL)
    assert len(surface.vertices_index) < 0.6 * len(fine.vertices_index)
    is_block = surface.patterns & SINGLE_CELL == 0
    assert is_block.mean() > 0.3
    assert (surface.corners_index[is_block] % 2 == 0).all()
    within = surface.vertices_index - surface.corners_index
    assert (within >= 0).all()
    assert (within <= np.where(is_block, 2, 1)[:, np.newaxis]).all()


def test_their_vertex_lies_on_the_surface_not_within() -> None:
    fine, surface, vertices = merged(BALL)
    before = relaxed(fine, Smoothing(rounds=3))
    radius, of_blocks = (
        np.linalg.norm(all_vertices - MIDDLE, axis=1).mean()
        for all_vertices in (before, vertices[surface.patterns & SINGLE_CELL == 0])
    )
    sag = 2**2 / 12 / RADIUS  # of the mean over a block's square, from a sphere
    assert of_blocks == pytest.approx(radius, abs=sag / 3)


def test_edges_of_a_cube_keep_all_of_their_vertices() -> None:
    """Where a block has part of the faces that meet there; within the faces blocks merge."""
    fine, surface, _ = merged(padded(np.ones((19, 19, 19), bool), before=1), smooth=False)
    assert len(surface.vertices_index) < 0.5 * len(fine.vertices_index)
    at_edge = ((fine.corners_index == 0) | (fine.corners_index == 19)).sum(axis=1) >= 2
    kept = {tuple(corner) for corner in surface.corners_index.tolist()}
    assert {tuple(corner) for corner in fine.corners_index[at_edge].tolist()} <= kept


@settings(max_examples=200, deadline=None)
@given(
    coarse_voxels=arrays(bool, st.tuples(*[st.integers(1, 4)] * 3)),
    repeats=st.tuples(*[st.integers(1, 3)] * 3),
    before=st.integers(1, 2),
)
def test_blocks_change_nothing_of_the_topology(
    coarse_voxels: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    repeats: tuple[int, int, int],
    before: int,
) -> None:
    """Not even where all merge that may."""
    inside = coarse_voxels
    for axis, count in enumerate(repeats):
        inside = inside.repeat(count, axis)
    surface, blocks = dual_surface(padded(inside, before=before))
    alike = np.ones_like(surface.vertices_index) / np.float32(np.sqrt(3))
    coarse, vertices = with_even_blocks_merged(surface, blocks, surface.vertices_index, alike)
    before_facts = topology(triangulated(surface.vertices_index, surface.quads))
    facts = topology(triangulated(vertices, coarse.quads))
    assert (facts.pieces, facts.euler) == (before_facts.pieces, before_facts.euler)
    assert facts.crowded_edges == before_facts.crowded_edges
    assert facts.open_edges == before_facts.open_edges == 0


def test_neighbours_share_the_vertices_of_their_common_boundary() -> None:
    whole = np.zeros((31, 31, 31), np.uint8)
    slope = np.indices(whole.shape).astype(float)
    upper = slope[0] + 0.3 * slope[1] - 0.2 * slope[2] > 16.3
    whole[2:-2, 2:-2, 2:-2] = 1
    middles = []
    for part in (upper, ~upper):
        _, _, vertices = merged((whole * part).astype(np.uint8))
        middles.append(vertices[((vertices > 10) & (vertices < 20)).all(axis=1)])
    one, other = (middle[np.lexsort(middle.T)] for middle in middles)
    assert len(one) > 20
    np.testing.assert_allclose(one, other, atol=0.02)
