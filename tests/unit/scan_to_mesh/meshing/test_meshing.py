"""Meshes against solids whose surface and volume are known."""

import itertools
import threading

import numpy as np
import numpy.typing as npt
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from iris_imaging.volume import LabelMap, voxel_volume_ml
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scan_to_mesh.meshing.topology import (
    enclosed_volume_ml,
    is_watertight,
)
from scipy import ndimage, spatial

from tests.mesh_quality import area_vectors_mm2
from tests.unit.scan_to_mesh.meshing.solids import (
    Solid,
    capsule,
    ellipsoid,
    label_map,
    plate,
    scanned,
    sphere,
    torus,
)


def mesh_all(labels: LabelMap, target_reduction: float = 0.9) -> list[SurfaceMesh]:
    return mesh_label_map(labels, MeshingOptions(target_reduction), lambda _done, _all: None)


def mesh_one(labels: LabelMap, target_reduction: float = 0.9) -> SurfaceMesh:
    (mesh,) = mesh_all(labels, target_reduction)
    return mesh


def segment_ml(labels: LabelMap, label_value: int = 1) -> float:
    count = np.count_nonzero(labels.labels == label_value)
    return float(count * voxel_volume_ml(labels.affine_ras_mm))


def assert_closed_body(mesh: SurfaceMesh) -> None:
    assert mesh.watertight
    assert is_watertight(mesh.faces)
    judge = trimesh.Trimesh(mesh.vertices_ras_mm, mesh.faces, process=False)
    assert judge.is_watertight
    assert judge.is_winding_consistent
    assert judge.volume > 0
    assert mesh.vertices_ras_mm.dtype == np.float32
    assert mesh.faces.dtype == np.int32
    assert len(np.unique(mesh.faces)) == len(mesh.vertices_ras_mm)
    assert np.isfinite(mesh.vertices_ras_mm).all()


def distances_mm(mesh: SurfaceMesh, solid: Solid) -> npt.NDArray[np.float64]:
    """Distance to the true surface at every vertex and at the middle of every triangle."""
    vertices = mesh.vertices_ras_mm.astype(np.float64)
    points = np.concatenate([vertices, vertices[mesh.faces].mean(axis=1)])
    return np.abs(solid.distance_mm(points))


ISOTROPIC = np.diag([1.5, 1.5, 1.5])
AXES = "xyz"


def rotation(degrees: tuple[float, float, float]) -> npt.NDArray[np.float64]:
    return spatial.transform.Rotation.from_euler(AXES, degrees, degrees=True).as_matrix()


GRIDS = {
    "isotropic": ISOTROPIC,
    "mirrored": np.diag([-1.5, 1.5, 1.5]),
    "upside down": np.diag([-1.5, -1.5, -1.5]),
    "oblique": rotation((20, -35, 50)) @ np.diag([1.2, 1.5, 1.8]),
    "oblique and mirrored": rotation((-10, 25, 140)) @ np.diag([1.2, -1.5, 1.8]),
    "sheared by a gantry tilt": np.array([[1.2, 0, 0], [0, 1.2, 0.9], [0, 0, 2.0]]),
    "thick slices": np.diag([0.7, 0.7, 5.0]),
}


def test_a_sphere_comes_out_round() -> None:
    solid = sphere(40)
    mesh = mesh_one(scanned(solid, ISOTROPIC))
    off = distances_mm(mesh, solid)
    assert_closed_body(mesh)
    assert off.mean() < 0.15
    assert np.percentile(off, 95) < 0.4
    assert enclosed_volume_ml(mesh) * 1000 == pytest.approx(solid.volume_mm3, rel=0.01)
    assert 1 - len(mesh.faces) / mesh.triangles_before == pytest.approx(0.9, abs=0.01)


def test_a_sphere_has_no_staircase() -> None:
    mesh = mesh_one(scanned(sphere(40), ISOTROPIC))
    normals = area_vectors_mm2(mesh.vertices_ras_mm, mesh.faces)
    outward = mesh.vertices_ras_mm[mesh.faces].mean(axis=1)
    cosine = np.einsum("ij,ij->i", normals, outward)
    cosine /= np.linalg.norm(normals, axis=1) * np.linalg.norm(outward, axis=1)
    assert np.degrees(np.arccos(np.clip(cosine, -1, 1))).mean() < 5


@pytest.mark.parametrize("linear", GRIDS.values(), ids=GRIDS)
def test_every_grid_gives_the_same_world(linear: npt.NDArray[np.float64]) -> None:
    solid = ellipsoid((36, 24, 18))
    labels = scanned(solid, linear)
    mesh = mesh_one(labels)
    off = distances_mm(mesh, solid)
    spacing = np.array(labels.spacing_mm)
    assert_closed_body(mesh)
    assert np.percentile(off, 99) < spacing.max() / 2
    assert off.max() < 0.7 * np.linalg.norm(spacing)
    assert enclosed_volume_ml(mesh) == pytest.approx(segment_ml(labels), rel=0.01)


@pytest.mark.parametrize(
    ("solid", "volume_tolerance", "mean_off_mm"),
    [
        pytest.param(ellipsoid((60, 40, 25)), 0.01, 0.3, id="ellipsoid"),
        pytest.param(torus(35, 6), 0.01, 0.3, id="torus"),
        # A hundred triangles, under three voxels thick: 0.25 to 0.45, by its place on the grid.
        pytest.param(capsule((25, 20, 30), 2), 0.03, 0.45, id="thin tube"),
        pytest.param(plate(30, 2.4), 0.03, 0.3, id="plate"),
        pytest.param(sphere(5), 0.03, 0.3, id="small sphere"),
    ],
)
def test_shapes(solid: Solid, volume_tolerance: float, mean_off_mm: float) -> None:
    labels = scanned(solid, ISOTROPIC)
    mesh = mesh_one(labels)
    off = distances_mm(mesh, solid)
    assert_closed_body(mesh)
    assert off.mean() < mean_off_mm
    assert np.percentile(off, 95) < 0.75
    assert enclosed_volume_ml(mesh) == pytest.approx(segment_ml(labels), rel=volume_tolerance)
    assert len(trimesh.Trimesh(mesh.vertices_ras_mm, mesh.faces).split()) == 1


def test_a_torus_keeps_its_hole() -> None:
    mesh = mesh_one(scanned(torus(35, 6), ISOTROPIC))
    assert trimesh.Trimesh(mesh.vertices_ras_mm, mesh.faces).euler_number == 0


def asymmetric_phantom() -> LabelMap:
    """A body with a big organ on its right side, and a limb that breaks every symmetry."""
    labels = np.zeros((26, 22, 30), np.uint8)
    x, y, z = np.indices(labels.shape)
    labels[(x - 17) ** 2 / 49 + (y - 10) ** 2 / 36 + (z - 12) ** 2 / 81 < 1] = 1
    labels[4:8, 14:19, 20:29] = 2
    labels[2:14, 3:6, 24:27] = 2
    affine = np.diag([1.5, 2.0, 1.0, 1.0])
    affine[:3, 3] = [-20.0, 11.0, -300.0]
    return label_map(labels, affine)


def reoriented(labels: LabelMap, axes: tuple[int, ...], flips: tuple[int, ...]) -> LabelMap:
    """The same phantom in the world, stored along other axes."""
    permuted = np.transpose(labels.labels, axes)[:: flips[0], :: flips[1], :: flips[2]]
    affine = labels.affine_ras_mm[:, [*axes, 3]].copy()
    for axis, flip in enumerate(flips):
        if flip < 0:
            affine[:3, 3] += affine[:3, axis] * (permuted.shape[axis] - 1)
            affine[:3, axis] *= -1
    return LabelMap(np.asfortranarray(permuted), affine, labels.structures)


@pytest.mark.parametrize("axes", list(itertools.permutations(range(3))), ids=str)
@pytest.mark.parametrize("flips", list(itertools.product((1, -1), repeat=3)), ids=str)
def test_all_48_orientations_give_the_same_mesh(
    axes: tuple[int, ...], flips: tuple[int, ...]
) -> None:
    original = asymmetric_phantom()
    references = mesh_all(original, target_reduction=0.0)
    meshes = mesh_all(reoriented(original, axes, flips), target_reduction=0.5)
    assert [mesh.structure for mesh in meshes] == [mesh.structure for mesh in references]
    for mesh, reference in zip(meshes, references, strict=True):
        assert_closed_body(mesh)
        points = reference.vertices_ras_mm
        normals = trimesh.Trimesh(points, reference.faces, process=False).vertex_normals
        _, nearest = spatial.KDTree(points).query(mesh.vertices_ras_mm)
        off = np.abs(
            np.einsum("ij,ij->i", mesh.vertices_ras_mm - points[nearest], normals[nearest])
        )
        assert off.max() < 0.5  # half of the smallest spacing
        for end in (np.min, np.max):
            np.testing.assert_allclose(
                end(mesh.vertices_ras_mm, axis=0), end(points, axis=0), atol=0.5
            )


@pytest.mark.parametrize("axes", list(itertools.permutations(range(3))), ids=str)
def test_storage_order_and_rounded_affines_change_no_triangle(axes: tuple[int, ...]) -> None:
    original = asymmetric_phantom()
    stored = reoriented(original, axes, (1, -1, -1))
    stored.affine_ras_mm[:3, 3] += 1e-9  # what decimal strings of DICOM leave of an origin
    for mesh, reference in zip(mesh_all(stored), mesh_all(original), strict=True):
        np.testing.assert_array_equal(mesh.faces, reference.faces)
        np.testing.assert_allclose(
            mesh.vertices_ras_mm, reference.vertices_ras_mm, rtol=0, atol=1e-4
        )


@pytest.mark.parametrize("label_value", [1, 255])
def test_one_voxel_is_a_closed_mesh(label_value: int) -> None:
    labels = np.zeros((5, 5, 5), np.uint8)
    labels[2, 3, 1] = label_value
    mesh = mesh_one(label_map(labels))
    assert_closed_body(mesh)
    assert enclosed_volume_ml(mesh) == pytest.approx(0.001, rel=0.03)
    np.testing.assert_allclose(mesh.vertices_ras_mm.mean(axis=0), [2, 3, 1], atol=0.05)


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 6, 9), (12, 12, 12)], ids=str)
def test_a_label_that_fills_the_image_is_closed_at_its_border(shape: tuple[int, ...]) -> None:
    labels = label_map(np.ones(shape, np.uint16))
    mesh = mesh_one(labels)
    assert_closed_body(mesh)
    assert enclosed_volume_ml(mesh) == pytest.approx(segment_ml(labels), rel=0.03)


def test_cut_structures_end_flat_at_the_border() -> None:
    labels = np.zeros((30, 30, 20), np.uint8)
    labels[8:22, 8:22, :] = 1
    mesh = mesh_one(label_map(labels), target_reduction=0.5)
    assert_closed_body(mesh)
    bottom, top = mesh.vertices_ras_mm[:, 2].min(), mesh.vertices_ras_mm[:, 2].max()
    assert bottom == pytest.approx(-0.5, abs=0.15)
    assert top == pytest.approx(19.5, abs=0.15)


def test_touching_structures_meet_without_gap_or_overlap() -> None:
    solid = sphere(30)
    labels = scanned(solid, ISOTROPIC)
    halves = labels.labels * np.where(np.arange(labels.labels.shape[0]) < 22, 1, 2)[:, None, None]
    pair = label_map(halves.astype(np.uint8), labels.affine_ras_mm)
    plane_mm = labels.affine_ras_mm[0, 3] + 1.5 * 21.5
    left, right = mesh_all(pair)
    for mesh, side in ((left, -1), (right, 1)):
        assert_closed_body(mesh)
        beyond = side * (plane_mm - mesh.vertices_ras_mm[:, 0])
        from_axis_mm = np.linalg.norm(mesh.vertices_ras_mm[:, 1:], axis=1)
        within = beyond[(np.abs(beyond) < 1.5) & (from_axis_mm < 26)]  # off the disc's sharp rim
        assert abs(np.median(within)) < 0.1
        assert beyond.max() < 0.5


def test_every_piece_is_kept() -> None:
    labels = scanned(sphere(20), ISOTROPIC)
    with_grains = labels.labels.copy()
    with_grains[0, 0, 0] = with_grains[-1, -1, -1] = 1
    with_grains[0, -2:, 0] = 1
    mesh = mesh_one(label_map(with_grains, labels.affine_ras_mm))
    assert_closed_body(mesh)
    assert len(trimesh.Trimesh(mesh.vertices_ras_mm, mesh.faces).split()) == 4


@settings(max_examples=60, deadline=None)
@given(
    labels=st.one_of(
        arrays(np.uint8, (5, 6, 4), elements=st.integers(0, 3)),
        arrays(np.uint32, (4, 4, 4), elements=st.sampled_from([0, 0, 0, 7, 4_000_000_000])),
        arrays(np.uint8, (6, 6, 6), elements=st.sampled_from([0, 0, 0, 0, 0, 0, 1])),
    ),
    target_reduction=st.sampled_from([0.0, 0.5, 0.9, 0.99]),
    fortran=st.booleans(),
)
def test_any_label_map_gives_closed_meshes_of_all_its_structures(
    labels: npt.NDArray[np.unsignedinteger], target_reduction: float, fortran: bool
) -> None:
    image = label_map(np.asfortranarray(labels) if fortran else labels, np.diag([-1, 2, 0.5, 1]))
    meshes = mesh_all(image, target_reduction)
    assert [mesh.structure.label_value for mesh in meshes] == sorted(image.structures)
    for mesh in meshes:
        assert_closed_body(mesh)
        mask = labels == mesh.structure.label_value
        _, components = ndimage.label(mask, np.ones((3, 3, 3)))
        bodies = trimesh.Trimesh(mesh.vertices_ras_mm, mesh.faces, process=False).split()
        assert len(bodies) >= components
        wanted_ml = segment_ml(image, mesh.structure.label_value)
        assert enclosed_volume_ml(mesh) == pytest.approx(wanted_ml, rel=0.03)


def test_labels_that_touch_only_at_an_edge_or_a_corner() -> None:
    labels = np.zeros((6, 6, 6), np.uint8)
    labels[1:3, 1:3, 1:3] = 1
    labels[3:5, 3:5, 1:3] = 1  # same label, at an edge
    labels[3:5, 3:5, 3:5] = 2
    labels[1:3, 1:3, 3:5] = 2
    labels[5, 5, 5] = 2  # at a corner
    for target_reduction in (0.0, 0.9):
        for mesh in mesh_all(label_map(labels), target_reduction):
            assert_closed_body(mesh)


def test_reducing_nothing_keeps_every_triangle() -> None:
    mesh = mesh_one(scanned(sphere(12), ISOTROPIC), target_reduction=0.0)
    assert len(mesh.faces) == mesh.triangles_before


def test_an_empty_label_map_has_no_meshes() -> None:
    assert mesh_all(label_map(np.zeros((3, 4, 5), np.uint8))) == []


def test_threads_change_nothing() -> None:
    phantom = asymmetric_phantom()
    options = MeshingOptions()
    alone = mesh_label_map(phantom, options, lambda _done, _all: None, threads=1)
    together = mesh_label_map(phantom, options, lambda _done, _all: None, threads=4)
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one.vertices_ras_mm, other.vertices_ras_mm)
        np.testing.assert_array_equal(one.faces, other.faces)


def test_progress_is_reported_in_the_calling_thread() -> None:
    seen = []

    def report(done: int, total: int) -> None:
        seen.append((done, total, threading.current_thread() is threading.main_thread()))

    mesh_label_map(asymmetric_phantom(), MeshingOptions(), report)
    assert seen == [(1, 2, True), (2, 2, True)]


def test_what_the_report_raises_ends_the_meshing() -> None:
    class Cancelled(Exception):
        pass

    def report(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        mesh_label_map(asymmetric_phantom(), MeshingOptions(), report)


def test_a_label_value_without_a_structure_is_an_error() -> None:
    labels = LabelMap(np.full((2, 2, 2), 9, np.uint8), np.eye(4), {})
    with pytest.raises(ValueError, match=r"without a structure: \[9\]"):
        mesh_all(labels)


@pytest.mark.parametrize("target_reduction", [-0.1, 1.0, 90])
def test_options_out_of_range_are_refused(target_reduction: float) -> None:
    with pytest.raises(ValueError, match="target_reduction"):
        MeshingOptions(target_reduction)
