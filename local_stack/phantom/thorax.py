"""Lungs, airway, heart, great vessels and oesophagus."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from local_stack.phantom.canvas import Array, Canvas, Mask
from local_stack.phantom.trunk import CAVITY_EXPONENT, Trunk, cavity_section
from local_stack.phantom.variation import Variation

LUNG_APEX_MM = 212


@dataclass(frozen=True, eq=False)
class Thorax:
    """What the abdomen refers to.

    Attributes
    ----------
    diaphragm_z_mm : ndarray of float32
        Height of the diaphragm above or below every voxel.
    chest : ndarray of bool
        Inside of the chest, lungs included.
    texture : ndarray of float32
        Smooth noise of standard deviation 1: vessels in the lungs, content of the bowel.
    """

    diaphragm_z_mm: Array
    chest: Mask
    texture: Array


def _diaphragm_z_mm(canvas: Canvas, vary: Variation) -> Array:
    x, y, _ = canvas.points_mm
    s = vary.scale
    domes = 46 * np.exp(-(((np.abs(x) - 75 * s) / (60 * s)) ** 2) - (y / (70 * s)) ** 2)
    right_is_higher = np.where(x > 0, 8, 0)
    height: Array = (-12 + domes + right_is_higher) * s + vary.uniform(-12, 12)
    return height


def _label_lobes(canvas: Canvas, vary: Variation, lungs: Mask) -> None:
    """Divide the lungs by an oblique fissure, and the right upper part by a horizontal one."""
    x, y, z = canvas.points_mm
    s = vary.scale
    right, left = lungs & (x > 0), lungs & (x <= 0)
    fissure_mm = 45 * s + vary.uniform(-8, 8)
    above = z - (fissure_mm - 0.95 * y)
    everywhere = (slice(None),) * 3
    upper_right = right & (above > 0)
    for mask, lobe in (
        (left & (above > 0), "upper_lobe_left"),
        (left & (above <= 0), "lower_lobe_left"),
        (right & (above <= 0), "lower_lobe_right"),
        (upper_right & (z > 88 * s), "upper_lobe_right"),
        (upper_right & (z <= 88 * s), "middle_lobe_right"),
    ):
        canvas.paint(everywhere, mask, label=f"lung_{lobe}")


def paint_lungs(canvas: Canvas, vary: Variation, trunk: Trunk) -> Thorax:
    """Paint lungs and mediastinum."""
    x, y, z = canvas.points_mm
    s = vary.scale
    diaphragm = _diaphragm_z_mm(canvas, vary)
    apex = LUNG_APEX_MM * s
    taper = np.clip((z - 60 * s) / (apex - 60 * s), 0, 1)
    half_width = (trunk.cavity_half_width_mm - 12 * s) * (1 - 0.55 * taper**CAVITY_EXPONENT)
    half_depth = (trunk.cavity_half_depth_mm - 10 * s) * (1 - 0.45 * taper**CAVITY_EXPONENT)
    height = (z > diaphragm) & (z < apex)
    lungs = cavity_section(canvas, half_width, half_depth, y_offset_mm=2) & height
    near_spine = np.where(y < -30 * s, -4 * s, 0)
    mediastinum = np.abs(x - 4 * s) < (30 - 6 * taper) * s + near_spine
    chest = cavity_section(canvas, half_width + 6, half_depth + 6) & height
    canvas.hu[chest & mediastinum] = -70 + vary.uniform(-20, 20)
    lungs &= ~mediastinum
    _label_lobes(canvas, vary, lungs)

    canvas.hu[lungs] = vary.uniform(-870, -780)
    white_noise = vary.rng.normal(0, 1, canvas.grid.shape).astype(np.float32)
    texture: Array = ndimage.gaussian_filter(white_noise, 5.0 / canvas.grid.spacing_mm)
    texture /= texture.std() + 1e-6
    canvas.hu[lungs] += 45 * texture[lungs] + 90 * (texture[lungs] > 1.6)
    return Thorax(diaphragm_z_mm=diaphragm, chest=chest, texture=texture)


def paint_heart_and_vessels(canvas: Canvas, vary: Variation, trunk: Trunk, thorax: Thorax) -> None:
    """Paint heart (muscle and chambers), aorta, common iliac arteries and superior vena cava."""
    s, point, path = vary.scale, vary.point, vary.path
    center = point(-26, 22, 48) + vary.shifts_mm()
    muscle_radii = point(54, 44, 52) * vary.uniform(0.9, 1.12)
    canvas.ellipsoid(
        center,
        muscle_radii,
        label="heart",
        hu=vary.tissue_hu(42),
        within=thorax.chest,
        tilt_rad=0.4,
    )
    for offset, radii, gain in (
        (point(-6, 0, -4), point(30, 24, 30), 180),
        (point(24, -5, 8), point(22, 24, 28), 150),
    ):
        canvas.ellipsoid(
            center + offset, radii, label="heart", hu=vary.tissue_hu(42, gain), within=thorax.chest
        )
    aorta_radius = 12.5 * s * vary.uniform(0.9, 1.2)
    aorta = path(
        (12, 18, 82),
        (16, 20, 110),
        (6, 8, 140),
        (-12, -16, 142),
        (-20, -36, 112),
        (-24, -40, 60),
        (-16, -38, 0),
        (-8, -34, -60),
        (-4, -30, -170),
    )
    aorta_shape = np.array([1.15, 1.15, 1.1, 1, 0.95, 0.9, 0.9, 0.85, 0.7])
    canvas.tube(aorta, aorta_radius * aorta_shape, label="aorta", hu=trunk.artery_hu)
    for side, name in ((-1, "left"), (1, "right")):
        iliac = path((-4, -30, -172), (side * 24, -28, -215), (side * 48, -10, -255))
        canvas.tube(iliac, 7 * s, label=f"iliac_artery_{name}", hu=trunk.artery_hu)
    canvas.tube(
        path((30, 14, 100), (32, 12, 150)), 9.5 * s, label="superior_vena_cava", hu=trunk.vein_hu
    )


def paint_oesophagus_and_airway(canvas: Canvas, vary: Variation) -> None:
    """Paint the oesophagus, at times with air in it, the trachea and both main bronchi."""
    s, path = vary.scale, vary.path
    oesophagus = path((-8, -24, -8), (-4, -26, 60), (0, -30, 140), (-4, -32, 245))
    canvas.tube(oesophagus, 8.5 * s, label="esophagus", hu=vary.tissue_hu(35))
    if vary.uniform(0, 1) < 0.5:
        canvas.tube(path((-2, -28, 100), (-2, -30, 200)), 3.5 * s, label="esophagus", hu=-600)
    canvas.tube(path((3, -8, 112), (2, -12, 180), (0, -14, 265)), 9.5 * s, label="trachea", hu=-990)
    canvas.tube(path((3, -8, 114), (34, -12, 88)), 7.5 * s, hu=-985)
    canvas.tube(path((3, -8, 114), (-36, -12, 92)), 7 * s, hu=-985)
