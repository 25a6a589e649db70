"""Spine, pelvis, ribs, sternum and shoulder girdle."""

from dataclasses import dataclass

import numpy as np

from local_stack.phantom.canvas import BACKGROUND, Canvas
from local_stack.phantom.trunk import Trunk
from local_stack.phantom.variation import Variation

SIDES = ((-1, "left"), (1, "right"))
LOWEST_VERTEBRA_MM = -198.0
DISC_HEIGHT_MM = 6
# Name and height in mm, from below.
VERTEBRAE = (
    *((f"L{n}", 33.5) for n in range(5, 0, -1)),
    *((f"T{n}", 25.0) for n in range(12, 0, -1)),
    ("C7", 18.0),
    ("C6", 18.0),
)
RIBS = 12
RIBS_WITH_CARTILAGE = 10
# The spinal cord ends at L1; the canal below holds nerve roots only.
BELOW_THE_CORD = frozenset({"L5", "L4", "L3", "L2"})


@dataclass(frozen=True)
class _Vertebra:
    """One vertebra of the plan, mm before scaling."""

    name: str
    bottom_mm: float
    top_mm: float
    half_width_mm: float


def paint_skeleton(canvas: Canvas, vary: Variation, trunk: Trunk) -> None:
    """Paint every bone, and the spinal cord in its canal."""
    middle_mm = _paint_spine(canvas, vary, trunk)
    _paint_sacrum(canvas, vary)
    _paint_pelvis(canvas, vary)
    _paint_ribs(canvas, vary, trunk, middle_mm)
    _paint_sternum(canvas, vary, trunk)
    _paint_shoulders(canvas, vary, trunk)


def _paint_spine(canvas: Canvas, vary: Variation, trunk: Trunk) -> dict[str, float]:
    """Paint the vertebrae; return the height of each one's middle, mm before scaling."""
    bottom_mm = LOWEST_VERTEBRA_MM
    middle_mm = {}
    for index, (name, height_mm) in enumerate(VERTEBRAE):
        top_mm = bottom_mm + height_mm
        middle_mm[name] = 0.5 * (bottom_mm + top_mm)
        vertebra = _Vertebra(name, bottom_mm, top_mm, half_width_mm=24 - 0.45 * index)
        _paint_vertebra(canvas, vary, trunk.spine_y_mm, vertebra)
        bottom_mm = top_mm
    return middle_mm


def _paint_vertebra(canvas: Canvas, vary: Variation, spine_y: float, vertebra: _Vertebra) -> None:
    s, name, bottom, top = vary.scale, vertebra.name, vertebra.bottom_mm, vertebra.top_mm
    height = top - bottom
    w = vertebra.half_width_mm * s
    box = canvas.box((-50 * s, -130 * s, bottom * s), (50 * s, 0, top * s))
    x, y, z = canvas.coordinates_mm(box)
    across, deep = np.abs(x), y - spine_y

    level = (z >= bottom * s) & (z < top * s)
    body = np.abs(x / w) ** 2.4 + np.abs(deep / (w * 0.72)) ** 2.4 <= 1
    disc = body & (z >= (top - DISC_HEIGHT_MM) * s)
    arch = (across < 17 * s) & (np.abs(y - (spine_y - 25 * s)) < 13 * s)
    canal = np.abs(x / (9.5 * s)) ** 2 + np.abs((y - (spine_y - 24 * s)) / (9 * s)) ** 2 <= 1
    spinous = (across < 5 * s) & (y < spine_y - 34 * s) & (y > spine_y - 62 * s)
    spinous &= z < (bottom + 0.6 * height) * s
    transverse = (across < 36 * s) & (np.abs(y - (spine_y - 18 * s)) < 6 * s)
    transverse &= np.abs(z - (bottom + 0.5 * height) * s) < 7 * s

    bone = level & ((body & ~disc) | arch | spinous | transverse) & ~canal
    cortical_hu = vary.bone_hu()
    canvas.paint(box, bone, label=f"vertebrae_{name}", hu=cortical_hu)
    core = np.abs(x / (w * 0.85)) ** 2.4 + np.abs(deep / (w * 0.6)) ** 2.4 <= 1
    canvas.paint(box, level & body & core & ~disc, hu=cortical_hu - vary.uniform(90, 160))
    canvas.paint(box, level & disc, label=BACKGROUND, hu=85)
    in_canal = BACKGROUND if name in BELOW_THE_CORD else "spinal_cord"
    canvas.paint(box, level & canal, label=in_canal, hu=28)


def _paint_sacrum(canvas: Canvas, vary: Variation) -> None:
    box = canvas.box(vary.point(-62, -120, -275), vary.point(62, -30, -198))
    x, y, z = (c / vary.scale for c in canvas.coordinates_mm(box))
    down = (-198 - z) / 77
    mask = (down >= 0) & (down <= 1) & (np.abs(x) < 56 * (1 - 0.7 * down))
    mask &= np.abs(y + 58 + 38 * down) < 19 * (1 - 0.45 * down)
    canvas.paint(box, mask, label="sacrum", hu=vary.bone_hu())


def _paint_pelvis(canvas: Canvas, vary: Variation) -> None:
    """Paint hip bones (wing, acetabulum, ramus) and the upper ends of the femora."""
    s, point = vary.scale, vary.point
    for side, name in SIDES:
        box = canvas.box(point(-150, -110, -315), point(150, 70, -165))
        x, y, z = (c / s for c in canvas.coordinates_mm(box))
        x = x * side
        shell = ((x - 78 + 0.35 * (y + 30) * 0.4) / 56) ** 2
        shell = shell + ((y + 25) / 68) ** 2 + ((z + 215) / 62) ** 2
        wing = (np.abs(shell - 0.85) < 0.2) & (x > 70 + 0.15 * (z + 215)) & (z > -275)
        socket = ((x - 92) / 34) ** 2 + ((y + 4) / 34) ** 2 + ((z + 280) / 34) ** 2 <= 1
        socket &= x < 104
        ramus = np.abs(z + 298 + 0.1 * (x - 40)) < 9
        ramus &= (np.abs(y - 26 + 0.35 * (x - 20)) < 11) & (x > 4) & (x < 84)
        canvas.paint(box, wing | socket | ramus, label=f"hip_{name}", hu=vary.bone_hu())
        femur = f"femur_{name}"
        canvas.ellipsoid(
            point(side * 98, -2, -284), point(24, 24, 24), label=femur, hu=vary.bone_hu()
        )
        shaft = vary.path((side * 98, -2, -284), (side * 136, -6, -312), (side * 132, -4, -360))
        canvas.tube(shaft, point(17, 20, 16), label=femur, hu=vary.bone_hu())


def _chest_narrowing(height_mm: float) -> float:
    """Size of the chest at a height, as a share of its size at the waist."""
    narrowing: float = 1.0 - 0.5 * np.clip((height_mm - 60) / 150, 0, 1) ** 2.2
    return narrowing


def _paint_ribs(canvas: Canvas, vary: Variation, trunk: Trunk, middle_mm: dict[str, float]) -> None:
    """Paint the ribs round the chest from the spine, and the cartilage on to the sternum."""
    s = vary.scale
    for index in range(RIBS):
        start_z = middle_mm[f"T{index + 1}"] + 4
        length = {10: 0.62, 11: 0.42}.get(index, 1.0)
        drop = 18 + 6.0 * min(index, 7)
        angle = np.linspace(0.14, 0.14 + 2.36 * length, 26)
        narrowing = _chest_narrowing(start_z)
        half_width = (trunk.cavity_half_width_mm / s - 3) * narrowing + 4
        half_depth = (trunk.cavity_half_depth_mm / s - 2) * narrowing + 4
        for side, name in SIDES:
            rib = np.stack(
                [
                    side * half_width * np.sin(angle) ** 0.9,
                    -half_depth * np.cos(angle) - 6 * np.exp(-angle * 3),
                    start_z - drop * (angle / 2.5) ** 1.2,
                ],
                axis=1,
            )
            canvas.tube(rib * s, 5.6 * s, label=f"rib_{name}_{index + 1}", hu=vary.bone_hu())
            if index < RIBS_WITH_CARTILAGE:
                rise = 0 if index < 5 else 14 * (index - 5)
                end_z = max(start_z - drop * 0.8 + rise, 20 + 8 * (9 - index))
                end = np.array([side * 16, half_depth * 0.93, end_z])
                middle = (rib[-1] + end) / 2 + [0, 6, -6]
                canvas.tube(
                    np.stack([rib[-1], middle, end]) * s,
                    5.2 * s,
                    label="costal_cartilages",
                    hu=vary.tissue_hu(110),
                )


def _paint_sternum(canvas: Canvas, vary: Variation, trunk: Trunk) -> None:
    box = canvas.box(vary.point(-24, 40, 20), vary.point(24, 140, 190))
    x, y, z = (c / vary.scale for c in canvas.coordinates_mm(box))
    front = (trunk.cavity_half_depth_mm / vary.scale) * 0.95
    narrowing = 1 - 0.5 * np.clip((z - 60) / 150, 0, 1) ** 2.2
    mask = np.abs(x) < np.where(z > 140, 22, 15)
    mask &= (np.abs(y - (front * narrowing + 2)) < 7) & (z > 35) & (z < 182)
    canvas.paint(box, mask, label="sternum", hu=vary.bone_hu())


def _paint_shoulders(canvas: Canvas, vary: Variation, trunk: Trunk) -> None:
    """Paint clavicles, shoulder blades and the upper ends of the humeri."""
    s, point = vary.scale, vary.point
    for side, name in SIDES:
        clavicle = vary.path((side * 18, 58, 186), (side * 70, 62, 204), (side * 140, 18, 216))
        canvas.tube(clavicle, 7 * s, label=f"clavicula_{name}", hu=vary.bone_hu())
        box = canvas.box(point(-160, -115, 60), point(160, 0, 215))
        x, y, z = (c / s for c in canvas.coordinates_mm(box))
        x = x * side
        blade = np.abs(y + 82 - 0.35 * (x - 90)) < 6
        blade &= (x > 62 + 0.1 * (200 - z)) & (x < 62 + 0.62 * (z - 66)) & (z < 200) & (x < 142)
        canvas.paint(box, blade, label=f"scapula_{name}", hu=vary.bone_hu())
        humerus = f"humerus_{name}"
        canvas.ellipsoid(
            point(side * 166, -8, 196),
            point(23, 23, 23),
            label=humerus,
            hu=vary.bone_hu(),
            within=trunk.body,
        )
        shaft = vary.path((side * 168, -8, 196), (side * 178, -8, 120))
        canvas.tube(
            shaft,
            np.array((15, 12), float) * s,
            label=humerus,
            hu=vary.bone_hu(),
            within=trunk.body,
        )
