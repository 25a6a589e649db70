"""What is measured: a finished job's files as they are stored, and the same model as OBJ files."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scan_to_mesh.entries import describe_structures
from scan_to_mesh.exporters.artifact import describe_artifact
from scan_to_mesh.exporters.glb import export_glb
from scan_to_mesh.exporters.obj import export_obj
from scan_to_mesh.exporters.page_volumes import reduce_for_page, write_page_volumes
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map
from scan_to_mesh.statistics import segment_statistics

from tests.benchmarks.page.body import make_body

TARGET_REDUCTION = 0.7376
"""Leaves 600,000 triangles of the body's surfaces."""
WEB_MODEL, PLAIN_MODEL = "model.web.glb", "model.glb"
_GZIP_LEVEL = 6


@dataclass(frozen=True)
class Stored:
    """One file: its bytes, and how many they are with gzip."""

    name: str
    size_bytes: int
    gzip_bytes: int


@dataclass(frozen=True)
class Inputs:
    """The files that were made.

    Attributes
    ----------
    folder : Path
        Holds all files, ``job.json``, ``model_job.json`` and ``plain.json``.
    structures, triangles : int
    ours : tuple of Stored
        What the page loads: the model first, then the previews.
    plain_model : Stored
        The uncompressed GLB.
    obj : tuple of Stored
        One a structure.
    """

    folder: Path
    structures: int
    triangles: int
    ours: tuple[Stored, ...]
    plain_model: Stored
    obj: tuple[Stored, ...]


def make_inputs(folder: Path) -> Inputs:
    """Write all files into an empty folder."""
    volume, label_map = make_body()
    rows = segment_statistics(label_map, volume)
    meshes = mesh_label_map(label_map, MeshingOptions(TARGET_REDUCTION), lambda *_: None)
    structures = describe_structures(rows, meshes)
    plain, web = export_glb(meshes, folder)
    previews = write_page_volumes(reduce_for_page(volume, label_map), folder)
    whole = {"model.obj", "model.mtl"}
    objs = [path for path in export_obj(meshes, folder) if path.name not in whole]
    entries = [each.model_dump(mode="json") for each in structures]
    _write(folder / "model_job.json", _job(entries, [web]))
    _write(folder / "job.json", _job(entries, [web, *previews]))
    files = [
        {"url": f"/data/{mesh.structure.name}.obj", "color_rgb": list(mesh.structure.color_rgb)}
        for mesh in meshes
    ]
    _write(folder / "plain.json", files)
    return Inputs(
        folder=folder,
        structures=len(meshes),
        triangles=sum(len(mesh.faces) for mesh in meshes),
        ours=tuple(map(_stored, [web, *previews])),
        plain_model=_stored(plain),
        obj=tuple(map(_stored, objs)),
    )


def _job(structures: Sequence[dict[str, Any]], files: Sequence[Path]) -> dict[str, Any]:
    """As much of a job's answer as the viewer reads."""
    artifacts = [
        describe_artifact(path).model_dump(mode="json") | {"url": f"/data/{path.name}"}
        for path in files
    ]
    return {"jobId": "abc123def456", "structures": structures, "artifacts": artifacts}


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")


def _stored(path: Path) -> Stored:
    content = path.read_bytes()
    packed = len(gzip.compress(content, _GZIP_LEVEL, mtime=0))
    return Stored(path.name, len(content), packed)
