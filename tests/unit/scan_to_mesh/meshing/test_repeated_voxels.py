from itertools import permutations, product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iris_imaging.volume import LabelMap
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map
from scan_to_mesh.meshing.patient_axes import LabelGrid
from scan_to_mesh.meshing.repeated_voxels import without_repeats
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scipy import ndimage

from tests.analytic_shapes import sphere
from tests.label_maps import label_map, reoriented, voxelised
from tests.mesh_quality import surface_points, unit_normals
from tests.unit.scan_to_mesh.meshing.promises import assert_sound, mesh_one, volume_error

Labels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

MODEL_MM = 3.0
ORIENTATIONS = list(product(permutations(range(3)), product((1, -1), repeat=3)))


def blobs(shape: tuple[int, ...], seed: int) -> Labels:
    """Structures in each other's way, up to the border of the image."""
    noise = np.random.default_rng(seed).standard_normal((3, *shape))
    smooth = [ndimage.gaussian_filter(field, 2.0) for field in noise]
    return np.where(np.max(smooth, axis=0) > 0.03, np.argmax(smooth, axis=0) + 1, 0).astype(
        np.uint8
    )


def repeated(labels: Labels, shape: tuple[int, ...]) -> LabelGrid:
    """On a finer grid of the same place, as a nearest neighbour's resampling makes it.

    The outermost centres of both grids lie in the same places, so that its voxels are smaller than
    the model's by one part in as many as there are slices less one.
    """
    zoom = np.array(shape) / labels.shape
    fine = ndimage.zoom(labels, zoom, order=0, mode="nearest")
    spacing_mm = MODEL_MM / zoom
    affine = np.diag([*spacing_mm, 1.0])
    affine[:3, 3] = -40, 25, 7
    return LabelGrid.of_image(fine, affine)


shapes = st.tuples(*[st.integers(24, 40)] * 3)
zooms = st.tuples(*[st.floats(1.5, 5.0)] * 3)


@settings(max_examples=60, deadline=None)
@given(shape=shapes, zoom=zooms, seed=st.integers(0, 99))
def test_what_the_model_made_is_found_again(
    shape: tuple[int, ...], zoom: tuple[float, ...], seed: int
) -> None:
    made = blobs(shape, seed)
    image = repeated(made, tuple(round(s * z) for s, z in zip(shape, zoom, strict=True)))
    grid = without_repeats(image)
    assert grid is not None
    spacing_mm = np.diag(image.affine_ras_mm)[:3]
    distance = (np.array(image.labels.shape) - 1) / (np.array(shape) - 1)
    found_distance = np.diag(grid.affine_ras_mm)[:3] / spacing_mm
    np.testing.assert_allclose(found_distance, distance, rtol=0.04)
    first = (grid.affine_ras_mm - image.affine_ras_mm)[:3, 3] / spacing_mm
    # Half of the outermost slices is beyond the image, and their middle may seem to be.
    skipped = np.rint(first / distance).astype(int)
    assert ((skipped == 0) | (skipped == 1)).all()
    assert (np.array(shape) - grid.labels.shape - skipped <= 1).all()
    of_made = tuple(slice(s, s + n) for s, n in zip(skipped, grid.labels.shape, strict=True))
    np.testing.assert_array_equal(grid.labels, made[of_made])
    last = skipped + grid.labels.shape - 1
    for number, place in ((skipped, first), (last, first + found_distance * (last - skipped))):
        assert (np.abs(place - distance * number) <= 0.75).all()


def border_ras_mm(grid: LabelGrid) -> Floats:
    linear, origin = grid.affine_ras_mm[:3, :3], grid.affine_ras_mm[:3, 3]
    return np.array([linear @ corner + origin for corner in zip(*grid.border, strict=True)])


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 99), zoom=zooms, crop=st.tuples(*[st.integers(0, 9)] * 3))
def test_of_a_cut_image_nothing_is_lost_but_what_has_its_middle_beyond(
    seed: int, zoom: tuple[float, ...], crop: tuple[int, ...]
) -> None:
    whole = repeated(blobs((30, 26, 28), seed), tuple(round(28 * z) for z in zoom))
    cut = LabelGrid.of_image(
        np.ascontiguousarray(whole.labels[crop[0] :, crop[1] :, crop[2] :]), whole.affine_ras_mm
    )
    grid = without_repeats(cut)
    assert grid is not None
    np.testing.assert_allclose(border_ras_mm(grid), border_ras_mm(cut), atol=1e-9)
    for (begin, end), size in zip(grid.border, grid.labels.shape, strict=True):
        assert -1 <= begin < 0
        assert size - 1 < end <= size
    spacing = np.diag(grid.affine_ras_mm)[:3] / np.diag(cut.affine_ras_mm)[:3]
    first = (grid.affine_ras_mm - cut.affine_ras_mm)[:3, 3] / np.diag(cut.affine_ras_mm)[:3]
    nearest = [
        np.rint((np.arange(size) - begin) / distance).clip(0, len_ - 1).astype(int)
        for size, begin, distance, len_ in zip(
            cut.labels.shape, first, spacing, grid.labels.shape, strict=True
        )
    ]
    unlike = grid.labels[np.ix_(*nearest)] != cut.labels
    # One slice of each is next to a border that lies within half a slice of the middle.
    assert unlike[3:-3, 3:-3, 3:-3].mean() < 0.1


@pytest.mark.parametrize(
    "labels",
    [
        blobs((40, 40, 40), 3),
        voxelised(sphere(18), np.eye(3)).labels,
        np.zeros((20, 20, 20), np.uint8),
        np.ones((20, 20, 20), np.uint8),
        np.pad(np.ones((10, 10, 10), np.uint8), 5),
    ],
    ids=["blobs", "ball", "nothing", "full", "block"],
)
def test_an_image_that_repeats_nothing_stays_as_it_is(labels: Labels) -> None:
    assert without_repeats(LabelGrid.of_image(labels, np.eye(4))) is None


def test_one_voxel_out_of_line_is_enough_to_stay() -> None:
    image = repeated(blobs((30, 30, 30), 1), (100, 100, 100))
    assert without_repeats(image) is not None
    z, y, x = np.argwhere(np.diff(image.labels, axis=0) == 0)[4321]
    image.labels[z, y, x] = 9
    image.labels[z + 1, y, x] = 8
    grid = without_repeats(image)
    assert grid is None or {8, 9} <= set(np.unique(grid.labels).tolist())


def test_axes_along_which_nothing_is_repeated_stay_as_they_are() -> None:
    made = blobs((30, 30, 12), 2)
    image = repeated(made, (100, 100, 12))
    grid = without_repeats(image)
    assert grid is not None
    np.testing.assert_array_equal(grid.labels, made)
    assert grid.affine_ras_mm[2, 2] == image.affine_ras_mm[2, 2]
    assert grid.border[2] == image.border[2]


def stairs(radius_mm: float, shape: tuple[int, int, int]) -> tuple[LabelMap, LabelMap]:
    """A ball as a model sees it, on the model's grid and on a finer one."""
    made = voxelised(sphere(radius_mm), np.diag([MODEL_MM] * 3))
    distance = (np.array(made.labels.shape) - 1) / (np.array(shape) - 1)
    index = [np.rint(np.arange(n) * d).astype(int) for n, d in zip(shape, distance, strict=True)]
    affine = made.affine_ras_mm.copy()
    affine[:3, :3] *= distance
    return made, label_map(made.labels[np.ix_(*index)], affine)


def meshed(image: LabelMap, reduction: float, smoothing_mm: float | None = None) -> SurfaceMesh:
    options = MeshingOptions(reduction, smoothing_mm=smoothing_mm)
    (mesh,) = mesh_label_map(image, options, lambda _done, _all: None)
    return mesh


def tilt_degrees(mesh: SurfaceMesh) -> float:
    """Mean angle to the ball's normals."""
    points, faces = surface_points(mesh.vertices_ras_mm, mesh.faces, 4000)
    out = points / np.linalg.norm(points, axis=1, keepdims=True)
    cosine = (unit_normals(mesh.vertices_ras_mm, mesh.faces)[faces] * out).sum(axis=1)
    return float(np.degrees(np.arccos(cosine.clip(-1, 1))).mean())


@pytest.mark.parametrize("reduction", [0.0, 0.9])
@pytest.mark.parametrize("shape", [(60, 60, 60), (101, 90, 77)])
def test_the_mesh_is_that_of_the_models_grid(reduction: float, shape: tuple[int, int, int]) -> None:
    made, image = stairs(40, shape)
    mesh = meshed(image, reduction)
    assert_sound(mesh)
    assert abs(volume_error(mesh, image)) < 0.01
    points, _ = surface_points(mesh.vertices_ras_mm, mesh.faces, 4000)
    off_mm = np.abs(sphere(40).distance_mm(points))
    own_points, _ = surface_points(*_arrays(mesh_one(made, reduction)), 4000)
    own_mm = np.abs(sphere(40).distance_mm(own_points))
    assert off_mm.mean() < 1.3 * own_mm.mean() + 0.1
    assert tilt_degrees(mesh) < 6
    np.testing.assert_array_equal(meshed(image, reduction, MODEL_MM).faces, mesh.faces)
    assert tilt_degrees(meshed(image, reduction, 0.0)) > 20


def _arrays(mesh: SurfaceMesh) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int32]]:
    return mesh.vertices_ras_mm, mesh.faces


@pytest.mark.parametrize(("axes", "directions"), ORIENTATIONS)
def test_all_orientations_give_the_same_mesh_cut_at_the_border_of_the_image(
    axes: tuple[int, int, int], directions: tuple[int, int, int]
) -> None:
    _, image = stairs(20, (50, 47, 61))
    cut = label_map(np.ascontiguousarray(image.labels[14:, :33, 5:]), image.affine_ras_mm)
    cut.affine_ras_mm[:3, 3] += image.affine_ras_mm[:3, :3] @ [14, 0, 5]
    mesh, expected = (meshed(stored, 0.5) for stored in (reoriented(cut, axes, directions), cut))
    assert_sound(mesh)
    np.testing.assert_array_equal(mesh.faces, expected.faces)
    np.testing.assert_allclose(mesh.vertices_ras_mm, expected.vertices_ras_mm, atol=1e-3)
    corners = [[-0.5] * 3, [size - 0.5 for size in cut.labels.shape]]
    begin_mm, end_mm = corners @ cut.affine_ras_mm[:3, :3].T + cut.affine_ras_mm[:3, 3]
    assert mesh.vertices_ras_mm[:, 0].min() == pytest.approx(begin_mm[0], abs=1e-3)
    assert mesh.vertices_ras_mm[:, 1].max() == pytest.approx(end_mm[1], abs=1e-3)
    assert abs(volume_error(mesh, cut)) < 0.01
