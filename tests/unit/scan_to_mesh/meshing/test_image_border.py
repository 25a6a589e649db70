"""Structures that the image cuts off end where the image does, as sharply."""

import numpy as np
import numpy.typing as npt
import pytest
from iris_imaging.volume import LabelMap
from scan_to_mesh.meshing.dual_surface import dual_surface
from scan_to_mesh.meshing.image_border import RIM, are_pinned, pins_at, with_rims
from scan_to_mesh.meshing.patient_axes import LabelGrid, PaddedMask, PatientView
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scan_to_mesh.segments import find_segments

from tests.label_maps import GRIDS, label_map
from tests.mesh_distances import nearest_on_mesh
from tests.mesh_quality import Floats
from tests.unit.scan_to_mesh.meshing.promises import assert_sound, mesh_all, mesh_one

SHAPE = (50, 56, 24)
MIDDLE, SLOPE, RADIUS = np.array([22.3, 26.1]), np.array([0.4, 0.2]), 13.7
ENDS = (-0.5, SHAPE[2] - 0.5)


def leaning_tube(linear_mm: Floats) -> LabelMap:
    """Through the whole image, in the voxels' own measure."""
    x, y, z = np.indices(SHAPE).astype(float)
    off = np.hypot(x - MIDDLE[0] - SLOPE[0] * z, y - MIDDLE[1] - SLOPE[1] * z)
    affine = np.eye(4)
    affine[:3, :3] = linear_mm
    return label_map((off < RADIUS).astype(np.uint8), affine)


def true_rim(end: float) -> Floats:
    """Where the tube passes through the border, in index coordinates."""
    angle = np.linspace(0, 2 * np.pi, 300)
    around = RADIUS * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return np.column_stack([MIDDLE + end * SLOPE + around, np.full(300, end)])


def index_of(mesh: SurfaceMesh, image: LabelMap) -> Floats:
    to_index = np.linalg.inv(image.affine_ras_mm)
    return np.asarray(mesh.vertices_ras_mm.astype(float) @ to_index[:3, :3].T + to_index[:3, 3])


@pytest.mark.parametrize("reduction", [0.0, 0.9])
@pytest.mark.parametrize("grid", GRIDS)
def test_caps_are_flat_and_rims_where_the_side_ends(grid: str, reduction: float) -> None:
    image = leaning_tube(GRIDS[grid])
    mesh = mesh_one(image, reduction)
    assert_sound(mesh)
    vertices = index_of(mesh, image)
    assert vertices[:, 2].min() == pytest.approx(ENDS[0], abs=1e-3)
    assert vertices[:, 2].max() == pytest.approx(ENDS[1], abs=1e-3)
    for end in ENDS:
        off = nearest_on_mesh(true_rim(end), vertices, mesh.faces).distances_mm
        assert off.mean() < 0.15
        assert off.max() < 0.6
        # Nothing of the cap lies beyond its rim.
        cap = vertices[np.abs(vertices[:, 2] - end) < 1e-3, :2]
        from_middle = np.linalg.norm(cap - MIDDLE - end * SLOPE, axis=1)
        assert from_middle.max() < RADIUS + 0.6


@pytest.mark.parametrize("axis", range(3))
def test_a_straight_bar_is_as_wide_at_the_border_as_amid(axis: int) -> None:
    labels = np.zeros((12, 12, 12), np.uint8)
    span: list[slice] = [slice(3, 9), slice(4, 8), slice(5, 9)]
    span[axis] = slice(None)
    labels[tuple(span)] = 1
    mask = padded_mask(labels)
    surface, blocks = with_rims(*dual_surface(mask.voxels), mask)
    (along,) = (a for a in range(3) if mask.voxels.sum(axis=a).max() == 12)
    around = [a for a in range(3) if a != along]

    def places(which: npt.NDArray[np.bool_]) -> set[tuple[float, float]]:
        return {(float(y), float(x)) for y, x in surface.vertices_index[which][:, around]}

    is_rim = surface.pins & RIM != 0
    at_rims = surface.vertices_index[is_rim, along]
    low, high = at_rims.min(), at_rims.max()
    assert high - low == 11  # in the image's first and last layer of voxels
    amid = surface.corners_index[:, along] == surface.corners_index[is_rim, along].min() + 6
    for end in (low, high):
        assert places(is_rim & (surface.vertices_index[:, along] == end)) == places(amid)
    assert (are_pinned(surface.pins[is_rim]) == (np.arange(3) == along)).all()
    assert set(blocks.of_vertices[is_rim]) == {-1}


def padded_mask(labels: npt.NDArray[np.uint8]) -> PaddedMask:
    (segment,) = find_segments(labels)
    return PatientView.of(LabelGrid.of_image(labels, np.eye(4))).padded_mask(segment)


def test_away_from_the_border_nothing_is_pinned() -> None:
    labels = np.zeros((9, 9, 9), np.uint8)
    labels[1:8, 1:8, 1:8] = 1
    mask = padded_mask(labels)
    surface, blocks = dual_surface(mask.voxels)
    ended, same_blocks = with_rims(surface, blocks, mask)
    assert ended is surface
    assert same_blocks is blocks
    assert not surface.pins.any()


@pytest.mark.parametrize("reduction", [0.0, 0.5, 0.9])
def test_in_a_corner_of_the_image_the_corner_is_kept(reduction: float) -> None:
    labels = np.zeros((20, 20, 20), np.uint8)
    labels[:9, :10, :11] = 1
    mesh = mesh_one(label_map(labels), reduction)
    assert_sound(mesh)
    corner = mesh.vertices_ras_mm + 0.5
    assert np.linalg.norm(corner, axis=1).min() < 1e-3
    assert corner.min() > -1e-3


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_an_image_of_few_slices_has_slabs_of_full_depth(depth: int) -> None:
    y, x = np.indices((40, 40)).astype(float)
    disc = np.hypot(y - 19.3, x - 20.2) < 12
    image = label_map(np.repeat(disc[:, :, np.newaxis], depth, axis=2).astype(np.uint8))
    mesh = mesh_one(image, 0.5)
    assert_sound(mesh)
    on_caps = np.abs(np.abs(mesh.vertices_ras_mm[:, 2] - (depth - 1) / 2) - depth / 2) < 1e-3
    assert on_caps.mean() > (0.99 if depth == 1 else 0.5)
    volume_mm3 = mesh.report.mesh_volume_ml
    assert volume_mm3 is not None
    assert volume_mm3 * 1000 == pytest.approx(disc.sum() * depth, rel=0.01)


def test_neighbours_that_are_cut_meet_up_to_the_border() -> None:
    x, y, z = np.indices((40, 40, 20)).astype(float)
    labels = np.where(x + 0.3 * y - 0.4 * z < 22, 1, 2).astype(np.uint8)
    image = label_map(labels)
    first, second = mesh_all(image, 0.9)
    for end in (-0.5, 19.5):
        y = np.linspace(2, 37, 60)
        line = np.column_stack([22 - 0.3 * y + 0.4 * end, y, np.full(60, end)])
        for mesh in (first, second):
            off = nearest_on_mesh(line, mesh.vertices_ras_mm, mesh.faces).distances_mm
            assert np.percentile(off, 90) < 0.3


def test_pins_tell_the_borders_apart() -> None:
    border = ((-0.5, 9.5), (1.5, 4.0), (-7.0, 3.0))
    points = np.array([[-0.5, 2, 0], [9.5, 4.0, 0], [3, 1.5, 3.0], [3, 2, -7.0], [3, 2, 0.0]])
    pins = pins_at(points, border)
    assert pins.tolist() == [1, 2 | 8, 4 | 32, 16, 0]
    assert are_pinned(pins).tolist() == [
        [True, False, False],
        [True, True, False],
        [False, True, True],
        [False, False, True],
        [False, False, False],
    ]
