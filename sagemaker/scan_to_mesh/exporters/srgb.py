"""From sRGB, which catalogues use, to linear light, which glTF's materials hold.

The transfer function of IEC 61966-2-1.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def linear_from_srgb(srgb: npt.ArrayLike) -> Floats:
    """Linear light of sRGB values; both from 0 to 1, any shape."""
    value = np.asarray(srgb, dtype=np.float64)
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)
