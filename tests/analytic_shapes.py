"""Bodies whose surface, volume and centre are known exactly."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Body:
    """A body in world millimetres.

    Attributes
    ----------
    name : str
    distance_mm : callable
        Points, shape (..., 3), to exact signed distance from the surface: negative inside.
    volume_mm3 : float
    centroid_mm : ndarray, shape (3,)
    reach_mm : float
        Radius of a ball around the world's origin that holds all of it.
    genus : int
        Holes through it: 1 for a ring.
    quick_inside : callable, optional
        Points, shape (..., 3), to whether they are inside, where that is cheaper than the distance.
    """

    name: str
    distance_mm: Callable[[Floats], Floats]
    volume_mm3: float
    centroid_mm: Floats
    reach_mm: float
    genus: int = 0
    quick_inside: Callable[[Floats], npt.NDArray[np.bool_]] | None = None

    def holds(self, points: Floats) -> npt.NDArray[np.bool_]:
        """Whether points, shape (..., 3), are inside."""
        if self.quick_inside is not None:
            return self.quick_inside(points)
        return self.distance_mm(points) < 0

    def normals(self, points: Floats) -> Floats:
        """Direction away from the surface at points, shape (N, 3): the distance's gradient."""
        step = 1e-4
        gradient = np.stack(
            [
                self.distance_mm(points + offset) - self.distance_mm(points - offset)
                for offset in np.eye(3) * step
            ],
            axis=-1,
        )
        return np.asarray(
            gradient / np.maximum(np.linalg.norm(gradient, axis=-1, keepdims=True), 1e-12)
        )

    def surface_points(self, step_mm: float) -> Floats:
        """Points all over the surface: those of a cubic grid beside it, moved onto it."""
        half = int(np.ceil(self.reach_mm / step_mm)) + 1
        axis = (np.arange(-half, half + 1) + 0.1) * step_mm
        grid = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
        distance = self.distance_mm(grid)
        beside = np.abs(distance) < step_mm
        landed = grid[beside] - self.normals(grid[beside]) * distance[beside][:, None]
        return landed[np.abs(self.distance_mm(landed)) < 1e-3]

    def placed(self, rotation: Floats, centre_mm: Sequence[float] = (0.0, 0.0, 0.0)) -> "Body":
        """The same body turned about the origin, and then moved."""
        centre = np.array(centre_mm, np.float64)
        inside = self.quick_inside
        return Body(
            self.name,
            lambda points: self.distance_mm((points - centre) @ rotation),
            self.volume_mm3,
            rotation @ self.centroid_mm + centre,
            self.reach_mm + float(np.linalg.norm(centre)),
            self.genus,
            None if inside is None else lambda points: inside((points - centre) @ rotation),
        )


def sphere(radius: float) -> Body:
    return Body(
        f"sphere r {radius:g}",
        lambda points: np.linalg.norm(points, axis=-1) - radius,
        4 / 3 * np.pi * radius**3,
        np.zeros(3),
        radius,
    )


def half_ball(radius: float, *, upper: bool = True) -> Body:
    """A ball's part above or below the plane z = 0; both parts share the disc between them."""
    side = 1.0 if upper else -1.0

    def distance(points: Floats) -> Floats:
        z = points[..., 2] * side
        around = np.hypot(points[..., 0], points[..., 1])
        to_ball = np.hypot(around, z) - radius
        below = np.where(around < radius, -z, np.hypot(around - radius, z))
        return np.where(z < 0, below, np.maximum(to_ball, -z))

    return Body(
        f"{'upper' if upper else 'lower'} half ball r {radius:g}",
        distance,
        2 / 3 * np.pi * radius**3,
        np.array([0, 0, side * 3 / 8 * radius]),
        radius,
    )


def ellipsoid(x: float, y: float, z: float) -> Body:
    radii = np.array([x, y, z], np.float64)
    return Body(
        f"ellipsoid {x:g}/{y:g}/{z:g}",
        lambda points: _ellipsoid_distance_mm(points, radii),
        float(4 / 3 * np.pi * radii.prod()),
        np.zeros(3),
        float(radii.max()),
        quick_inside=lambda points: ((points / radii) ** 2).sum(axis=-1) < 1,
    )


def _ellipsoid_distance_mm(points: Floats, radii: Floats) -> Floats:
    """Exact distance: the nearest place is at r² p / (t + r²), with t found by bisection.

    After Eberly, "Distance from a Point to an Ellipse, an Ellipsoid, or a Hyperellipsoid" (2013):
    by symmetry in the first octant, where t has one root above -min(r)².
    """
    p = np.maximum(np.abs(points), 1e-9)
    shortest = int(radii.argmin())
    low = -(radii[shortest] ** 2) + radii[shortest] * p[..., shortest]
    high = -(radii[shortest] ** 2) + np.linalg.norm(radii * p, axis=-1)
    for _ in range(45):
        t = (low + high) / 2
        outside = ((radii * p / (t[..., None] + radii**2)) ** 2).sum(axis=-1) > 1
        low, high = np.where(outside, t, low), np.where(outside, high, t)
    place = radii**2 * p / (high[..., None] + radii**2)
    inside = ((p / radii) ** 2).sum(axis=-1) < 1
    return np.asarray(np.linalg.norm(p - place, axis=-1) * np.where(inside, -1, 1))


def torus(ring: float, tube: float) -> Body:
    """A ring about the z axis."""
    return Body(
        f"torus {ring:g}/{tube:g}",
        lambda p: np.hypot(np.hypot(p[..., 0], p[..., 1]) - ring, p[..., 2]) - tube,
        2 * np.pi**2 * ring * tube**2,
        np.zeros(3),
        ring + tube,
        genus=1,
    )


def capsule(half_length: float, radius: float) -> Body:
    """A tube along the z axis with a round end ``half_length`` from the middle on either side."""

    def distance(points: Floats) -> Floats:
        beyond = np.maximum(np.abs(points[..., 2]) - half_length, 0)
        return np.asarray(np.sqrt(points[..., 0] ** 2 + points[..., 1] ** 2 + beyond**2) - radius)

    return Body(
        f"capsule r {radius:g}",
        distance,
        np.pi * radius**2 * 2 * half_length + 4 / 3 * np.pi * radius**3,
        np.zeros(3),
        half_length + radius,
    )


def plate(half_width: float, thickness: float) -> Body:
    """A square sheet in the plane z = 0 whose rim is rounded by half of its thickness."""
    rim = thickness / 2
    core = half_width - rim

    def distance(points: Floats) -> Floats:
        beyond = np.abs(points) - [core, core, 0.0]
        inside = np.minimum(beyond.max(axis=-1), 0)
        return np.asarray(np.linalg.norm(np.maximum(beyond, 0), axis=-1) + inside - rim)

    flat = (2 * core) ** 2 * thickness
    rounded = 8 * core * np.pi * rim**2 / 2 + 4 / 3 * np.pi * rim**3
    return Body(
        f"plate {thickness:g} mm",
        distance,
        float(flat + rounded),
        np.zeros(3),
        float(half_width * np.sqrt(2)),
    )


def cone(radius: float, height: float) -> Body:
    """A cone with a sharp tip at +z; its base and its tip are as far from the origin."""
    outline = np.array([[-radius, -height / 2], [radius, -height / 2], [0, height / 2]])
    return Body(
        f"cone {radius:g}/{height:g}",
        lambda p: _polygon_distance_mm(
            np.stack([np.hypot(p[..., 0], p[..., 1]), p[..., 2]], axis=-1), outline
        ),
        np.pi * radius**2 * height / 3,
        np.array([0, 0, -height / 4]),
        float(np.hypot(radius, height / 2)),
    )


def wedge(width: float, height: float, length: float) -> Body:
    """A prism along y whose cross section is a triangle with its sharp edge at +z."""
    outline = np.array([[-width / 2, -height / 2], [width / 2, -height / 2], [0, height / 2]])

    def distance(points: Floats) -> Floats:
        across = _polygon_distance_mm(points[..., [0, 2]], outline)
        along = np.abs(points[..., 1]) - length / 2
        outside = np.hypot(np.maximum(across, 0), np.maximum(along, 0))
        return outside + np.minimum(np.maximum(across, along), 0)

    return Body(
        f"wedge {width:g}/{height:g}/{length:g}",
        distance,
        width * height / 2 * length,
        np.array([0, 0, -height / 6]),
        float(np.linalg.norm([width / 2, height / 2, length / 2])),
    )


def _polygon_distance_mm(points: Floats, corners: Floats) -> Floats:
    """Signed distance, negative inside a convex polygon with corners in counter-clockwise order."""
    nearest = np.full(points.shape[:-1], np.inf)
    inside = np.ones(points.shape[:-1], bool)
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along, to = end - start, points - start
        share = np.clip(to @ along / (along @ along), 0, 1)
        nearest = np.minimum(nearest, np.linalg.norm(to - share[..., None] * along, axis=-1))
        inside &= along[0] * to[..., 1] - along[1] * to[..., 0] > 0
    return np.where(inside, -nearest, nearest)
