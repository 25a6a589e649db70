"""From labels in memory to all files of a result; prints what each part took as JSON.

python -m tests.benchmarks.meshing.files VOLUME.npy FOLDER
"""

import json
import shutil
import sys
import time
from pathlib import Path

from iris_oculus.documents import StructureEntry
from pydantic import TypeAdapter
from scan_to_mesh.entries import describe_structures
from scan_to_mesh.exporters import EXPORTERS
from scan_to_mesh.exporters.bundle import write_bundle
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map
from scan_to_mesh.statistics import segment_statistics

from tests.benchmarks.meshing.grids import Grid, read_grid
from tests.benchmarks.meshing.measured import two_boxes
from tests.benchmarks.meshing.own import as_label_map
from tests.benchmarks.meshing.ways import REDUCTION

_FORMATS = ("glb", "obj", "stl")
_REPORT = TypeAdapter(list[StructureEntry])


def main(volume: str, out: str) -> None:
    """Write a result, and print seconds of wall and processor time."""
    folder = Path(out)
    # Imports and compiled code are not in the figures.
    _write_result(two_boxes(), folder)
    grid = read_grid(Path(volume))
    cpu = time.process_time()
    wall = _write_result(grid, folder)
    files = [path for path in folder.iterdir() if path.is_file()]
    figures = {
        **wall,
        "wall_s": sum(wall.values()),
        "cpu_s": time.process_time() - cpu,
        "files": len(files),
        "mb": sum(path.stat().st_size for path in files) / 1e6,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


def _write_result(grid: Grid, folder: Path) -> dict[str, float]:
    """Seconds of wall time of each part."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    label_map = as_label_map(grid)
    marks = [time.perf_counter()]
    meshes = mesh_label_map(label_map, MeshingOptions(REDUCTION), lambda *_: None)
    marks.append(time.perf_counter())
    written = []
    for name in _FORMATS:
        written += EXPORTERS[name](meshes, folder)
        marks.append(time.perf_counter())
    report = folder / "report.json"
    rows = describe_structures(segment_statistics(label_map, None), meshes)
    report.write_bytes(_REPORT.dump_json(rows, indent=2))
    marks.append(time.perf_counter())
    write_bundle([*written, report], folder / "bundle.zip")
    marks.append(time.perf_counter())
    parts = ("meshes_s", *(f"{name}_s" for name in _FORMATS), "report_s", "zip_s")
    return {part: b - a for part, a, b in zip(parts, marks, marks[1:], strict=False)}


if __name__ == "__main__":
    main(*sys.argv[1:])
