"""One patient, whichever of the 48 ways a file stores the axes: one mesh in the world."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
from iris_imaging.scan import read_scan
from iris_imaging.volume import LabelMap, Volume
from iris_oculus.documents import EngineEntry
from scan_to_mesh.exporters import EXPORTERS
from scan_to_mesh.exporters.label_map import write_label_map
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scan_to_mesh.segmenters.hounsfield import HounsfieldSegmenter
from scan_to_mesh.segmenters.protocol import (
    ReportSteps,
    Segmentation,
    SegmentationRequest,
    Segmenter,
)

from local_stack.phantom import Phantom, PhantomOptions, make_torso
from tests.functional.results import read_label_map, read_mesh, read_scene
from tests.functional.scans import Affine, orientations, reoriented, write_nifti

REQUEST = SegmentationRequest(task="total", fast=True, roi_subset=None, device="cpu")
SAME_MM = 1e-3
ORGANS = ("liver", "spleen", "stomach", "heart")


class TruthSegmenter:
    """Finds what the image says outright: its intensities are label values."""

    name = "truth"

    def __init__(self, truth: LabelMap) -> None:
        self._structures = {
            value: structure
            for value, structure in truth.structures.items()
            if structure.name in ORGANS
        }

    def segment(
        self, volume: Volume, request: SegmentationRequest, report: ReportSteps
    ) -> Segmentation:
        wanted = np.isin(volume.voxels, list(self._structures))
        labels = np.where(wanted, volume.voxels, 0).astype(np.uint8)
        engine = EngineEntry(name=self.name, version="1", device="cpu", limits="A test's engine.")
        return Segmentation(LabelMap(labels, volume.affine_ras_mm, self._structures), engine)


@dataclass(frozen=True)
class Result:
    label_map: LabelMap
    meshes: dict[str, SurfaceMesh]


def processed(path: Path, segmenter: Segmenter) -> Result:
    """The pipeline's stages, from a file to meshes."""
    volume = read_scan(path).volume
    label_map = segmenter.segment(volume, REQUEST, ignore).label_map
    meshes = mesh_label_map(label_map, MeshingOptions(0.9), ignore)
    return Result(label_map, {mesh.structure.name: mesh for mesh in meshes})


def ignore(_done: int, _total: int) -> None:
    """Report nothing."""


def assert_same_in_the_world(result: Result, reference: Result) -> None:
    """The bar is half a voxel; the meshes are the same, vertex by vertex."""
    assert result.meshes.keys() == reference.meshes.keys()
    for name, mesh in result.meshes.items():
        expected = reference.meshes[name]
        np.testing.assert_array_equal(mesh.faces, expected.faces)
        np.testing.assert_allclose(
            mesh.vertices_ras_mm, expected.vertices_ras_mm, rtol=0, atol=SAME_MM
        )


@pytest.fixture(scope="module")
def torso() -> Phantom:
    """A whole torso, coarse: liver and spleen are in it."""
    return make_torso(PhantomOptions(spacing_mm=(8, 7, 9)))


@pytest.fixture(scope="module")
def in_ras(torso: Phantom, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The truth, stored along RAS+."""
    path = tmp_path_factory.mktemp("ras") / "a.nii"
    write_nifti(path, torso.label_map.labels, torso.label_map.affine_ras_mm)
    return processed(path, TruthSegmenter(torso.label_map))


@pytest.fixture(scope="module")
def chest_in_ras(phantom_scan: Path) -> Result:
    """What the embedded engine finds, stored along RAS+."""
    return processed(phantom_scan, HounsfieldSegmenter())


@pytest.mark.parametrize(
    "orientation",
    orientations(),
    ids=lambda ornt: "".join(nibabel.orientations.ornt2axcodes(ornt)),
)
def test_every_storage_order_gives_the_same_meshes_with_the_liver_on_the_right(
    torso: Phantom, in_ras: Result, tmp_path: Path, orientation: Any
) -> None:
    truth = torso.label_map
    stored: tuple[Any, Affine] = reoriented(truth.labels, truth.affine_ras_mm, orientation)
    path = write_nifti(tmp_path / "a.nii", *stored)

    result = processed(path, TruthSegmenter(truth))

    assert_same_in_the_world(result, in_ras)
    write_label_map(result.label_map, tmp_path / "segmentation.nii.gz")
    image = read_label_map((tmp_path / "segmentation.nii.gz").read_bytes())
    assert image.shape == stored[0].shape
    np.testing.assert_allclose(image.affine, stored[1], rtol=0, atol=SAME_MM)
    meshes = list(result.meshes.values())
    written = [*EXPORTERS["glb"](meshes, tmp_path), *EXPORTERS["stl"](meshes, tmp_path)]
    paths = {file.name: file for file in written}
    x_ras_mm = {
        name: read_mesh(f"{name}.stl", paths[f"{name}.stl"].read_bytes()).centroid[0]
        for name in ORGANS
    }
    assert x_ras_mm["liver"] > 20 > -20 > x_ras_mm["spleen"]
    # glTF's x runs to the patient's left, so that a viewer shows the right side on the left.
    scene = read_scene(paths["model.glb"].read_bytes())
    x_gltf_m = {name: float(scene.geometry[name].centroid[0]) for name in ORGANS}
    assert x_gltf_m["liver"] < -0.02 < 0.02 < x_gltf_m["spleen"]


@pytest.mark.parametrize(
    "orientation",
    orientations()[::5],
    ids=lambda ornt: "".join(nibabel.orientations.ornt2axcodes(ornt)),
)
def test_the_embedded_engine_gives_the_same_meshes_from_every_storage_order(
    phantom: Phantom, chest_in_ras: Result, tmp_path: Path, orientation: Any
) -> None:
    volume = phantom.volume
    path = write_nifti(
        tmp_path / "a.nii", *reoriented(volume.voxels, volume.affine_ras_mm, orientation)
    )

    result = processed(path, HounsfieldSegmenter())

    assert_same_in_the_world(result, chest_in_ras)
    left, right = (result.meshes[f"lung_{side}"].vertices_ras_mm for side in ("left", "right"))
    assert left[:, 0].mean() < -20 < 20 < right[:, 0].mean()
