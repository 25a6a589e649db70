from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks.meshing.document import PEERS, document, versions
from tests.benchmarks.meshing.records import Record, Records
from tests.benchmarks.meshing.tables import (
    DISTANCE_COLUMNS,
    Chosen,
    goal_table,
    quality_table,
    time_table,
    verdict,
)
from tests.conftest import REPOSITORY


def timed(run: str, way: str, cpu_s: float, number: int = 0) -> Record:
    figures = {"cpu_s": cpu_s, "wall_s": cpu_s, "first_cpu_s": 1.0}
    figures |= {"peak_mb": 300.0, "triangles": 1000.0}
    return Record(run, "time", "real61", way, number, figures)


def judged(way: str, p95: float) -> Record:
    figures = {column.key: p95 for column in DISTANCE_COLUMNS}
    return Record("now", "quality", "real61", way, 0, figures)


def test_takes_medians_and_marks_earlier_runs() -> None:
    records = Records(None, [timed("then", "zmesh", 20), timed("then", "ours", 9)])
    for number, cpu_s in enumerate((1.0, 2.0, 6.0)):
        records.add(timed("now", "ours", cpu_s, number))
    lines = time_table(Chosen(records, "now"), "real61").splitlines()

    assert [line.split(" | ")[0] for line in lines[2:]] == [
        "| zmesh with its own simplification, unsmoothed †",
        "| **ours**, one thread",
    ]
    assert lines[2].split(" | ")[-1] == "10.0 |"
    assert lines[3].split(" | ")[-1] == " |"
    assert lines[3].split(" | ")[1] == "2.00"


def test_says_which_goals_are_met_without_and_with_reports() -> None:
    ours = timed("now", "ours", 1.5)
    records = Records(None, [replace(ours, figures={**ours.figures, "report_cpu_s": 0.5})])
    records.add(timed("now", "zmesh", 12))
    records.add(timed("now", "slicer", 36))
    table = goal_table(Chosen(records, "now"), ["real61"])

    assert "| zmesh | 12 | 12.0 | 8.0 (no) |" in table
    assert "| Slicer's order | 20 | 36.0 | 24.0 |" in table


def test_names_the_columns_in_which_another_way_is_better() -> None:
    columns = DISTANCE_COLUMNS[:1]
    ahead = Records(None, [judged("ours", 0.2), judged("zmesh", 0.3)])
    behind = Records(None, [judged("ours", 0.3), judged("zmesh", 0.2)])
    alike = Records(None, [judged("ours", 0.2001), judged("zmesh", 0.2)])

    missing = Records(None, [judged("zmesh", 0.2)])
    best = "Ours is the best, or as good as the best, in every column."

    assert verdict(Chosen(ahead, "now"), "real61", columns) == best
    assert verdict(Chosen(alike, "now"), "real61", columns) == best
    expected = "Ours is not the best in: to: 95 % (zmesh)."
    assert verdict(Chosen(behind, "now"), "real61", columns) == expected
    assert verdict(Chosen(missing, "now"), "real61", columns) == ""


def test_compares_standard_quality_with_other_ways_alone() -> None:
    """Neither with print quality nor with the surfaces that all are looking for."""
    columns = DISTANCE_COLUMNS[:1]
    both = [judged("ours-print", 0.1), judged("sampled", 0.0)]
    records = Records(None, [judged("ours", 0.2), judged("zmesh", 0.3), *both])
    chosen = Chosen(records, "now")

    assert verdict(chosen, "real61", columns).startswith("Ours is the best")
    names = [line.split(" | ")[0] for line in quality_table(chosen, "real61", columns).splitlines()]
    assert names[-2:] == ["| **ours**, print", "| *what was sampled*"]


def test_the_document_holds_one_run_alone(tmp_path: Path) -> None:
    volume = {"shape": [4, 5, 6], "spacing_mm": [1.0, 1.0, 2.5], "labels": 61, "what": "A torso."}
    records = Records(None, [timed("2030-01-01", "zmesh", 20), timed("2030-01-02", "ours", 1)])
    records.add(Record("2030-01-02", "volume", "real61", "", 0, volume))
    records.add(Record("2030-01-02", "volume", "syn117", "", 0, {}, "there is no room"))
    text = document(records, "2030-01-02", REPOSITORY / "requirements" / "mesh-peers.txt")

    assert "- `real61`: 61 labels, 4×5×6 voxels of 1×1×2.5 mm. A torso." in text
    assert "- `syn117` was not measured: there is no room." in text
    assert "| **ours**, one thread | 1.00 |" in text
    assert "zmesh with its own simplification" not in text


def test_reads_versions_from_the_lock_file() -> None:
    pins = [f"{name}==1.{place} \\\n    --hash=sha256:00" for place, name in enumerate(PEERS)]
    lock = "\n".join(pins)

    assert versions(lock)[0] == "fast-simplification 1.0"
    assert versions(lock)[-1] == "zmesh 1.6"
    with pytest.raises(KeyError):
        versions("vtk==9.7 \\")
