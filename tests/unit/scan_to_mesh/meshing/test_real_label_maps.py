"""TotalSegmentator's own results for real CTs: ragged, cut at the border, up to 61 structures."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np
import numpy.typing as npt
import pytest
from iris_imaging.volume import LabelMap
from scan_to_mesh.meshing.meshing import MeshingOptions, Quality, mesh_label_map
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scipy.spatial import KDTree

from tests.label_maps import Labels, label_map
from tests.mesh_and_voxels import boundary_faces
from tests.mesh_distances import nearest_on_mesh
from tests.mesh_quality import Floats, surface_points, unit_normals
from tests.unit.scan_to_mesh.meshing.promises import (
    VOLUME,
    assert_depths_kept,
    assert_share_removed,
    assert_sound,
    assert_tips_kept,
    mesh_all,
    volume_error,
)

FILES = {
    "torso_ct/labels_total_fast.nii.gz": 61,
    "slab_ct/labels_total.nii.gz": 41,
    "slab_ct/labels_total_fast.nii.gz": 40,
    "slab_ct/labels_roi_subset_liver.nii.gz": 1,
}


@dataclass(frozen=True, eq=False)
class Meshed:
    image: LabelMap
    meshes: list[SurfaceMesh]
    structures: int

    def each(self) -> Iterator[tuple[SurfaceMesh, npt.NDArray[np.bool_]]]:
        for mesh in self.meshes:
            yield mesh, self.image.labels == mesh.structure.label_value


@pytest.fixture(scope="module", params=FILES)
def meshed(request: pytest.FixtureRequest, shared_data: Path) -> Meshed:
    file = nib.load(shared_data / request.param)
    labels = np.asarray(file.dataobj, np.uint8)
    image = label_map(labels, np.asarray(file.affine, np.float64))
    return Meshed(image, mesh_all(image), FILES[request.param])


def test_every_structure_is_a_sound_body(meshed: Meshed) -> None:
    assert len(meshed.meshes) == meshed.structures
    for mesh in meshed.meshes:
        assert_sound(mesh)


def test_volumes_are_those_of_the_voxels(meshed: Meshed) -> None:
    errors = {mesh.structure.name: volume_error(mesh, meshed.image) for mesh in meshed.meshes}
    assert {name: error for name, error in errors.items() if abs(error) >= VOLUME} == {}


def test_what_is_deep_inside_is_inside_and_what_is_far_outside_is_outside(meshed: Meshed) -> None:
    for mesh, mask in meshed.each():
        assert_depths_kept(mesh, mask, meshed.image)


def test_no_tip_is_lost(meshed: Meshed) -> None:
    """A tenth of the triangles, at 3 mm, shows most of every voxel; half of them, all of it."""
    for mesh, mask in meshed.each():
        assert_tips_kept(mesh, mask, meshed.image, 1.5)
    if meshed.structures == FILES["slab_ct/labels_total.nii.gz"]:
        for mesh in mesh_all(meshed.image, 0.5):
            mask = meshed.image.labels == mesh.structure.label_value
            assert_tips_kept(mesh, mask, meshed.image, 1.0)


def test_neighbours_neither_gape_nor_overlap(meshed: Meshed) -> None:
    """By less than an eighth of a voxel, with a tenth of the triangles left."""
    by_value = {mesh.structure.label_value: mesh for mesh in meshed.meshes}
    gaps = [
        gaps_between(meshed.image, by_value[value], by_value[other])
        for value, other in neighbours(meshed.image.labels, at_least_faces=50)
    ]
    if gaps:
        assert np.median(np.abs(np.concatenate(gaps))) < 0.125 * min(meshed.image.spacing_mm)


def gaps_between(image: LabelMap, mesh: SurfaceMesh, other: SurfaceMesh) -> Floats:
    """Distance from one mesh to another, negative inside it, where their voxels lie face to face.

    Not at the rim of what they share, where the structures part: of the nine faces of voxels
    nearest to each point, all belong to both.
    """
    inside = image.labels == mesh.structure.label_value
    faces, beyond = boundary_faces(inside)
    shared = image.labels[tuple(beyond.T)] == other.structure.label_value
    middles = faces @ image.affine_ras_mm[:3, :3].T + image.affine_ras_mm[:3, 3]
    points, _ = surface_points(mesh.vertices_ras_mm, mesh.faces, 3000)
    _, nearest = KDTree(middles).query(points, k=9)
    points = points[shared[nearest].all(axis=1)]
    found = nearest_on_mesh(points, other.vertices_ras_mm, other.faces)
    normals = unit_normals(other.vertices_ras_mm, other.faces)[found.face]
    outside = np.einsum("ij,ij->i", points - found.points, normals) >= 0
    return np.where(outside, found.distances_mm, -found.distances_mm)


def neighbours(labels: Labels, at_least_faces: int) -> list[tuple[int, int]]:
    """Pairs of label values that share so many faces of voxels."""
    touching = []
    for axis in range(3):
        ahead = np.moveaxis(labels, axis, 0)
        both = np.stack([ahead[:-1].ravel(), ahead[1:].ravel()], axis=1)
        both = both[(both != 0).all(axis=1) & (both[:, 0] != both[:, 1])]
        touching.append(np.sort(both, axis=1))
    pairs, counts = np.unique(np.concatenate(touching), axis=0, return_counts=True)
    return [
        (int(a), int(b)) for (a, b), n in zip(pairs, counts, strict=True) if n >= at_least_faces
    ]


def test_ninety_percent_of_the_faces_are_gone(meshed: Meshed) -> None:
    assert_share_removed(meshed.meshes, 0.9)


@pytest.mark.parametrize("quality", [Quality.DRAFT, Quality.STANDARD])
@pytest.mark.parametrize("reduction", [0.5, 0.75, 0.9, 0.95])
def test_the_share_asked_for_is_gone_at_3_mm(
    shared_data: Path, reduction: float, quality: Quality
) -> None:
    """Also where a handle is so narrow that the next collapse would close it."""
    file = nib.load(shared_data / "torso_ct/labels_total_fast.nii.gz")
    image = label_map(np.asarray(file.dataobj, np.uint8), np.asarray(file.affine, np.float64))
    options = MeshingOptions(reduction, quality=quality)
    meshes = mesh_label_map(image, options, lambda _done, _all: None)
    assert_share_removed(meshes, reduction)
    # No large structure stays behind the others.
    wanted = {m.structure.name: (1 - reduction) * m.triangles_before for m in meshes}
    large = [m for m in meshes if m.triangles_before > 10_000]
    assert [m.structure.name for m in large if len(m.faces) > 1.5 * wanted[m.structure.name]] == []
