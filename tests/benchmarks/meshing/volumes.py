"""The label maps that are meshed; made once, always the same, and kept."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.benchmarks.meshing.analytic import labels_of_shapes
from tests.benchmarks.meshing.grids import Grid, write_grid
from tests.benchmarks.meshing.real_body import Surface, real_body, real_surfaces
from tests.benchmarks.meshing.synthetic import synthetic_body
from tests.conftest import REPOSITORY

FOLDER = REPOSITORY / "build" / "bench-mesh"
"""Holds all that the benchmark makes and may be deleted; git ignores it."""

# Of what this module makes.
_VERSION = 1
_SURFACES_VERSION = 2


WHAT: Mapping[str, str] = MappingProxyType(
    {
        "real61": "TotalSegmentator's labels of a torso at 3 mm, smoothly upsampled.",
        "syn117": "A synthetic body: ellipsoids and tubes with waves of a few centimetres.",
        "analytic": "Shapes that are known exactly.",
    }
)
MAKERS: Mapping[str, Callable[[], Grid]] = MappingProxyType(
    {
        "real61": real_body,
        "syn117": lambda: Grid(*synthetic_body()),
        "analytic": lambda: Grid(*labels_of_shapes()),
    }
)


def volume_path(name: str) -> Path:
    """File of a volume, which is made where there is none."""
    path = FOLDER / "volumes" / f"{name}-{_VERSION}.npy"
    if not path.exists():
        write_grid(MAKERS[name](), path)
    return path


def true_surfaces_of(name: str) -> Mapping[int, Surface]:
    """Surfaces that a volume samples, where they are known; made once and kept."""
    if name != "real61":
        return {}
    path = FOLDER / "volumes" / f"{name}-{_SURFACES_VERSION}-surfaces.npz"
    if not path.exists():
        arrays: dict[str, npt.NDArray[Any]] = {}
        for value, (vertices, faces) in real_surfaces():
            arrays[f"v{value}"], arrays[f"f{value}"] = vertices.astype(np.float32), faces
        unfinished = path.with_suffix(".part.npz")
        np.savez(unfinished, **arrays)
        unfinished.rename(path)
    with np.load(path) as arrays:
        values = [int(key[1:]) for key in arrays.files if key.startswith("v")]
        return {
            value: (arrays[f"v{value}"].astype(np.float64), arrays[f"f{value}"]) for value in values
        }
