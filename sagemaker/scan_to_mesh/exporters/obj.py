"""Wavefront OBJ: the whole model with its colours, and one file per structure.

Coordinates stay in RAS+ mm. Normals are left out, since every program derives smooth ones from
``s 1``, and they would double the files.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from scan_to_mesh.exporters.artifact_names import structure_file_name
from scan_to_mesh.exporters.exportable import require_exportable
from scan_to_mesh.exporters.in_order import in_order
from scan_to_mesh.exporters.text_lines import face_lines, vertex_lines
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

_MODEL, _MATERIALS = "model.obj", "model.mtl"
_SMOOTH = b"s 1\n"
_HEADER = (
    b"# IRIS Oculus\n# units: mm\n"
    b"# frame: RAS+ (x to the patient's right, y anterior, z superior)\n"
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
    materials.write_bytes(_HEADER + "".join(map(_material, meshes)).encode("ascii"))
    paths = [model, materials]
    parts = in_order(
        lambda item: _write_structure(*item, folder),
        zip(meshes, _first_numbers(meshes), strict=True),
    )
    with model.open("wb") as whole:
        whole.write(_HEADER + f"mtllib {_MATERIALS}\n".encode("ascii"))
        for alone, part in parts:
            paths.append(alone)
            whole.writelines(part)
    return paths


def _first_numbers(meshes: Sequence[SurfaceMesh]) -> Iterator[int]:
    """Number of each mesh's first vertex in the whole model; OBJ counts from 1."""
    return accumulate([1, *(len(mesh.vertices_ras_mm) for mesh in meshes[:-1])])


def _write_structure(
    mesh: SurfaceMesh, first_number: int, folder: Path
) -> tuple[Path, tuple[bytes, ...]]:
    """Write a structure's own file; return its path, and the structure's part of the model."""
    name = mesh.structure.name
    vertices, faces = vertex_lines(mesh.vertices_ras_mm), face_lines(mesh.faces, 1)
    alone = folder / structure_file_name(name, "obj")
    with alone.open("wb") as file:
        file.writelines((_HEADER, f"o {name}\n".encode("ascii"), vertices, _SMOOTH, faces))
    head = f"o {name}\ng {name}\nusemtl {name}\n".encode("ascii")
    return alone, (head, vertices, _SMOOTH, face_lines(mesh.faces, first_number))


def _material(mesh: SurfaceMesh) -> str:
    red, green, blue = (channel / 255 for channel in mesh.structure.color_rgb)
    return (
        f"newmtl {mesh.structure.name}\n"
        f"Kd {red:.6f} {green:.6f} {blue:.6f}\n"
        "Ka 0 0 0\nKs 0.1 0.1 0.1\nNs 30\nd 1\nillum 2\n"
    )
