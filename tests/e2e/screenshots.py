"""Pictures of screens against those that were looked at and stored."""

import io
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parent / "screenshots"
UPDATE_VARIABLE = "UPDATE_SCREENSHOTS"
"""Environment variable that, when set, stores what is seen instead of comparing it."""
BLOCK_PIXELS = 8
"""Drivers smooth edges in different ways; the mean of a block this wide hardly changes by that."""
LARGEST_DIFFERENCE = 14
"""Levels of 255 by which a block may be lighter or darker on a channel."""
LARGEST_SHARE = 0.002
"""Of the blocks may differ by more: in 1280 x 800 pixels that is the room of a small button."""


def compare_with_stored(page: Page, name: str) -> None:
    """Compare the screen with its stored picture, or store it if that is asked for.

    Raises
    ------
    AssertionError
        If the screen looks different.
    """
    page.wait_for_function("() => [...document.images].every(({ complete }) => complete)")
    png = page.screenshot(animations="disabled", caret="hide")
    seen = Image.open(io.BytesIO(png)).convert("RGB")
    path = FOLDER / f"{name}.png"
    if os.environ.get(UPDATE_VARIABLE):
        FOLDER.mkdir(exist_ok=True)
        seen.save(path, optimize=True)
        return
    assert path.exists(), f"no picture {path} is stored: run with {UPDATE_VARIABLE}=1 and look"
    stored = Image.open(path).convert("RGB")
    share = different_share(np.asarray(seen), np.asarray(stored))
    if share > LARGEST_SHARE:
        seen.save(path.with_suffix(".seen.png"))
    assert share <= LARGEST_SHARE, (
        f"{share:.2%} of {path.name} look different; {path.with_suffix('.seen.png')} is what was "
        f"seen. If it is better so, look at it and run with {UPDATE_VARIABLE}=1."
    )


def different_share(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> float:
    """Share of the blocks that differ; 1 for pictures of different sizes."""
    if one.shape != other.shape:
        return 1.0
    difference = np.abs(_block_means(one) - _block_means(other)).max(axis=2)
    return float((difference > LARGEST_DIFFERENCE).mean())


def _block_means(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    height, width = (size - size % BLOCK_PIXELS for size in picture.shape[:2])
    blocks = picture[:height, :width].reshape(
        height // BLOCK_PIXELS, BLOCK_PIXELS, width // BLOCK_PIXELS, BLOCK_PIXELS, 3
    )
    return blocks.astype(float).mean(axis=(1, 3))
