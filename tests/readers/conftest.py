"""The files that are read, written once; and the programs that read them."""

import json
import subprocess
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from iris_imaging.volume import LabelMap
from scan_to_mesh.exporters import EXPORTERS
from scan_to_mesh.exporters.bundle import write_bundle
from scan_to_mesh.exporters.label_map import write_label_map
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

from tests.conftest import REPOSITORY
from tests.unit.scan_to_mesh.exporters.shapes_to_export import three_organs

FRONTEND = REPOSITORY / "frontend"
# Mirrored, oblique, and not the same along any two axes.
AFFINE_RAS_MM = np.array(
    [[-0.7, 0.08, 0, 91], [0.07, 0.8, 0, -30], [0, 0, 2.5, -400], [0, 0, 0, 1]], dtype=float
)


@pytest.fixture(scope="session")
def organs() -> list[SurfaceMesh]:
    return three_organs()


@pytest.fixture(scope="session")
def label_map(organs: list[SurfaceMesh]) -> LabelMap:
    labels = np.random.default_rng(1).choice(np.array([0, 1, 6, 51], np.uint8), (23, 19, 17))
    return LabelMap(
        labels, AFFINE_RAS_MM, {organ.structure.label_value: organ.structure for organ in organs}
    )


@pytest.fixture(scope="session")
def folder(
    organs: list[SurfaceMesh], label_map: LabelMap, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Every file that the exporters write of three organs and a label map."""
    folder = tmp_path_factory.mktemp("written")
    write_label_map(label_map, folder / "segmentation.nii.gz")
    files = [path for export in EXPORTERS.values() for path in export(organs, folder)]
    write_bundle([*files, folder / "segmentation.nii.gz"], folder / "bundle.zip")
    return folder


def run(*command: object, cwd: Path = REPOSITORY) -> str:
    finished = subprocess.run(
        [str(word) for word in command], cwd=cwd, capture_output=True, text=True, timeout=120
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def run_node(script: str, *files: Path) -> Any:
    """What a script of the frontend prints."""
    return json.loads(run("node", f"scripts/{script}", *files, cwd=FRONTEND))


def run_python(environment: str, script: str, folder: Path, *files: Path) -> dict[str, np.ndarray]:
    """Arrays that a script of this folder finds, by file and structure."""
    out = folder / f"{script}.npz"
    python = REPOSITORY / ".venvs" / environment / "bin" / "python"
    run(python, REPOSITORY / "tests" / "readers" / f"{script}.py", out, *files)
    with np.load(out) as found:
        return dict(found)


def load_nifti(path: Path) -> Any:
    load: Any = nib.load  # nibabel annotates only part of itself
    return load(path)
