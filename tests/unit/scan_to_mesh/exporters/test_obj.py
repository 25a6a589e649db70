from pathlib import Path

import numpy as np
import pytest
import trimesh
from scan_to_mesh.exporters.obj import export_obj
from shapes_to_export import sphere, three_organs


def test_the_model_its_materials_and_one_file_for_each_structure(tmp_path: Path) -> None:
    names = [path.name for path in export_obj(three_organs(), tmp_path)]
    assert names == ["model.obj", "model.mtl", "liver.obj", "heart.obj", "stomach.obj"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


def test_trimesh_reads_every_structure_of_the_model_with_its_colour(tmp_path: Path) -> None:
    meshes = three_organs()
    export_obj(meshes, tmp_path)
    scene = trimesh.load_scene(tmp_path / "model.obj", split_objects=True, group_material=False)
    by_material = {mesh.visual.material.name: mesh for mesh in scene.geometry.values()}
    assert set(by_material) == {"liver", "heart", "stomach"}
    for mesh in meshes:
        read = by_material[mesh.structure.name]
        original = trimesh.Trimesh(mesh.vertices_ras_mm, mesh.faces)
        assert read.bounds == pytest.approx(original.bounds, abs=1e-4)
        assert read.volume == pytest.approx(original.volume, rel=1e-5)
        assert read.is_watertight
        assert read.visual.material.diffuse[:3].tolist() == list(mesh.structure.color_rgb)


def test_a_structures_own_file_keeps_vertices_and_faces_in_ras_mm(tmp_path: Path) -> None:
    meshes = three_organs()
    export_obj(meshes, tmp_path)
    for mesh in meshes:
        read = trimesh.load_mesh(tmp_path / f"{mesh.structure.name}.obj", process=False)
        assert read.vertices == pytest.approx(mesh.vertices_ras_mm, abs=5.1e-5)
        assert np.array_equal(read.faces, mesh.faces)


def test_groups_and_objects_carry_the_structures_names(tmp_path: Path) -> None:
    export_obj(three_organs(), tmp_path)
    lines = (tmp_path / "model.obj").read_text(encoding="ascii").splitlines()
    for keyword in ("o", "g", "usemtl"):
        named = [line.split()[1] for line in lines if line.startswith(f"{keyword} ")]
        assert named == ["liver", "heart", "stomach"]
    assert "mtllib model.mtl" in lines


@pytest.mark.parametrize("name", ["model.obj", "liver.obj", "model.mtl"])
def test_the_header_says_units_and_frame(name: str, tmp_path: Path) -> None:
    export_obj(three_organs(), tmp_path)
    header = (tmp_path / name).read_text(encoding="ascii")[:200]
    assert "# units: mm" in header
    assert "# frame: RAS+" in header


def test_vertices_far_from_the_origin_keep_their_precision(tmp_path: Path) -> None:
    mesh = sphere("liver", centre_ras_mm=(-1234.5, 987.25, -1500.125))
    export_obj([mesh], tmp_path)
    read = trimesh.load_mesh(tmp_path / "liver.obj", process=False)
    assert read.vertices == pytest.approx(mesh.vertices_ras_mm, abs=5.1e-5)
