"""The organs below the diaphragm."""

import numpy as np

from local_stack.phantom.canvas import Canvas, Mask
from local_stack.phantom.thorax import Thorax
from local_stack.phantom.trunk import Trunk, cavity_section
from local_stack.phantom.variation import Variation


def paint_abdomen(canvas: Canvas, vary: Variation, trunk: Trunk, thorax: Thorax) -> None:
    """Paint bowel, liver, stomach, spleen, pancreas, kidneys, adrenal glands and bladder."""
    cavity = cavity_section(canvas, trunk.cavity_half_width_mm, trunk.cavity_half_depth_mm)
    cavity &= canvas.points_mm[2] <= thorax.diaphragm_z_mm
    _paint_bowel(canvas, vary, trunk, thorax, cavity)
    _paint_liver(canvas, vary, trunk, cavity)
    _paint_left_upper_organs(canvas, vary, cavity)
    _paint_urinary_organs(canvas, vary)


def _paint_bowel(
    canvas: Canvas, vary: Variation, trunk: Trunk, thorax: Thorax, cavity: Mask
) -> None:
    s, point, path = vary.scale, vary.point, vary.path
    center = point(0, 42, -165) + vary.shift_mm()
    box, mask = canvas.ellipsoid(center, point(72, 42, 52), label="small_bowel", within=cavity)
    mask &= cavity[box]
    fatty = thorax.texture[box] > 0.9
    content = np.where(fatty, vary.tissue_hu(-90), vary.tissue_hu(25, 40))
    canvas.hu[box][mask] = content[mask]
    colon = path(
        (92, 8, -205),
        (95, 4, -120),
        (50, 62, -118),
        (-40, 66, -105),
        (-98, 2, -85),
        (-98, -2, -200),
        (-50, 12, -232),
        (0, -22, -250),
        (0, -40, -285),
    )
    canvas.tube(
        colon,
        18 * s * vary.uniform(0.85, 1.2),
        label="colon",
        hu=vary.tissue_hu(20),
        within=trunk.body,
    )
    gas_radius = 10 * s * vary.uniform(0.5, 1.1)
    canvas.tube(
        colon + np.array([0, 4, 0]),
        gas_radius,
        label="colon",
        hu=vary.uniform(-900, -300),
        within=trunk.body,
    )
    duodenum = path((42, 24, -78), (50, 0, -100), (44, -12, -130), (0, -8, -140))
    canvas.tube(duodenum, 11 * s, label="duodenum", hu=vary.tissue_hu(35))


def _paint_liver(canvas: Canvas, vary: Variation, trunk: Trunk, cavity: Mask) -> None:
    s, point, path = vary.scale, vary.point, vary.path
    center = point(78, 8, -22) + vary.shifts_mm(1, 1, 1.2)
    liver_hu = vary.tissue_hu(55, 55)
    canvas.ellipsoid(
        center,
        point(88, 86, 82) * vary.uniform(0.93, 1.07),
        label="liver",
        hu=liver_hu,
        within=cavity,
    )
    left_lobe = point(0, 40, -12) + vary.shift_mm()
    canvas.ellipsoid(left_lobe, point(70, 38, 40), label="liver", hu=liver_hu, within=cavity)
    portal_vein = path((6, 0, -92), (30, 6, -70), (60, 8, -50))
    canvas.tube(portal_vein, 7.5 * s, label="portal_vein_and_splenic_vein", hu=trunk.vein_hu)
    gallbladder = point(58, 52, -88) + vary.shifts_mm()
    canvas.ellipsoid(
        gallbladder,
        point(16, 16, 27) * vary.uniform(0.85, 1.2),
        label="gallbladder",
        hu=vary.tissue_hu(8),
    )
    cava = path((20, -26, -175), (22, -22, -80), (24, -8, 22))
    canvas.tube(cava, 11 * s, label="inferior_vena_cava", hu=trunk.vein_hu)


def _paint_left_upper_organs(canvas: Canvas, vary: Variation, cavity: Mask) -> None:
    s, point, path = vary.scale, vary.point, vary.path
    stomach = point(-58, 36, -32) + vary.shifts_mm()
    canvas.ellipsoid(
        stomach,
        point(42, 34, 54) * vary.uniform(0.9, 1.12),
        label="stomach",
        hu=vary.tissue_hu(25),
        within=cavity,
        tilt_rad=-0.4,
    )
    box, lumen = canvas.ellipsoid(
        stomach + point(0, 8, 8), point(30, 22, 36), label="stomach", within=cavity, tilt_rad=-0.4
    )
    fluid_level_mm = stomach[1] + vary.uniform(0, 18) * s
    canvas.paint(
        box, lumen & (canvas.coordinates_mm(box)[1] > fluid_level_mm), hu=-920, within=cavity
    )
    spleen = point(-100, -42, -26) + vary.shifts_mm(0.7)
    canvas.ellipsoid(
        spleen,
        point(32, 42, 52) * vary.uniform(0.85, 1.15),
        label="spleen",
        hu=vary.tissue_hu(48, 70),
        within=cavity,
        tilt_rad=0.2,
    )
    pancreas = path((42, 20, -92), (6, 14, -80), (-40, -4, -66), (-74, -24, -52))
    canvas.tube(
        pancreas, np.array((15, 11, 11, 9), float) * s, label="pancreas", hu=vary.tissue_hu(38, 55)
    )


def _paint_urinary_organs(canvas: Canvas, vary: Variation) -> None:
    point = vary.point
    for side, name, height in ((1, "right", -104), (-1, "left", -90)):
        kidney = point(side * 66, -50, height) + vary.shifts_mm(0.7, 0.7)
        canvas.ellipsoid(
            kidney,
            point(29, 27, 54) * vary.uniform(0.9, 1.1),
            label=f"kidney_{name}",
            hu=vary.tissue_hu(34, 150),
            tilt_rad=-side * 0.15,
        )
        canvas.ellipsoid(
            kidney + point(-side * 10, 4, 0),
            point(11, 10, 24),
            label=f"kidney_{name}",
            hu=vary.tissue_hu(-10, 40),
        )
    for name, center in (("right", point(46, -34, -46)), ("left", point(-44, -34, -40))):
        canvas.ellipsoid(
            center, point(6, 14, 13), label=f"adrenal_gland_{name}", hu=vary.tissue_hu(30, 40)
        )
    bladder = point(0, 26, -270) + vary.shifts_mm(0.5, 0.7)
    canvas.ellipsoid(
        bladder,
        point(40, 33, 32) * vary.uniform(0.75, 1.15),
        label="urinary_bladder",
        hu=vary.tissue_hu(6),
    )
