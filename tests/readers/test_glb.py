"""Our GLB files before foreign judges: the Khronos validator, and the loader that the page uses."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scan_to_mesh.exporters import EXPORTERS
from scan_to_mesh.exporters.gltf_web import STEP_MM
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

from tests.conftest import REPOSITORY
from tests.unit.scan_to_mesh.exporters.shapes_to_export import three_organs

FRONTEND = REPOSITORY / "frontend"
WEB_M = STEP_MM / 2000  # half a step of model.web.glb's grid
FLOAT32_M = 1e-7  # what single precision leaves of a position of a metre
# What the validator may remark on the compressed file: it does not read the extension, so that it
# takes the buffer that only the extension refers to for unused.
KNOWN_REMARKS = {
    "model.glb": set(),
    "model.web.glb": {"UNSUPPORTED_EXTENSION", "UNUSED_OBJECT"},
}


def check(*files: Path) -> subprocess.CompletedProcess[str]:
    if shutil.which("node") is None or not (FRONTEND / "node_modules").is_dir():
        pytest.fail("the readers are not installed: run `make readers`")
    return subprocess.run(
        ["node", "scripts/check-glb.mjs", *files],
        cwd=FRONTEND,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both files of three organs."""
    folder = tmp_path_factory.mktemp("glb")
    EXPORTERS["glb"](three_organs(), folder)
    return folder


@pytest.fixture(scope="module")
def reports(folder: Path) -> dict[str, Any]:
    """What the readers say of each file."""
    checked = check(folder / "model.glb", folder / "model.web.glb")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    found: dict[str, Any] = json.loads(checked.stdout)
    return found


@pytest.mark.parametrize("name", ["model.glb", "model.web.glb"])
def test_the_khronos_validator_finds_no_fault(reports: dict[str, Any], name: str) -> None:
    assert {finding["code"] for finding in reports[name]["findings"]} == KNOWN_REMARKS[name]


def box_m(mesh: SurfaceMesh) -> tuple[np.ndarray, np.ndarray]:
    """Bounding box in glTF's frame, from the frame's definition: left, superior, anterior."""
    right, anterior, superior = mesh.vertices_ras_mm.astype(float).T / 1000
    positions = np.column_stack([-right, superior, anterior])
    return positions.min(axis=0), positions.max(axis=0)


@pytest.mark.parametrize("name", ["model.glb", "model.web.glb"])
def test_three_sees_each_structure_in_its_place(reports: dict[str, Any], name: str) -> None:
    organs = three_organs()
    seen = reports[name]["meshes"]

    assert set(seen) == {organ.structure.name for organ in organs}
    for organ in organs:
        low, high = box_m(organ)
        half_step = WEB_M if name == "model.web.glb" else 0.0
        mesh = seen[organ.structure.name]
        np.testing.assert_allclose(mesh["min_m"], low, rtol=0, atol=half_step + FLOAT32_M)
        np.testing.assert_allclose(mesh["max_m"], high, rtol=0, atol=half_step + FLOAT32_M)
        assert mesh["triangles"] == len(organ.faces)
        assert mesh["vertices"] == len(organ.vertices_ras_mm)


@pytest.mark.parametrize("name", ["model.glb", "model.web.glb"])
def test_three_hands_on_what_each_structure_is(reports: dict[str, Any], name: str) -> None:
    for organ in three_organs():
        structure, mesh = organ.structure, reports[name]["meshes"][organ.structure.name]
        assert mesh["group"] == structure.body_system
        assert mesh["color"] == bytes(structure.color_rgb).hex()
        assert mesh["extras"]["snomed_code"] == structure.snomed_code
        assert mesh["extras"]["body_system"] == structure.body_system
        assert mesh["extras"]["label_value"] == structure.label_value


def test_a_damaged_file_fails_the_check(folder: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "model.glb"
    damaged.write_bytes((folder / "model.glb").read_bytes()[:-100])

    checked = check(damaged)

    assert checked.returncode == 1
    assert json.loads(checked.stdout)["model.glb"]["findings"]
