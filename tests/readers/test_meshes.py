"""Every mesh format before every reader that knows it: the same triangles at the same place."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import trimesh
from scan_to_mesh.exporters.gltf_web import STEP_MM
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

from tests.conftest import REPOSITORY
from tests.readers.conftest import run_node, run_python

STRUCTURES = ("liver", "heart", "stomach")
SINGLE = tuple(f"{name}.{kind}" for kind in ("obj", "stl", "ply") for name in STRUCTURES)
PLAIN = ("model.glb", "model.obj", *SINGLE)
TOLERANCE_MM = 1e-4
MESH_PEERS = REPOSITORY / ".venvs" / "mesh-peers" / "bin" / "python"

Found = dict[str, dict[str, np.ndarray]]
"""Corners of the triangles, shape (M, 3, 3), by file and structure."""


def with_trimesh(folder: Path, files: list[Path]) -> Found:
    del folder
    found: Found = {}
    for path in files:
        if path.suffix == ".glb":
            scene = trimesh.load_scene(path)
            parts = {
                scene.graph.geometry_nodes[name][0]: mesh.triangles
                for name, mesh in scene.geometry.items()
            }
        elif path.name == "model.obj":
            scene = trimesh.load_scene(path, split_objects=True, group_material=False)
            meshes = scene.geometry.values()
            parts = {mesh.visual.material.name: mesh.triangles for mesh in meshes}
        else:
            parts = {"": trimesh.load_mesh(path, process=False).triangles}
        found[path.name] = {name: np.asarray(corners) for name, corners in parts.items()}
    return found


def with_three(folder: Path, files: list[Path]) -> Found:
    del folder
    return {
        file: {name: np.reshape(corners, (-1, 3, 3)) for name, corners in parts.items()}
        for file, parts in run_node("read-files.mjs", *files).items()
    }


def with_vtk(folder: Path, files: list[Path]) -> Found:
    return by_file(run_python("readers", "with_vtk", folder, *files))


def with_open3d(folder: Path, files: list[Path]) -> Found:
    if not MESH_PEERS.exists():
        pytest.skip("Open3D is in the environment of the meshes' benchmark, which is not here")
    imported = subprocess.run([MESH_PEERS, "-c", "import open3d"], capture_output=True, text=True)
    if "libusb" in imported.stderr:
        pytest.skip("Open3D needs libusb-1.0, which this machine does not have")
    return by_file(run_python("mesh-peers", "with_open3d", folder, *files))


def by_file(arrays: dict[str, np.ndarray]) -> Found:
    found: Found = {}
    for key, corners in arrays.items():
        file, structure = key.split("/")
        found.setdefault(file, {})[structure] = corners
    return found


Reader = Callable[[Path, list[Path]], Found]
READERS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "trimesh": (with_trimesh, PLAIN),
    "three": (with_three, (*PLAIN, "model.web.glb")),
    "vtk": (with_vtk, PLAIN),
    # It reads model.obj as one mesh without parts.
    "open3d": (with_open3d, ("model.glb", *SINGLE)),
}
CASES = [(reader, file) for reader, (_, files) in READERS.items() for file in files]


@pytest.fixture(scope="module")
def readings(folder: Path) -> dict[str, Found]:
    return {}


@pytest.fixture
def parts(
    request: pytest.FixtureRequest, folder: Path, readings: dict[str, Found]
) -> dict[str, np.ndarray]:
    """Corners of each structure that a reader finds in a file; each reader reads all at once."""
    reader, file = request.param
    if reader not in readings:
        read, files = READERS[reader]
        readings[reader] = read(folder, [folder / name for name in files])
    return readings[reader][file]


def in_ras_mm(corners: np.ndarray, file: str) -> np.ndarray:
    """From the definition of glTF's frame: metres, left, superior, anterior."""
    if not file.endswith(".glb"):
        return corners
    left, superior, anterior = np.moveaxis(corners * 1000, -1, 0)
    return np.stack([-left, anterior, superior], axis=-1)


def in_one_order(corners_steps: np.ndarray) -> np.ndarray:
    """Triangles on a grid, each begun at its lowest corner without turning it over, sorted."""
    lowest = np.lexsort(corners_steps.transpose(2, 0, 1)[::-1], axis=-1)[:, 0]
    turn = (lowest[:, None] + np.arange(3)) % 3
    flat = corners_steps[np.arange(len(corners_steps))[:, None], turn].reshape(-1, 9)
    return flat[np.lexsort(flat.T[::-1])]


@pytest.mark.parametrize(
    ("parts", "reader", "file"),
    [pytest.param(case, *case, id="-".join(case)) for case in CASES],
    indirect=["parts"],
)
def test_triangles_names_and_sides_are_those_that_were_written(
    parts: dict[str, np.ndarray], reader: str, file: str, organs: list[SurfaceMesh]
) -> None:
    written = {organ.structure.name: organ for organ in organs}
    if len(parts) == 1:
        (corners,) = parts.values()
        parts = {Path(file).stem: corners}
        written = {Path(file).stem: written[Path(file).stem]}
    elif reader == "vtk":  # which keeps numbers, and no names
        parts = {name: parts[str(number)] for number, name in enumerate(written)}
    assert set(parts) == set(written)
    for name, organ in written.items():
        found = in_ras_mm(parts[name].astype(float), file)
        expected = organ.vertices_ras_mm[organ.faces].astype(float)
        assert found.shape == expected.shape
        if file == "model.web.glb":
            steps = in_one_order(np.rint(found / STEP_MM))
            assert np.array_equal(steps, in_one_order(np.rint(expected / STEP_MM)))
            assert np.abs(found - np.rint(found / STEP_MM) * STEP_MM).max() < TOLERANCE_MM
        else:
            np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE_MM)
        tolerance_mm = STEP_MM / 2 + TOLERANCE_MM if "web" in file else TOLERANCE_MM
        for bound in (np.min, np.max):
            box, right = bound(found, axis=(0, 1)), bound(expected, axis=(0, 1))
            np.testing.assert_allclose(box, right, rtol=0, atol=tolerance_mm)
        # The liver lies on the patient's right, heart and stomach on the left.
        assert (found[..., 0].mean() > 0) == (name == "liver")
        solid = trimesh.Trimesh(found.reshape(-1, 3), np.arange(found.size // 3).reshape(-1, 3))
        assert solid.is_watertight
        assert solid.volume == pytest.approx(trimesh.Trimesh(*surface(organ)).volume, rel=1e-3)


def surface(organ: SurfaceMesh) -> tuple[np.ndarray, np.ndarray]:
    return organ.vertices_ras_mm, organ.faces
