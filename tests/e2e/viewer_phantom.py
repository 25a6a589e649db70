"""A body of four blocks whose place tells right from left, front from back, head from feet.

The same blocks in the patient, stored on several grids: what is seen must not depend on the grid.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import numpy.typing as npt
from iris_imaging.volume import LabelMap
from iris_oculus.structures import Structure
from scan_to_mesh.exporters.gltf_web import encode_web_glb
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map

Affine = npt.NDArray[np.float64]

BODY_HALF_MM = np.array([90.0, 80.0, 70.0])
AIR_HU, BODY_HU = -1000, 20


@dataclass(frozen=True)
class Block:
    """A box, in RAS+ mm.

    Attributes
    ----------
    structure : Structure
    low_mm, high_mm : tuple of float
    hu : int
    """

    structure: Structure
    low_mm: tuple[float, float, float]
    high_mm: tuple[float, float, float]
    hu: int

    @property
    def centre_mm(self) -> npt.NDArray[np.float64]:
        """RAS+ mm."""
        middle: npt.NDArray[np.float64] = (np.array(self.low_mm) + self.high_mm) / 2
        return middle


def _block(
    number: int,
    colour: tuple[str, tuple[int, int, int]],
    low_mm: tuple[float, float, float],
    high_mm: tuple[float, float, float],
) -> Block:
    name, rgb = colour
    structure = Structure(name, number, name.title(), rgb, "other")
    return Block(structure, low_mm, high_mm, hu=100 * number)


BLOCKS = {
    # To the right, front and head; it reaches over the origin's slices.
    "red": _block(1, ("red", (255, 0, 0)), (20, -5, -5), (70, 50, 45)),
    # To the left, back and feet.
    "blue": _block(2, ("blue", (0, 0, 255)), (-70, -50, -45), (-20, 5, 5)),
    # In the middle: front and head, back and feet.
    "green": _block(3, ("green", (0, 255, 0)), (-12, 25, 20), (12, 60, 55)),
    "yellow": _block(4, ("yellow", (255, 255, 0)), (-12, -60, -55), (12, -25, -20)),
}


def _rotation(axis: int, degrees: float) -> Affine:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.eye(3)
    u, v = [each for each in range(3) if each != axis]
    turn[u, u], turn[u, v], turn[v, u], turn[v, v] = c, -s, s, c
    return turn


def _grid(directions: Affine, spacing_mm: tuple[float, float, float]) -> tuple[Affine, list[int]]:
    """An affine around the origin, and so many voxels that the body fits."""
    affine = np.eye(4)
    affine[:3, :3] = directions * spacing_mm
    corners = np.array(np.meshgrid(*([-1, 1],) * 3)).reshape(3, -1) * BODY_HALF_MM[:, None]
    extent = np.abs(np.linalg.inv(affine[:3, :3]) @ corners).max(axis=1)
    shape = [int(2 * np.ceil(half) + 4) for half in extent]
    affine[:3, 3] = -affine[:3, :3] @ ((np.array(shape) - 1) / 2)
    return affine, shape


GRIDS: Mapping[str, tuple[Affine, list[int]]] = {
    "RAS": _grid(np.eye(3), (2.5, 2.5, 2.5)),
    # DICOM's usual order: a negative determinant would mirror whoever ignores the affine.
    "mirrored": _grid(np.diag([-1.0, 1.0, 1.0]), (2.5, 2.0, 3.0)),
    "sagittal": _grid(np.array([[0, 0, -1.0], [-1.0, 0, 0], [0, -1.0, 0]]), (2.0, 2.5, 3.0)),
    "oblique": _grid(_rotation(2, 20) @ _rotation(0, -15), (2.0, 2.5, 3.0)),
}


def _voxels(affine: Affine, shape: list[int]) -> tuple[npt.NDArray[np.int16], npt.NDArray[Any]]:
    index = np.indices(shape).reshape(3, -1)
    points = (affine[:3, :3] @ index + affine[:3, 3:]).T
    hu = np.where((np.abs(points) <= BODY_HALF_MM).all(axis=1), BODY_HU, AIR_HU).astype(np.int16)
    labels = np.zeros(len(points), dtype=np.uint8)
    for block in BLOCKS.values():
        inside = ((points >= block.low_mm) & (points <= block.high_mm)).all(axis=1)
        hu[inside] = block.hu
        labels[inside] = block.structure.label_value
    return hu.reshape(shape), labels.reshape(shape)


def write_job(folder: Path, grid: str) -> None:
    """The artifacts of a finished job on the phantom, and the job as the API tells of it.

    Parameters
    ----------
    folder : Path
        Where ``job.json`` and the artifacts go.
    grid : str
        One of :data:`GRIDS`: how the previews are stored. The model is the same for all.
    """
    affine, shape = GRIDS[grid]
    hu, labels = _voxels(affine, shape)
    nib.save(nib.Nifti1Image(hu, affine), folder / "ct_preview.nii.gz")
    nib.save(nib.Nifti1Image(labels, affine), folder / "segmentation_preview.nii.gz")
    (folder / "model.web.glb").write_bytes(_model())
    job = {
        "jobId": f"phantom{grid}",
        "structures": [_entry(block) for block in BLOCKS.values()],
        "artifacts": [_artifact(path) for path in sorted(folder.iterdir())],
    }
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")


def _model() -> bytes:
    affine, shape = GRIDS["RAS"]
    structures = {block.structure.label_value: block.structure for block in BLOCKS.values()}
    label_map = LabelMap(_voxels(affine, shape)[1], affine, structures)
    return encode_web_glb(mesh_label_map(label_map, MeshingOptions(0.5), lambda *_: None))


def _entry(block: Block) -> dict[str, Any]:
    structure = block.structure
    return {
        "name": structure.name,
        "display_name": structure.display_name,
        "label_value": structure.label_value,
        "body_system": structure.body_system,
        "encloses": False,
        "color_rgb": list(structure.color_rgb),
        "centroid_ras_mm": block.centre_mm.tolist(),
    }


def _artifact(path: Path) -> dict[str, Any]:
    return {"name": path.name, "size_bytes": path.stat().st_size, "url": f"/data/{path.name}"}
