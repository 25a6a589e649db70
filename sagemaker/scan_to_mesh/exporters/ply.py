"""Binary PLY, one file per structure, in its colour. Coordinates stay in RAS+ mm."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from scan_to_mesh.exporters.artifact_names import structure_file_name
from scan_to_mesh.exporters.exportable import require_exportable
from scan_to_mesh.exporters.in_order import in_order
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

_VERTEX = np.dtype([("position", "<f4", 3), ("color_rgb", "u1", 3)])
_FACE = np.dtype([("corners", "u1"), ("vertices", "<i4", 3)])


def export_ply(meshes: Sequence[SurfaceMesh], folder: Path) -> list[Path]:
    """Write ``<structure>.ply`` for each mesh.

    Every vertex has the structure's colour, which is what programs show; name, units and frame
    are comments of the header.

    Parameters
    ----------
    meshes : sequence of SurfaceMesh
        Vertices and faces keep their order.
    folder : Path
        Exists.

    Returns
    -------
    list of Path

    Raises
    ------
    ValueError
        If the meshes cannot be exported.
    """
    require_exportable(meshes)
    return list(in_order(lambda mesh: _write(mesh, folder), meshes))


def _write(mesh: SurfaceMesh, folder: Path) -> Path:
    path = folder / structure_file_name(mesh.structure.name, "ply")
    vertices = np.empty(len(mesh.vertices_ras_mm), dtype=_VERTEX)
    vertices["position"] = mesh.vertices_ras_mm
    vertices["color_rgb"] = mesh.structure.color_rgb
    faces = np.empty(len(mesh.faces), dtype=_FACE)
    faces["corners"] = 3
    faces["vertices"] = mesh.faces
    with path.open("wb") as file:
        file.write(_header(mesh))
        file.write(vertices.data)
        file.write(faces.data)
    return path


def _header(mesh: SurfaceMesh) -> bytes:
    lines = [
        "ply",
        "format binary_little_endian 1.0",
        "comment IRIS Oculus",
        f"comment structure: {mesh.structure.name}",
        "comment units: mm",
        "comment frame: RAS+ (x to the patient's right, y anterior, z superior)",
        f"element vertex {len(mesh.vertices_ras_mm)}",
        *(f"property float {axis}" for axis in "xyz"),
        *(f"property uchar {channel}" for channel in ("red", "green", "blue")),
        f"element face {len(mesh.faces)}",
        "property list uchar int vertex_indices",
        "end_header",
    ]
    return ("\n".join(lines) + "\n").encode("ascii")
