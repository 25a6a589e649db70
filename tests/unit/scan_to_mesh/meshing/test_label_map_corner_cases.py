"""Label maps at the ends of what may come: cut off, tiny, full, touching, in every storage."""

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from iris_imaging.volume import LabelMap
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scipy import ndimage

from tests.label_maps import ORIENTATIONS, Labels, label_map, reoriented, segment_mm3
from tests.mesh_distances import nearest_on_mesh
from tests.mesh_quality import centroid_mm, surface_points, topology
from tests.unit.scan_to_mesh.meshing.promises import (
    VOLUME,
    VOLUME_OF_THE_THIN,
    assert_depths_kept,
    assert_pieces_kept,
    assert_sound,
    mesh_all,
    mesh_one,
    volume_error,
)

REDUCTIONS = pytest.mark.parametrize("reduction", [0.0, 0.5, 0.9, 0.99])


def assert_whole(mesh: SurfaceMesh, image: LabelMap, within: float = VOLUME_OF_THE_THIN) -> None:
    mask = image.labels == mesh.structure.label_value
    assert_sound(mesh)
    assert_pieces_kept(mesh, mask)
    assert_depths_kept(mesh, mask, image)
    assert abs(volume_error(mesh, image)) < within, mesh.structure.name


def ends(mesh: SurfaceMesh) -> npt.NDArray[np.float64]:
    """Smallest and largest coordinate along each axis, shape (2, 3)."""
    vertices = mesh.vertices_ras_mm.astype(np.float64)
    return np.stack([vertices.min(axis=0), vertices.max(axis=0)])


@REDUCTIONS
def test_cut_structures_are_closed_and_flat_at_the_border(reduction: float) -> None:
    labels = np.zeros((30, 30, 20), np.uint8)
    labels[8:22, 8:22, :] = 1
    labels[:, :4, 5:15] = 2
    for mesh, axis in zip(mesh_all(label_map(labels), reduction), (2, 0), strict=True):
        assert_whole(mesh, label_map(labels), VOLUME)
        end = [-0.5, labels.shape[axis] - 0.5]
        assert ends(mesh)[:, axis] == pytest.approx(end, abs=1e-3)
        points, _ = surface_points(mesh.vertices_ras_mm, mesh.faces, 4000)
        caps = np.abs(points[:, axis] - np.where(points[:, axis] < 10, *end))
        across = 14 * 14 if axis == 2 else 4 * 10
        share = 2 * across / (2 * across + (4 * 14 * 20 if axis == 2 else 2 * (4 + 10) * 30))
        assert (caps < 1e-3).mean() > 0.9 * share


@REDUCTIONS
@pytest.mark.parametrize("linear", [(1, 1, 1), (0.7, 0.7, 5), (-2, 3, 0.5)], ids=str)
def test_one_voxel_is_a_body(linear: tuple[float, float, float], reduction: float) -> None:
    labels = np.zeros((5, 4, 3), np.uint8)
    labels[2, 1, 1] = 1
    image = label_map(labels, np.diag([*linear, 1.0]))
    mesh = mesh_one(image, reduction)
    assert_whole(mesh, image)
    assert topology(mesh.faces).pieces == 1
    half = np.abs(linear) / np.array(2)
    low, high = ends(mesh)
    off_mm = centroid_mm(mesh.vertices_ras_mm, mesh.faces) - np.array(linear) * [2, 1, 1]
    assert (np.abs(off_mm) < 0.2 * half).all()
    assert ((high - low) / (2 * half) < 2).all()
    assert ((high - low) / (2 * half) > 0.5).all()


@REDUCTIONS
@pytest.mark.parametrize("shape", [(1, 1, 1), (7, 5, 9), (1, 12, 12), (1, 1, 20)], ids=str)
def test_one_label_that_fills_everything(shape: tuple[int, int, int], reduction: float) -> None:
    image = label_map(np.full(shape, 1, np.uint8), np.diag([1.0, -2.0, 0.5, 1.0]))
    mesh = mesh_one(image, reduction)
    assert_whole(mesh, image)
    assert (topology(mesh.faces).pieces, topology(mesh.faces).genus) == (1, 0)


def touching() -> dict[str, Labels]:
    """Two blocks that meet at an edge, at a corner; of one label, and of two."""
    labels = {}
    for size in (1, 2, 4):
        for name, (i, j, k) in {"edge": (size, size, 0), "corner": (size, size, size)}.items():
            for other in (1, 2):
                blocks = np.zeros((3 * size + 1,) * 3, np.uint8)
                blocks[:size, :size, :size] = 1
                blocks[i : i + size, j : j + size, k : k + size] = other
                labels[f"{size} voxels, {name}, {other} labels"] = blocks
    return labels


@REDUCTIONS
@pytest.mark.parametrize("labels", touching().values(), ids=touching())
def test_blocks_that_touch_only_at_an_edge_or_a_corner(labels: Labels, reduction: float) -> None:
    image = label_map(labels)
    meshes = mesh_all(image, reduction)
    assert len(meshes) == labels.max()
    for mesh in meshes:
        assert_whole(mesh, image)


@REDUCTIONS
def test_a_checkerboard(reduction: float) -> None:
    """Every voxel of one label touches twelve others of it, at edges only."""
    for shape in ((4, 4, 4), (6, 5, 3)):
        image = label_map((np.indices(shape).sum(axis=0) % 2 + 1).astype(np.uint8))
        for mesh in mesh_all(image, reduction):
            assert_whole(mesh, image)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.uint32])
def test_hundreds_of_labels(dtype: type[np.unsignedinteger]) -> None:
    """Blocks of 3 x 4 x 5 voxels side by side fill the image; their values have gaps."""
    blocks = np.arange(6 * 7 * 5).reshape(6, 7, 5)
    spread = {np.uint8: 1, np.uint16: 301, np.uint32: 20_000_003}[dtype]
    labels = (blocks * spread + 1).astype(dtype).repeat(3, 0).repeat(4, 1).repeat(5, 2)
    image = label_map(labels, np.diag([1.5, 1.0, 0.8, 1.0]))
    meshes = mesh_all(image)
    assert [mesh.structure.label_value for mesh in meshes] == sorted(image.structures)
    for mesh in meshes[::7]:
        assert_whole(mesh, image)
        low, high = ends(mesh)
        index = np.argwhere(labels == mesh.structure.label_value)
        spacing = np.array(image.spacing_mm)
        assert np.abs(low / spacing - (index.min(axis=0) - 0.5)).max() < 0.5
        assert np.abs(high / spacing - (index.max(axis=0) + 0.5)).max() < 0.5


@REDUCTIONS
def test_cavities_holes_and_islands_stay(reduction: float) -> None:
    labels = np.zeros((32, 30, 28), np.uint8)
    labels[4:24, 4:24, 4:24] = 1
    labels[8:16, 8:16, 8:16] = 0  # a cavity
    labels[20, 8, 12] = 0  # one of a voxel
    labels[18:22, 18:22, :] = 0  # a hole through it
    labels[12, 12, 12] = 1  # an island in the cavity
    labels[28, 2, 2] = labels[30, 28, 0] = labels[0, 0, 0] = 1  # islands outside
    image = label_map(labels)
    mesh = mesh_one(image, reduction)
    assert_whole(mesh, image, VOLUME)
    facts = topology(mesh.faces)
    assert (facts.pieces, facts.genus) == (7, 1)


def phantom() -> LabelMap:
    """Two touching structures and an island, without any symmetry."""
    labels = np.zeros((26, 22, 30), np.uint8)
    x, y, z = np.indices(labels.shape)
    labels[(x - 17) ** 2 / 49 + (y - 10) ** 2 / 36 + (z - 12) ** 2 / 81 < 1] = 1
    labels[4:8, 14:19, 20:29] = 2
    labels[2:14, 3:6, 24:27] = 2
    labels[12:15, 8:14, 8:11] = 2
    labels[0, 21, 3] = 1
    affine = np.diag([1.5, 2.0, 1.0, 1.0])
    affine[:3, 3] = [-20.0, 11.0, -300.0]
    return label_map(labels, affine)


@pytest.fixture(scope="module")
def reference() -> list[SurfaceMesh]:
    return mesh_all(phantom(), 0.5)


def same_surface_within_mm(mesh: SurfaceMesh, reference: SurfaceMesh) -> float:
    """Hausdorff distance between two meshes, from each to the other."""
    one, other = ((m.vertices_ras_mm, m.faces) for m in (mesh, reference))
    there = nearest_on_mesh(one[0], *other).distances_mm.max()
    back = nearest_on_mesh(other[0], *one).distances_mm.max()
    return float(max(there, back))


@pytest.mark.parametrize(
    ("axes", "directions"), ORIENTATIONS, ids=[f"{a}{d}" for a, d in ORIENTATIONS]
)
def test_all_48_orientations_give_the_same_surface(
    axes: tuple[int, ...], directions: tuple[int, ...], reference: list[SurfaceMesh]
) -> None:
    stored = reoriented(phantom(), axes, directions)
    meshes = mesh_all(stored, 0.5)
    for mesh, expected in zip(meshes, reference, strict=True):
        assert mesh.structure == expected.structure
        assert_whole(mesh, stored)
        assert same_surface_within_mm(mesh, expected) <= 1e-3


def storages(labels: Labels) -> dict[str, Labels]:
    """The same label map in memory in other orders, with other gaps, and as other types."""
    spaced = np.zeros([2 * n + 1 for n in labels.shape], labels.dtype)
    spaced[1::2, :-1:2, 1::2] = labels
    swapped = np.ascontiguousarray(labels.transpose(1, 0, 2)).transpose(1, 0, 2)
    frozen = labels.copy()
    frozen.setflags(write=False)
    return {
        "C": np.ascontiguousarray(labels),
        "Fortran": np.asfortranarray(labels),
        "neither": swapped,
        "every second voxel": spaced[1::2, :-1:2, 1::2],
        "backwards": np.ascontiguousarray(labels[::-1, :, ::-1])[::-1, :, ::-1],
        "read only": frozen,
        "uint16": labels.astype(np.uint16),
        "uint32": np.asfortranarray(labels.astype(np.uint32)),
        "big endian": labels.astype(">u2"),
    }


@pytest.mark.parametrize(
    "labels", storages(phantom().labels).values(), ids=storages(phantom().labels)
)
def test_storage_changes_nothing(labels: Labels, reference: list[SurfaceMesh]) -> None:
    original = phantom()
    np.testing.assert_array_equal(labels, original.labels)
    image = LabelMap(labels, original.affine_ras_mm, original.structures)
    for mesh, expected in zip(mesh_all(image, 0.5), reference, strict=True):
        np.testing.assert_array_equal(mesh.faces, expected.faces)
        np.testing.assert_array_equal(mesh.vertices_ras_mm, expected.vertices_ras_mm)


@pytest.mark.parametrize("shift_mm", [(0.1, 0, 0), (400, -300, 1500)], ids=str)
def test_a_moved_scan_gives_moved_meshes(
    shift_mm: tuple[float, float, float], reference: list[SurfaceMesh]
) -> None:
    moved = phantom()
    moved.affine_ras_mm[:3, 3] += shift_mm
    for mesh, expected in zip(mesh_all(moved, 0.5), reference, strict=True):
        assert_sound(mesh)
        np.testing.assert_array_equal(mesh.faces, expected.faces)
        np.testing.assert_allclose(
            mesh.vertices_ras_mm, expected.vertices_ras_mm + np.array(shift_mm), atol=3e-4
        )


@pytest.mark.parametrize("axes", list(itertools.permutations(range(3))), ids=str)
def test_rounded_affines_change_no_triangle(axes: tuple[int, ...]) -> None:
    stored = reoriented(phantom(), axes, (1, -1, -1))
    exact = mesh_all(stored)
    stored.affine_ras_mm[:3, 3] += 1e-9  # what decimal strings of DICOM leave of an origin
    for mesh, expected in zip(mesh_all(stored), exact, strict=True):
        np.testing.assert_array_equal(mesh.faces, expected.faces)
        np.testing.assert_allclose(mesh.vertices_ras_mm, expected.vertices_ras_mm, atol=1e-3)


def test_threads_change_nothing() -> None:
    image, options = phantom(), MeshingOptions()
    runs = [
        mesh_label_map(image, options, lambda _done, _all: None, threads=threads)
        for threads in (1, 2, 4)
    ]
    for alone, *others in zip(*runs, strict=True):
        for other in others:
            assert other.structure == alone.structure
            assert other.vertices_ras_mm.tobytes() == alone.vertices_ras_mm.tobytes()
            assert other.faces.tobytes() == alone.faces.tobytes()


def test_the_label_map_is_left_as_it_was() -> None:
    image = phantom()
    mesh_all(image)
    np.testing.assert_array_equal(image.labels, phantom().labels)
    np.testing.assert_array_equal(image.affine_ras_mm, phantom().affine_ras_mm)


def test_an_empty_label_map_has_no_meshes() -> None:
    assert mesh_all(label_map(np.zeros((3, 4, 5), np.uint8))) == []


def test_volumes_add_up_where_labels_fill_a_box() -> None:
    rng = np.random.default_rng(6)
    labels = rng.integers(1, 4, (4, 4, 4), np.uint8).repeat(4, 0).repeat(4, 1).repeat(4, 2)
    image = label_map(labels)
    meshes = mesh_all(image)
    total = sum(
        segment_mm3(image, value) * (1 + volume_error(meshes[value - 1], image))
        for value in (1, 2, 3)
    )
    assert total == pytest.approx(labels.size, rel=VOLUME)


def test_a_sponge_is_decimated_and_loses_hardly_a_hole() -> None:
    """Hundreds of tunnels, of which collapses close some: that is no reason to keep all faces."""
    noise = np.random.default_rng(3).standard_normal((40, 40, 40))
    image = label_map(np.pad(ndimage.gaussian_filter(noise, 1.0) > 0, 2).astype(np.uint8))
    fine, mesh = (mesh_all(image, reduction)[0] for reduction in (0.0, 0.9))
    holes, left = (topology(each.faces).euler for each in (fine, mesh))
    assert holes < -500
    assert abs(left - holes) < 0.02 * abs(holes)
    assert len(mesh.faces) < 0.3 * len(fine.faces)
    assert_sound(mesh)
