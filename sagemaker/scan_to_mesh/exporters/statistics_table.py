"""``statistics.json`` and ``statistics.csv``: the numbers of every structure."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from iris_oculus.documents import StructureEntry

_SCHEMA_VERSION = 1
_COLUMNS = (
    "name",
    "display_name",
    "label_value",
    "body_system",
    "snomed_code",
    "snomed_meaning",
    "voxels",
    "volume_ml",
    "mean_hu",
    "sd_hu",
    "truncated",
    "centroid_x_ras_mm",
    "centroid_y_ras_mm",
    "centroid_z_ras_mm",
    "mesh_triangles",
    "mesh_triangles_before",
    "mesh_watertight",
    "mesh_volume_ml",
    "mesh_surface_cm2",
    "mesh_volume_difference_percent",
    "mesh_deviation_p95_mm",
    "mesh_deviation_max_mm",
    "mesh_centroid_difference_mm",
    "mesh_same_side",
)


def write_statistics(rows: Sequence[StructureEntry], folder: Path) -> list[Path]:
    """Write both tables.

    Parameters
    ----------
    rows : sequence of StructureEntry
        Kept in their order.
    folder : Path
        Exists.

    Returns
    -------
    list of Path
        ``statistics.json`` (the entries as they are) and ``statistics.csv`` (flat, UTF-8; a value
        that is not known is an empty cell, truth is ``true`` or ``false``).

    Raises
    ------
    ValueError
        If a number is NaN or infinite.
    """
    as_json, as_csv = folder / "statistics.json", folder / "statistics.csv"
    document = {
        "schema_version": _SCHEMA_VERSION,
        "structures": [row.model_dump(mode="json") for row in rows],
    }
    as_json.write_text(
        json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False) + "\n",
        encoding="utf-8",
    )
    with as_csv.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(map(_flat, rows))
    return [as_json, as_csv]


def _flat(row: StructureEntry) -> dict[str, Any]:
    entry = row.model_dump(mode="json")
    x, y, z = row.centroid_ras_mm
    entry |= {"centroid_x_ras_mm": x, "centroid_y_ras_mm": y, "centroid_z_ras_mm": z}
    entry |= {f"mesh_{key}": value for key, value in (entry["mesh"] or {}).items()}
    return {column: _cell(entry.get(column)) for column in _COLUMNS}


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value
