from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scan_to_mesh.exporters import EXPORTERS
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from shapes_to_export import sphere


def _with_faces(faces: list[list[int]]) -> SurfaceMesh:
    return replace(sphere(), faces=np.array(faces, dtype=np.int32).reshape(-1, 3))


def _with_coordinate(value: float) -> SurfaceMesh:
    vertices = sphere().vertices_ras_mm.copy()
    vertices[7, 1] = value
    return replace(sphere(), vertices_ras_mm=vertices)


@pytest.mark.parametrize("exporter", EXPORTERS)
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: [sphere("a"), sphere("A")], "two meshes"),
        (lambda: [sphere("a/b")], "artifact's name"),
        (lambda: [_with_faces([])], "without triangles"),
        (lambda: [_with_faces([[0, 1, 642]])], "does not exist"),
        (lambda: [_with_faces([[0, 1, -1]])], "does not exist"),
        (lambda: [_with_coordinate(np.nan)], "not finite"),
        (lambda: [_with_coordinate(-1e9)], "not below"),
    ],
)
def test_nothing_is_written_of_meshes_that_are_wrong(
    exporter: str, make: Callable[[], list[SurfaceMesh]], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=reason):
        EXPORTERS[exporter](make(), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_no_meshes_no_files(exporter: str, tmp_path: Path) -> None:
    assert EXPORTERS[exporter]([], tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_arrays_may_be_frozen_or_lie_otherwise_in_memory(exporter: str, tmp_path: Path) -> None:
    ball = sphere("liver")
    vertices, faces = np.asfortranarray(ball.vertices_ras_mm), np.asfortranarray(ball.faces)
    vertices.flags.writeable = faces.flags.writeable = False
    written = []
    for name, mesh in {
        "plain": ball,
        "frozen": replace(ball, vertices_ras_mm=vertices, faces=faces),
    }.items():
        (tmp_path / name).mkdir()
        written.append([path.read_bytes() for path in EXPORTERS[exporter]([mesh], tmp_path / name)])
    assert written[0] == written[1]
