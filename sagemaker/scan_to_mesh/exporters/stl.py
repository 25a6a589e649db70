"""Binary STL, one file per structure, for printing. Coordinates stay in RAS+ mm."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from scan_to_mesh.exporters.artifact_names import structure_file_name
from scan_to_mesh.exporters.exportable import require_exportable
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

_TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_HEADER_BYTES = 80


def export_stl(meshes: Sequence[SurfaceMesh], folder: Path) -> list[Path]:
    """Write ``<structure>.stl`` for each mesh.

    Parameters
    ----------
    meshes : sequence of SurfaceMesh
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
    paths = []
    for mesh in meshes:
        path = folder / structure_file_name(mesh.structure.name, "stl")
        path.write_bytes(_encode(mesh))
        paths.append(path)
    return paths


def _encode(mesh: SurfaceMesh) -> bytes:
    corners = mesh.vertices_ras_mm[mesh.faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    triangles = np.zeros(len(mesh.faces), dtype=_TRIANGLE)
    np.divide(normals, length, out=triangles["normal"], where=length > 0)
    triangles["corners"] = corners
    # Programs take a file that begins with "solid" for the text format.
    header = f"IRIS Oculus; units mm; frame RAS+; {mesh.structure.name}".encode("ascii")
    count = len(triangles).to_bytes(4, "little")
    body: bytes = triangles.tobytes()
    return header[:_HEADER_BYTES].ljust(_HEADER_BYTES, b"\0") + count + body
