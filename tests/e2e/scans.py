"""Scans whose every voxel is known, for whatever way the scanner laid the grid."""

from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import numpy.typing as npt

from tests.dicom_series import PATIENT_NAME, write_dicom_series

Affine = npt.NDArray[np.float64]
Points = npt.NDArray[np.float64]
"""Shape (..., 3), RAS+ mm."""

AIR_HU, TISSUE_HU, LUNG_HU, BONE_HU = -1000, 40, -850, 1000
BONE_CENTRE_RAS_MM = (-50.0, 20.0, 30.0)
"""To the patient's left, to the front, to the head."""
BONE_EDGE_MM = 60.0
LUNG_CENTRE_RAS_MM = (50.0, 0.0, -10.0)
"""To the patient's right."""
_LUNG_RADII_MM = (35.0, 45.0, 60.0)
_BODY_RADII_MM = (120.0, 85.0)


def hu_at(points_ras_mm: Points) -> npt.NDArray[np.int16]:
    """The truth: a body with a cube of bone in its left and a lung in its right."""
    points = np.asarray(points_ras_mm, np.float64)
    hu = np.full(points.shape[:-1], AIR_HU, np.int16)
    hu[((points[..., :2] / _BODY_RADII_MM) ** 2).sum(axis=-1) < 1] = TISSUE_HU
    away = np.abs(points - BONE_CENTRE_RAS_MM)
    hu[(away < BONE_EDGE_MM / 2).all(axis=-1)] = BONE_HU
    hu[(((points - LUNG_CENTRE_RAS_MM) / _LUNG_RADII_MM) ** 2).sum(axis=-1) < 1] = LUNG_HU
    return hu


def scan_of(affine_ras_mm: Affine, shape: tuple[int, int, int]) -> npt.NDArray[np.int16]:
    """The body as a scanner with this grid sees it."""
    index = np.stack(np.indices(shape), axis=-1)
    return hu_at(index @ affine_ras_mm[:3, :3].T + affine_ras_mm[:3, 3])


def centred(axes_mm: npt.NDArray[np.float64], shape: tuple[int, int, int]) -> Affine:
    """An affine whose columns are these steps, with the grid's middle at the origin."""
    affine = np.eye(4)
    affine[:3, :3] = axes_mm
    affine[:3, 3] = -axes_mm @ ((np.array(shape) - 1) / 2)
    return affine


def rotation(axis: int, angle_deg: float) -> npt.NDArray[np.float64]:
    """By the right-hand rule about an axis of RAS+."""
    cosine, sine = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    turned = np.eye(3)
    first, second = (axis + 1) % 3, (axis + 2) % 3
    turned[[first, second], [first, second]] = cosine
    turned[first, second], turned[second, first] = -sine, sine
    return turned


MIRRORED = centred(np.diag([-4.0, 4.0, 4.0]), (68, 50, 50)), (68, 50, 50)
"""Stored from the patient's right to the left: a negative determinant."""
OBLIQUE = (
    centred(
        rotation(2, 20) @ rotation(1, 12) @ rotation(0, -8) @ np.diag([4.0, -4.0, 4.0]),
        (76, 60, 60),
    ),
    (76, 60, 60),
)
"""Along no axis of the patient."""


def write_scan(path: Path, affine_ras_mm: Affine, shape: tuple[int, int, int]) -> Path:
    """The body as NIfTI."""
    image = nibabel.Nifti1Image(scan_of(affine_ras_mm, shape), affine_ras_mm)
    nibabel.save(image, path)
    return path


def write_damaged_scan(path: Path) -> Path:
    """A gzipped NIfTI whose header is whole and whose voxels are not."""
    affine, shape = MIRRORED
    voxels = scan_of(affine, shape) + np.random.default_rng(3).integers(0, 9, shape).astype(
        np.int16
    )
    nibabel.save(nibabel.Nifti1Image(voxels, affine), path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + bytes(len(content) - len(content) // 2))
    return path


AXIAL_SHAPE = (60, 48, 20)
AXIAL = centred(np.diag([-4.5, -4.5, 6.0]), AXIAL_SHAPE)
"""As scanners store it: rows to the left, columns to the back."""


def write_study(folder: Path) -> Path:
    """The body in two DICOM series, with a localiser and a report that names the patient."""
    voxels = scan_of(AXIAL, AXIAL_SHAPE)
    write_dicom_series(folder / "1", voxels, AXIAL, tags={"SeriesDescription": "Lung 6 mm"})
    write_dicom_series(
        folder / "2", voxels[:, :, :12], AXIAL, tags={"SeriesDescription": "Abdomen 6 mm"}
    )
    localiser = {"SeriesDescription": "Scout", "ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}
    write_dicom_series(folder / "0", voxels[:, :, :1], AXIAL, tags=localiser)
    (folder / "REPORT.TXT").write_text(f"{PATIENT_NAME}: nothing found.")
    return folder


class Grid:
    """A NIfTI file as nibabel reads it: the value of the voxel at a point.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        image: Any = nibabel.load(path)
        self._values = np.asanyarray(image.dataobj)
        self._index_of_ras_mm = np.linalg.inv(image.affine)

    def at(self, point_ras_mm: Points) -> float:
        """The voxel that the point is in."""
        i, j, k = np.floor(self._index(point_ras_mm) + 0.5).astype(int)
        return float(self._values[i, j, k])

    def is_inside_of_a_voxel(self, point_ras_mm: Points) -> bool:
        """Whether no rounding decides which voxel the point is in."""
        return bool((np.abs(self._index(point_ras_mm) % 1 - 0.5) > 0.1).all())

    def _index(self, point_ras_mm: Points) -> npt.NDArray[np.float64]:
        index: npt.NDArray[np.float64] = (self._index_of_ras_mm @ [*point_ras_mm, 1])[:3]
        return index
