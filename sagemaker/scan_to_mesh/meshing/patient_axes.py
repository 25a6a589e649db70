"""One order of voxels for every way in which a file may store them.

Where blocks of voxels begin, and ties, depend on the order of voxels. In the patient's order a scan
gives the same mesh as NIfTI (mostly RAS or LAS) and as DICOM (LPS).
"""

from dataclasses import dataclass
from typing import Any

import nibabel
import numpy as np
import numpy.typing as npt
from iris_imaging.volume import Affine

from scan_to_mesh.segments import Segment, cropped_affine

Border = tuple[tuple[float, float], ...]
"""Where an image begins and ends along each axis of an index."""

_RIGHT = 2  # the last of superior, anterior and right


@dataclass(frozen=True, eq=False)
class LabelGrid:
    """Labels on a grid, which may be a coarser one than the image's.

    Attributes
    ----------
    labels : ndarray of unsigned integers, shape (I, J, K)
    affine_ras_mm : ndarray of float64, shape (4, 4)
        Index to RAS+ world mm.
    border : Border
        Of the image, in the index of ``labels``: within a voxel beyond the outermost centres.
    """

    labels: npt.NDArray[Any]
    affine_ras_mm: Affine
    border: Border

    @classmethod
    def of_image(cls, labels: npt.NDArray[Any], affine_ras_mm: Affine) -> "LabelGrid":
        """Labels on the image's own grid."""
        return cls(labels, affine_ras_mm, tuple((-0.5, size - 0.5) for size in labels.shape))


@dataclass(frozen=True, eq=False)
class PaddedMask:
    """A segment alone.

    Attributes
    ----------
    voxels : ndarray of uint8, shape (2 I + 1, 2 J + 1, 2 K + 1)
        0 or 1; 0 all around.
    affine_ras_mm : ndarray of float64, shape (4, 4)
        Index of ``voxels`` to RAS+ world mm.
    border : Border
        Of the image, in the index of ``voxels``: within a voxel outside of its outermost ones.
    """

    voxels: npt.NDArray[np.uint8]
    affine_ras_mm: Affine
    border: Border


@dataclass(frozen=True, eq=False)
class PatientView:
    """A label map seen with index axes that run nearest to superior, anterior and right.

    Superior first: NIfTI files are read in Fortran order, where right then lies along memory.

    Attributes
    ----------
    labels : ndarray of unsigned integers, shape (S, A, R)
        Not a copy.
    affine_ras_mm : ndarray of float64, shape (4, 4)
        Index of ``labels`` to RAS+ world mm.
    border : Border
        Of the image, in the index of ``labels``.
    """

    labels: npt.NDArray[Any]
    affine_ras_mm: Affine
    border: Border
    _axes: tuple[int, int, int]
    _flips: tuple[bool, bool, bool]

    @classmethod
    def of(cls, grid: LabelGrid) -> "PatientView":
        """Look at labels whose axes lie anyhow in the patient."""
        orientation = nibabel.io_orientation(grid.affine_ras_mm)
        orientation[:, 0] = _RIGHT - orientation[:, 0]
        back: Affine = nibabel.orientations.inv_ornt_aff(orientation, grid.labels.shape)
        first, second, third = np.argsort(orientation[:, 0]).tolist()
        flips = [bool(orientation[axis, 1] < 0) for axis in (first, second, third)]
        return cls(
            labels=nibabel.apply_orientation(grid.labels, orientation),
            affine_ras_mm=grid.affine_ras_mm @ back,
            border=tuple(
                _mirrored(grid.border[axis], grid.labels.shape[axis]) if flip else grid.border[axis]
                for axis, flip in zip((first, second, third), flips, strict=True)
            ),
            _axes=(first, second, third),
            _flips=(flips[0], flips[1], flips[2]),
        )

    def padded_mask(self, segment: Segment) -> PaddedMask:
        """Mask of a segment, with emptiness all around, from an even index of the label map on.

        Parameters
        ----------
        segment : Segment
            In the array that this is a view of.

        """
        box = [self._turned(segment.box[self._axes[axis]], axis) for axis in range(3)]
        first = [(span.start - 1) // 2 * 2 for span in box]
        cells = [(span.stop - start + 1) // 2 * 2 for span, start in zip(box, first, strict=True)]
        mask = np.zeros([size + 1 for size in cells], np.uint8)
        within = tuple(
            slice(span.start - start, span.stop - start)
            for span, start in zip(box, first, strict=True)
        )
        np.equal(self.labels[tuple(box)], segment.label_value, out=mask.view(np.bool_)[within])
        return PaddedMask(
            voxels=mask,
            affine_ras_mm=cropped_affine(self.affine_ras_mm, (first[0], first[1], first[2])),
            border=tuple(
                (begin - start, end - start)
                for (begin, end), start in zip(self.border, first, strict=True)
            ),
        )

    def _turned(self, span: slice, axis: int) -> slice:
        if not self._flips[axis]:
            return span
        size = self.labels.shape[axis]
        return slice(size - span.stop, size - span.start)


def _mirrored(limits: tuple[float, float], size: int) -> tuple[float, float]:
    begin, end = limits
    return size - 1 - end, size - 1 - begin
