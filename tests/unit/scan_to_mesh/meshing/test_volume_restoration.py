import numpy as np
import pytest
import trimesh
from scan_to_mesh.meshing.surface import Surface, transformed
from scan_to_mesh.meshing.topology import enclosed_volume_mm3
from scan_to_mesh.meshing.volume_restoration import restore_volume


def as_surface(mesh: trimesh.Trimesh) -> Surface:
    return np.array(mesh.vertices, np.float32), np.array(mesh.faces, np.int32)


def drum() -> Surface:
    """Even above and below, with a rim."""
    return as_surface(
        trimesh.creation.cylinder(radius=10, height=12, sections=48).subdivide().subdivide()
    )


@pytest.mark.parametrize("factor", [0.9, 1.0, 1.1])
@pytest.mark.parametrize(
    "index_to_mm",
    [np.eye(3), np.diag([0.7, -0.7, 2.0]), np.array([[0, 2.0, 0], [1.5, 0, 0.4], [0, 0, 3.0]])],
    ids=["isotropic", "mirrored", "sheared"],
)
def test_the_volume_is_that_of_the_voxels(
    factor: float, index_to_mm: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> None:
    surface = as_surface(trimesh.creation.icosphere(subdivisions=3, radius=9))
    voxel_mm3 = abs(np.linalg.det(index_to_mm))
    wanted_mm3 = factor * enclosed_volume_mm3(*surface)
    vertices_mm, faces = restore_volume(surface, wanted_mm3 / voxel_mm3, index_to_mm)
    assert enclosed_volume_mm3(vertices_mm, faces) == pytest.approx(wanted_mm3, rel=0.002)
    np.testing.assert_array_equal(faces, surface[1])


def test_even_faces_stay_and_rims_give_back() -> None:
    vertices, faces = drum()
    grown, _ = restore_volume(
        (vertices, faces), 1.01 * enclosed_volume_mm3(vertices, faces), np.eye(3)
    )
    way = np.linalg.norm(grown - vertices, axis=1)
    even = np.hypot(vertices[:, 0], vertices[:, 1]) < 2
    assert way[even].max() < 0.1 * way.max()


def test_thick_voxels_grow_as_they_are_thick() -> None:
    thick = np.diag([0.7, 0.7, 5.0])
    unit, faces = as_surface(trimesh.creation.icosphere(subdivisions=2, radius=0.5))
    vertices_mm, _ = restore_volume((transformed(unit, thick), faces), 1.0, thick)
    assert np.ptp(vertices_mm / np.diag(thick), axis=0) == pytest.approx(
        [np.ptp(vertices_mm[:, 0]) / 0.7] * 3, rel=0.02
    )


@pytest.mark.parametrize("index_to_mm", [np.eye(3), np.diag([2.0, -1.0, 0.5])])
@pytest.mark.parametrize("factor", [0.95, 1.05])
def test_at_the_border_of_the_image_caps_stay_and_rims_keep_to_it(
    index_to_mm: np.ndarray[tuple[int, ...], np.dtype[np.float64]], factor: float
) -> None:
    unit, faces = drum()
    faces = faces if np.linalg.det(index_to_mm) > 0 else faces[:, ::-1]
    border = ((-99.0, 99.0), (-99.0, 99.0), (-6.0, 6.0))
    before = transformed(unit, index_to_mm), faces
    voxel_mm3 = abs(np.linalg.det(index_to_mm))
    wanted_mm3 = factor * enclosed_volume_mm3(*before)
    after, _ = restore_volume(before, wanted_mm3 / voxel_mm3, index_to_mm, border)
    assert enclosed_volume_mm3(after, faces) == pytest.approx(wanted_mm3, rel=0.002)
    grown = transformed(after, np.linalg.inv(index_to_mm))
    at_border = np.abs(np.abs(unit[:, 2]) - 6) < 1e-4
    np.testing.assert_allclose(grown[at_border, 2], unit[at_border, 2], atol=1e-4)
    amid_caps = at_border & (np.hypot(unit[:, 0], unit[:, 1]) < 9.5)
    np.testing.assert_allclose(grown[amid_caps], unit[amid_caps], atol=1e-4)
    rims = at_border & ~amid_caps
    wider = np.linalg.norm(grown[rims, :2], axis=1) - np.linalg.norm(unit[rims, :2], axis=1)
    assert (np.sign(factor - 1) * wider > 0.05).all()
