"""How meshing is asked for and how it answers; what it makes is tested against ground truth."""

import threading
from typing import Any

import numpy as np
import pytest
from iris_imaging.volume import LabelMap
from scan_to_mesh.meshing.meshing import MeshingOptions, Quality, mesh_label_map
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

from tests.analytic_shapes import sphere
from tests.label_maps import label_map, voxelised
from tests.mesh_distances import nearest_on_mesh
from tests.mesh_quality import surface_points, topology, volume_mm3
from tests.unit.scan_to_mesh.meshing.promises import assert_sound, mesh_all


def two_blocks() -> LabelMap:
    labels = np.zeros((8, 6, 5), np.uint8)
    labels[:3, 1:5, 1:4] = 1
    labels[3:, :, 2:] = 2
    return label_map(labels)


def meshed(image: LabelMap, **options: Any) -> list[SurfaceMesh]:
    return mesh_label_map(image, MeshingOptions(**options), lambda _done, _all: None)


def test_progress_is_reported_in_the_calling_thread() -> None:
    seen = []

    def report(done: int, total: int) -> None:
        seen.append((done, total, threading.current_thread() is threading.main_thread()))

    mesh_label_map(two_blocks(), MeshingOptions(), report)
    assert seen == [(1, 2, True), (2, 2, True)]


def test_what_the_report_raises_ends_the_meshing() -> None:
    class Cancelled(Exception):
        pass

    def report(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        mesh_label_map(two_blocks(), MeshingOptions(), report)


def test_a_label_value_without_a_structure_is_an_error() -> None:
    labels = LabelMap(np.full((2, 2, 2), 9, np.uint8), np.eye(4), {})
    with pytest.raises(ValueError, match=r"without a structure: \[9\]"):
        mesh_all(labels)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("target_reduction", -0.1),
        ("target_reduction", 1.0),
        ("target_reduction", 90),
        ("max_deviation_mm", 0.0),
        ("max_deviation_mm", float("nan")),
        ("smoothing_mm", -1.0),
        ("smoothing_mm", float("inf")),
        ("drop_islands_below_ml", -0.001),
    ],
)
def test_options_out_of_range_are_refused(option: str, value: float) -> None:
    with pytest.raises(ValueError, match=r"reduction|deviation|smoothing|islands"):
        MeshingOptions(**{option: value})


@pytest.mark.parametrize("allowed_mm", [0.05, 0.3])
def test_no_mesh_deviates_by_more_than_allowed(allowed_mm: float) -> None:
    image = voxelised(sphere(15), np.diag([1.0, 1.2, 1.5]))
    (exact,) = meshed(image, target_reduction=0.0, quality=Quality.PRINT)
    (mesh,) = meshed(
        image, target_reduction=0.99, max_deviation_mm=allowed_mm, quality=Quality.PRINT
    )
    assert_sound(mesh)
    assert len(mesh.faces) < len(exact.faces)
    for one, other in ((mesh, exact), (exact, mesh)):
        points, _ = surface_points(one.vertices_ras_mm, one.faces, 5000)
        off = nearest_on_mesh(points, other.vertices_ras_mm, other.faces).distances_mm
        assert off.max() < 1.1 * allowed_mm  # the report measures at other points


def test_less_deviation_takes_more_triangles() -> None:
    image = voxelised(sphere(15), np.diag([1.0, 1.2, 1.5]))
    fine, coarse = (
        meshed(image, target_reduction=0.99, max_deviation_mm=allowed)[0] for allowed in (0.05, 0.3)
    )
    assert len(fine.faces) > 1.3 * len(coarse.faces)


@pytest.mark.parametrize("quality", list(Quality))
def test_every_quality_makes_sound_bodies(quality: Quality) -> None:
    for mesh in meshed(two_blocks(), quality=quality):
        assert_sound(mesh)
        assert (mesh.report.deviation_max_mm is None) == (quality is Quality.DRAFT)


def test_small_islands_are_dropped_when_asked_and_the_largest_piece_never() -> None:
    labels = np.zeros((30, 20, 20), np.uint8)
    labels[2:12, 2:12, 2:12] = 1
    labels[20:24, 3:7, 3:7] = 1
    labels[28, 18, 18] = 1
    labels[15, 15, 15] = 2
    image = label_map(labels)
    for below_ml, pieces, voxels in ((0.0, 3, 1065), (0.01, 2, 1064), (0.1, 1, 1000)):
        organ, speck = meshed(image, drop_islands_below_ml=below_ml)
        assert_sound(organ)
        assert topology(organ.faces).pieces == pieces
        assert volume_mm3(organ.vertices_ras_mm, organ.faces) == pytest.approx(voxels, rel=0.03)
        assert topology(speck.faces).pieces == 1


def test_smoothing_takes_away_the_stairs_of_a_coarser_model() -> None:
    coarse = voxelised(sphere(20), np.diag([3.0, 3.0, 3.0]))
    fine = coarse.labels.repeat(3, 0).repeat(3, 1).repeat(3, 2)
    affine = coarse.affine_ras_mm.copy()
    affine[:3, :3] /= 3
    affine[:3, 3] -= 1
    image = label_map(fine, affine)
    off = []
    for smoothing_mm in (0.0, None, 3.0):
        (mesh,) = meshed(image, smoothing_mm=smoothing_mm)
        assert_sound(mesh)
        points, _ = surface_points(mesh.vertices_ras_mm, mesh.faces, 5000)
        off.append(np.abs(sphere(20).distance_mm(points)).mean())
    assert off[2] < 0.5 * off[0]
    assert off[2] == off[1]
