"""The part of a glTF document that does not depend on how the buffers are stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from scan_to_mesh.exporters.gltf_frame import METRES_PER_MM, RAS_TO_GLTF
from scan_to_mesh.exporters.srgb import linear_from_srgb
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

SCHEMA = "iris-oculus/model/1"
Json = dict[str, Any]


class Component(IntEnum):
    """Component types of accessors (glTF 2.0, section 3.6.2.2)."""

    UNSIGNED_SHORT = 5123
    UNSIGNED_INT = 5125
    FLOAT = 5126


class Target(IntEnum):
    """What a buffer view feeds (glTF 2.0, section 5.11)."""

    VERTICES = 34962
    INDICES = 34963


@dataclass(frozen=True)
class Primitive:
    """Where one mesh's data is, and how its node places it.

    Attributes
    ----------
    positions, indices : int
        Numbers of accessors.
    normals : int or None
        The same; None where readers are left to derive them.
    scale : float
        Metres per unit of the stored positions.
    offset_m : tuple of float
        glTF frame.
    """

    positions: int
    indices: int
    normals: int | None = None
    scale: float = 1.0
    offset_m: tuple[float, float, float] = (0.0, 0.0, 0.0)


def index_type(vertex_count: int) -> tuple[Component, npt.DTypeLike]:
    """The narrower index type that can count this many vertices; 65535 itself is reserved."""
    if vertex_count <= 65535:
        return Component.UNSIGNED_SHORT, np.dtype("<u2")
    return Component.UNSIGNED_INT, np.dtype("<u4")


def extent(positions: npt.NDArray[Any]) -> tuple[list[Any], list[Any]]:
    """Lowest and highest value of each component, as accessors of positions state them."""
    columns = positions.T  # numpy reduces along rows of three ten times as slowly
    return [column.min().item() for column in columns], [column.max().item() for column in columns]


def scene_document(meshes: Sequence[SurfaceMesh], primitives: Sequence[Primitive]) -> Json:
    """Scene, node tree, meshes and materials; accessors and buffers are left to the caller.

    The root has one node per body system, in the order in which they first occur, and each of
    these one node per structure.

    Parameters
    ----------
    meshes : sequence of SurfaceMesh
        At least one.
    primitives : sequence of Primitive
        One for each mesh.
    """
    systems = list(dict.fromkeys(mesh.structure.body_system for mesh in meshes))
    first_structure = 1 + len(systems)
    members: dict[str, list[int]] = {system: [] for system in systems}
    for number, mesh in enumerate(meshes):
        members[mesh.structure.body_system].append(first_structure + number)
    nodes = [
        {
            "name": "IRIS Oculus",
            "extras": _root_extras(),
            "children": list(range(1, first_structure)),
        },
        *({"name": system, "children": members[system]} for system in systems),
        *(_structure_node(*item) for item in enumerate(zip(meshes, primitives, strict=True))),
    ]
    return {
        "asset": {"version": "2.0", "generator": "IRIS Oculus"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": nodes,
        "meshes": [_mesh(*item) for item in enumerate(zip(meshes, primitives, strict=True))],
        "materials": [_material(mesh) for mesh in meshes],
    }


def _root_extras() -> Json:
    ras_mm_from_gltf = np.eye(4)
    ras_mm_from_gltf[:3, :3] = RAS_TO_GLTF.T / METRES_PER_MM
    return {
        "schema": SCHEMA,
        "units": "m",
        "frame": "+X patient left, +Y superior, +Z anterior",
        "ras_mm_from_gltf": np.round(ras_mm_from_gltf, 9).tolist(),
    }


def _structure_node(number: int, item: tuple[SurfaceMesh, Primitive]) -> Json:
    mesh, primitive = item
    structure = mesh.structure
    node: Json = {
        "name": structure.name,
        "mesh": number,
        "extras": {
            "display_name": structure.display_name,
            "label_value": structure.label_value,
            "color_rgb": list(structure.color_rgb),
            "snomed_code": structure.snomed_code,
            "snomed_meaning": structure.snomed_meaning,
            "body_system": structure.body_system,
            "encloses": structure.encloses,
            "watertight": mesh.watertight,
            "triangles": len(mesh.faces),
        },
    }
    if primitive.scale != 1.0:
        node |= {"translation": list(primitive.offset_m), "scale": [primitive.scale] * 3}
    return node


def _mesh(number: int, item: tuple[SurfaceMesh, Primitive]) -> Json:
    mesh, primitive = item
    attributes = {"POSITION": primitive.positions}
    if primitive.normals is not None:
        attributes["NORMAL"] = primitive.normals
    return {
        "name": mesh.structure.name,
        "primitives": [
            {"attributes": attributes, "indices": primitive.indices, "material": number}
        ],
    }


def _material(mesh: SurfaceMesh) -> Json:
    linear_rgb = linear_from_srgb(np.array(mesh.structure.color_rgb) / 255.0)
    return {
        "name": mesh.structure.name,
        "pbrMetallicRoughness": {
            "baseColorFactor": [*np.round(linear_rgb.astype(float), 6).tolist(), 1.0],
            "metallicFactor": 0.0,
            "roughnessFactor": 0.6,
        },
    }
