"""Where the patient's midline, spine and front are."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from scan_to_mesh.segmenters.hounsfield.morphology import Mask, Spacing

# The spine lies this near the midline, also in scoliosis and when the patient lies askew.
CENTRAL_MM = 50
# Share of the dense voxels that may lie behind the tips: noise, clips, buttons.
BEHIND_SHARE = 0.03
SMALLEST_SECTION_MM2 = 200
# Spinous processes overlap the gaps between them within this distance above or below.
TIP_DISTANCE_MM = 40


@dataclass(frozen=True, eq=False)
class Landmarks:
    """Index coordinates that other places in the body are told by.

    Attributes
    ----------
    midline : float
        On the first axis.
    spine_tips : ndarray, shape (K,)
        Rearmost bone near the midline, on the second axis, for every axial slice; infinite where
        there is none.
    front : ndarray, shape (K,)
        Foremost skin near the midline, on the second axis.
    """

    midline: float
    spine_tips: npt.NDArray[np.float64]
    front: npt.NDArray[np.float64]


def middle(body: Mask) -> float:
    """Index on the first axis with as much of the body on either side."""
    mass = np.cumsum(np.count_nonzero(body, axis=(1, 2)))
    return float(np.searchsorted(mass, mass[-1] / 2))


def find_landmarks(body: Mask, dense: Mask, spacing_mm: Spacing) -> Landmarks:
    """Find midline, spinous processes and front.

    Parameters
    ----------
    body, dense : ndarray of bool, shape (I, J, K)
        The patient, and what is as dense as bone; index axes RAS+.
    """
    midline = int(middle(body))
    reach = int(CENTRAL_MM / spacing_mm[0])
    central = slice(max(0, midline - reach), midline + reach + 1)
    counts = np.cumsum(np.count_nonzero(dense[central], axis=0), axis=0)
    total = counts[-1]
    rearmost = np.argmax(counts > BEHIND_SHARE * total, axis=0).astype(float)
    rearmost[total * spacing_mm[0] * spacing_mm[1] < SMALLEST_SECTION_MM2] = np.inf
    width = 2 * int(TIP_DISTANCE_MM / spacing_mm[2]) + 1
    tips = ndimage.minimum_filter1d(rearmost, width, mode="nearest")
    rows: Mask = np.any(body[central], axis=0)
    front = rows.shape[0] - 1.0 - np.argmax(rows[::-1], axis=0)
    return Landmarks(midline=midline, spine_tips=tips, front=front)
