"""Compile every kernel once and keep the machine code beside its source.

    python -m scan_to_mesh.compiled

Numba compiles a kernel at its first call. This makes the first calls, on a scan of a few voxels, so
that nobody waits for them later: run when an environment is set up and when the container's image
is built.
"""

import tempfile
import time
from pathlib import Path

import numpy as np
from iris_imaging.volume import LabelMap, Volume
from iris_oculus.structures import Structure

from scan_to_mesh.exporters import EXPORTERS
from scan_to_mesh.exporters.page_volumes import reduce_for_page, write_page_volumes
from scan_to_mesh.exporters.preview import write_preview
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map
from scan_to_mesh.statistics import segment_statistics

# More than the page's volumes keep along an axis, so that they are reduced.
_LONG_AXIS = 400
# What reading a scan, and the engines, make.
_LABEL_TYPES = (np.uint8, np.uint16, np.uint32)
_VOXEL_TYPES = (np.int16, np.float32)


def compile_kernels() -> float:
    """Send a scan through everything that is compiled; returns the seconds that it took."""
    started = time.monotonic()
    inside = np.zeros((_LONG_AXIS, 12, 12), bool, order="F")
    inside[:9, 2:10, 2:10] = True
    inside[12:40, 1:11, 4:8] = True
    ball = Structure("ball", 1, "Ball", (200, 100, 50), "other", None, None)
    with tempfile.TemporaryDirectory() as folder:
        for label_type in _LABEL_TYPES:
            label_map = LabelMap(inside.astype(label_type), np.eye(4), {1: ball})
            for smoothing_mm in (2.0, None):
                options = MeshingOptions(smoothing_mm=smoothing_mm)
                meshes = mesh_label_map(label_map, options, lambda _done, _all: None)
        write_preview(meshes, Path(folder) / "preview.png")
        for export in EXPORTERS.values():
            export(meshes, Path(folder))
        for voxel_type in _VOXEL_TYPES:
            volume = Volume(inside.astype(voxel_type), np.eye(4))
            segment_statistics(label_map, volume)
            write_page_volumes(reduce_for_page(volume, label_map), Path(folder))
    return time.monotonic() - started


if __name__ == "__main__":
    print(f"kernels ready after {compile_kernels():.1f} s")  # noqa: T201 - for who waits
