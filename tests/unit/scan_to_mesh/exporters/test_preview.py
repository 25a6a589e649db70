from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scan_to_mesh.exporters.preview import write_preview, write_thumbnail
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from shapes_to_export import BLUE, GREEN, RED, sphere, three_organs


def _picture(meshes: Sequence[SurfaceMesh], folder: Path) -> np.ndarray:
    write_preview(meshes, folder / "preview.png")
    with Image.open(folder / "preview.png") as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (1000, 1000))
        return np.asarray(image).astype(int)


def _of_color(picture: np.ndarray, color_rgb: tuple[int, int, int]) -> np.ndarray:
    """Pixels where the colour's strongest channel is far above both others."""
    strongest = int(np.argmax(color_rgb))
    others = np.delete(picture, strongest, axis=2).max(axis=2)
    return picture[..., strongest] > others + 60


def _place(picture: np.ndarray, color_rgb: tuple[int, int, int]) -> tuple[float, float]:
    rows, columns = np.nonzero(_of_color(picture, color_rgb))
    return float(columns.mean()), float(rows.mean())


def test_right_is_left_and_superior_is_up(tmp_path: Path) -> None:
    picture = _picture(three_organs(), tmp_path)
    liver, heart, stomach = (_place(picture, color) for color in (RED, GREEN, BLUE))
    assert liver[0] < 400
    assert stomach[0] > 600
    assert heart[1] < min(liver[1], stomach[1]) - 200
    assert liver[0] < heart[0] < stomach[0]


def test_the_thumbnail_is_the_picture_made_small(tmp_path: Path) -> None:
    picture = _picture(three_organs(), tmp_path)
    write_thumbnail(tmp_path / "preview.png", tmp_path / "thumbnail.png")
    with Image.open(tmp_path / "thumbnail.png") as image:
        assert (image.format, image.size) == ("PNG", (192, 192))
        small = np.asarray(image).astype(int)
    for color in (RED, GREEN, BLUE):
        assert _place(small, color) == pytest.approx(
            [place * 192 / 1000 for place in _place(picture, color)], abs=1
        )


def test_what_lies_in_front_hides_what_lies_behind(tmp_path: Path) -> None:
    front = sphere("front", centre_ras_mm=(0, 60, 0), color_rgb=RED)
    back = sphere("back", centre_ras_mm=(0, -60, 0), color_rgb=BLUE)
    picture = _picture([back, front], tmp_path)
    assert _of_color(picture, RED).sum() > 300_000
    assert _of_color(picture, BLUE).sum() == 0


def test_a_sphere_is_a_disk_of_its_size(tmp_path: Path) -> None:
    picture = _picture([sphere(radius_mm=100, subdivisions=5)], tmp_path)
    rows, columns = np.nonzero(_of_color(picture, RED))
    px_per_mm = 1000 * 0.82 / 200
    assert np.ptp(columns) == pytest.approx(200 * px_per_mm, abs=4)
    assert np.ptp(rows) == pytest.approx(200 * px_per_mm, abs=4)
    assert len(rows) == pytest.approx(np.pi * (100 * px_per_mm) ** 2, rel=0.01)


def test_the_scale_bar_is_ten_centimetres_long(tmp_path: Path) -> None:
    picture = _picture([sphere(radius_mm=200, subdivisions=4)], tmp_path)
    bar = picture[960, :500].min(axis=1) > 180
    assert bar.sum() == pytest.approx(100 * 1000 * 0.82 / 400, abs=5)


@pytest.mark.parametrize("system", ["integumentary", "soft_tissue", "muscular"])
def test_enclosing_structures_do_not_hide_the_others(system: str, tmp_path: Path) -> None:
    around = sphere("around", radius_mm=150, color_rgb=BLUE, body_system=system, encloses=True)
    picture = _picture([around, sphere("heart", radius_mm=50, color_rgb=RED)], tmp_path)
    assert _of_color(picture, RED).sum() > 50_000
    assert picture[500, 110:130, 2].mean() > picture[500, 60:80, 2].mean() + 20


def test_an_enclosing_structure_alone_is_opaque(tmp_path: Path) -> None:
    picture = _picture([sphere("body_surface", color_rgb=RED, encloses=True)], tmp_path)
    assert _of_color(picture, RED)[500, 500]


def test_surfaces_that_are_not_closed_are_seen_from_inside(tmp_path: Path) -> None:
    ball = sphere(color_rgb=RED)
    behind = ball.vertices_ras_mm[ball.faces].mean(axis=1)[:, 1] < 0
    opened = replace(ball.report, watertight=False)
    bowl = replace(ball, faces=ball.faces[behind], report=opened)
    assert _of_color(_picture([bowl], tmp_path), RED)[500, 500]


def test_light_falls_from_above_and_the_surface_is_smooth(tmp_path: Path) -> None:
    picture = _picture([sphere(color_rgb=(180, 180, 180), subdivisions=4)], tmp_path)
    column = picture[120:880, 500].sum(axis=1)
    assert column[:250].mean() > column[-250:].mean() + 30
    assert np.abs(np.diff(column)).max() < 30


def test_without_meshes_the_picture_holds_the_letters_alone(tmp_path: Path) -> None:
    picture = _picture([], tmp_path)
    assert picture[480:520, 20:50].max() > 180  # R
    assert picture[480:520, 950:980].max() > 180  # L
    assert picture[200:800, 200:800].max() < 120


def test_a_mesh_that_is_a_point_breaks_nothing(tmp_path: Path) -> None:
    point = replace(
        sphere(),
        vertices_ras_mm=np.full((3, 3), 7, dtype=np.float32),
        faces=np.array([[0, 1, 2]], dtype=np.int32),
    )
    assert _picture([point], tmp_path)[200:800, 200:800].max() < 120
