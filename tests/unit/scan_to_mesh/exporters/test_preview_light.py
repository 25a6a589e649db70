import re

import numpy as np
import pytest
from scan_to_mesh.exporters.preview_light import (
    AMBIENT,
    LAMPS,
    SHININESS,
    SPECULAR,
    diffuse_and_gloss,
    lamp_table,
)

from tests.conftest import REPOSITORY

VIEWER = REPOSITORY / "frontend/src/viewer/space"
BONE_SRGB = 241 / 255  # the brightest channel that a large structure has


def _numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]


def test_the_lamps_are_those_with_which_the_page_opens() -> None:
    opened = re.search(
        r"lighting: '(\w+)'", (REPOSITORY / "frontend/src/session/scene.ts").read_text()
    )
    assert opened
    rig = re.search(
        rf"{opened[1]}: (\{{.*?\n  \}}),", (VIEWER / "lights.ts").read_text(), re.DOTALL
    )
    assert rig
    ours = [part for lamp in LAMPS for part in (lamp.intensity, *lamp.towards)]
    assert _numbers(rig[1]) == [AMBIENT, *ours]


def test_the_gloss_is_that_of_the_pages_surfaces() -> None:
    text = (VIEWER / "structure_surface.ts").read_text()
    material = re.search(r"shininess: (\d+), specular: 0x(\w\w)(\w\w)(\w\w)", text)
    assert material
    assert int(material[1]) == SHININESS
    assert {int(channel, 16) / 255 for channel in material.groups()[1:]} == {SPECULAR}


def test_nothing_that_faces_the_viewer_is_burnt_out() -> None:
    generator = np.random.default_rng(5)
    normals = generator.normal(size=(4000, 3))
    normals[:, 2] = np.abs(normals[:, 2])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    table = lamp_table()
    light = np.array([diffuse_and_gloss(tuple(normal), table) for normal in normals])
    burnt = BONE_SRGB * light[:, 0] + light[:, 1] > 1
    assert burnt.mean() < 0.04  # of a hemisphere: a highlight
    assert light[:, 0].max() <= 1
    assert light[:, 0].min() == pytest.approx(AMBIENT, abs=0.05)


def test_the_light_comes_from_the_upper_left() -> None:
    table = lamp_table()
    upper_left, lower_right = (
        diffuse_and_gloss((-x, x, np.sqrt(1 - 2 * x * x)), table)[0] for x in (0.4, -0.4)
    )
    assert upper_left > lower_right + 0.2
