"""Scan conversion against bodies whose insides are known."""

import numpy as np
import numpy.typing as npt
import pytest
import trimesh

from tests.analytic_shapes import torus
from tests.label_maps import GRIDS, label_map
from tests.mesh_and_voxels import boundary_faces, winding_numbers


@pytest.mark.parametrize("linear", GRIDS.values(), ids=GRIDS)
def test_a_ring_on_every_grid(linear: npt.NDArray[np.float64]) -> None:
    ring = trimesh.creation.torus(12, 4, major_sections=200, minor_sections=100)
    affine = np.eye(4)
    affine[:3, :3] = linear
    shape = (30, 28, 26)
    affine[:3, 3] = -linear @ (np.array(shape) / 2)
    wound = winding_numbers(ring.vertices, ring.faces, affine, shape)
    centres = np.stack(np.indices(shape), axis=-1) @ linear.T + affine[:3, 3]
    distance = torus(12, 4).distance_mm(centres)
    clear = np.abs(distance) > 0.02  # the mesh has flat triangles
    np.testing.assert_array_equal(wound[clear], (distance < 0)[clear])
    inside_out = winding_numbers(ring.vertices, ring.faces[:, ::-1], affine, shape)
    np.testing.assert_array_equal(inside_out, -wound)


def test_voxels_boxes_hold_their_voxels() -> None:
    """Vertices, edges and diagonals of a box lie exactly over and between voxels' centres."""
    mask = np.random.default_rng(2).random((6, 7, 8)) < 0.3
    image = label_map(mask.astype(np.uint8))
    boxes = trimesh.util.concatenate(
        [trimesh.creation.box((1, 1, 1)).apply_translation(i) for i in np.argwhere(mask)]
    )
    wound = winding_numbers(boxes.vertices, boxes.faces, image.affine_ras_mm, mask.shape)
    np.testing.assert_array_equal(wound, mask)
    finer = np.diag([0.5, 0.5, 0.5, 1.0])
    finer[:3, 3] = -0.25
    wound = winding_numbers(boxes.vertices, boxes.faces, finer, (12, 14, 16))
    np.testing.assert_array_equal(wound, mask.repeat(2, 0).repeat(2, 1).repeat(2, 2))


def test_bodies_through_each_other_wind_twice() -> None:
    box = trimesh.creation.box((4, 4, 4))
    both = trimesh.util.concatenate([box, box.copy().apply_translation([2, 0, 0])])
    affine = np.eye(4)
    affine[:3, 3] = -4.5
    wound = winding_numbers(both.vertices, both.faces, affine, (12, 10, 10))
    assert (wound == 2).sum() == 2 * 4 * 4
    assert (wound == 1).sum() == 2 * 2 * 4 * 4


def test_what_lies_beyond_the_grid_is_cut_off() -> None:
    ball = trimesh.creation.icosphere(subdivisions=3, radius=50)
    assert (winding_numbers(ball.vertices, ball.faces, np.eye(4), (5, 4, 3)) == 1).all()


def test_faces_of_the_boundary_and_what_is_beyond() -> None:
    mask = np.zeros((3, 3, 2), bool)
    mask[1, 1, :] = True
    middles, beyond = boundary_faces(mask)
    found = {tuple(middle): tuple(voxel) for middle, voxel in zip(middles, beyond, strict=True)}
    assert found == {
        (0.5, 1, 0): (0, 1, 0),
        (1.5, 1, 0): (2, 1, 0),
        (0.5, 1, 1): (0, 1, 1),
        (1.5, 1, 1): (2, 1, 1),
        (1, 0.5, 0): (1, 0, 0),
        (1, 1.5, 0): (1, 2, 0),
        (1, 0.5, 1): (1, 0, 1),
        (1, 1.5, 1): (1, 2, 1),
        (1, 1, -0.5): (1, 1, 0),
        (1, 1, 1.5): (1, 1, 1),
    }
