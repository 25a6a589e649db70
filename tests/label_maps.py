"""Label maps on any grid: what a scanner makes of known bodies, and structures to name them."""

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from iris_imaging.volume import Affine, LabelMap
from iris_oculus.structures import Structure
from scipy.spatial.transform import Rotation

from tests.analytic_shapes import Body, Floats

Labels = npt.NDArray[np.unsignedinteger]


def rotation(x: float, y: float, z: float) -> Floats:
    """Rotation by degrees about the fixed axes x, y, z in this order."""
    return np.asarray(Rotation.from_euler("xyz", (x, y, z), degrees=True).as_matrix())


GRIDS = {
    "isotropic": np.diag([1.5, 1.5, 1.5]),
    "mirrored": np.diag([-1.5, 1.5, 1.5]),
    "upside down": np.diag([-1.5, -1.5, -1.5]),
    "oblique": rotation(20, -35, 50) @ np.diag([1.2, 1.5, 1.8]),
    "oblique and mirrored": rotation(-10, 25, 140) @ np.diag([1.2, -1.5, 1.8]),
    "sheared by a gantry tilt": np.array([[1.2, 0, 0], [0, 1.2, 0.9], [0, 0, 2.0]]),
    "thick slices": np.diag([0.7, 0.7, 5.0]),
}
"""Linear parts of affines, mm: voxel vectors as columns."""

ORIENTATIONS = list(
    itertools.product(itertools.permutations(range(3)), itertools.product((1, -1), repeat=3))
)
"""The 48 ways to store a volume along the world's axes: order of the axes, and their directions."""


def voxelised(
    bodies: Body | Sequence[Body],
    linear_mm: Floats,
    *,
    margin_voxels: int = 2,
    dtype: npt.DTypeLike = np.uint8,
) -> LabelMap:
    """Label map of bodies, value 1 for the first; where they overlap the later one wins.

    A voxel belongs to a body that holds its centre. The grid lies off the bodies' centres by parts
    of a voxel, so that nothing is symmetrical by chance.

    Parameters
    ----------
    linear_mm : ndarray, shape (3, 3)
        The affine's linear part.
    margin_voxels : int
        Empty voxels around the ball that holds all bodies.
    """
    bodies = [bodies] if isinstance(bodies, Body) else bodies
    reach_mm = max(body.reach_mm for body in bodies)
    # Half of the extent of a ball along an index axis, in voxels.
    half = np.linalg.norm(np.linalg.inv(linear_mm), axis=1) * reach_mm
    shape = np.ceil(2 * half).astype(int) + 1 + 2 * margin_voxels
    affine = np.eye(4)
    affine[:3, :3] = linear_mm
    affine[:3, 3] = linear_mm @ (-(shape - 1) / 2 + [0.31, -0.17, 0.09])
    return label_map(painted(bodies, affine, tuple(shape), dtype), affine)


def painted(
    bodies: Sequence[Body],
    affine_ras_mm: Affine,
    shape: tuple[int, ...],
    dtype: npt.DTypeLike = np.uint8,
) -> Labels:
    """Labels of bodies on a given grid, in Fortran order as NIfTI files are read."""
    labels = np.zeros(shape, dtype, order="F")
    grid = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), axis=-1)
    centres = grid @ affine_ras_mm[:3, :3].T + affine_ras_mm[:3, 3]
    for value, body in enumerate(bodies, start=1):
        labels[body.holds(centres)] = value
    return labels


def label_map(labels: Labels, affine_ras_mm: Affine | None = None) -> LabelMap:
    """A label map in which every value that occurs has a structure."""
    values = (int(value) for value in np.unique(labels) if value)
    return LabelMap(
        labels=labels,
        affine_ras_mm=np.eye(4) if affine_ras_mm is None else affine_ras_mm,
        structures={value: structure(value) for value in values},
    )


def structure(label_value: int) -> Structure:
    """A structure that is called after its label value."""
    return Structure(
        name=f"structure_{label_value}",
        label_value=label_value,
        display_name=f"Structure {label_value}",
        color_rgb=(200, 100, 50),
        body_system="other",
    )


def reoriented(original: LabelMap, axes: tuple[int, ...], directions: tuple[int, ...]) -> LabelMap:
    """The same label map in the world, stored along other axes."""
    first, second, third = directions
    labels = original.labels.transpose(axes)[::first, ::second, ::third]
    affine = original.affine_ras_mm[:, [*axes, 3]].copy()
    for axis, direction in enumerate(directions):
        if direction < 0:
            affine[:3, 3] += affine[:3, axis] * (labels.shape[axis] - 1)
            affine[:3, axis] *= -1
    return LabelMap(labels, affine, original.structures)


def segment_mm3(image: LabelMap, label_value: int = 1) -> float:
    """Volume of a segment's voxels."""
    count = np.count_nonzero(image.labels == label_value)
    return float(count * abs(np.linalg.det(image.affine_ras_mm[:3, :3])))


def segment_centroid_mm(image: LabelMap, label_value: int = 1) -> Floats:
    """Mean of the centres of a segment's voxels, in the world."""
    index = np.argwhere(image.labels == label_value).mean(axis=0)
    return np.asarray(image.affine_ras_mm[:3, :3] @ index + image.affine_ras_mm[:3, 3])
