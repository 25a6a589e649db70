"""Measure ways from label maps to meshes, and write docs/MESHING_BENCHMARK.md."""

import argparse
import sys
from datetime import UTC, datetime

from tests.benchmarks.meshing.records import Records
from tests.benchmarks.meshing.runs import Run
from tests.benchmarks.meshing.tables import quality_table, shape_table, time_table
from tests.benchmarks.meshing.volumes import FOLDER, MAKERS, Unavailable, volume_path
from tests.benchmarks.meshing.ways import WAYS


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=[way.name for way in WAYS])
    parser.add_argument("--volume", nargs="+", choices=list(MAKERS), default=list(MAKERS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slow-rounds", type=int, default=1, help="of ways that take minutes")
    parser.add_argument("--resume", action="store_true", help="go on with the last run")
    options = parser.parse_args()
    records = Records(FOLDER / "records.jsonl")
    runs = list(records.runs())
    began = datetime.now(UTC).isoformat(timespec="seconds")
    run = Run(records, runs[-1] if options.resume and runs else began)
    ways = [way for way in WAYS if not options.only or way.name in options.only]
    for volume in options.volume:
        try:
            volume_path(volume)
        except Unavailable as why:
            sys.stdout.write(f"{volume}: skipped: {why}\n")
            continue
        for number in range(1 if volume == "analytic" else options.rounds):
            # In turns, so that a spell in which the machine is slow weighs on all alike.
            for way in ways:
                if number < (options.slow_rounds if way.slow else options.rounds):
                    sys.stderr.write(f"{volume}, round {number + 1}: {way.name}\n")
                    run.time(way, volume, number)
        for way in ways:
            if way.same_meshes_as in {each.name for each in ways}:
                continue
            sys.stderr.write(f"{volume}: {way.name}: quality\n")
            run.quality(way, volume)
        table = shape_table if volume == "analytic" else quality_table
        for text in (time_table(records, run.name, volume), table(records, run.name, volume)):
            sys.stdout.write(f"\n{text}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
