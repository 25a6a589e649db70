"""Label maps as the benchmark's processes hand them on."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Grid:
    """Labels and where they lie.

    Attributes
    ----------
    labels : ndarray of uint8, shape (I, J, K)
        In Fortran order, as NIfTI files are read.
    affine_ras_mm : ndarray of float64, shape (4, 4)
        Upright and not mirrored: not every peer knows more than a spacing.
    """

    labels: npt.NDArray[np.uint8]
    affine_ras_mm: npt.NDArray[np.float64]


def write_grid(grid: Grid, path: Path) -> None:
    """Keep a grid as ``.npy``, and its affine beside it; whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    affine = json.dumps(grid.affine_ras_mm.tolist())
    path.with_suffix(".json").write_text(affine, encoding="utf-8")
    unfinished = path.with_suffix(".part.npy")
    np.save(unfinished, grid.labels)
    unfinished.rename(path)


def read_grid(path: Path) -> Grid:
    """Read what :func:`write_grid` kept, into memory."""
    affine = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return Grid(np.load(path), np.array(affine))
