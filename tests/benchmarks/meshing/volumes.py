"""The label maps that are meshed; made once, always the same, and kept."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import nibabel
import numpy as np

from tests.benchmarks.meshing.analytic import labels_of_shapes
from tests.benchmarks.meshing.grids import Grid, write_grid
from tests.benchmarks.meshing.synthetic import synthetic_body
from tests.benchmarks.meshing.upsampling import upsample
from tests.conftest import REPOSITORY, SHARED_DATA

FOLDER = REPOSITORY / "build" / "bench-mesh"
"""Holds all that the benchmark makes and may be deleted; git ignores it."""

_REAL_LABELS = SHARED_DATA / "torso_ct" / "labels_total_fast.nii.gz"
_REAL_SHAPE, _REAL_SPACING_MM = (512, 512, 400), (0.75, 0.75, 0.84)
_VERSION = 1  # of what this module makes


class Unavailable(Exception):
    """A volume cannot be made here; says why."""


def real_body() -> Grid:
    """Labels that TotalSegmentator found in a CT of a torso, on a diagnostic CT's grid.

    Raises
    ------
    Unavailable
        If the file is not beside the checkout.
    """
    if not _REAL_LABELS.exists():
        raise Unavailable("the real label map is not here: no ../shared/data/torso_ct")
    image = nibabel.load(_REAL_LABELS)
    coarse = np.asanyarray(image.dataobj).astype(np.uint8)
    extent_mm = coarse.shape * np.linalg.norm(image.affine[:3, :3], axis=0)
    shape = (extent_mm / _REAL_SPACING_MM + 1e-6).astype(int)
    margin = (np.array(_REAL_SHAPE) - shape) // 2
    labels = np.zeros(_REAL_SHAPE, np.uint8, order="F")
    inner = tuple(slice(a, a + n) for a, n in zip(margin, shape, strict=True))
    labels[inner] = upsample(coarse, (int(shape[0]), int(shape[1]), int(shape[2])))
    factors = shape / coarse.shape
    to_coarse = np.diag([*(1 / factors), 1.0])
    # The corner of the field stays where it was.
    to_coarse[:3, 3] = (0.5 - margin) / factors - 0.5
    return Grid(labels, np.asarray(image.affine) @ to_coarse)


WHAT: Mapping[str, str] = MappingProxyType(
    {
        "real61": "TotalSegmentator's labels of a torso at 3 mm, smoothly upsampled.",
        "syn117": "A synthetic body: ellipsoids and tubes with waves of a few centimetres.",
        "analytic": "Shapes that are known exactly.",
    }
)
MAKERS: Mapping[str, Callable[[], Grid]] = MappingProxyType(
    {
        "real61": real_body,
        "syn117": lambda: Grid(*synthetic_body()),
        "analytic": lambda: Grid(*labels_of_shapes()),
    }
)


def volume_path(name: str) -> Path:
    """File of a volume, which is made where there is none."""
    path = FOLDER / "volumes" / f"{name}-{_VERSION}.npy"
    if not path.exists():
        write_grid(MAKERS[name](), path)
    return path
