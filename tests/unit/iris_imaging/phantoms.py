"""Small asymmetric volumes, and the affines that a scanner may give them."""

import itertools
from typing import Any

import nibabel
import numpy as np
import numpy.typing as npt

SHAPE = (14, 11, 9)
MARKERS = {(1, 2, 3): 900, (12, 3, 1): 700, (4, 9, 7): 500}
"""Voxels of one kind each: a bone on neither axis of symmetry."""


def ct_phantom(shape: tuple[int, int, int] = SHAPE) -> npt.NDArray[np.int16]:
    """Air around a block of tissue with three markers, different in every direction."""
    i, j, k = np.meshgrid(*map(np.arange, shape), indexing="ij")
    voxels = np.full(shape, -1000, np.int16)
    body = (i > 1) & (j > 0) & (k > 0) & (i < shape[0] - 1) & (j < shape[1] - 2)
    voxels[body] = (i + 2 * j + 5 * k)[body]
    for index, value in MARKERS.items():
        voxels[index] = value
    return voxels


def affine(
    spacing: tuple[float, float, float] = (0.8, 0.7, 2.5),
    origin: tuple[float, float, float] = (-31.25, 17.5, -402.0),
    rotation_degrees: tuple[float, float, float] = (0.0, 0.0, 0.0),
    *,
    mirrored: bool = False,
    shear: float = 0.0,
) -> npt.NDArray[np.float64]:
    """RAS+ affine: rotations about x, y, z in turn; shear moves slices along the second axis."""
    x, y, z = np.radians(rotation_degrees)
    about_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    sheared = np.array([[1, 0, 0], [0, 1, shear], [0, 0, 1]])
    matrix = np.eye(4)
    matrix[:3, :3] = about_z @ about_y @ about_x @ sheared @ np.diag(spacing)
    if mirrored:
        matrix[:3, 0] *= -1
    matrix[:3, 3] = origin
    return matrix


def orientations() -> list[npt.NDArray[np.float64]]:
    """All 48 ways in which three axes can be ordered and flipped, for nibabel."""
    return [
        np.array(list(zip(order, flips, strict=True)), dtype=np.float64)
        for order in itertools.permutations(range(3))
        for flips in itertools.product((1.0, -1.0), repeat=3)
    ]


def reoriented(
    voxels: npt.NDArray[Any], matrix: npt.NDArray[np.float64], orientation: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[Any], npt.NDArray[np.float64]]:
    """The same image with its axes in another order."""
    turned = nibabel.apply_orientation(voxels, orientation)
    return turned, matrix @ nibabel.orientations.inv_ornt_aff(orientation, voxels.shape)


def markers_ras_mm(
    voxels: npt.NDArray[Any], matrix: npt.NDArray[np.float64]
) -> dict[int, npt.NDArray[np.float64]]:
    """World position of each marker."""
    return {
        value: nibabel.affines.apply_affine(matrix, np.argwhere(voxels == value))
        for value in MARKERS.values()
    }


def assert_same_markers(ours: dict[int, Any], theirs: dict[int, Any], atol: float = 1e-3) -> None:
    assert ours.keys() == theirs.keys()
    for value, positions in ours.items():
        np.testing.assert_allclose(positions, theirs[value], rtol=0, atol=atol)
