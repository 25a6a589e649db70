import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scan_to_mesh.meshing.dual_surface import (
    SEVERAL_SHEETS,
    SINGLE_CELL,
    DualSurface,
    dual_surface,
)
from scan_to_mesh.meshing.topology import is_watertight, signed_volume_and_area
from scan_to_mesh.meshing.triangulation import triangulated

from tests.mesh_quality import Topology, topology
from tests.unit.scan_to_mesh.meshing.masks import Mask, ball, exposed_faces, padded

BALL = padded(ball(12))


def triangles(surface: DualSurface) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    return triangulated(surface.vertices_index, surface.quads)


def shape_of(surface: DualSurface) -> Topology:
    return topology(triangles(surface))


@pytest.mark.parametrize("coarse", [False, True])
def test_a_ball_has_a_closed_surface_wound_outward(coarse: bool) -> None:
    surface = dual_surface(BALL, coarse=coarse)
    faces = triangles(surface)
    assert is_watertight(faces)
    # Reversed axes are right-handed: there it encloses what its voxels fill, but for the corners.
    volume, _ = signed_volume_and_area(surface.vertices_index[:, ::-1].copy(), faces)
    assert volume == pytest.approx(BALL.sum(), rel=0.06)


def test_one_vertex_a_cell_and_one_quadrilateral_a_crossed_edge() -> None:
    surface = dual_surface(BALL, coarse=False)
    windows = np.lib.stride_tricks.sliding_window_view(BALL, (2, 2, 2)).sum(axis=(3, 4, 5))
    assert len(surface.vertices_index) == np.count_nonzero((windows > 0) & (windows < 8))
    assert len(surface.quads) == surface.crossings == exposed_faces(BALL)
    within = surface.vertices_index - surface.corners_index
    assert (within >= 0).all()
    assert (within <= 1).all()
    assert (surface.patterns & SINGLE_CELL).all()


def test_blocks_share_a_vertex_where_it_is_even() -> None:
    surface = dual_surface(BALL, coarse=True)
    fine = dual_surface(BALL, coarse=False)
    assert surface.crossings == fine.crossings
    assert len(surface.vertices_index) < 0.3 * len(fine.vertices_index)
    assert (surface.corners_index[surface.patterns & SINGLE_CELL == 0] % 2 == 0).all()


def test_a_spike_and_a_sheet_keep_all_of_their_vertices() -> None:
    inside = np.zeros((24, 24, 24), bool)
    inside[:8] = True
    inside[8:20, 11, 11] = True
    spike = dual_surface(padded(inside), coarse=True)
    fine = dual_surface(padded(inside), coarse=False)
    for surface in (spike, fine):
        along = surface.vertices_index[:, 0] - 2
        assert along.max() == pytest.approx(fine.vertices_index[:, 0].max() - 2)
    on_spike = np.count_nonzero(spike.vertices_index[:, 0] - 2 > 10)
    assert on_spike == np.count_nonzero(fine.vertices_index[:, 0] - 2 > 10)
    sheet = np.zeros((20, 20, 20), bool)
    sheet[9] = True
    assert len(dual_surface(padded(sheet), coarse=True).vertices_index) == len(
        dual_surface(padded(sheet), coarse=False).vertices_index
    )


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
    inside = coarse_voxels
    for axis, count in enumerate(repeats):
        inside = inside.repeat(count, axis)
    mask = padded(inside, before=before)
    fine, coarse = (shape_of(dual_surface(mask, coarse=c)) for c in (False, True))
    assert (coarse.pieces, coarse.euler) == (fine.pieces, fine.euler)
    assert coarse.crowded_edges == fine.crowded_edges
    assert coarse.open_edges == fine.open_edges == 0


def test_neighbours_share_the_vertices_of_their_common_boundary() -> None:
    whole = np.zeros((21, 21, 21), np.uint8)
    slope = np.indices(whole.shape).astype(float)
    upper = slope[0] + 0.3 * slope[1] - 0.2 * slope[2] > 11.3
    whole[2:-2, 2:-2, 2:-2] = 1
    one, other = ((whole * part).astype(np.uint8) for part in (upper, ~upper))
    vertices = [
        {tuple(v) for v in dual_surface(mask, coarse=True).vertices_index.tolist()}
        for mask in (one, other)
    ]
    middle = np.array(
        [
            vertex
            for vertex in vertices[0]
            if all(5 < along < 15 for along in vertex)  # off the outer faces
        ]
    )
    assert len(middle) > 20
    assert {tuple(vertex) for vertex in middle} <= vertices[1]


def test_two_voxels_that_share_an_edge_have_a_sheet_each() -> None:
    mask: Mask = np.zeros((7, 7, 7), np.uint8)
    mask[3, 3, 3] = mask[4, 4, 3] = 1
    surface = dual_surface(mask, coarse=True)
    assert np.count_nonzero(surface.patterns == SEVERAL_SHEETS) == 4
    assert shape_of(surface).pieces == 2
