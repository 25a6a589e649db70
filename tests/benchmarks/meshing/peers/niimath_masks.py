"""niimath, which carries nii2mesh's code: one run of the program for the mask of every label.

Its own mode for label maps (``-mesh -a``) breaks off in version 1.0.20261016.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import nibabel
import numpy as np

from tests.benchmarks.meshing.grids import Grid
from tests.benchmarks.meshing.peers.crops import boxes_of, padded_mask
from tests.benchmarks.meshing.ways import REDUCTION, Mesh, Meshes

_PROGRAM = Path(sys.executable).with_name("niimath")
_MARGIN_VOXELS = 4
# Of the whole mask, with all of its pieces, and without a check after every stage.
_OPTIONS = ("-i", "0.5", "-l", "0", "-v", "0", "-r", f"{1 - REDUCTION:g}")


def label_by_label(grid: Grid) -> Meshes:
    """Smoothed mask, marching cubes and quadric decimation, as the program does them by default."""
    found: dict[int, Mesh] = {}
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "mask.nii", Path(name) / "mesh.ply"
        for value, box in boxes_of(grid.labels).items():
            mask, origin = padded_mask(grid.labels, value, box, _MARGIN_VOXELS, np.uint8)
            affine = grid.affine_ras_mm.copy()
            affine[:3, 3] += affine[:3, :3] @ origin
            nibabel.save(nibabel.Nifti1Image(mask, affine), source)
            target.unlink(missing_ok=True)
            command = [_PROGRAM, source, "-p", "1", "-mesh", *_OPTIONS, target]
            subprocess.run(command, check=True, capture_output=True)
            found[value] = _read_ply(target)
    return found


def _read_ply(path: Path) -> Mesh:
    """Binary PLY of positions and triangles, as niimath writes it."""
    head, _, body = path.read_bytes().partition(b"end_header\n")
    counts = {
        line.split()[1]: int(line.split()[2])
        for line in head.decode().splitlines()
        if line.startswith("element")
    }
    vertices = np.frombuffer(body, "<f4", 3 * counts["vertex"]).reshape(-1, 3)
    triangle = np.dtype([("corners", "u1"), ("indices", "<i4", 3)])
    faces = np.frombuffer(body, triangle, counts["face"], offset=vertices.nbytes)
    return vertices, faces["indices"], 0
