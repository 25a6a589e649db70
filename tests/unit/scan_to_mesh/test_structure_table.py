from typing import Any

import pytest
from iris_oculus.documents import MeshEntry, StructureEntry
from scan_to_mesh.structure_table import print_structures

MESH = MeshEntry(
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
)


def _entry(name: str, mesh: MeshEntry | None, **changes: Any) -> StructureEntry:
    entry: dict[str, Any] = {
        "name": name,
        "display_name": name,
        "label_value": 4_000_000_000,
        "body_system": "other",
        "encloses": False,
        "color_rgb": [1, 2, 3],
        "snomed_code": None,
        "snomed_meaning": None,
        "voxels": 10,
        "volume_ml": 1499.985,
        "mean_hu": None,
        "sd_hu": None,
        "truncated": False,
        "centroid_ras_mm": [0, 0, 0],
        "mesh": mesh,
    }
    return StructureEntry(**{**entry, **changes})


def _printed(capsys: pytest.CaptureFixture[str], *entries: StructureEntry) -> list[list[str]]:
    print_structures(entries)
    return [line.split() for line in capsys.readouterr().out.splitlines()]


def test_every_number_is_there_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    name = "a_name_that_is_much_longer_than_any_terminal_would_like_it_to_be_for_a_structure"
    _, row = _printed(capsys, _entry(name, MESH, truncated=True))
    numbers = "4000000000 1499.985 1490.500 -0.63 0.125 0.500 0.030 same 812.75 10000 1000"
    assert row == [name, *numbers.split(), *["cut", "at", "the", "border"]]


def test_what_is_not_known_is_a_dash(capsys: pytest.CaptureFixture[str]) -> None:
    opened = MESH.model_copy(
        update={
            "watertight": False,
            "volume_ml": None,
            "volume_difference_percent": None,
            "centroid_difference_mm": None,
            "same_side": None,
        }
    )
    _, row, none = _printed(capsys, _entry("open", opened), _entry("none", None))
    assert row[3:] == [
        *["–", "–", "0.125", "0.500", "–", "–", "812.75", "10000", "1000"],
        "not",
        "closed",
    ]
    assert none[3:] == [*["–"] * 9, "no", "mesh"]


def test_a_mesh_on_the_other_side_stands_out(capsys: pytest.CaptureFixture[str]) -> None:
    mirrored = MESH.model_copy(update={"same_side": False})
    _, row = _printed(capsys, _entry("liver", mirrored))
    assert "OTHER" in row


def test_brackets_in_names_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    _, row = _printed(capsys, _entry("[red]", MESH))
    assert row[0] == "[red]"
