"""The page's light, and what surfaces make of it.

Lamps and gloss are those with which the page's 3D view opens (``lights.ts``, ``studio``;
``structure_surface.ts``), so that picture and page agree; a test compares the numbers. As there,
light is multiplied with sRGB values: full light shows a structure in its very colour.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba.extending import register_jitable

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Lamp:
    """Parallel light.

    Attributes
    ----------
    intensity : float
        What a surface that faces the lamp reflects of it, as a share of its colour.
    towards : tuple of float
        From the surface to the lamp on the camera's axes (right, up, towards the viewer), of any
        length.
    """

    intensity: float
    towards: tuple[float, float, float]


AMBIENT = 0.36
LAMPS = (Lamp(0.6, (-0.5, 0.7, 0.9)), Lamp(0.22, (0.9, -0.2, 0.6)))
SHININESS = 24
SPECULAR = 0x10 / 255


def lamp_table() -> Floats:
    """The lamps as :func:`diffuse_and_gloss` takes them.

    Returns
    -------
    ndarray of float32, shape (L, 8)
        Unit vector towards the lamp, unit vector halfway between lamp and viewer, intensity, and
        gloss of a surface that faces halfway (Schlick's approximation, An inexpensive BRDF model
        for physically-based rendering, 1994; the scale keeps the energy whatever the shininess).
    """
    towards = np.array([lamp.towards for lamp in LAMPS])
    towards /= np.linalg.norm(towards, axis=1, keepdims=True)
    halfway = towards + np.array([0.0, 0.0, 1.0])
    halfway /= np.linalg.norm(halfway, axis=1, keepdims=True)
    fresnel = SPECULAR + (1.0 - SPECULAR) * (1.0 - halfway[:, 2:]) ** 5
    intensity = np.array([[lamp.intensity] for lamp in LAMPS])
    gloss = intensity * fresnel * (SHININESS / 2 + 1) / 4
    return np.hstack([towards, halfway, intensity, gloss]).astype(np.float32)


@register_jitable
def diffuse_and_gloss(normal: tuple[float, float, float], lamps: Floats) -> tuple[float, float]:
    """Light that a surface reflects.

    Lambert's law, and gloss as of Blinn (Models of light reflection for computer synthesized
    pictures, 1977).

    Parameters
    ----------
    normal : tuple of float
        Unit vector on the camera's axes.
    lamps : ndarray of float32, shape (L, 8)
        :func:`lamp_table`.

    Returns
    -------
    diffuse, gloss : float
        The first is to be multiplied by the surface's colour.
    """
    x, y, z = normal
    diffuse, gloss = AMBIENT, 0.0
    for lamp in range(len(lamps)):
        facing = x * lamps[lamp, 0] + y * lamps[lamp, 1] + z * lamps[lamp, 2]
        if facing > 0:
            halfway = x * lamps[lamp, 3] + y * lamps[lamp, 4] + z * lamps[lamp, 5]
            diffuse += facing * lamps[lamp, 6]
            gloss += facing * lamps[lamp, 7] * max(halfway, 0.0) ** SHININESS
    return diffuse, gloss
