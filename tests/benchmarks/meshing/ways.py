"""Every way from a label map to meshes that is measured."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.benchmarks.meshing.grids import Grid

REDUCTION = 0.9
"""Share of the triangles that every way is to remove."""

Mesh = tuple[npt.NDArray[np.floating[Any]], npt.NDArray[np.integer[Any]], int]
"""Vertices in RAS+ mm, shape (N, 3); faces, shape (M, 3); triangles before decimation."""
Meshes = Mapping[int, Mesh]
"""By label value."""

_SKIMAGE = "tests.benchmarks.meshing.peers.marching_cubes_open3d"
_VTK = "tests.benchmarks.meshing.peers.vtk_alone"
_BLURRED = "tests.benchmarks.meshing.peers.blurred_mask"
_NETS = "tests.benchmarks.meshing.peers.surface_nets"
_ZMESH = "tests.benchmarks.meshing.peers.zmesh_alone"
_NIIMATH = "tests.benchmarks.meshing.peers.niimath_masks"
_OWN = "tests.benchmarks.meshing.own"


@dataclass(frozen=True)
class Way:
    """One way to mesh.

    Attributes
    ----------
    name : str
        On the command line.
    title : str
        In the first table.
    short : str
        In the others.
    entry : str
        ``module:function``; from a :class:`Grid` to :data:`Meshes`.
    environment : str
        Folder in ``.venvs``.
    slow : bool
        Takes minutes, so that by default it runs once.
    goal : float or None
        How many times as much CPU time it is to take as ours.
    same_meshes_as : str
        Name of the way that makes the same meshes, if one does.
    """

    name: str
    title: str
    short: str
    entry: str
    environment: str = "mesh-peers"
    slow: bool = False
    goal: float | None = None
    same_meshes_as: str = ""

    @property
    def ours(self) -> bool:
        """Whether this project's own code runs."""
        return self.entry.startswith(_OWN)

    def load(self) -> Callable[[Grid], Meshes]:
        """Import what it needs."""
        module, function = self.entry.split(":")
        loaded: Callable[[Grid], Meshes] = getattr(import_module(module), function)
        return loaded


WAYS: Sequence[Way] = (
    Way(
        "typical",
        "scikit-image on the whole volume + open3d Taubin + open3d quadric (what most projects do)",
        "typical",
        f"{_SKIMAGE}:whole_volume",
        slow=True,
        goal=100,
    ),
    Way(
        "typical-cropped",
        "the same, cropped to bounding boxes",
        "typical, cropped",
        f"{_SKIMAGE}:cropped",
        slow=True,
    ),
    Way(
        "surface-nets-vtk",
        "VTK SurfaceNets3D + VTK quadric",
        "SurfaceNets + VTK",
        f"{_NETS}:vtk_quadric",
    ),
    Way(
        "slicer",
        "3D Slicer's order, cropped: discrete flying edges → DecimatePro → windowed sinc",
        "Slicer's order",
        f"{_VTK}:slicer_order",
        goal=20,
    ),
    Way(
        "zmesh",
        "zmesh with its own simplification, unsmoothed",
        "zmesh",
        f"{_ZMESH}:own_simplification",
        goal=12,
    ),
    Way(
        "niimath",
        "nii2mesh's code in niimath, label by label, cropped",
        "nii2mesh",
        f"{_NIIMATH}:label_by_label",
    ),
    Way(
        "gauss-fast-simplification",
        "Gaussian mask + VTK flying edges + fast-simplification",
        "Gauss + fast-simplification",
        f"{_BLURRED}:with_fast_simplification",
        goal=3,
    ),
    Way(
        "surface-nets-meshoptimizer",
        "VTK SurfaceNets3D + meshoptimizer",
        "SurfaceNets + meshoptimizer",
        f"{_NETS}:meshoptimizer",
        goal=3,
    ),
    Way(
        "gauss-meshoptimizer",
        "Gaussian mask + VTK flying edges + meshoptimizer",
        "Gauss + meshoptimizer",
        f"{_BLURRED}:with_meshoptimizer",
        goal=3,
    ),
    Way("ours", "**ours**, one thread", "**ours**", f"{_OWN}:one_thread", environment="dev"),
    Way(
        "ours-2",
        "**ours**, two threads",
        "**ours**",
        f"{_OWN}:two_threads",
        environment="dev",
        same_meshes_as="ours",
    ),
    Way(
        "ours-print",
        "**ours**, `print` quality, one thread",
        "**ours**, print",
        f"{_OWN}:print_quality",
        environment="dev",
    ),
)

SAMPLED = Way(
    "sampled",
    "the smooth surfaces that the labels were sampled from",
    "*what was sampled*",
    "",
)
"""No way to mesh, but what all of them look for; where it is known, it is judged like a mesh."""
