import numpy as np
import pytest
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


def test_a_ball_has_a_closed_surface_wound_outward() -> None:
    surface, _ = dual_surface(BALL)
    faces = triangles(surface)
    assert is_watertight(faces)
    # Reversed axes are right-handed: there it encloses what its voxels fill, but for the corners.
    volume, _ = signed_volume_and_area(surface.vertices_index[:, ::-1].copy(), faces)
    assert volume == pytest.approx(BALL.sum(), rel=0.06)


def test_one_vertex_a_cell_and_one_quadrilateral_a_crossed_edge() -> None:
    surface, _ = dual_surface(BALL)
    windows = np.lib.stride_tricks.sliding_window_view(BALL, (2, 2, 2)).sum(axis=(3, 4, 5))
    assert len(surface.vertices_index) == np.count_nonzero((windows > 0) & (windows < 8))
    assert len(surface.quads) == exposed_faces(BALL)
    within = surface.vertices_index - surface.corners_index
    assert (within >= 0).all()
    assert (within <= 1).all()
    assert (surface.patterns & SINGLE_CELL).all()


def test_blocks_begin_at_even_indices_around_their_vertices() -> None:
    surface, blocks = dual_surface(BALL)
    assert (blocks.corners_index % 2 == 0).all()
    of = blocks.of_vertices
    assert np.array_equal(np.unique(of[of >= 0]), np.arange(len(blocks.patterns)))
    offsets = surface.corners_index[of >= 0] - blocks.corners_index[of[of >= 0]]
    assert set(np.unique(offsets)) == {0, 1}
    for corner, pattern in zip(blocks.corners_index, blocks.patterns, strict=True):
        z, y, x = corner
        voxels = BALL[z : z + 3, y : y + 3, x : x + 3].transpose(2, 0, 1).ravel()
        assert sum(int(voxel) << bit for bit, voxel in enumerate(voxels)) == pattern


def test_most_of_a_ball_is_blocks_and_a_spike_and_a_sheet_have_none() -> None:
    assert np.mean(dual_surface(BALL)[1].of_vertices >= 0) > 0.8
    spike = np.zeros((24, 24, 24), bool)
    spike[8:20, 11, 11] = True
    sheet = np.zeros((20, 20, 20), bool)
    sheet[9] = True
    for inside in (spike, sheet):
        assert (dual_surface(padded(inside))[1].of_vertices == -1).all()


def test_two_voxels_that_share_an_edge_have_a_sheet_each() -> None:
    mask: Mask = np.zeros((7, 7, 7), np.uint8)
    mask[3, 3, 3] = mask[4, 4, 3] = 1
    surface, _ = dual_surface(mask)
    assert np.count_nonzero(surface.patterns == SEVERAL_SHEETS) == 4
    assert shape_of(surface).pieces == 2
