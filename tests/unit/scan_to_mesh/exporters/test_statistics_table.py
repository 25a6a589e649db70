import csv
import json
from pathlib import Path
from typing import Any

import pytest
from iris_oculus.documents import MeshEntry, StructureEntry
from scan_to_mesh.exporters.statistics_table import write_statistics


def _entry(**changes: Any) -> StructureEntry:
    entry: dict[str, Any] = {
        "name": "liver",
        "display_name": "Liver, „whole”",
        "label_value": 5,
        "body_system": "digestive",
        "encloses": False,
        "color_rgb": [200, 90, 60],
        "snomed_code": "10200004",
        "snomed_meaning": "Liver",
        "voxels": 55555,
        "volume_ml": 1499.985,
        "mean_hu": 101.5,
        "sd_hu": 17.25,
        "truncated": True,
        "centroid_ras_mm": [61.5, 12.0, -3.25],
        "mesh": MeshEntry(
            triangles=1000,
            triangles_before=10000,
            watertight=True,
            volume_ml=1490.5,
            surface_cm2=812.75,
            volume_difference_percent=-0.63,
            deviation_p95_mm=0.125,
            deviation_max_mm=0.5,
            centroid_difference_mm=0.03,
            same_side=True,
        ),
    }
    return StructureEntry(**{**entry, **changes})


ROWS = [_entry(), _entry(name="gas", snomed_code=None, mean_hu=None, truncated=False, mesh=None)]


def test_json_holds_the_entries_as_they_are(tmp_path: Path) -> None:
    as_json, _ = write_statistics(ROWS, tmp_path)
    document = json.loads(as_json.read_text(encoding="utf-8"))
    assert document["schema_version"] == 1
    assert [StructureEntry(**entry) for entry in document["structures"]] == ROWS


def test_csv_holds_one_flat_row_for_each_structure(tmp_path: Path) -> None:
    _, as_csv = write_statistics(ROWS, tmp_path)
    with as_csv.open(encoding="utf-8", newline="") as file:
        liver, gas = csv.DictReader(file)
    assert liver == {
        "name": "liver",
        "display_name": "Liver, „whole”",
        "label_value": "5",
        "body_system": "digestive",
        "snomed_code": "10200004",
        "snomed_meaning": "Liver",
        "voxels": "55555",
        "volume_ml": "1499.985",
        "mean_hu": "101.5",
        "sd_hu": "17.25",
        "truncated": "true",
        "centroid_x_ras_mm": "61.5",
        "centroid_y_ras_mm": "12.0",
        "centroid_z_ras_mm": "-3.25",
        "mesh_triangles": "1000",
        "mesh_triangles_before": "10000",
        "mesh_watertight": "true",
        "mesh_volume_ml": "1490.5",
        "mesh_surface_cm2": "812.75",
        "mesh_volume_difference_percent": "-0.63",
        "mesh_deviation_p95_mm": "0.125",
        "mesh_deviation_max_mm": "0.5",
        "mesh_centroid_difference_mm": "0.03",
        "mesh_same_side": "true",
    }
    unknown = {key for key, value in gas.items() if value == ""}
    assert unknown == {
        "snomed_code",
        "mean_hu",
        *(key for key in gas if key.startswith("mesh_")),
    }
    assert gas["truncated"] == "false"


def test_every_number_of_an_entry_has_its_column(tmp_path: Path) -> None:
    _, as_csv = write_statistics([], tmp_path)
    header = set(as_csv.read_text(encoding="utf-8").strip().split(","))
    plain = set(StructureEntry.model_fields) - {"mesh", "centroid_ras_mm", "color_rgb", "encloses"}
    assert plain | {f"mesh_{field}" for field in MeshEntry.model_fields} <= header


def test_what_is_no_number_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        write_statistics([_entry(volume_ml=float("nan"))], tmp_path)
