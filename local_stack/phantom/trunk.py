"""The trunk that everything else lies in: outline, fat, muscles and the table underneath."""

from dataclasses import dataclass

import numpy as np

from local_stack.phantom.canvas import Array, Canvas, Mask
from local_stack.phantom.variation import Variation

SHOULDER_HEIGHT_MM = 235
CAVITY_EXPONENT = 2.2


@dataclass(frozen=True, eq=False)
class Trunk:
    """Sizes and regions that the organs refer to.

    Attributes
    ----------
    half_width_mm, half_depth_mm : float
        Of the trunk at the waist.
    cavity_half_width_mm, cavity_half_depth_mm : float
        Of the thoracic and abdominal cavity.
    fat_hu, artery_hu, vein_hu : float
    spine_y_mm : float
        Centre line of the vertebral bodies.
    body, wall_and_cavity : ndarray of bool
        Inside the skin; inside the subcutaneous fat.
    """

    half_width_mm: float
    half_depth_mm: float
    cavity_half_width_mm: float
    cavity_half_depth_mm: float
    fat_hu: float
    artery_hu: float
    vein_hu: float
    spine_y_mm: float
    body: Mask
    wall_and_cavity: Mask


def cavity_section(
    canvas: Canvas,
    half_width_mm: float | Array,
    half_depth_mm: float | Array,
    y_offset_mm: float = 0.0,
) -> Mask:
    """Superelliptic cross section of the cavity, for every voxel."""
    x, y, _ = canvas.points_mm
    if y_offset_mm:
        y = y - y_offset_mm
    width = np.abs(x / half_width_mm) ** CAVITY_EXPONENT
    inside: Mask = width + np.abs(y / half_depth_mm) ** CAVITY_EXPONENT <= 1
    return inside


def _outline_radii_mm(
    canvas: Canvas, scale: float, half_width_mm: float, half_depth_mm: float
) -> tuple[Array, Array]:
    """Half width and half depth of the skin at the height of every voxel: chest, then shoulders."""
    height = canvas.points_mm[2] / scale
    chest = np.clip((height - 180) / 90, 0, 1)
    width = half_width_mm * (1 + 0.12 * chest)
    depth = half_depth_mm * (1 - 0.15 * chest)
    above = height - SHOULDER_HEIGHT_MM
    shoulder = height > SHOULDER_HEIGHT_MM
    width = np.where(shoulder, np.maximum(width * (1 - above / 45), 65 * scale), width)
    depth = np.where(shoulder, np.maximum(depth * (1 - above / 90), 68 * scale), depth)
    return width, depth


def paint_trunk(
    canvas: Canvas, vary: Variation, half_width_mm: float, half_depth_mm: float
) -> Trunk:
    """Paint skin, fat, body wall and table, and lay down the trunk's sizes."""
    x, y, z = canvas.points_mm
    scale = vary.scale
    artery_hu = 45 + 280 * vary.enhancement * vary.uniform(0.5, 1)
    vein_hu = 45 + 130 * vary.enhancement * vary.uniform(0.5, 1)
    fat_hu = -105 + vary.uniform(-10, 10)

    width, depth = _outline_radii_mm(canvas, scale, half_width_mm, half_depth_mm)
    radius = (np.abs(x / width) ** 2.3 + np.abs(y / depth) ** 2.3) ** (1 / 2.3)
    body = radius <= 1
    canvas.hu[body] = fat_hu
    fat_share = vary.uniform(0.06, 0.16)
    wall_and_cavity = radius <= 1 - fat_share
    canvas.hu[wall_and_cavity] = 52 + vary.uniform(-8, 8)
    cavity = radius <= 1 - fat_share - vary.uniform(0.05, 0.08)
    canvas.hu[cavity & (z < 60 * scale)] = fat_hu + 8
    if vary.uniform(0, 1) < 0.7:
        table_y_mm = -depth.max() - vary.uniform(8, 25)
        table = np.abs(y - table_y_mm - (x / 60) ** 2 * 0.8) < 4
        canvas.hu[table & (np.abs(x) < 200) & ~body] = vary.uniform(-200, 200)
    return Trunk(
        half_width_mm=half_width_mm,
        half_depth_mm=half_depth_mm,
        cavity_half_width_mm=half_width_mm * (1 - fat_share - 0.06),
        cavity_half_depth_mm=half_depth_mm * (1 - fat_share - 0.06),
        fat_hu=fat_hu,
        artery_hu=artery_hu,
        vein_hu=vein_hu,
        spine_y_mm=-58 * scale,
        body=body,
        wall_and_cavity=wall_and_cavity,
    )


def paint_muscles(canvas: Canvas, vary: Variation, trunk: Trunk) -> None:
    """Paint the muscles beside the spine, the psoas and the gluteal muscles."""
    s = vary.scale
    for side, name in ((-1, "left"), (1, "right")):
        box = canvas.box((-90 * s, -130 * s, -260 * s), (90 * s, -60 * s, 230 * s))
        x, y, z = canvas.coordinates_mm(box)
        across = np.abs((x - side * 34 * s) / (26 * s)) ** 2
        deep = np.abs((y - (trunk.spine_y_mm - 33 * s)) / (19 * s)) ** 2
        mask = (across + deep <= 1) & (z > -235 * s) & (z < 225 * s)
        canvas.paint(
            box,
            mask,
            label=f"autochthon_{name}",
            hu=vary.tissue_hu(55),
            within=trunk.wall_and_cavity,
        )
    for side, name in ((-1, "left"), (1, "right")):
        psoas = vary.path(
            (side * 38, -48, -90),
            (side * 48, -42, -160),
            (side * 75, 0, -240),
            (side * 90, 5, -300),
        )
        canvas.tube(
            psoas,
            np.array((14, 22, 20, 14), float) * s,
            label=f"iliopsoas_{name}",
            hu=vary.tissue_hu(58),
        )
    for side, name in ((-1, "left"), (1, "right")):
        center = vary.point(side * 82, -72, -262) + vary.shift_mm(0.5)
        canvas.ellipsoid(
            center,
            vary.point(60, 28, 55),
            label=f"gluteus_maximus_{name}",
            hu=vary.tissue_hu(50),
            within=trunk.body,
        )
