"""What the stages found, in the words of the manifest."""

from collections.abc import Sequence

from iris_oculus.documents import MeshEntry, StructureEntry

from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scan_to_mesh.meshing.topology import surface_area_cm2
from scan_to_mesh.statistics import SegmentStatistics


def _describe_mesh(mesh: SurfaceMesh) -> MeshEntry:
    report = mesh.report
    return MeshEntry(
        triangles=report.triangles,
        triangles_before=report.triangles_before,
        watertight=report.watertight,
        volume_ml=report.mesh_volume_ml,
        surface_cm2=surface_area_cm2(mesh),
        volume_difference_percent=report.volume_difference_percent,
        deviation_p95_mm=report.deviation_p95_mm,
        deviation_max_mm=report.deviation_max_mm,
        centroid_difference_mm=report.centroid_difference_mm,
        same_side=report.same_side,
    )


def describe_structures(
    rows: Sequence[SegmentStatistics], meshes: Sequence[SurfaceMesh]
) -> list[StructureEntry]:
    """One entry per structure found, in the order of ``rows``.

    Parameters
    ----------
    rows : sequence of SegmentStatistics
        Measured on the label map.
    meshes : sequence of SurfaceMesh
        At most one of each structure.
    """
    mesh_of = {mesh.structure.name: mesh for mesh in meshes}
    return [_describe_structure(row, mesh_of.get(row.structure.name)) for row in rows]


def _describe_structure(row: SegmentStatistics, mesh: SurfaceMesh | None) -> StructureEntry:
    structure = row.structure
    return StructureEntry(
        name=structure.name,
        display_name=structure.display_name,
        label_value=structure.label_value,
        body_system=structure.body_system,
        encloses=structure.encloses,
        color_rgb=list(structure.color_rgb),
        snomed_code=structure.snomed_code,
        snomed_meaning=structure.snomed_meaning,
        voxels=row.voxels,
        volume_ml=row.volume_ml,
        mean_hu=row.mean_hu,
        sd_hu=row.sd_hu,
        truncated=row.truncated,
        centroid_ras_mm=list(row.centroid_ras_mm),
        mesh=_describe_mesh(mesh) if mesh else None,
    )
