import numpy as np
import numpy.typing as npt
import pytest
from scan_to_mesh.exporters.gltf_frame import RAS_TO_GLTF
from scan_to_mesh.exporters.preview_light import diffuse_and_gloss, lamp_table
from scan_to_mesh.exporters.preview_scene import Camera, Painted, draw
from shapes_to_export import GREEN, RED, sphere

SIZE = 200
CAMERA = Camera(RAS_TO_GLTF, np.zeros(3), px_per_mm=2.0, width=SIZE, height=SIZE)
Picture = npt.NDArray[np.float32]


def _ball(radius_mm: float, color_rgb: tuple[int, int, int] = RED, y_mm: float = 0) -> Painted:
    ball = sphere(radius_mm=radius_mm, centre_ras_mm=(0, y_mm, 0), subdivisions=5)
    return Painted(ball.vertices_ras_mm, ball.faces, color_rgb)


def _plate(y_mm: float, half_mm: float, color_rgb: tuple[int, int, int] = GREEN) -> Painted:
    """Faces the viewer."""
    corners = np.array(
        [[x, y_mm, z] for x, z in ((-1, -1), (1, -1), (1, 1), (-1, 1))], dtype=np.float32
    )
    corners[:, [0, 2]] *= half_mm
    faces = np.array([[0, 2, 1], [0, 3, 2]], dtype=np.int32)
    return Painted(corners, faces, color_rgb, both_sides=True)


def test_a_ball_is_lit_as_its_formula_says() -> None:
    color = (200, 120, 40)
    picture = draw([_ball(40, color)], CAMERA)[0]
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    right, up = (x - (SIZE - 1) / 2) / 80, ((SIZE - 1) / 2 - y) / 80
    inside = right**2 + up**2 < 0.9
    table = lamp_table()
    for row, column in np.argwhere(inside)[::97]:
        nx, ny = right[row, column], up[row, column]
        diffuse, gloss = diffuse_and_gloss((nx, ny, np.sqrt(1 - nx**2 - ny**2)), table)
        expected = np.array(color) / 255 * diffuse + gloss
        assert picture[row, column] == pytest.approx([*expected, 1.0], abs=0.02)


def test_a_ball_covers_its_disk() -> None:
    cover = draw([_ball(40)], CAMERA)[0][..., 3]
    assert cover.sum() == pytest.approx(np.pi * 80**2, rel=0.005)
    assert set(np.unique(cover)) == {0.0, 0.25, 0.5, 0.75, 1.0}


def test_colours_are_the_structures_own_up_to_light_and_gloss() -> None:
    color = np.array([220, 130, 60]) / 255
    picture = draw([_ball(30, (220, 130, 60))], CAMERA)[0]
    pixels = picture[picture[..., 3] == 1, :3]
    diffuse = (pixels[:, 0] - pixels[:, 2]) / (color[0] - color[2])
    gloss = pixels[:, 0] - color[0] * diffuse
    assert pixels[:, 1] == pytest.approx(color[1] * diffuse + gloss, abs=1e-3)


def _plain(picture: Picture) -> tuple[Picture, float]:
    """Brightness, and that of a surface that faces the viewer under an open sky."""
    bare = draw([_plate(0, 40)], CAMERA)[0]
    return picture[..., 1], float(bare[SIZE // 2, SIZE // 2, 1])


def test_a_plate_alone_is_evenly_lit() -> None:
    brightness, plain = _plain(draw([_plate(0, 40)], CAMERA)[0])
    assert brightness[25:175, 25:175] == pytest.approx(np.full((150, 150), plain), abs=1e-5)


def test_what_stands_on_a_plate_shades_it_close_by() -> None:
    picture = draw([_plate(0, 48), _ball(20, RED, y_mm=0)], CAMERA)[0]
    brightness, plain = _plain(picture)
    beside, away = brightness[SIZE // 2, 145], brightness[SIZE // 2, 190]
    assert beside < 0.93 * plain
    assert beside < away
    assert away == pytest.approx(plain, rel=0.02)


def test_what_hovers_far_in_front_shades_nothing() -> None:
    brightness, plain = _plain(draw([_plate(-400, 48), _ball(20, RED)], CAMERA)[0])
    assert brightness[SIZE // 2, 145:190].min() == pytest.approx(plain, rel=0.01)
