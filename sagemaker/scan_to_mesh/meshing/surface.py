"""A triangle surface on its way to becoming a mesh."""

from typing import Any

import numpy as np
import numpy.typing as npt

Surface = tuple[npt.NDArray[np.floating[Any]], npt.NDArray[np.int32]]
"""Vertices in mm along the RAS+ axes from any origin, shape (N, 3), and faces, shape (M, 3),
counter-clockwise from outside."""
