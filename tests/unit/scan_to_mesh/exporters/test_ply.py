from pathlib import Path

import numpy as np
import pytest
import trimesh
from scan_to_mesh.exporters.ply import export_ply
from shapes_to_export import sphere, three_organs


def test_trimesh_reads_the_same_vertices_faces_and_colour(tmp_path: Path) -> None:
    meshes = three_organs()
    paths = export_ply(meshes, tmp_path)
    assert [path.name for path in paths] == ["liver.ply", "heart.ply", "stomach.ply"]
    for mesh, path in zip(meshes, paths, strict=True):
        read = trimesh.load_mesh(path, process=False)
        assert np.array_equal(read.vertices, mesh.vertices_ras_mm)
        assert np.array_equal(read.faces, mesh.faces)
        assert read.is_watertight
        assert read.volume == pytest.approx(
            trimesh.Trimesh(mesh.vertices_ras_mm, mesh.faces).volume, rel=1e-6
        )
        assert np.unique(read.visual.vertex_colors, axis=0).tolist() == [
            [*mesh.structure.color_rgb, 255]
        ]


def test_the_header_says_name_units_and_frame(tmp_path: Path) -> None:
    ball = sphere("liver")
    (path,) = export_ply([ball], tmp_path)
    data = path.read_bytes()
    header, body = data.split(b"end_header\n", 1)
    lines = header.decode("ascii").splitlines()
    assert lines[:2] == ["ply", "format binary_little_endian 1.0"]
    assert {"comment structure: liver", "comment units: mm"} < set(lines)
    assert any(line.startswith("comment frame: RAS+") for line in lines)
    assert len(body) == 15 * len(ball.vertices_ras_mm) + 13 * len(ball.faces)


def test_numbers_are_little_endian(tmp_path: Path) -> None:
    ball = sphere("liver")
    (path,) = export_ply([ball], tmp_path)
    body = path.read_bytes().split(b"end_header\n", 1)[1]
    assert np.frombuffer(body, "<f4", 3).tolist() == ball.vertices_ras_mm[0].tolist()
    assert tuple(body[12:15]) == ball.structure.color_rgb
    first_face = body[15 * len(ball.vertices_ras_mm) :][:13]
    assert first_face[0] == 3
    assert np.frombuffer(first_face, "<i4", 3, 1).tolist() == ball.faces[0].tolist()
