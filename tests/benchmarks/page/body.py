"""A body with all 117 structures of the task ``total``: a scan and its label map, always the same.

Places and sizes are roughly a person's, from thigh to crown, so that a model of it has thin and
thick, small and large structures that hide one another as they do in reality.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import scipy.ndimage
from iris_imaging.volume import LabelMap, Volume
from iris_oculus.structures import Structure, catalogue

Point = tuple[float, float, float]

SIDE = 320
_SPACING_MM = (1.25, 1.25, 2.75)
_AIR_HU, _FLESH_HU, _NOISE_HU, _SEED = -1000.0, 20.0, 12.0, 117
_HU = MappingProxyType({"skeletal": 450.0, "cardiovascular": 160.0, "respiratory": -820.0})
_ORGAN_HU = 60.0


@dataclass(frozen=True)
class _Tube:
    """All that is within ``radii_mm`` of a chain of points; one point makes an ellipsoid."""

    points_mm: tuple[Point, ...]
    radii_mm: Point


def _ball(centre: Point, radii: Point) -> _Tube:
    return _Tube((centre,), radii)


def _pipe(radius: float, *points: Point) -> _Tube:
    return _Tube(points, (radius, radius, radius))


# RAS+ mm: x to the right, y to the front, z upwards; the spine at x = 0, y = -60.
_SINGLE: Mapping[str, _Tube] = MappingProxyType(
    {
        "spleen": _ball((-100, -35, 455), (28, 40, 50)),
        "gallbladder": _ball((55, 45, 420), (14, 16, 28)),
        "liver": _ball((70, 15, 465), (72, 75, 62)),
        "stomach": _ball((-52, 45, 450), (42, 38, 58)),
        "pancreas": _pipe(13, (45, 15, 395), (0, 12, 405), (-60, -5, 425)),
        "esophagus": _pipe(9, (-3, -25, 680), (-3, -30, 560), (-18, -5, 500)),
        "trachea": _pipe(9, (0, -8, 690), (0, -18, 600)),
        "thyroid_gland": _Tube(((18, 0, 680), (-18, 0, 680)), (9, 9, 18)),
        "small_bowel": _pipe(
            17, (40, 50, 350), (-45, 60, 345), (-40, 50, 310), (45, 60, 305), (30, 45, 275)
        ),
        "duodenum": _pipe(14, (40, 30, 418), (62, 10, 395), (55, 5, 355), (5, 0, 350)),
        "colon": _pipe(
            21, (95, 20, 270), (98, 0, 390), (60, 75, 375), (-60, 75, 385), (-98, -5, 400),
            (-95, 15, 280), (-40, 5, 230), (0, -30, 200),
        ),
        "urinary_bladder": _ball((0, 25, 175), (36, 32, 30)),
        "prostate": _ball((0, 10, 132), (21, 17, 13)),
        "sacrum": _ball((0, -60, 215), (48, 20, 40)),
        "heart": _ball((-22, 20, 545), (52, 45, 52)),
        "aorta": _pipe(
            12, (5, 5, 570), (5, 8, 615), (-22, -32, 612), (-22, -38, 500), (-8, -36, 320)
        ),
        "pulmonary_vein": _pipe(9, (45, -15, 560), (0, -25, 565), (-50, -15, 560)),
        "brachiocephalic_trunk": _pipe(8, (8, 8, 618), (24, -2, 655)),
        "atrial_appendage_left": _ball((-52, 25, 585), (12, 15, 12)),
        "superior_vena_cava": _pipe(11, (30, 0, 575), (28, 2, 635)),
        "inferior_vena_cava": _pipe(13, (24, -34, 325), (25, -28, 505)),
        "portal_vein_and_splenic_vein": _pipe(7, (60, 0, 448), (10, -5, 420), (-70, -25, 438)),
        "spinal_cord": _pipe(7, (0, -86, 330), (0, -86, 720)),
        "brain": _ball((0, -5, 810), (66, 80, 50)),
        "skull": _ball((0, -5, 805), (76, 91, 64)),
        "sternum": _Tube(((0, 88, 500), (0, 78, 610)), (16, 6, 16)),
        "costal_cartilages": _pipe(8, (85, 72, 455), (24, 92, 500), (-24, 92, 500), (-85, 72, 455)),
    }
)  # fmt: skip
# Of the right side; the left one is its mirror image.
_PAIRED: Mapping[str, _Tube] = MappingProxyType(
    {
        "kidney": _ball((65, -65, 390), (27, 26, 54)),
        "kidney_cyst": _ball((99, -65, 365), (14, 14, 15)),
        "adrenal_gland": _ball((50, -50, 452), (13, 8, 10)),
        "subclavian_artery": _pipe(6, (26, -3, 662), (75, -15, 665), (125, -25, 650)),
        "common_carotid_artery": _pipe(5, (25, -2, 668), (30, -10, 745)),
        "brachiocephalic_vein": _pipe(8, (28, 5, 642), (60, 5, 648)),
        "iliac_artery": _pipe(7, (8, -30, 312), (52, 0, 235), (75, 35, 165)),
        "iliac_vena": _pipe(8, (18, -44, 315), (62, -14, 235), (88, 25, 165)),
        "humerus": _Tube(((170, -30, 645), (182, -30, 440)), (16, 16, 20)),
        "scapula": _Tube(((90, -108, 520), (140, -90, 640)), (26, 8, 30)),
        "clavicula": _pipe(8, (22, 62, 640), (80, 40, 665), (150, 0, 660)),
        "femur": _Tube(((98, 0, 165), (125, 0, 120), (105, 0, 15)), (20, 20, 22)),
        "hip": _Tube(((85, -30, 280), (80, 5, 165), (40, 40, 130)), (24, 24, 30)),
        "gluteus_maximus": _Tube(((60, -110, 230), (110, -85, 135)), (38, 26, 45)),
        "gluteus_medius": _Tube(((118, -45, 270), (132, -30, 195)), (20, 38, 30)),
        "gluteus_minimus": _Tube(((112, 10, 255), (128, 14, 195)), (12, 20, 25)),
        "autochthon": _Tube(((32, -112, 260), (32, -115, 450), (28, -108, 690)), (24, 20, 25)),
        "iliopsoas": _Tube(((42, -58, 345), (68, -5, 240), (95, 10, 130)), (24, 22, 25)),
    }
)
_ONE_SIDED: Mapping[str, _Tube] = MappingProxyType(
    {
        "lung_upper_lobe_left": _ball((-72, 12, 600), (46, 62, 60)),
        "lung_lower_lobe_left": _ball((-75, -45, 530), (46, 50, 75)),
        "lung_upper_lobe_right": _ball((72, 12, 612), (46, 62, 50)),
        "lung_middle_lobe_right": _ball((78, 38, 548), (42, 45, 28)),
        "lung_lower_lobe_right": _ball((75, -48, 535), (46, 50, 72)),
    }
)
_VERTEBRAE = (
    "S1", *(f"L{n}" for n in range(5, 0, -1)), *(f"T{n}" for n in range(12, 0, -1)),
    *(f"C{n}" for n in range(7, 0, -1)),
)  # fmt: skip
_LOWEST_VERTEBRA_MM, _HIGHEST_VERTEBRA_MM = 262.0, 752.0


def make_body() -> tuple[Volume, LabelMap]:
    """Scan and label map on one grid of 320³ voxels."""
    label_map = make_labels(np.zeros((SIDE, SIDE, SIDE), dtype=np.uint8), _SPACING_MM)
    affine, structures = label_map.affine_ras_mm, tuple(label_map.structures.values())
    return Volume(_intensities(label_map.labels, affine, structures), affine), label_map


def make_labels(labels: npt.NDArray[np.uint8], spacing_mm: Point) -> LabelMap:
    """Label map on another grid.

    Parameters
    ----------
    labels : ndarray of uint8, shape (I, J, K)
        Where to; all zero. The field should be 376 mm, 330 mm and 880 mm or more along its axes.
    spacing_mm : tuple of float
    """
    structures = catalogue("totalsegmentator")["total"].structures
    affine = np.diag([*spacing_mm, 1.0])
    sides = zip(labels.shape[:2], spacing_mm[:2], strict=True)
    affine[:3, 3] = [-(side - 1) / 2 * step for side, step in sides] + [0.0]
    # Small ones first: what lies inside of something large is not covered by it.
    shapes = {structure: _shape(structure.name) for structure in structures}
    for structure in sorted(shapes, key=lambda each: max(shapes[each].radii_mm)):
        _paint(labels, affine, shapes[structure], structure.label_value)
    return LabelMap(labels, affine, {each.label_value: each for each in structures})


def _shape(name: str) -> _Tube:
    if name in _SINGLE:
        return _SINGLE[name]
    if name in _ONE_SIDED:
        return _ONE_SIDED[name]
    if name.startswith("vertebrae_"):
        return _vertebra(_VERTEBRAE.index(name.removeprefix("vertebrae_")))
    if name.startswith("rib_"):
        _, side, number = name.split("_")
        return _on_side(_rib(int(number)), side)
    kind, _, side = name.rpartition("_")
    return _on_side(_PAIRED[kind], side)


def _on_side(shape: _Tube, side: str) -> _Tube:
    if side == "right":
        return shape
    return _Tube(tuple((-x, y, z) for x, y, z in shape.points_mm), shape.radii_mm)


def _vertebra(place: int) -> _Tube:
    share = place / (len(_VERTEBRAE) - 1)
    z = _LOWEST_VERTEBRA_MM + share * (_HIGHEST_VERTEBRA_MM - _LOWEST_VERTEBRA_MM)
    size = 1.0 - 0.45 * share
    return _Tube(
        ((0.0, -58.0, z), (0.0, -58.0 - 38.0 * size, z - 8.0)), (25 * size, 19 * size, 9.0)
    )


def _rib(number: int) -> _Tube:
    top = 668.0 - 15.5 * number
    # Highest and lowest ribs are shorter.
    width = 118.0 - 4.0 * abs(number - 7) - (25.0 if number == 1 else 0.0)
    end = 2.4 if number <= 10 else 1.6
    turns = np.linspace(0.15, end, 14)
    points = tuple(
        (float(width * np.sin(turn)), float(-8.0 - 92.0 * np.cos(turn)), float(top - 26.0 * turn))
        for turn in turns
    )
    return _Tube(points, (6.0, 6.0, 7.0))


def _paint(
    labels: npt.NDArray[np.uint8], affine: npt.NDArray[np.float64], shape: _Tube, value: int
) -> None:
    """Give the label to all voxels of the shape that have none."""
    origin, step = affine[:3, 3], np.diag(affine)[:3]
    radii = np.array(shape.radii_mm)
    for start, end in _segments(np.array(shape.points_mm)):
        low = (np.minimum(start, end) - 1.2 * radii - origin) / step
        high = (np.maximum(start, end) + 1.2 * radii - origin) / step
        box = tuple(
            slice(max(0, int(a)), min(side, int(b) + 2))
            for a, b, side in zip(low, high, labels.shape, strict=True)
        )
        axes = [
            origin[axis] + step[axis] * np.arange(labels.shape[axis])[box[axis]]
            for axis in range(3)
        ]
        grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
        away = _distance(grid / radii, start / radii, end / radii)
        x, y, z = (grid[..., axis] for axis in range(3))
        # No organ is an ellipsoid: waves of a few centimetres, others for each structure.
        waves = np.sin(x / 13 + value) * np.sin(y / 11 + 2 * value) * np.sin(z / 15 + 3 * value)
        target = labels[box]
        target[(away < 1.0 + 0.09 * waves) & (target == 0)] = value


def _segments(points: npt.NDArray[np.float64]) -> Iterator[tuple[npt.NDArray[np.float64], ...]]:
    if len(points) == 1:
        yield points[0], points[0]
    yield from pairwise(points)


def _distance(
    grid: npt.NDArray[np.float64], start: npt.NDArray[np.float64], end: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """From a segment, for each point of a grid."""
    along = end - start
    length = float(along @ along)
    share = ((grid - start) @ along / length).clip(0, 1) if length > 0 else np.zeros(grid.shape[:3])
    away: npt.NDArray[np.float64] = np.linalg.norm(grid - start - share[..., None] * along, axis=-1)
    return away


def _intensities(
    labels: npt.NDArray[np.uint8],
    affine: npt.NDArray[np.float64],
    structures: tuple[Structure, ...],
) -> npt.NDArray[np.int16]:
    of_label = np.full(256, _FLESH_HU, dtype=np.float32)
    for structure in structures:
        of_label[structure.label_value] = _HU.get(structure.body_system, _ORGAN_HU)
    x = affine[0, 3] + _SPACING_MM[0] * np.arange(SIDE, dtype=np.float32)
    trunk = (x[:, None] / 188) ** 2 + ((x[None, :] + 10) / 138) ** 2 < 1
    values = np.where(trunk[:, :, None] | (labels > 0), of_label[labels], np.float32(_AIR_HU))
    noise = np.random.default_rng(_SEED).standard_normal(labels.shape, dtype=np.float32)
    # As a scanner's reconstruction leaves it: neighbours are alike.
    noise = scipy.ndimage.gaussian_filter(noise, 0.7)
    noise *= _NOISE_HU / noise.std()
    rounded: npt.NDArray[np.int16] = np.rint(values + noise).astype(np.int16)
    return rounded
