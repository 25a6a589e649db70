from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scan_to_mesh.exporters.preview import SIZE_PX, write_preview, write_thumbnail
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from shapes_to_export import BLUE, GREEN, RED, sphere, three_organs

MIDDLE = SIZE_PX // 2
FILLED = 0.88  # of the picture by what is shown


def _picture(meshes: Sequence[SurfaceMesh], folder: Path) -> np.ndarray:
    write_preview(meshes, folder / "preview.png")
    with Image.open(folder / "preview.png") as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (SIZE_PX, SIZE_PX))
        return np.asarray(image).astype(int)


def _of_color(picture: np.ndarray, color_rgb: tuple[int, int, int]) -> np.ndarray:
    """Pixels where the colour's strongest channel is far above both others."""
    strongest = int(np.argmax(color_rgb))
    others = np.delete(picture[..., :3], strongest, axis=2).max(axis=2)
    return (picture[..., 3] > 127) & (picture[..., strongest] > others + 40)


def _place(picture: np.ndarray, color_rgb: tuple[int, int, int]) -> tuple[float, float]:
    rows, columns = np.nonzero(_of_color(picture, color_rgb))
    return float(columns.mean()), float(rows.mean())


def test_right_is_left_and_superior_is_up(tmp_path: Path) -> None:
    picture = _picture(three_organs(), tmp_path)
    liver, heart, stomach = (_place(picture, color) for color in (RED, GREEN, BLUE))
    assert liver[0] < 0.4 * SIZE_PX
    assert stomach[0] > 0.6 * SIZE_PX
    assert heart[1] < min(liver[1], stomach[1]) - 0.2 * SIZE_PX
    assert liver[0] < heart[0] < stomach[0]


def test_a_sphere_on_the_patients_left_is_seen_on_the_right(tmp_path: Path) -> None:
    left = sphere("left", centre_ras_mm=(-60, 0, 0), color_rgb=RED)
    right = sphere("right", centre_ras_mm=(60, 0, 0), color_rgb=BLUE)
    picture = _picture([left, right], tmp_path)
    px_per_mm = FILLED * SIZE_PX / 160
    assert _place(picture, RED) == pytest.approx((MIDDLE + 60 * px_per_mm, MIDDLE), abs=1)
    assert _place(picture, BLUE) == pytest.approx((MIDDLE - 60 * px_per_mm, MIDDLE), abs=1)


def test_the_thumbnail_is_the_picture_made_small(tmp_path: Path) -> None:
    picture = _picture(three_organs(), tmp_path)
    write_thumbnail(tmp_path / "preview.png", tmp_path / "thumbnail.png")
    with Image.open(tmp_path / "thumbnail.png") as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (192, 192))
        small = np.asarray(image).astype(int)
    for color in (RED, GREEN, BLUE):
        assert _place(small, color) == pytest.approx(
            [place * 192 / SIZE_PX for place in _place(picture, color)], abs=1
        )


def test_what_lies_in_front_hides_what_lies_behind(tmp_path: Path) -> None:
    front = sphere("front", centre_ras_mm=(0, 60, 0), color_rgb=RED)
    back = sphere("back", centre_ras_mm=(0, -60, 0), color_rgb=BLUE)
    for meshes in ([back, front], [front, back]):
        picture = _picture(meshes, tmp_path)
        assert _of_color(picture, RED).sum() > 0.7 * (FILLED * SIZE_PX) ** 2
        assert _of_color(picture, BLUE).sum() == 0


def test_a_sphere_is_a_disk_of_its_size(tmp_path: Path) -> None:
    alpha = _picture([sphere(radius_mm=100, subdivisions=5)], tmp_path)[..., 3] / 255
    disk = alpha[40:-60, 60:-60]  # letters and bar are outside
    diameter = FILLED * SIZE_PX
    assert disk.sum() == pytest.approx(np.pi / 4 * diameter**2, rel=0.005)
    rows, columns = np.nonzero(disk > 0.5)
    assert np.ptp(columns) == pytest.approx(diameter, abs=3)
    assert np.ptp(rows) == pytest.approx(diameter, abs=3)


def test_the_scale_bar_is_ten_centimetres_long(tmp_path: Path) -> None:
    picture = _picture([sphere(radius_mm=200, subdivisions=4)], tmp_path)
    bar = picture[SIZE_PX - 36, :MIDDLE, 3] > 127
    assert bar.sum() == pytest.approx(100 * SIZE_PX * FILLED / 400, abs=5)


@pytest.mark.parametrize("system", ["integumentary", "soft_tissue", "muscular"])
def test_what_encloses_the_others_is_left_out_as_the_page_does(system: str, tmp_path: Path) -> None:
    around = sphere("around", radius_mm=150, color_rgb=BLUE, body_system=system, encloses=True)
    heart = sphere("heart", radius_mm=50, color_rgb=RED)
    assert np.array_equal(_picture([around, heart], tmp_path), _picture([heart], tmp_path))


def test_an_enclosing_structure_alone_is_shown(tmp_path: Path) -> None:
    picture = _picture([sphere("body_surface", color_rgb=RED, encloses=True)], tmp_path)
    assert _of_color(picture, RED)[MIDDLE, MIDDLE]


def test_surfaces_that_are_not_closed_are_seen_from_inside(tmp_path: Path) -> None:
    ball = sphere(color_rgb=RED)
    behind = ball.vertices_ras_mm[ball.faces].mean(axis=1)[:, 1] < 0
    opened = replace(ball.report, watertight=False)
    bowl = replace(ball, faces=ball.faces[behind], report=opened)
    assert _of_color(_picture([bowl], tmp_path), RED)[MIDDLE, MIDDLE]


def test_light_falls_from_above_and_the_surface_is_smooth(tmp_path: Path) -> None:
    picture = _picture([sphere(color_rgb=(180, 180, 180), subdivisions=4)], tmp_path)
    column = picture[120:-120, MIDDLE, :3].sum(axis=1)
    assert column[:250].mean() > column[-250:].mean() + 30
    assert np.abs(np.diff(column)).max() < 30


def test_edges_are_smooth_and_keep_their_colour(tmp_path: Path) -> None:
    picture = _picture([sphere(color_rgb=(200, 200, 200), subdivisions=5)], tmp_path)
    disk = picture[40:-60, 60:-60]  # letters and bar are outside
    edge = (disk[..., 3] > 0) & (disk[..., 3] < 255)
    assert edge.sum() > SIZE_PX
    assert np.ptp(disk[edge][:, :3], axis=1).max() == 0
    assert disk[edge][:, 0].min() > 60  # black would make a dark line around everything


def test_the_same_meshes_make_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.png", "other.png"):
        write_preview(three_organs(), tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "other.png").read_bytes()


def test_without_meshes_the_picture_holds_the_letters_alone(tmp_path: Path) -> None:
    alpha = _picture([], tmp_path)[..., 3]
    assert alpha[MIDDLE - 20 : MIDDLE + 20, 20:55].max() == 255  # R
    assert alpha[MIDDLE - 20 : MIDDLE + 20, -55:-20].max() == 255  # L
    assert alpha[200:1000, 200:1000].max() == 0


def test_a_mesh_that_is_a_point_breaks_nothing(tmp_path: Path) -> None:
    point = replace(
        sphere(),
        vertices_ras_mm=np.full((3, 3), 7, dtype=np.float32),
        faces=np.array([[0, 1, 2]], dtype=np.int32),
    )
    assert _picture([point], tmp_path)[200:1000, 200:1000].max() == 0
