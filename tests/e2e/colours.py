"""Which pixels of a picture show something, and in what hue."""

import colorsys
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scan_to_mesh.exporters.srgb import linear_from_srgb

from tests.e2e.oculus_page import BACKGROUND_RGB

Picture = npt.NDArray[np.uint8]


def drawn(picture: Picture) -> npt.NDArray[np.bool_]:
    """Where the picture is not background, shape (rows, columns)."""
    difference = np.abs(picture.astype(int) - BACKGROUND_RGB)
    shown: npt.NDArray[np.bool_] = difference.max(axis=2) > 8
    return shown


def centre(picture: Picture) -> tuple[float, float]:
    """Mean place of what is drawn: from the left and from the top, as shares of the picture."""
    rows, columns = np.nonzero(drawn(picture))
    return float(columns.mean() / picture.shape[1]), float(rows.mean() / picture.shape[0])


def hue_deg(rgb: Sequence[int] | npt.NDArray[np.uint8]) -> float:
    """Hue in linear light, where white lamps and gloss leave it as it is, in degrees."""
    r, g, b = linear_from_srgb(np.asarray(rgb) / 255)
    return 360 * colorsys.rgb_to_hsv(float(r), float(g), float(b))[0]


def typical_hue_deg(picture: Picture) -> float:
    """Hue of the median colour of what is drawn."""
    return hue_deg(np.median(picture[drawn(picture)], axis=0))
