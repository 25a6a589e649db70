"""This project's meshes, as the pipeline makes them."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any
from unittest import mock

from iris_imaging.volume import LabelMap
from iris_oculus.structures import Structure
from scan_to_mesh.meshing import meshing
from scan_to_mesh.meshing.meshing import MeshingOptions, Quality

from tests.benchmarks.meshing.grids import Grid
from tests.benchmarks.meshing.ways import REDUCTION, Meshes


def as_label_map(grid: Grid) -> LabelMap:
    """The grid with a structure for every label value."""
    structures = {
        value: Structure(f"label_{value}", value, f"Label {value}", (200, 200, 200), "other")
        for value in range(1, 256)
    }
    return LabelMap(grid.labels, grid.affine_ras_mm, structures)


class _Stopwatch:
    """Stands for a function and counts the processor time that it takes, of all threads."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.cpu_s = 0.0

    # Whatever the function takes: this passes it on.
    def __call__(self, *values: Any, **named: Any) -> Any:
        began = time.thread_time()
        result = self._function(*values, **named)
        self.cpu_s += time.thread_time() - began
        return result


_reports = _Stopwatch(meshing.mesh_report)


def more_figures() -> dict[str, float]:
    """What the reports of the last meshes took, which no other way makes."""
    return {"report_cpu_s": _reports.cpu_s}


def mesh(threads: int, quality: Quality, grid: Grid) -> Meshes:
    """Mesh every label that occurs."""
    _reports.cpu_s = 0.0
    with mock.patch.object(meshing, "mesh_report", _reports):
        found = meshing.mesh_label_map(
            as_label_map(grid),
            MeshingOptions(REDUCTION, quality=quality),
            lambda *_: None,
            threads=threads,
        )
    return {
        each.structure.label_value: (
            each.vertices_ras_mm,
            each.faces,
            each.report.triangles_before,
        )
        for each in found
    }


one_thread = partial(mesh, 1, Quality.STANDARD)
two_threads = partial(mesh, 2, Quality.STANDARD)
print_quality = partial(mesh, 1, Quality.PRINT)
