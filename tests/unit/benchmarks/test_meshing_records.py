from dataclasses import replace
from pathlib import Path

from tests.benchmarks.meshing.records import Record, Records

FIRST = Record("monday", "time", "real61", "ours", 0, {"cpu_s": 1.5})
SECOND = Record("tuesday", "time", "real61", "ours", 0, {"cpu_s": 2.5})


def test_goes_on_where_an_interrupted_run_was(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "records.jsonl"
    Records.read(path).add(FIRST)
    records = Records.read(path)
    records.add(SECOND)

    assert Records.read(path).all() == (FIRST, SECOND)
    assert list(Records.read(path).runs()) == ["monday", "tuesday"]


def test_keeps_runs_apart() -> None:
    records = Records(None, [FIRST, SECOND, replace(SECOND, volume="syn117")])

    assert records.find("tuesday", "time", "real61", "ours") == [SECOND]
    assert records.find(None, "time", "real61", "ours") == [FIRST, SECOND]
    assert records.of_run("monday").all() == (FIRST,)
