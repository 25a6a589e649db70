"""What differs from one phantom patient to the next, drawn from one seeded generator."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Point = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Variation:
    """One patient's random draws.

    The parts of the phantom draw from the same generator, one after the other, so the order in
    which they are painted belongs to what a seed means.

    Attributes
    ----------
    rng : numpy.random.Generator
    scale : float
        The patient's size; lengths of the plan are multiplied by it. 1 is the average.
    enhancement : float
        Contrast agent, 0 (none) to 1.
    """

    rng: np.random.Generator
    scale: float
    enhancement: float = 0.0

    def uniform(self, low: float, high: float) -> float:
        """Draw a number between ``low`` and ``high``."""
        return self.rng.uniform(low, high)

    def point(self, x: float, y: float, z: float) -> Point:
        """Scale a point (or the radii) of the plan to this patient, mm."""
        return np.array((x, y, z), float) * self.scale

    def path(self, *points: tuple[float, float, float]) -> Point:
        """Scale a polyline of the plan to this patient: shape (N, 3), mm."""
        return np.array(points, float) * self.scale

    def shift_mm(self, share: float = 1.0) -> float:
        """Draw a displacement of up to 6 mm, times ``share``."""
        return self.uniform(-6, 6) * share * self.scale

    def shifts_mm(self, x: float = 1.0, y: float = 1.0, z: float = 1.0) -> Point:
        """Draw a displacement for each axis; the arguments are the shares."""
        return np.array([self.shift_mm(x), self.shift_mm(y), self.shift_mm(z)])

    def tissue_hu(self, base: float, gain: float = 0.0) -> float:
        """Draw the density of a tissue that takes up to ``gain`` HU of contrast agent."""
        return base + gain * self.enhancement * self.uniform(0.5, 1) + self.uniform(-8, 8)

    def bone_hu(self) -> float:
        """Draw the mean density of a bone, spongy and cortical together."""
        return self.uniform(260, 480)
