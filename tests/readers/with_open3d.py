"""Reads mesh files with Open3D, in the environment that holds it.

    python with_open3d.py OUT.npz FILE...

OUT is as :mod:`tests.readers.with_vtk` writes it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import open3d


def corners(surface: open3d.geometry.TriangleMesh) -> np.ndarray:
    return np.asarray(surface.vertices)[np.asarray(surface.triangles)]


def read(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    if path.suffix == ".glb":
        for part in open3d.io.read_triangle_model(str(path)).meshes:
            yield part.mesh_name, corners(part.mesh)
    else:
        yield "", corners(open3d.io.read_triangle_mesh(str(path)))


if __name__ == "__main__":
    out, *files = map(Path, sys.argv[1:])
    np.savez(out, **{f"{path.name}/{name}": array for path in files for name, array in read(path)})
