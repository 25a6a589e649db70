"""TotalSegmentator's own result for a real torso: ragged, cut at the border, 61 structures."""

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import trimesh
from iris_imaging.volume import LabelMap, voxel_volume_ml
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scan_to_mesh.meshing.topology import enclosed_volume_ml

from tests.mesh_quality import area_vectors_mm2
from tests.unit.scan_to_mesh.meshing.solids import label_map


@pytest.fixture(scope="module")
def torso(shared_data: Path) -> LabelMap:
    image = nib.load(shared_data / "torso_ct" / "labels_total_fast.nii.gz")
    return label_map(np.asarray(image.dataobj, np.uint8), np.asarray(image.affine, np.float64))


@pytest.fixture(scope="module")
def meshes(torso: LabelMap) -> list[SurfaceMesh]:
    return mesh_label_map(torso, MeshingOptions(0.9), lambda _done, _all: None)


def test_every_structure_is_a_closed_body(meshes: list[SurfaceMesh]) -> None:
    assert len(meshes) == 61
    for mesh in meshes:
        assert mesh.watertight, mesh.structure.name
        judge = trimesh.Trimesh(mesh.vertices_ras_mm, mesh.faces, process=False)
        assert judge.is_watertight
        assert judge.is_winding_consistent
        assert judge.volume > 0
        normals = area_vectors_mm2(mesh.vertices_ras_mm, mesh.faces)
        assert (np.linalg.norm(normals, axis=1) > 0).all()


def test_still_closed_when_vertices_in_the_same_place_are_one(meshes: list[SurfaceMesh]) -> None:
    """Formats such as STL hold positions alone, and readers weld them."""
    for mesh in meshes:
        judge = trimesh.Trimesh(mesh.vertices_ras_mm, mesh.faces, process=False)
        judge.merge_vertices(digits_vertex=4)
        assert judge.is_watertight, mesh.structure.name


def test_volumes_are_those_of_the_voxels(torso: LabelMap, meshes: list[SurfaceMesh]) -> None:
    voxels = np.bincount(torso.labels.ravel(order="K"))
    for mesh in meshes:
        wanted_ml = voxels[mesh.structure.label_value] * voxel_volume_ml(torso.affine_ras_mm)
        assert enclosed_volume_ml(mesh) == pytest.approx(wanted_ml, rel=0.01)


def test_ninety_percent_of_the_faces_are_gone(meshes: list[SurfaceMesh]) -> None:
    kept = sum(len(mesh.faces) for mesh in meshes)
    before = sum(mesh.triangles_before for mesh in meshes)
    assert 1 - kept / before == pytest.approx(0.9, abs=0.01)


def test_no_structure_loses_more_than_a_voxel(torso: LabelMap, meshes: list[SurfaceMesh]) -> None:
    """The thinnest at 3 mm have one or two triangles for a voxel's face to lose, at best."""
    for mesh in meshes:
        assert mesh.report.deviation_max_mm < max(torso.spacing_mm), mesh.structure.name
