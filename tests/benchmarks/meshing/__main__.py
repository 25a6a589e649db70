"""Measure ways from label maps to meshes, and write docs/MESHING_BENCHMARK.md.

    python -m tests.benchmarks.meshing --only ours --volume real61 --rounds 1

measures a part and prints it beside the others' figures of earlier runs, marked †.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from tests.benchmarks.meshing.document import document
from tests.benchmarks.meshing.records import Records
from tests.benchmarks.meshing.runs import Run
from tests.benchmarks.meshing.tables import (
    BODY_COLUMNS,
    DISTANCE_COLUMNS,
    SHAPE_COLUMNS,
    TRUTH_COLUMNS,
    Chosen,
    quality_table,
    shape_table,
    time_table,
)
from tests.benchmarks.meshing.volumes import FOLDER, MAKERS
from tests.benchmarks.meshing.ways import WAYS, Way
from tests.conftest import REPOSITORY

DOCUMENT = REPOSITORY / "docs" / "MESHING_BENCHMARK.md"
PEERS_LOCK = REPOSITORY / "requirements" / "mesh-peers.txt"
RECORDS = FOLDER / "records.jsonl"


def main() -> int:
    """Measure, print, and write the document where nothing was left out."""
    options = _parse()
    records = Records.read(RECORDS)
    run = Run(records, _run_name(records, options.resume))
    _say(f"run {run.name}")
    ways = [way for way in WAYS if not options.only or way.name in options.only]
    run.machine()
    for volume in options.volume:
        if run.volume(volume):
            _measure(run, volume, ways, options)
            sys.stdout.write("\n\n".join(_tables(Chosen(records, run.name), volume)) + "\n\n")
            sys.stdout.flush()
    if options.rounds and len(ways) == len(WAYS) and len(options.volume) == len(MAKERS):
        DOCUMENT.write_text(document(records, run.name, PEERS_LOCK), encoding="utf-8")
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [way.name for way in WAYS]
    parser.add_argument("--only", nargs="+", choices=names, help="these ways")
    parser.add_argument("--volume", nargs="+", choices=list(MAKERS), default=list(MAKERS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slow-rounds", type=int, default=1, help="of ways that take minutes")
    parser.add_argument(
        "--resume", nargs="?", const="last", metavar="RUN", help="go on with the last run, or this"
    )
    return parser.parse_args()


def _run_name(records: Records, resumed: str | None) -> str:
    earlier = list(records.runs())
    if resumed is None or not earlier:
        return datetime.now(UTC).isoformat(timespec="seconds")
    if resumed == "last":
        return earlier[-1]
    if resumed not in earlier:
        raise SystemExit(f"no run is called {resumed}: there are {', '.join(earlier)}")
    return resumed


def _measure(run: Run, volume: str, ways: Sequence[Way], options: argparse.Namespace) -> None:
    for number in range(options.rounds):
        # In turns, so that a spell in which the machine is slow weighs on all alike.
        for way in ways:
            if number < (options.slow_rounds if way.slow else options.rounds):
                _say(f"{volume}: {way.name}: round {number + 1}")
                run.time(way, volume, number)
    for way in ways:
        if way.same_meshes_as not in {each.name for each in ways}:
            _say(f"{volume}: {way.name}: quality")
            run.quality(way, volume)
    if any(way.ours for way in ways):
        run.sampled(volume)
        _say(f"{volume}: files")
        run.files(volume)


def _tables(chosen: Chosen, volume: str) -> list[str]:
    if volume == "analytic":
        shapes = [
            shape_table(chosen, volume, title, columns) for title, columns in SHAPE_COLUMNS.items()
        ]
        return [time_table(chosen, volume), *shapes]
    judged = [BODY_COLUMNS, DISTANCE_COLUMNS, *([TRUTH_COLUMNS] if volume == "real61" else [])]
    return [
        time_table(chosen, volume),
        *(quality_table(chosen, volume, columns) for columns in judged),
    ]


def _say(what: str) -> None:
    sys.stderr.write(f"{datetime.now(UTC):%H:%M:%S} {what}\n")


if __name__ == "__main__":
    sys.exit(main())
