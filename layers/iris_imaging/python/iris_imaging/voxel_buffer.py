"""A volume that is filled slice by slice and is only as wide as its values need."""

from typing import Any

import numpy as np
import numpy.typing as npt

_WIDTHS: tuple[np.dtype[Any], ...] = (
    np.dtype(np.int16),
    np.dtype(np.int32),
    np.dtype(np.float32),
)


def _narrowest(values: npt.NDArray[Any]) -> int:
    """Index of the narrowest dtype of ``_WIDTHS`` that holds the values."""
    if values.dtype.kind in "iu":
        if np.can_cast(values.dtype, np.int16):
            return 0
    elif not (np.isfinite(values).all() and (np.rint(values) == values).all()):
        return 2
    low, high = values.min(), values.max()
    for width in (0, 1):
        bounds = np.iinfo(_WIDTHS[width])
        if bounds.min <= low and high <= bounds.max:
            return width
    return 2


class VoxelBuffer:
    """Collects slices; the dtype follows from the values alone, not from the file's.

    So the same image gives the same array whether it was stored as int16, as float64 or as
    unsigned DICOM pixels with an intercept. Whole numbers are int16 or int32, all others float32.
    Memory is in Fortran order: a slice of the last axis is contiguous, as in the files.

    Parameters
    ----------
    shape : tuple of int
        (I, J, K).
    """

    def __init__(self, shape: tuple[int, int, int]) -> None:
        self._width = 0
        self.voxels: npt.NDArray[Any] = np.empty(shape, _WIDTHS[0], order="F")

    def write(self, first: int, slices: npt.NDArray[Any]) -> None:
        """Store slices.

        Parameters
        ----------
        first : int
            Index of the first of them along the last axis.
        slices : ndarray, shape (I, J, n)
            Any real dtype; float64 is rounded to float32 where it holds fractions.
        """
        last_width = len(_WIDTHS) - 1
        width = self._width if self._width == last_width else _narrowest(slices)
        if width > self._width:
            self._width = width
            self.voxels = self.voxels.astype(_WIDTHS[width], order="F")
        # Beyond float32's range lies infinity, which is counted with the other non-finite voxels.
        with np.errstate(over="ignore"):
            self.voxels[:, :, first : first + slices.shape[2]] = slices

    def holds(self, index: int, one_slice: npt.NDArray[Any]) -> bool:
        """Whether the slice stored at ``index`` is what ``one_slice`` (I, J) would be stored as."""
        stored = self.voxels[:, :, index]
        if self._width == len(_WIDTHS) - 1:
            with np.errstate(over="ignore"):
                one_slice = one_slice.astype(np.float32)
        return bool(np.array_equal(stored, one_slice))


def rescaled(raw: npt.NDArray[Any], slope: float, intercept: float) -> npt.NDArray[Any]:
    """``raw * slope + intercept``, in integers where that is exact, else in float64.

    Parameters
    ----------
    raw : ndarray
        As stored in the file.
    slope, intercept : float
        NIfTI's scl_slope and scl_inter, or DICOM's Rescale Slope and Rescale Intercept
        (PS3.3, C.11.1.1.2).
    """
    if slope == 1 and intercept == 0:
        return raw
    small = raw.dtype.kind in "iu" and raw.dtype.itemsize <= 2
    if slope == 1 and small and intercept.is_integer() and abs(intercept) < 2**30:
        return raw.astype(np.int32) + np.int32(intercept)
    with np.errstate(over="ignore", invalid="ignore"):
        return raw.astype(np.float64) * slope + intercept
