"""Between sRGB, which catalogues and pictures use, and linear light, which shading needs.

The transfer functions of IEC 61966-2-1.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def linear_from_srgb(srgb: npt.ArrayLike) -> Floats:
    """Linear light of sRGB values; both from 0 to 1, any shape."""
    value = np.asarray(srgb, dtype=np.float64)
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


def srgb_bytes_from_linear(linear: Floats) -> npt.NDArray[np.uint8]:
    """8-bit sRGB values of linear light from 0 to 1, any shape; light above 1 is white."""
    return _BYTES[(np.clip(linear, 0.0, 1.0) * (len(_BYTES) - 1) + 0.5).astype(np.int32)]


def _byte_table() -> npt.NDArray[np.uint8]:
    linear = np.linspace(0.0, 1.0, 16384)
    srgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return (srgb * 255 + 0.5).astype(np.uint8)


_BYTES = _byte_table()  # a look-up is ten times as fast as a power for every pixel
