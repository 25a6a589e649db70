"""Wavefront OBJ: the whole model with its colours, and one file per structure.

Coordinates stay in RAS+ mm. Normals are left out, since every program derives smooth ones from
``s 1``, and they would double the files.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scan_to_mesh.exporters.artifact_names import structure_file_name
from scan_to_mesh.exporters.exportable import require_exportable
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

_MODEL, _MATERIALS = "model.obj", "model.mtl"
_HEADER = (
    "# IRIS Oculus\n# units: mm\n# frame: RAS+ (x to the patient's right, y anterior, z superior)\n"
)


def export_obj(meshes: Sequence[SurfaceMesh], folder: Path) -> list[Path]:
    """Write ``model.obj`` with ``model.mtl``, and ``<structure>.obj`` for each mesh.

    Parameters
    ----------
    meshes : sequence of SurfaceMesh
    folder : Path
        Exists.

    Returns
    -------
    list of Path
        None if there are no meshes.

    Raises
    ------
    ValueError
        If the meshes cannot be exported.
    """
    if not meshes:
        return []
    require_exportable(meshes)
    materials, model = folder / _MATERIALS, folder / _MODEL
    materials.write_text(_HEADER + "".join(map(_material, meshes)), encoding="ascii")
    paths = [model, materials]
    first_index = 1
    with model.open("w", encoding="ascii") as whole:
        whole.write(f"{_HEADER}mtllib {_MATERIALS}\n")
        for mesh in meshes:
            name = mesh.structure.name
            vertices = _vertex_lines(mesh.vertices_ras_mm)
            whole.write(f"o {name}\ng {name}\nusemtl {name}\n{vertices}s 1\n")
            whole.write(_face_lines(mesh.faces + first_index))
            first_index += len(mesh.vertices_ras_mm)
            alone = folder / structure_file_name(name, "obj")
            faces = _face_lines(mesh.faces + 1)
            alone.write_text(f"{_HEADER}o {name}\n{vertices}s 1\n{faces}", encoding="ascii")
            paths.append(alone)
    return paths


def _vertex_lines(vertices_ras_mm: npt.NDArray[np.float32]) -> str:
    # Four decimals: below the resolution of a 32-bit float at half a metre. One format string for
    # the whole array is several times as fast as a line at a time.
    return ("v %.4f %.4f %.4f\n" * len(vertices_ras_mm)) % tuple(vertices_ras_mm.ravel().tolist())


def _face_lines(one_based: npt.NDArray[np.int32]) -> str:
    return ("f %d %d %d\n" * len(one_based)) % tuple(one_based.ravel().tolist())


def _material(mesh: SurfaceMesh) -> str:
    red, green, blue = (channel / 255 for channel in mesh.structure.color_rgb)
    return (
        f"newmtl {mesh.structure.name}\n"
        f"Kd {red:.6f} {green:.6f} {blue:.6f}\n"
        "Ka 0 0 0\nKs 0.1 0.1 0.1\nNs 30\nd 1\nillum 2\n"
    )
