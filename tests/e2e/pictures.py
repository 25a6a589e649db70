"""What pictures show: where, and in what hue."""

import colorsys
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tests.e2e.pages.viewer import Mask, Picture

NOISE = 12
"""Levels of 255 by which two pictures of the same thing may differ."""

GLARE = 250
"""From that level on a channel is full, and the hue no longer true."""
EDGES_SHARE = 0.01
"""Of a picture's pixels, that lie on edges."""


def differs(one: Picture, other: Picture) -> Mask:
    """Where two pictures show different things."""
    changed: Mask = np.abs(one.astype(int) - other).max(axis=2) > NOISE
    return changed


def are_same(one: Picture, other: Picture) -> bool:
    """Whether two pictures show the same; edges may be smoothed or not, as time allowed."""
    return bool(differs(one, other).mean() < EDGES_SHARE)


def centre(mask: Mask) -> tuple[float, float]:
    """Mean place: from the left and from the top, as shares of the picture."""
    rows, columns = np.nonzero(mask)
    return float(columns.mean() / mask.shape[1]), float(rows.mean() / mask.shape[0])


def bounds(mask: Mask) -> tuple[int, int, int, int]:
    """First and last column, first and last row."""
    rows, columns = np.nonzero(mask)
    return int(columns.min()), int(columns.max()), int(rows.min()), int(rows.max())


def inside(mask: Mask, margin: int = 4) -> tuple[int, int]:
    """A pixel as far inside of the mask as a margin: column and row."""
    deep = mask.copy()
    for _ in range(margin):
        padded = np.pad(deep, 1)
        deep = (
            padded[1:-1, 1:-1]
            & padded[:-2, 1:-1]
            & padded[2:, 1:-1]
            & padded[1:-1, :-2]
            & padded[1:-1, 2:]
        )
    rows, columns = np.nonzero(deep)
    assert rows.size > 0, "nothing in the picture is so large"
    # Of those, the one nearest to the middle: it is on a surface that faces the viewer.
    nearest = np.hypot(rows - rows.mean(), columns - columns.mean()).argmin()
    return int(columns[nearest]), int(rows[nearest])


def hue_deg(rgb: Sequence[int] | npt.NDArray[np.uint8]) -> float:
    """Hue of a colour, which light and shadow leave as it is."""
    r, g, b = (float(value) / 255 for value in rgb)
    return 360 * colorsys.rgb_to_hsv(r, g, b)[0]


def typical_hue_deg(picture: Picture, mask: Mask) -> float:
    """Hue of the median colour of what is masked and not glaring."""
    glaring = picture.max(axis=2) >= GLARE
    return hue_deg(np.median(picture[mask & ~glaring], axis=0))
