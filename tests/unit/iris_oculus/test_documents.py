import json

from iris_oculus.documents import MeshEntry, Result

OLD_MESH = {
    "triangles": 600,
    "triangles_before": 6024,
    "watertight": True,
    "volume_ml": 72.88,
    "surface_cm2": 188.39,
}
NEW_NUMBERS = {
    "volume_difference_percent",
    "deviation_p95_mm",
    "deviation_max_mm",
    "centroid_difference_mm",
    "same_side",
}


def test_results_from_before_the_mesh_report_are_read_and_its_numbers_are_unknown() -> None:
    stored = {
        "job_id": "abc123def456",
        "attempt": 1,
        "status": "completed",
        "structures": [
            {
                "name": "lung_right",
                "display_name": "Right lung",
                "label_value": 2,
                "body_system": "respiratory",
                "encloses": False,
                "color_rgb": [202, 164, 140],
                "snomed_code": None,
                "snomed_meaning": None,
                "voxels": 2700,
                "volume_ml": 72.9,
                "mean_hu": None,
                "sd_hu": None,
                "truncated": True,
                "centroid_ras_mm": [77.5, 106.4, 174.1],
                "mesh": OLD_MESH,
            }
        ],
    }
    result = Result.model_validate_json(json.dumps(stored))
    assert result.structures[0].mesh == MeshEntry(**OLD_MESH)
    answered = json.loads(result.model_dump_json())["structures"][0]["mesh"]
    assert answered == OLD_MESH | dict.fromkeys(NEW_NUMBERS)


def test_the_report_keeps_every_number_on_its_way_through_json() -> None:
    mesh = MeshEntry(
        **OLD_MESH,
        volume_difference_percent=-0.03,
        deviation_p95_mm=0.125,
        deviation_max_mm=0.5,
        centroid_difference_mm=0.25,
        same_side=False,
    )
    assert MeshEntry.model_validate_json(mesh.model_dump_json()) == mesh
