import itertools
from dataclasses import replace

import numpy as np
import pytest
import trimesh
from scan_to_mesh.meshing.mesh_report import MeshReport, mesh_report
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map
from scan_to_mesh.meshing.surface import Surface
from scan_to_mesh.voxel_body import VoxelBody

from tests.label_maps import label_map

ORIGIN_RAS_MM = np.array([40.0, -90.0, 600.0])
FAR_LEFT_OF_ALL = (1000.0, 1000.0, 1000.0)


def _box(extents_mm: tuple[float, float, float] = (20, 30, 40), middle: float = 0) -> Surface:
    shape = trimesh.creation.box(extents=extents_mm).subdivide()
    return shape.vertices + np.array([middle, 0, 0]), shape.faces.astype(np.int32)


def _voxels(
    volume_ml: float = 24, x_ras_mm: float = 40, mirrors: tuple[float, ...] = FAR_LEFT_OF_ALL
) -> VoxelBody:
    first, second, third = mirrors
    return VoxelBody(volume_ml, (x_ras_mm, -90.0, 600.0), (first, second, third), 1.5)


def _report(fine: Surface, mesh: Surface, voxels: VoxelBody, *, closed: bool = True) -> MeshReport:
    return mesh_report(
        fine,
        mesh,
        voxels,
        origin_ras_mm=ORIGIN_RAS_MM,
        triangles_before=len(fine[1]),
        watertight=closed,
    )


def test_a_mesh_that_lost_nothing() -> None:
    report = _report(_box(), _box(), _voxels())
    assert report == MeshReport(
        triangles=48,
        triangles_before=48,
        watertight=True,
        mesh_volume_ml=pytest.approx(24.0),
        voxels_volume_ml=24,
        volume_difference_percent=pytest.approx(0, abs=1e-9),
        deviation_p95_mm=pytest.approx(0, abs=1e-9),
        deviation_max_mm=pytest.approx(0, abs=1e-9),
        centroid_difference_mm=pytest.approx(0, abs=1e-9),
        same_side=True,
    )


def test_every_number_of_a_mesh_that_grew() -> None:
    """Each side of the box moves out by 1 mm: its corners by the square root of three."""
    report = _report(_box(), _box((22, 32, 42)), _voxels(24.2))
    assert report.mesh_volume_ml == pytest.approx(22 * 32 * 42 / 1000)
    assert report.volume_difference_percent == pytest.approx(100 * (22 * 32 * 42 / 24200 - 1))
    assert report.deviation_max_mm == pytest.approx(3**0.5)
    assert 1 <= report.deviation_p95_mm <= 3**0.5
    assert report.centroid_difference_mm == pytest.approx(0, abs=1e-9)


def test_a_piece_that_the_mesh_lost_is_in_the_deviation() -> None:
    body, island = _box(), _box((2, 2, 2), middle=80)
    fine = np.vstack([body[0], island[0]]), np.vstack([body[1], island[1] + len(body[0])])
    for before, after in ((fine, body), (body, fine)):
        report = _report(before, after, _voxels())
        assert report.deviation_max_mm == pytest.approx(71)


def test_a_fold_between_the_vertices_is_in_the_deviation() -> None:
    """A triangle through the middle of the box: its corners lie on the surface, its inside not."""
    vertices, faces = _box()
    corners = [
        int(np.flatnonzero((vertices == c).all(axis=1))[0])
        for c in ([-10, -15, -20], [10, 15, -20], [10, -15, 20])
    ]
    folded = vertices, np.vstack([faces, [corners]]).astype(np.int32)
    assert _report((vertices, faces), folded, _voxels()).deviation_max_mm > 5


def test_an_open_mesh_has_no_volume_to_trust() -> None:
    vertices, faces = _box()
    report = _report((vertices, faces), (vertices, faces[:-1]), _voxels(), closed=False)
    assert not report.watertight
    assert report.mesh_volume_ml is None
    assert report.volume_difference_percent is None
    assert report.centroid_difference_mm is None
    assert report.same_side is None
    assert report.deviation_max_mm < 15


def test_a_closed_mesh_that_is_inside_out_has_no_place() -> None:
    vertices, faces = _box()
    report = _report((vertices, faces), (vertices, faces[:, ::-1].copy()), _voxels())
    assert report.mesh_volume_ml == pytest.approx(-24)
    assert report.volume_difference_percent == pytest.approx(-200)
    assert report.centroid_difference_mm is None
    assert report.same_side is None


@pytest.mark.parametrize("plane", [0, 1, 2])
def test_a_mesh_mirrored_about_any_of_the_planes_changes_sides(plane: int) -> None:
    """The voxels' centroid lies 5 mm right of the plane; the mirrored mesh's 5 mm left of it."""
    mirrors = [*FAR_LEFT_OF_ALL]
    mirrors[plane] = 35.0
    voxels = _voxels(mirrors=tuple(mirrors))
    straight = _report(_box(), _box(), voxels)
    mirrored = _report(_box(), _box(middle=-10), voxels)
    assert straight.same_side is True
    assert mirrored.same_side is False
    assert mirrored.centroid_difference_mm == pytest.approx(10)


def test_on_the_middle_nobody_knows_the_side() -> None:
    assert _report(_box(), _box(), _voxels(mirrors=(40.4, 39, 41.5))).same_side is None
    assert _report(_box(), _box(), _voxels(mirrors=(40.4, 39, 41.6))).same_side is True


def test_numbers_do_not_depend_on_where_the_frame_has_its_origin() -> None:
    vertices, faces = _box((22, 31, 40.5), middle=1)
    here = _report(_box(), (vertices, faces), _voxels())
    away = np.array([2000.0, -3000, 5000])
    there = mesh_report(
        (_box()[0] + away, _box()[1]),
        (vertices + away, faces),
        _voxels(),
        origin_ras_mm=ORIGIN_RAS_MM - away,
        triangles_before=here.triangles_before,
        watertight=True,
    )
    for name, value in vars(here).items():
        assert vars(there)[name] == pytest.approx(value, rel=1e-6, abs=1e-9), name


def test_an_axis_that_was_flipped_in_the_crop_shows() -> None:
    """An uneven solid in its own box: heavier on one side, so that its mirror image is seen."""
    vertices, faces = _box()
    heavy = vertices * np.where(vertices[:, :1] > 0, [1.0, 0.2, 0.2], [1.0, 1.0, 1.0])
    straight = heavy, faces
    mirrored = heavy * [-1.0, 1, 1], faces[:, ::-1].copy()
    body = trimesh.Trimesh(*straight, process=False)
    voxels = replace(
        _voxels(body.volume / 1000, mirrors=(1000, 1000, 40)),
        centroid_ras_mm=tuple(body.center_mass + ORIGIN_RAS_MM),
    )
    assert _report(straight, straight, voxels).same_side is True
    assert _report(straight, mirrored, voxels).same_side is False


@pytest.mark.parametrize("signs", list(itertools.product([-1, 1], repeat=3)), ids=str)
@pytest.mark.parametrize("axes", list(itertools.permutations(range(3))), ids=str)
def test_meshes_agree_with_their_voxels_in_every_orientation(
    axes: tuple[int, int, int], signs: tuple[int, int, int]
) -> None:
    """A cone off the middle of the image, thick at its right end: no plane leaves it as it is."""
    turned = np.zeros((4, 4))
    for index_axis, (world_axis, sign) in enumerate(zip(axes, signs, strict=True)):
        turned[world_axis, index_axis] = sign * (1.0, 1.5, 2.0)[world_axis]
    turned[:, 3] = 30.0, -20.0, 100.0, 1.0
    shape = np.abs(np.linalg.inv(turned)[:3, :3]).max(axis=1) @ np.diag([70, 60, 60])
    index = np.stack(np.meshgrid(*map(np.arange, shape.astype(int)), indexing="ij"), axis=-1)
    middle = turned[:3, :3] @ ((shape - 1) / 2) + turned[:3, 3]
    x, y, z = np.moveaxis(index @ turned[:3, :3].T + turned[:3, 3] - middle, -1, 0)
    inside = (np.hypot(y, z) < 4 + 0.4 * (x + 10)) & (x > -10) & (x < 30)
    image = label_map(inside.astype(np.uint8), turned)
    (mesh,) = mesh_label_map(image, MeshingOptions(), lambda _done, _all: None, threads=1)
    assert mesh.report.same_side is True
    assert mesh.report.centroid_difference_mm is not None
    assert mesh.report.centroid_difference_mm < 0.5
    assert mesh.report.voxels_volume_ml == pytest.approx(inside.sum() * 3 / 1000)
    assert mesh.report.volume_difference_percent == pytest.approx(0, abs=1)
    assert mesh.report.triangles == len(mesh.faces)
