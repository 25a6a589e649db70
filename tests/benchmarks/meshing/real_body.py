"""Labels that TotalSegmentator found in a CT of a torso, on a diagnostic CT's grid."""

from collections.abc import Iterator

import nibabel
import numpy as np
import numpy.typing as npt

from tests.benchmarks.meshing.grids import Grid
from tests.benchmarks.meshing.upsampling import true_surfaces, upsample
from tests.conftest import SHARED_DATA

_LABELS = SHARED_DATA / "torso_ct" / "labels_total_fast.nii.gz"
_SHAPE, _SPACING_MM = (512, 512, 400), (0.75, 0.75, 0.84)

Surface = tuple[npt.NDArray[np.float64], npt.NDArray[np.int32]]


class Unavailable(Exception):
    """A volume cannot be made here; says why."""


def real_body() -> Grid:
    """The label map.

    Raises
    ------
    Unavailable
        If the file is not beside the checkout.
    """
    coarse, shape, margin, affine = _coarse()
    labels = np.zeros(_SHAPE, np.uint8, order="F")
    inner = tuple(slice(a, a + n) for a, n in zip(margin, shape, strict=True))
    labels[inner] = upsample(coarse, shape)
    return Grid(labels, affine)


def real_surfaces() -> Iterator[tuple[int, Surface]]:
    """The surfaces that the label map samples, by label value; vertices in RAS+ mm.

    Raises
    ------
    Unavailable
        If the file is not beside the checkout.
    """
    coarse, shape, margin, affine = _coarse()
    for value, vertices, faces in true_surfaces(coarse, shape):
        yield value, ((vertices + margin) @ affine[:3, :3].T + affine[:3, 3], faces)


def _coarse() -> tuple[
    npt.NDArray[np.uint8], tuple[int, ...], npt.NDArray[np.int64], npt.NDArray[np.float64]
]:
    """Coarse labels; voxels of the finer grid over them, where it begins in the volume, affine."""
    if not _LABELS.exists():
        raise Unavailable("the real label map is not here: no ../shared/data/torso_ct")
    image = nibabel.load(_LABELS)
    coarse = np.asanyarray(image.dataobj).astype(np.uint8)
    extent_mm = coarse.shape * np.linalg.norm(image.affine[:3, :3], axis=0)
    shape = (extent_mm / _SPACING_MM + 1e-6).astype(int)
    margin = (np.array(_SHAPE) - shape) // 2
    factors = shape / coarse.shape
    to_coarse = np.diag([*(1 / factors), 1.0])
    # The corner of the field stays where it was.
    to_coarse[:3, 3] = (0.5 - margin) / factors - 0.5
    return coarse, tuple(shape.tolist()), margin, np.asarray(image.affine) @ to_coarse
