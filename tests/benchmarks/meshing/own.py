"""This project's meshes, as the pipeline makes them."""

from functools import partial

from iris_imaging.volume import LabelMap
from iris_oculus.structures import Structure
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map

from tests.benchmarks.meshing.grids import Grid
from tests.benchmarks.meshing.ways import REDUCTION, Meshes


def mesh(threads: int, grid: Grid) -> Meshes:
    """Mesh every label that occurs."""
    structures = {
        value: Structure(f"label_{value}", value, f"Label {value}", (200, 200, 200), "other")
        for value in range(1, 256)
    }
    label_map = LabelMap(grid.labels, grid.affine_ras_mm, structures)
    found = mesh_label_map(label_map, MeshingOptions(REDUCTION), lambda *_: None, threads=threads)
    return {
        each.structure.label_value: (each.vertices_ras_mm, each.faces, each.triangles_before)
        for each in found
    }


one_thread = partial(mesh, 1)
two_threads = partial(mesh, 2)
