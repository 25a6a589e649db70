"""Solids with a known surface and volume, and the label maps that a scanner would make of them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from iris_imaging.volume import Affine, LabelMap
from iris_oculus.structures import Structure

Points = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Solid:
    """A body in world millimetres.

    Attributes
    ----------
    distance_mm : callable
        Points, shape (..., 3), to signed distance: negative inside.
    radius_mm : float
        Of a ball around the world's origin that holds all of it.
    volume_mm3 : float
    """

    distance_mm: Callable[[Points], npt.NDArray[np.float64]]
    radius_mm: float
    volume_mm3: float


def sphere(radius: float) -> Solid:
    return Solid(lambda p: np.linalg.norm(p, axis=-1) - radius, radius, 4 / 3 * np.pi * radius**3)


def ellipsoid(semi_axes: tuple[float, float, float]) -> Solid:
    radii = np.array(semi_axes)

    def distance(p: Points) -> npt.NDArray[np.float64]:
        """First order: exact on the surface, good to a few percent of the distance near it."""
        scaled = np.linalg.norm(p / radii, axis=-1)
        gradient = np.linalg.norm(p / radii**2, axis=-1)
        return scaled * (scaled - 1) / np.maximum(gradient, 1e-9)

    return Solid(distance, float(radii.max()), float(4 / 3 * np.pi * radii.prod()))


def torus(ring: float, tube: float) -> Solid:
    def distance(p: Points) -> npt.NDArray[np.float64]:
        return np.hypot(np.hypot(p[..., 0], p[..., 1]) - ring, p[..., 2]) - tube

    return Solid(distance, ring + tube, 2 * np.pi**2 * ring * tube**2)


def capsule(end: tuple[float, float, float], radius: float) -> Solid:
    """A tube with round ends from ``-end`` to ``end``."""
    tip = np.array(end)

    def distance(p: Points) -> npt.NDArray[np.float64]:
        along = np.clip((p @ tip) / (tip @ tip), -1, 1)[..., None]
        return np.linalg.norm(p - along * tip, axis=-1) - radius

    half = float(np.linalg.norm(tip))
    volume = np.pi * radius**2 * 2 * half + 4 / 3 * np.pi * radius**3
    return Solid(distance, half + radius, volume)


def plate(half_width: float, thickness: float) -> Solid:
    """A square sheet with a round rim, tilted against every axis."""
    tilt, turn = 0.35, 0.5
    about_x = [
        [1, 0, 0],
        [0, np.cos(tilt), -np.sin(tilt)],
        [0, np.sin(tilt), np.cos(tilt)],
    ]
    about_y = [
        [np.cos(turn), 0, np.sin(turn)],
        [0, 1, 0],
        [-np.sin(turn), 0, np.cos(turn)],
    ]
    rotation = np.array(about_x) @ np.array(about_y)
    rim = thickness / 2
    core = np.array([half_width - rim, half_width - rim, 0.0])

    def distance(p: Points) -> npt.NDArray[np.float64]:
        return np.linalg.norm(np.maximum(np.abs(p @ rotation) - core, 0), axis=-1) - rim

    side = 2 * core[0]
    volume = side**2 * thickness + 4 * side * np.pi * rim**2 / 2 + 4 / 3 * np.pi * rim**3
    return Solid(distance, float(half_width * np.sqrt(2)), float(volume))


def scanned(solid: Solid, linear: npt.NDArray[np.float64], *, order: str = "F") -> LabelMap:
    """Label map (value 1) of a solid on a grid with the given voxel vectors, off-centre.

    Parameters
    ----------
    linear : ndarray, shape (3, 3)
        The affine's linear part in mm.
    """
    inverse = np.linalg.inv(linear)
    reach = np.linalg.norm(inverse, axis=1) * solid.radius_mm
    shape = np.ceil(2 * reach).astype(int) + 5
    affine = np.eye(4)
    affine[:3, :3] = linear
    affine[:3, 3] = linear @ (-(shape - 1) / 2 + [0.31, -0.17, 0.09])
    grid = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), axis=-1)
    inside = solid.distance_mm(grid @ linear.T + affine[:3, 3]) < 0
    return label_map(np.asarray(inside, np.uint8, order=order), affine)


def label_map(labels: npt.NDArray[np.unsignedinteger], affine: Affine | None = None) -> LabelMap:
    """A label map in which every value that occurs has a structure."""
    values = (int(value) for value in np.unique(labels) if value)
    return LabelMap(
        labels=labels,
        affine_ras_mm=np.eye(4) if affine is None else affine,
        structures={value: structure(value) for value in values},
    )


def structure(label_value: int) -> Structure:
    return Structure(
        name=f"structure_{label_value}",
        label_value=label_value,
        display_name=f"Structure {label_value}",
        color_rgb=(200, 100, 50),
        body_system="other",
    )
