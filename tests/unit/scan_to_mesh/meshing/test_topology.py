import numpy as np
import pytest
import trimesh
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scan_to_mesh.meshing.topology import (
    enclosed_volume_ml,
    enclosed_volume_mm3,
    is_watertight,
    surface_area_cm2,
)

from tests.label_maps import structure
from tests.unit.scan_to_mesh.exporters.shapes_to_export import report_of

TETRAHEDRON = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]], np.int32)


def test_tetrahedron_is_watertight() -> None:
    assert is_watertight(TETRAHEDRON)


@pytest.mark.parametrize(
    "faces",
    [
        pytest.param(np.empty((0, 3), np.int32), id="nothing"),
        pytest.param(TETRAHEDRON[:3], id="open"),
        pytest.param(np.vstack([TETRAHEDRON[:3], TETRAHEDRON[3:, ::-1]]), id="one face flipped"),
        pytest.param(np.vstack([TETRAHEDRON, TETRAHEDRON]), id="everything twice"),
        pytest.param(np.vstack([TETRAHEDRON, [[0, 1, 1]]]), id="degenerate"),
        pytest.param(
            np.vstack([TETRAHEDRON, [[0, 4, 1], [0, 1, 5], [1, 4, 5], [0, 5, 4]]]),
            id="two bodies at one edge",
        ),
    ],
)
def test_everything_else_is_not(faces: np.ndarray) -> None:
    assert not is_watertight(faces)


def test_volume_and_area_of_a_box_far_from_the_origin() -> None:
    box = trimesh.creation.box(extents=(20, 30, 40))
    mesh = SurfaceMesh(
        structure(1),
        (box.vertices + np.array([900, -700, 1200])).astype(np.float32),
        box.faces.astype(np.int32),
        report_of(len(box.faces), 24.0),
    )
    assert enclosed_volume_ml(mesh) == pytest.approx(24.0, rel=1e-6)
    assert surface_area_cm2(mesh) == pytest.approx(52.0, rel=1e-6)
    assert is_watertight(mesh.faces)


def test_volume_is_negative_when_wound_inward() -> None:
    box = trimesh.creation.box(extents=(1, 2, 3))
    assert enclosed_volume_mm3(box.vertices, box.faces[:, ::-1]) == pytest.approx(-6.0)
