from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from iris_oculus.structures import Structure
from PIL import Image
from scan_to_mesh.exporters.gltf_frame import RAS_TO_GLTF

from tests.benchmarks.meshing.pictures import (
    PANEL_PX,
    Segmented,
    close_up,
    draw_decimation,
    draw_staircase,
    fitting,
    panel,
    seen_from,
    staircase,
)

OBLIQUE = np.array([[0, -2, 0, 5], [1.5, 0, 0.5, -7], [0, 0, 3, 11], [0, 0, 0, 1.0]])


def _block(*shape: int) -> Segmented:
    """On a grid of 5 × 5 × 5 voxels at least."""
    mask = np.zeros(np.maximum(np.add(shape, 2), 5), bool)
    mask[tuple(slice(1, 1 + n) for n in shape)] = True
    return Segmented(Structure("bone", 3, "Bone", (238, 221, 188), "skeletal"), mask, OBLIQUE)


def test_a_staircase_is_the_voxels_whole_surface() -> None:
    surface = staircase(_block(1, 2, 3))
    assert len(surface.faces) == 2 * 2 * (1 * 2 + 2 * 3 + 1 * 3)
    corners_index = np.array(
        [[i, j, k] for i in (0.5, 1.5) for j in (0.5, 2.5) for k in (0.5, 3.5)]
    )
    corners_ras_mm = corners_index @ OBLIQUE[:3, :3].T + OBLIQUE[:3, 3]
    for vertices in (surface.vertices_ras_mm, corners_ras_mm):
        assert vertices.min(axis=0) == pytest.approx(corners_ras_mm.min(axis=0))
        assert vertices.max(axis=0) == pytest.approx(corners_ras_mm.max(axis=0))
    sides = surface.vertices_ras_mm[surface.faces]
    area = np.linalg.norm(np.cross(sides[:, 1] - sides[:, 0], sides[:, 2] - sides[:, 0]), axis=1)
    i, j, k = OBLIQUE[:3, :3].T
    expected = 2 * sum(
        n * np.linalg.norm(np.cross(u, v)) for n, u, v in ((2, i, j), (6, j, k), (3, i, k))
    )
    assert area.sum() / 2 == pytest.approx(expected, rel=1e-5)


def test_a_view_is_upright_and_right_handed() -> None:
    assert seen_from(0, 1, 0) == pytest.approx(RAS_TO_GLTF)
    axes = seen_from(-0.7, 0.5, 0.4)
    assert axes @ axes.T == pytest.approx(np.eye(3))
    assert np.linalg.det(axes) == pytest.approx(1)
    assert axes[1, 2] > 0


def test_lines_part_what_is_drawn_from_its_neighbours() -> None:
    surface = staircase(_block(4, 4, 4))
    camera = fitting([surface], seen_from(0, 1, 0))
    plain, lined = panel(surface, camera), panel(surface, camera, lines_around=2)
    assert np.array_equal(plain[..., 3], lined[..., 3])
    darker = (lined[..., :3].sum(axis=2) < 0.9 * plain[..., :3].sum(axis=2))[plain[..., 3] == 1]
    assert 0.01 < darker.mean() < 0.1


def test_a_close_up_is_the_same_view_of_less() -> None:
    surface = staircase(_block(4, 4, 4))
    whole = fitting([surface], seen_from(-1, 1, 1))
    near = close_up(whole, surface.vertices_ras_mm[0], 3)
    middle = (np.array(PANEL_PX) * 2 - 1) / 2
    assert near.project(surface.vertices_ras_mm[:1])[0, :2] == pytest.approx(middle, abs=0.01)
    first, last = (each.project(surface.vertices_ras_mm[[0, -1]]) for each in (whole, near))
    assert last[1] - last[0] == pytest.approx(3 * (first[1] - first[0]), rel=1e-4)


@pytest.mark.parametrize("draw_picture", [draw_staircase, draw_decimation])
def test_pictures_have_two_panels(
    draw_picture: Callable[[Segmented, Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "picture.png"
    draw_picture(_block(6, 7, 5), path)
    with Image.open(path) as image:
        assert image.mode == "RGBA"
        alpha = np.asarray(image)[..., 3]
    width, height = PANEL_PX
    assert alpha.shape == (height, 2 * width + 20)
    assert alpha[:, :width].mean() > 50
    assert alpha[:, width : width + 20].max() == 0
    assert alpha[:, width + 20 :].mean() > 50
