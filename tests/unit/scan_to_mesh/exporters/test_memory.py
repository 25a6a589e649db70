"""How much memory writing takes: that of a few structures, however many there are."""

import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from scan_to_mesh.exporters import EXPORTERS
from scan_to_mesh.exporters.preview import write_preview
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from shapes_to_export import sphere

FEW, MANY = 12, 36
TRIANGLES = 20 * 4**6
# The model.glb of those that come on top holds 47 MB, their pictures' triangles 60 MB; the rest of
# what is measured is what allocators keep for themselves, which differs from run to run.
MOST_GROWTH_BYTES = 70e6


def _structures(count: int) -> list[SurfaceMesh]:
    """All with the same arrays, so that memory holds next to nothing but what writing takes."""
    ball = sphere(subdivisions=6)
    assert len(ball.faces) == TRIANGLES
    return [
        replace(ball, structure=replace(ball.structure, name=f"ball_{number}"))
        for number in range(count)
    ]


def _write(count: int, folder: Path) -> int:
    """Write everything, and return the most bytes that this process has ever held."""
    meshes = _structures(count)
    write_preview(meshes, folder / "preview.png")
    for export in EXPORTERS.values():
        for path in export(meshes, folder):
            path.unlink()
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss has another unit elsewhere")
def test_more_structures_take_hardly_more_memory(tmp_path: Path) -> None:
    command = [sys.executable, __file__, str(tmp_path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    few, many = map(int, answer.stdout.split())
    assert many - few < MOST_GROWTH_BYTES


if __name__ == "__main__":
    sys.stdout.write(" ".join(str(_write(count, Path(sys.argv[1]))) for count in (FEW, MANY)))
