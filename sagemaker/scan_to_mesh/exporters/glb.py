"""glTF binary: ``model.glb`` for programs, ``model.web.glb`` for the page."""

from collections.abc import Sequence
from pathlib import Path

from scan_to_mesh.exporters.gltf_plain import encode_plain_glb
from scan_to_mesh.exporters.gltf_web import encode_web_glb
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

WEB_MODEL = "model.web.glb"


def export_glb(meshes: Sequence[SurfaceMesh], folder: Path) -> list[Path]:
    """Write all meshes as one model, twice.

    Parameters
    ----------
    meshes : sequence of SurfaceMesh
    folder : Path
        Exists.

    Returns
    -------
    list of Path
        ``model.glb`` and ``model.web.glb``; none if there are no meshes.

    Raises
    ------
    ValueError
        If the meshes cannot be exported.
    """
    if not meshes:
        return []
    plain, web = folder / "model.glb", folder / WEB_MODEL
    pieces = encode_plain_glb(meshes)
    with plain.open("wb") as file:
        file.writelines(pieces)
    web.write_bytes(encode_web_glb(meshes))
    return [plain, web]
