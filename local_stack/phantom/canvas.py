"""The voxel grid that a phantom is painted on, and the brushes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Mask = npt.NDArray[np.bool_]
Array = npt.NDArray[np.float32]
Vector = npt.ArrayLike
Box = tuple[slice, slice, slice]

AIR_HU = -1000
BACKGROUND = "background"
CONTROL_POINT_DISTANCE_MM = 70.0


@dataclass(frozen=True, eq=False)
class Grid:
    """An axis-aligned RAS+ voxel grid.

    Attributes
    ----------
    shape : tuple of int
    spacing_mm, origin_ras_mm : ndarray, shape (3,)
        Voxel size, and the centre of voxel (0, 0, 0).
    """

    shape: tuple[int, int, int]
    spacing_mm: npt.NDArray[np.float64]
    origin_ras_mm: npt.NDArray[np.float64]

    @property
    def affine_ras_mm(self) -> npt.NDArray[np.float64]:
        """Voxel index to RAS+ mm, shape (4, 4)."""
        affine = np.diag([*self.spacing_mm, 1.0])
        affine[:3, 3] = self.origin_ras_mm
        return affine


def _cubic_resampling(points: int, samples: int) -> Array:
    """Matrix (points, samples) that interpolates control points along one axis."""
    positions = np.linspace(0.5, points - 1.5, samples)
    index = np.meshgrid(np.arange(points), positions, indexing="ij")
    weights: Array = ndimage.map_coordinates(
        np.eye(points, dtype=np.float32), index, order=3, mode="nearest"
    )
    return weights


def smooth_displacement(grid: Grid, rng: np.random.Generator, sd_mm: float) -> Array:
    """Draw one axis of a smooth random warp.

    Parameters
    ----------
    sd_mm : float
        Standard deviation at the control points.

    Returns
    -------
    ndarray of float32, shape ``grid.shape``
        Displacement in mm.
    """
    extent_mm = [n * float(mm) for n, mm in zip(grid.shape, grid.spacing_mm, strict=True)]
    points = [max(4, int(np.ceil(mm / CONTROL_POINT_DISTANCE_MM)) + 3) for mm in extent_mm]
    field: Array = rng.normal(0, sd_mm, points).astype(np.float32)
    for axis, (count, samples) in enumerate(zip(points, grid.shape, strict=True)):
        resampling = _cubic_resampling(count, samples)
        field = np.moveaxis(np.tensordot(field, resampling, axes=([axis], [0])), -1, axis)
    return field


class Canvas:
    """Labels and densities on a grid whose anatomy is bent by a smooth random warp.

    Brushes work in the plan's coordinates (RAS+ mm before the warp) and only inside the bounding
    box of what they paint.

    Attributes
    ----------
    points_mm : ndarray of float32, shape (3, I, J, K)
        Plan coordinates of every voxel centre.
    labels : ndarray of uint8, shape (I, J, K)
    hu : ndarray of float32, shape (I, J, K)
    """

    def __init__(
        self,
        grid: Grid,
        label_values: Mapping[str, int],
        rng: np.random.Generator,
        warp_mm: float,
    ) -> None:
        self.grid = grid
        axes = [
            grid.origin_ras_mm[axis]
            + grid.spacing_mm[axis] * np.arange(grid.shape[axis], dtype=np.float32)
            for axis in range(3)
        ]
        self.points_mm = np.stack(np.meshgrid(*axes, indexing="ij")).astype(np.float32)
        if warp_mm > 0:
            for axis in range(3):
                self.points_mm[axis] += smooth_displacement(grid, rng, warp_mm)
        self._margin_mm = 3.0 * warp_mm
        self._label_values = {BACKGROUND: 0, **label_values}
        self.labels = np.zeros(grid.shape, np.uint8)
        self.hu = np.full(grid.shape, AIR_HU, np.float32)

    def box(self, low_mm: Vector, high_mm: Vector) -> Box:
        """Slices of the voxels that may lie between two corners of the plan."""
        origin, spacing = self.grid.origin_ras_mm, self.grid.spacing_mm
        first = np.floor((np.asarray(low_mm) - self._margin_mm - origin) / spacing).astype(int)
        last = np.ceil((np.asarray(high_mm) + self._margin_mm - origin) / spacing).astype(int) + 1
        i, j, k = (
            slice(int(np.clip(a, 0, n)), int(np.clip(b, 0, n)))
            for a, b, n in zip(first, last, self.grid.shape, strict=True)
        )
        return i, j, k

    def coordinates_mm(self, box: Box) -> tuple[Array, Array, Array]:
        """Plan coordinates x, y, z of the voxels of a box."""
        return self.points_mm[(0, *box)], self.points_mm[(1, *box)], self.points_mm[(2, *box)]

    def paint(
        self,
        box: Box,
        mask: Mask,
        *,
        label: str | None = None,
        hu: float | None = None,
        within: Mask | None = None,
    ) -> None:
        """Set the voxels of a mask.

        Parameters
        ----------
        box : tuple of slice
        mask : ndarray of bool
            On the box.
        label : str, optional
            Structure name, or ``BACKGROUND``; left as it is when None.
        hu : float, optional
            Density; left as it is when None.
        within : ndarray of bool, optional
            On the whole grid: paint nothing outside of it.
        """
        if within is not None:
            mask = mask & within[box]
        if label is not None:
            self.labels[box][mask] = self._label_values[label]
        if hu is not None:
            self.hu[box][mask] = hu

    def ellipsoid(  # noqa: PLR0913 - five of them are what to paint, by keyword
        self,
        center_mm: Vector,
        radii_mm: Vector,
        *,
        label: str | None = None,
        hu: float | None = None,
        within: Mask | None = None,
        tilt_rad: float = 0.0,
    ) -> tuple[Box, Mask]:
        """Paint an ellipsoid, turned by ``tilt_rad`` in the coronal plane.

        Returns
        -------
        box, mask
            Where it lies; the mask is on the box and not yet cut by ``within``.
        """
        center, radii = np.asarray(center_mm, float), np.asarray(radii_mm, float)
        reach = radii
        if tilt_rad:
            widest = max(radii[0], radii[2])
            reach = np.array([widest, radii[1], widest])
        box = self.box(center - reach, center + reach)
        x, y, z = (p - c for p, c in zip(self.coordinates_mm(box), center, strict=True))
        if tilt_rad:
            cos, sin = np.cos(tilt_rad), np.sin(tilt_rad)
            x, z = cos * x + sin * z, -sin * x + cos * z
        mask = (x / radii[0]) ** 2 + (y / radii[1]) ** 2 + (z / radii[2]) ** 2 <= 1
        self.paint(box, mask, label=label, hu=hu, within=within)
        return box, mask

    def tube(
        self,
        path_mm: Vector,
        radius_mm: Vector,
        *,
        label: str | None = None,
        hu: float | None = None,
        within: Mask | None = None,
    ) -> None:
        """Paint a polyline of round cones; ``radius_mm`` is one radius or one a point."""
        path = np.asarray(path_mm, float)
        radii = np.broadcast_to(np.asarray(radius_mm, float), (len(path),))
        for start, end, r0, r1 in zip(path[:-1], path[1:], radii[:-1], radii[1:], strict=True):
            reach = max(r0, r1)
            box = self.box(np.minimum(start, end) - reach, np.maximum(start, end) + reach)
            offset = np.stack([p - c for p, c in zip(self.coordinates_mm(box), start, strict=True)])
            direction = end - start
            share = np.clip(np.tensordot(direction, offset, 1) / (direction @ direction), 0, 1)
            across = offset - direction[:, None, None, None] * share
            mask = (across**2).sum(0) <= (r0 + (r1 - r0) * share) ** 2
            self.paint(box, mask, label=label, hu=hu, within=within)
