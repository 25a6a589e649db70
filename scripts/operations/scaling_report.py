"""Compute the tables of docs/COST.md and docs/SCALE.md, and docs/images/scaling.svg.

`python -m scripts.operations.scaling_report` writes them; `--check` only says whether they are up
to date.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.operations.cost_model import (
    Assumptions,
    Month,
    Workload,
    instances_for,
    monthly_bill,
)
from scripts.operations.scaling_chart import Line, Panel, chart
from scripts.operations.simulation import Scaling

DOCS = Path(__file__).resolve().parents[2] / "docs"
DAYS_PER_MONTH = 365 / 12
WINDOWS_MIN = (0, 10, 30, 60)
VOLUMES = (
    ("idle", Workload(0)),
    ("100, one by one", Workload(100)),
    ("100, 25 at a time", Workload(100, batch=25)),
    ("1,000, one by one", Workload(1000)),
    ("1,000, 25 at a time", Workload(1000, batch=25)),
    ("100,000, one by one, 4 instances", Workload(100_000, scaling=Scaling(max_instances=4))),
    ("100,000, 25 at a time, 4 instances", Workload(100_000, 25, Scaling(max_instances=4))),
)
DAYS = ((10, 1), (1000, 1), (1000, 2), (100_000, 87), (100_000, 100))


def tables() -> dict[str, str]:
    """Every table, by its name in the documents."""
    return {
        "volumes": _volumes(),
        "windows": _windows(),
        "instances": _instances(),
        "days": _days(),
        "assumptions": _assumptions(),
    }


def figure() -> str:
    """The figure: cost and waiting time over the warm window, for some volumes."""
    lines = {
        name: [_with_window(scans, minutes) for minutes in WINDOWS_MIN]
        for name, scans in (("100 a month", 100), ("1,000", 1000), ("10,000", 10_000))
    }
    categories = tuple(str(minutes) for minutes in WINDOWS_MIN)
    costs = tuple(
        Line(name, tuple(month.gpu / month.scans for month in months))
        for name, months in lines.items()
    )
    waits = tuple(
        Line(name, tuple(month.median_wait_s / 60 for month in months))
        for name, months in lines.items()
    )
    axis = "warm window, minutes"
    return chart(
        [
            Panel("GPU cost of a scan, $", categories, axis, costs),
            Panel("Median wait for the GPU, minutes", categories, axis, waits),
        ]
    )


def _with_window(scans: int, minutes: int) -> Month:
    return monthly_bill(Workload(scans, scaling=Scaling(warm_window_s=60.0 * minutes)))


def _volumes() -> str:
    rows = []
    for name, workload in VOLUMES:
        month = monthly_bill(workload)
        amounts = [month.work, month.cold_start, month.idle, month.storage]
        amounts += [month.requests, month.transfer, month.total]
        each = [_cents(month.total, month.scans), _cents(month.gpu, month.scans)]
        rows.append([name, *(f"{amount:,.2f}" for amount in amounts), *each])
    head = ["scans a month", "GPU at work", "cold starts", "warm, idle", "storage", "requests"]
    return _table([*head, "transfer", "total $", "$ a scan", "of it GPU"], rows)


def _cents(amount: float, scans: int) -> str:
    return f"{amount / scans:.3f}" if scans else "–"


def _windows() -> str:
    rows = []
    for scans in (100, 1000, 10_000):
        for minutes in WINDOWS_MIN:
            month = _with_window(scans, minutes)
            rows.append(
                [
                    f"{scans:,}",
                    f"{minutes} min",
                    f"{month.gpu / scans:.3f}",
                    *(_minutes(wait) for wait in (month.median_wait_s, month.p95_wait_s)),
                ]
            )
    head = ["scans a month", "warm window", "GPU $ a scan", "median wait", "95 % wait less than"]
    return _table(head, rows)


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f} min"


def _instances() -> str:
    rows = []
    for count in (1, 2, 4, 8):
        workload = Workload(1000, batch=25, scaling=Scaling(max_instances=count))
        month = monthly_bill(workload)
        rows.append(
            [
                str(count),
                f"{month.gpu / month.scans:.3f}",
                _minutes(month.median_wait_s),
                _minutes(month.p95_wait_s),
            ]
        )
    return _table(["MaxCapacity", "GPU $ a scan", "median wait", "95 % wait less than"], rows)


def _days() -> str:
    assumptions = Assumptions()
    rows = []
    for per_day, count in DAYS:
        workload = Workload(round(per_day * DAYS_PER_MONTH), scaling=Scaling(max_instances=count))
        month = monthly_bill(workload)
        rows.append(
            [
                f"{per_day:,}",
                str(count),
                str(instances_for(per_day, assumptions)),
                _minutes(month.median_wait_s),
                _minutes(month.p95_wait_s),
                f"{month.gpu / DAYS_PER_MONTH:,.2f}",
                f"{month.gpu / month.scans:.3f}",
            ]
        )
    head = ["jobs a day", "MaxCapacity", "instances at 80 % load", "median wait"]
    return _table([*head, "95 % wait less than", "GPU $ a day", "GPU $ a job"], rows)


def _assumptions() -> str:
    a, s = Assumptions(), Scaling()
    service, cold = a.service, s.cold_start
    seconds = f"{service.low:g}–{service.high:g} s, mostly {service.mode:g} s"
    return _table(
        ["what", "taken to be"],
        [
            ["instance", f"{a.instance_type}, us-east-1"],
            ["a fast scan on it", f"{seconds} (triangular, mean {service.mean:g} s)"],
            [
                "cold start",
                f"{cold.low / 60:g}–{cold.high / 60:g} min, mostly {cold.mode / 60:g} min",
            ],
            ["warm window, janitor", f"{s.warm_window_s / 60:g} min, swept every 5 min"],
            ["stored for 90 days", f"{a.scan_gb * 1000:g} MB scan, {a.artifacts_gb * 1000:g} MB"],
            ["sent to the internet", f"{a.downloaded_gb * 1000:g} MB"],
            ["API calls", f"{a.api_calls}, each a Lambda of {a.lambda_gb_s:g} GB-s"],
            ["DynamoDB", f"{a.writes} write units, {a.reads} read units"],
            ["S3", f"{a.puts} writes, {a.gets} reads"],
            ["image in ECR", f"{a.image_gb:g} GB"],
        ],
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    ruler = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ruler, *rows])


def generated() -> dict[Path, str]:
    """Text of each generated file, with its tables filled in."""
    computed = tables()
    files = {DOCS / "images" / "scaling.svg": figure()}
    for name in ("COST.md", "SCALE.md"):
        files[DOCS / name] = fill((DOCS / name).read_text(encoding="utf-8"), computed)
    return files


def fill(text: str, computed: dict[str, str]) -> str:
    """Put every table between its marks, ``<!-- table NAME -->`` and ``<!-- end -->``.

    Raises
    ------
    KeyError
        If a mark names a table that there is none of.
    """
    return re.sub(
        r"<!-- table (\w+) -->\n.*?<!-- end -->",
        lambda mark: f"<!-- table {mark[1]} -->\n{computed[mark[1]]}\n<!-- end -->",
        text,
        flags=re.DOTALL,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the files; 1 where a check finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    check = parser.parse_args(arguments).check
    files = generated()
    stale = [
        path
        for path, text in files.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        print(f"{'out of date' if check else 'written'}: {path.name}")
        if not check:
            path.write_text(files[path], encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
