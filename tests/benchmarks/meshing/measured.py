"""One way on one volume, in a process that does nothing else; prints its figures as JSON.

python -m tests.benchmarks.meshing.measured WAY VOLUME.npy MESHES.npz
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

from tests.benchmarks.meshing.grids import Grid, read_grid
from tests.benchmarks.meshing.ways import WAYS, Meshes

_WARM_SIDE = 24


def main(name: str, volume: str, meshes: str) -> None:
    """Mesh, and print what it took."""
    way = next(way for way in WAYS if way.name == name)
    began = _cpu_s()
    mesh = way.load()
    # Imports, compiled code and the libraries' own preparations are not in the figures.
    mesh(two_boxes())
    first_cpu_s = _cpu_s() - began
    grid = read_grid(Path(volume))
    wall, cpu = time.perf_counter(), _cpu_s()
    found = mesh(grid)
    wall_s, cpu_s = time.perf_counter() - wall, _cpu_s() - cpu
    peak_mb = (_peak_bytes() - grid.labels.nbytes) / 1e6
    save(found, Path(meshes))
    figures = {
        "cpu_s": cpu_s,
        "wall_s": wall_s,
        "peak_mb": peak_mb,
        "first_cpu_s": first_cpu_s,
        "triangles": sum(len(faces) for _, faces, _ in found.values()),
        "triangles_before": sum(before for _, _, before in found.values()),
    }
    module = sys.modules[way.entry.partition(":")[0]]
    figures |= getattr(module, "more_figures", dict)()
    sys.stdout.write(json.dumps(figures) + "\n")


def save(meshes: Meshes, path: Path) -> None:
    """Keep meshes for measuring their quality."""
    arrays = {}
    for value, (vertices, faces, _) in meshes.items():
        arrays[f"v{value}"] = np.asarray(vertices, np.float32)
        arrays[f"f{value}"] = np.asarray(faces, np.int32)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)


def two_boxes() -> Grid:
    """Two labels that touch, to warm up with."""
    labels = np.zeros((_WARM_SIDE,) * 3, np.uint8, order="F")
    labels[4:12, 4:20, 4:20], labels[12:20, 4:20, 4:20] = 1, 2
    return Grid(labels, np.eye(4))


def _cpu_s() -> float:
    """Processor time so far, of programs that were run too."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _peak_bytes() -> int:
    """Most memory that was held, with the largest program that was run."""
    lines = Path("/proc/self/status").read_text().splitlines()
    own = int(next(line for line in lines if line.startswith("VmHWM")).split()[1])
    return 1024 * (own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


if __name__ == "__main__":
    main(*sys.argv[1:])
