"""This project's meshes, as the pipeline makes them."""

from functools import partial

from iris_imaging.volume import LabelMap
from iris_oculus.structures import Structure
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map

from tests.benchmarks.meshing.grids import Grid
from tests.benchmarks.meshing.ways import REDUCTION, Meshes


def as_label_map(grid: Grid) -> LabelMap:
    """The grid with a structure for every label value."""
    structures = {
        value: Structure(f"label_{value}", value, f"Label {value}", (200, 200, 200), "other")
        for value in range(1, 256)
    }
    return LabelMap(grid.labels, grid.affine_ras_mm, structures)


def mesh(threads: int, grid: Grid) -> Meshes:
    """Mesh every label that occurs."""
    options = MeshingOptions(REDUCTION)
    found = mesh_label_map(as_label_map(grid), options, lambda *_: None, threads=threads)
    return {
        each.structure.label_value: (
            each.vertices_ras_mm,
            each.faces,
            each.report.triangles_before,
        )
        for each in found
    }


one_thread = partial(mesh, 1)
two_threads = partial(mesh, 2)
