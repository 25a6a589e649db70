"""Closed shapes of known place, size and colour."""

import numpy as np
import trimesh
from iris_oculus.structures import Structure
from scan_to_mesh.meshing.mesh_report import MeshReport
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

RED, GREEN, BLUE = (200, 30, 25), (40, 180, 60), (30, 60, 210)


def sphere(
    name: str = "sphere",
    *,
    centre_ras_mm: tuple[float, float, float] = (0, 0, 0),
    radius_mm: float = 20,
    color_rgb: tuple[int, int, int] = RED,
    body_system: str = "digestive",
    encloses: bool = False,
    label_value: int = 1,
    subdivisions: int = 3,
) -> SurfaceMesh:
    ball = trimesh.creation.icosphere(subdivisions=subdivisions, radius=radius_mm)
    return SurfaceMesh(
        structure=Structure(
            name=name,
            label_value=label_value,
            display_name=name.replace("_", " ").capitalize(),
            color_rgb=color_rgb,
            body_system=body_system,
            encloses=encloses,
            snomed_code="10200004",
            snomed_meaning="Liver",
        ),
        vertices_ras_mm=(ball.vertices + centre_ras_mm).astype(np.float32),
        faces=ball.faces.astype(np.int32),
        report=report_of(len(ball.faces), float(ball.volume) / 1000),
    )


def report_of(triangles: int, volume_ml: float, *, watertight: bool = True) -> MeshReport:
    """What the meshing might say of a mesh."""
    return MeshReport(
        triangles=triangles,
        triangles_before=10 * triangles,
        watertight=watertight,
        mesh_volume_ml=volume_ml if watertight else None,
        voxels_volume_ml=volume_ml * 1.01,
        volume_difference_percent=-1.0 if watertight else None,
        deviation_p95_mm=0.125,
        deviation_max_mm=0.5,
        centroid_difference_mm=0.25 if watertight else None,
        same_side=True if watertight else None,
    )


def three_organs() -> list[SurfaceMesh]:
    """One on the patient's right, one on the left in front, one above: no symmetry to hide in."""
    return [
        sphere("liver", centre_ras_mm=(60, 15, -5), radius_mm=30),
        sphere(
            "heart",
            centre_ras_mm=(-25, 48, 90),
            radius_mm=22,
            color_rgb=GREEN,
            body_system="cardiovascular",
            label_value=51,
            subdivisions=2,
        ),
        sphere(
            "stomach",
            centre_ras_mm=(-70, -12, 11),
            radius_mm=18,
            color_rgb=BLUE,
            label_value=6,
        ),
    ]
