"""A synthetic CT of a torso with the true label map: no patient, no licence, known volumes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from iris_imaging.volume import LabelMap, Modality, Volume, voxel_volume_ml
from iris_oculus.structures import catalogue
from scipy import ndimage

from local_stack.phantom.abdomen import paint_abdomen
from local_stack.phantom.canvas import Array, Canvas, Grid
from local_stack.phantom.skeleton import paint_skeleton
from local_stack.phantom.thorax import (
    paint_heart_and_vessels,
    paint_lungs,
    paint_oesophagus_and_airway,
)
from local_stack.phantom.trunk import paint_muscles, paint_trunk
from local_stack.phantom.variation import Variation

# What a CT shows, from below to above (mm of the average patient), and how often.
SCAN_RANGES_MM = ((-310, 250), (-310, 60), (-120, 250), (-220, 180))
SCAN_RANGE_SHARES = (0.4, 0.2, 0.2, 0.2)
CT_RANGE_HU = (-1024, 3071)


@dataclass(frozen=True)
class PhantomOptions:
    """Which phantom.

    Attributes
    ----------
    seed : int
        Draws size, shape, contrast agent and noise; the same seed gives the same voxels. In some
        patients a spinous process reaches the skin; the default's lie well inside.
    spacing_mm : tuple of float
        Voxel size along x, y, z.
    z_low_mm, z_high_mm : float or None
        Range of the scan in mm of the average patient (0 is about the diaphragm, -310 the hips,
        250 the neck); both None lets the seed choose a range.
    warp_mm : float
        Standard deviation of the smooth random deformation; 0 for none.
    noise_hu : float or None
        Standard deviation of the noise; None lets the seed choose between 8 and 30.
    """

    seed: int = 2
    spacing_mm: tuple[float, float, float] = (3.0, 3.0, 3.0)
    z_low_mm: float | None = -310.0
    z_high_mm: float | None = 250.0
    warp_mm: float = 5.0
    noise_hu: float | None = None

    def __post_init__(self) -> None:
        if (self.z_low_mm is None) != (self.z_high_mm is None):
            raise ValueError("give both ends of the scan range or neither")


@dataclass(frozen=True, eq=False)
class Phantom:
    """A synthetic CT and what is truly in it.

    Attributes
    ----------
    volume : Volume
        int16 Hounsfield units; index axes are RAS+.
    label_map : LabelMap
        uint8, label values and names of TotalSegmentator's task ``total``.
    """

    volume: Volume
    label_map: LabelMap


def make_torso(options: PhantomOptions = PhantomOptions()) -> Phantom:
    """Make a torso: body wall, lungs, airway, skeleton, heart, vessels and abdominal organs.

    RAS+ throughout: x grows to the patient's right, where the liver lies.
    """
    structures = {s.label_value: s for s in catalogue("totalsegmentator")["total"].structures}
    rng = np.random.default_rng(options.seed)
    vary = Variation(rng, scale=rng.uniform(0.88, 1.12))
    half_width_mm = 168 * vary.scale * vary.uniform(0.95, 1.08)
    half_depth_mm = 112 * vary.scale * vary.uniform(0.92, 1.12)
    grid = _scan_grid(options, vary, half_width_mm, half_depth_mm)
    label_values = {s.name: value for value, s in structures.items()}
    canvas = Canvas(grid, label_values, rng, options.warp_mm)
    vary = Variation(rng, scale=vary.scale, enhancement=vary.uniform(0, 1))

    trunk = paint_trunk(canvas, vary, half_width_mm, half_depth_mm)
    paint_muscles(canvas, vary, trunk)
    thorax = paint_lungs(canvas, vary, trunk)
    paint_heart_and_vessels(canvas, vary, trunk, thorax)
    paint_oesophagus_and_airway(canvas, vary)
    paint_abdomen(canvas, vary, trunk, thorax)
    paint_skeleton(canvas, vary, trunk)

    affine = grid.affine_ras_mm
    voxels = _as_scanned(canvas.hu, rng, options.noise_hu)
    return Phantom(
        volume=Volume(voxels, affine, Modality.CT),
        label_map=LabelMap(canvas.labels, affine, structures),
    )


def known_volumes_ml(phantom: Phantom) -> dict[str, float]:
    """Volume in ml of every structure that is in the phantom, by name."""
    label_map = phantom.label_map
    voxel_ml = voxel_volume_ml(label_map.affine_ras_mm)
    counts = np.bincount(label_map.labels.ravel())
    return {
        label_map.structures[value].name: float(counts[value] * voxel_ml)
        for value in range(1, len(counts))
        if counts[value]
    }


def _scan_range_mm(options: PhantomOptions, vary: Variation) -> tuple[float, float]:
    low, high = options.z_low_mm, options.z_high_mm
    if low is None or high is None:
        low, high = SCAN_RANGES_MM[vary.rng.choice(len(SCAN_RANGES_MM), p=SCAN_RANGE_SHARES)]
        low, high = low + vary.uniform(-30, 30), high + vary.uniform(-30, 20)
    return low * vary.scale, high * vary.scale


def _scan_grid(
    options: PhantomOptions, vary: Variation, half_width_mm: float, half_depth_mm: float
) -> Grid:
    """Field of view round the patient, who does not lie quite in its middle."""
    low, high = _scan_range_mm(options, vary)
    half_x = half_width_mm * 1.25 + 25 + vary.uniform(-10, 30)
    half_y = half_depth_mm * 1.25 + 45 + vary.uniform(-10, 30)
    center_x, center_y = vary.uniform(-12, 12), vary.uniform(-12, 12)
    spacing = np.asarray(options.spacing_mm, float)
    i, j, k = (int(n) for n in np.ceil(np.array([2 * half_x, 2 * half_y, high - low]) / spacing))
    origin = np.array([center_x - half_x, center_y - half_y, low], float)
    return Grid(shape=(i, j, k), spacing_mm=spacing, origin_ras_mm=origin)


def _as_scanned(
    hu: Array, rng: np.random.Generator, noise_hu: float | None
) -> npt.NDArray[np.int16]:
    """Blur and add noise as a scanner does: partial volume, then correlated noise."""
    blurred: Array = ndimage.gaussian_filter(hu, rng.uniform(0.25, 0.7))
    sd_hu = rng.uniform(8, 30) if noise_hu is None else noise_hu
    noise: Array = rng.normal(0, 1, hu.shape).astype(np.float32)
    noise = ndimage.gaussian_filter(noise, 0.5)
    blurred += sd_hu * noise / noise.std()
    return np.clip(blurred, *CT_RANGE_HU).astype(np.int16)
