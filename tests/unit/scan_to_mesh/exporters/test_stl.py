from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import trimesh
from scan_to_mesh.exporters.stl import export_stl
from shapes_to_export import sphere, three_organs


def test_trimesh_reads_the_same_triangles(tmp_path: Path) -> None:
    meshes = three_organs()
    paths = export_stl(meshes, tmp_path)
    assert [path.name for path in paths] == ["liver.stl", "heart.stl", "stomach.stl"]
    for mesh, path in zip(meshes, paths, strict=True):
        read = trimesh.load_mesh(path)
        assert np.array_equal(read.triangles, mesh.vertices_ras_mm[mesh.faces])
        assert read.is_watertight
        original = trimesh.Trimesh(mesh.vertices_ras_mm, mesh.faces)
        assert read.volume == pytest.approx(original.volume, rel=1e-6)


def test_the_layout_is_the_binary_one(tmp_path: Path) -> None:
    ball = sphere("liver")
    (path,) = export_stl([ball], tmp_path)
    data = path.read_bytes()
    assert len(data) == 84 + 50 * len(ball.faces)
    assert int.from_bytes(data[80:84], "little") == len(ball.faces)
    assert not data.startswith(b"solid")
    assert b"units mm; frame RAS+; liver" in data[:80]


def test_stored_normals_point_outward(tmp_path: Path) -> None:
    (path,) = export_stl([sphere("liver")], tmp_path)
    records = np.frombuffer(
        path.read_bytes()[84:], [("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("rest", "<u2")]
    )
    assert np.linalg.norm(records["normal"], axis=1) == pytest.approx(1, abs=1e-5)
    outward = records["corners"].mean(axis=1)
    assert (np.einsum("ij,ij->i", outward, records["normal"]) > 0).all()


def test_a_triangle_without_area_has_no_normal(tmp_path: Path) -> None:
    flat = replace(
        sphere("liver"),
        vertices_ras_mm=np.zeros((3, 3), dtype=np.float32),
        faces=np.array([[0, 1, 2]], dtype=np.int32),
    )
    (path,) = export_stl([flat], tmp_path)
    assert path.read_bytes()[84:96] == bytes(12)


def test_normals_are_those_of_any_triangle(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    vertices = rng.uniform(-400, 400, (60, 3)).astype(np.float32)
    faces = rng.permuted(np.tile(np.arange(60), (200, 1)), axis=1)[:, :3].astype(np.int32)
    vertices.flags.writeable = faces.flags.writeable = False
    (path,) = export_stl(
        [replace(sphere("liver"), vertices_ras_mm=vertices, faces=faces)], tmp_path
    )
    read = trimesh.load_mesh(path, process=False)
    a, b, c = vertices[faces].astype(float).transpose(1, 0, 2)
    normals = np.cross(b - a, c - a)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    records = np.frombuffer(path.read_bytes()[84:], [("floats", "<f4", 12), ("rest", "<u2")])
    np.testing.assert_allclose(records["floats"][:, :3], normals, atol=1e-6)
    assert np.array_equal(read.triangles, vertices[faces])
