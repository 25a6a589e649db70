"""Surface meshes and label maps to files."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from scan_to_mesh.exporters.glb import export_glb
from scan_to_mesh.exporters.obj import export_obj
from scan_to_mesh.exporters.ply import export_ply
from scan_to_mesh.exporters.stl import export_stl
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

Exporter = Callable[[Sequence[SurfaceMesh], Path], list[Path]]
"""Writes meshes into a folder that exists and returns the files that it wrote."""

EXPORTERS: Mapping[str, Exporter] = MappingProxyType(
    {
        "glb": export_glb,
        "obj": export_obj,
        "stl": export_stl,
        "ply": export_ply,
    }
)
