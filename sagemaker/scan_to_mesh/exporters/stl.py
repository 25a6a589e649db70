"""Binary STL, one file per structure, for printing. Coordinates stay in RAS+ mm."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from numba import njit

from scan_to_mesh.exporters.artifact_names import structure_file_name
from scan_to_mesh.exporters.exportable import require_exportable
from scan_to_mesh.exporters.in_order import in_order
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

Floats = npt.NDArray[np.float32]

_TRIANGLE = np.dtype([("normal_and_corners", "<f4", 12), ("attribute", "<u2")])
_HEADER_BYTES = 80
_AT_A_TIME = 1 << 16  # triangles: memory holds a few MB of a file


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
    return list(in_order(lambda mesh: _write(mesh, folder), meshes))


def _write(mesh: SurfaceMesh, folder: Path) -> Path:
    path = folder / structure_file_name(mesh.structure.name, "stl")
    vertices = np.require(mesh.vertices_ras_mm, np.float32, ["C", "W", "E"])
    faces = np.require(mesh.faces, np.int32, ["C", "W", "E"])
    # Programs take a file that begins with "solid" for the text format.
    header = f"IRIS Oculus; units mm; frame RAS+; {mesh.structure.name}".encode("ascii")
    with path.open("wb") as file:
        file.write(header[:_HEADER_BYTES].ljust(_HEADER_BYTES, b"\0"))
        file.write(len(faces).to_bytes(4, "little"))
        for first in range(0, len(faces), _AT_A_TIME):
            file.write(_triangles(vertices, faces[first : first + _AT_A_TIME]).data)
    return path


def _triangles(vertices: Floats, faces: npt.NDArray[np.int32]) -> npt.NDArray[np.void]:
    triangles = np.zeros(len(faces), dtype=_TRIANGLE)
    triangles["normal_and_corners"] = _normals_and_corners(vertices, faces)
    return triangles


@njit("f4[:,::1](f4[:,::1], i4[:,::1])", nogil=True, cache=True)
def _normals_and_corners(vertices: Floats, faces: npt.NDArray[np.int32]) -> Floats:
    """Each triangle's unit normal, 0 where it has no area, and its three corners in a row."""
    rows = np.zeros((len(faces), 12), np.float32)
    for number in range(len(faces)):
        row = rows[number]
        for corner in range(3):
            for axis in range(3):
                row[3 + 3 * corner + axis] = vertices[faces[number, corner], axis]
        ax, ay, az = np.float64(row[3]), np.float64(row[4]), np.float64(row[5])
        ux, uy, uz = row[6] - ax, row[7] - ay, row[8] - az
        vx, vy, vz = row[9] - ax, row[10] - ay, row[11] - az
        x, y, z = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        length = math.sqrt(x * x + y * y + z * z)
        if length > 0.0:
            row[0], row[1], row[2] = x / length, y / length, z / length
    return rows
