"""Tables of what was measured, as Markdown."""

import statistics
from collections.abc import Iterable, Sequence

from tests.benchmarks.meshing.analytic import BODIES
from tests.benchmarks.meshing.records import Kind, Record, Records
from tests.benchmarks.meshing.ways import WAYS, Way

EARLIER = "†"
"""Marks rows whose figures are those of an earlier run."""


def time_table(records: Records, run: str, volume: str) -> str:
    """CPU seconds, wall seconds, memory and triangles of every way on one volume."""
    ours = _median(_of_run(records, run, "time", volume, "ours")[0], "cpu_s")
    rows = []
    for way in WAYS:
        found, mark = _of_run(records, run, "time", volume, way.name)
        if not found:
            continue
        cpu_s = _median(found, "cpu_s")
        if cpu_s is None:
            rows.append([_title(way, mark), found[-1].failure, *[""] * 5])
            continue
        ratio = f"{cpu_s / ours:.1f}" if ours else ""
        rows.append(
            [
                _title(way, mark),
                f"{cpu_s:.2f}",
                f"{_median(found, 'wall_s'):.2f}",
                f"{_median(found, 'peak_mb'):.0f}",
                f"{_median(found, 'triangles') or 0:,.0f}",
                ratio,
                f"{way.goal:g}" if way.goal else "",
            ]
        )
    head = [volume, "CPU s", "wall s", "MB", "triangles", "× ours", "goal ×"]
    return _table(head, rows)


_QUALITY = {
    "missing": ("missing", "d", 1),
    "closed": ("closed", "d", 1),
    "closed, welded": ("closed_welded", "d", 1),
    "manifold, welded": ("manifold_welded", "d", 1),
    "outward": ("outward", "d", 1),
    "volume %: median": ("volume_error_median", "+.2f", 100),
    "worst": ("volume_error_worst", "+.1f", 100),
    "to surface: 95 %": ("to_surface_p95", ".2f", 1),
    "99 %": ("to_surface_p99", ".2f", 1),
    "max": ("to_surface_max", ".2f", 1),
    "max of all": ("to_surface_worst", ".1f", 1),
    "from surface: 95 %": ("from_surface_p95", ".2f", 1),
    "99 % ": ("from_surface_p99", ".2f", 1),
    "max ": ("from_surface_max", ".2f", 1),
    "max of all ": ("from_surface_worst", ".1f", 1),
    "gap: median": ("gap_median", ".3f", 1),
    "95 %": ("gap_p95", ".2f", 1),
    "overlap %": ("overlap_share", ".0f", 100),
}


def quality_table(records: Records, run: str, volume: str) -> str:
    """How true the meshes of every way are to a label map."""
    rows = []
    for way in WAYS:
        found, mark = _of_run(records, run, "quality", volume, way.name)
        if found and found[-1].figures:
            figures = found[-1].figures
            cells = [f"{figures[key] * by:{form}}" for key, form, by in _QUALITY.values()]
            rows.append([_title(way, mark), *cells])
    return _table([volume, *(title.strip() for title in _QUALITY)], rows)


_SHAPE_CELL = (
    "{mean:.3f} / {p95:.2f} / {largest:.2f} / {lost:.2f}, {normals:.1f}°, {volume_error:+.1%}"
)


def shape_table(records: Records, run: str, volume: str) -> str:
    """How far the meshes of every way are from the shapes themselves."""
    rows = []
    for way in WAYS:
        found, mark = _of_run(records, run, "truth", volume, way.name)
        if not found or not found[-1].figures:
            continue
        cells = []
        for body in BODIES.values():
            truth = found[-1].figures.get(body.name)
            cells.append(_SHAPE_CELL.format_map(truth) if truth else "lost")
        rows.append([_title(way, mark), *cells])
    return _table([volume, *(body.name for body in BODIES.values())], rows)


def _of_run(
    records: Records, run: str, kind: Kind, volume: str, way: str
) -> tuple[list[Record], str]:
    """Records of this run, or else of the last that has any, with a mark that says so."""
    found = records.find(run, kind, volume, way)
    if found:
        return found, ""
    earlier = records.find(None, kind, volume, way)
    return [record for record in earlier if record.run == earlier[-1].run], f" {EARLIER}"


def _median(found: Sequence[Record], figure: str) -> float | None:
    values = [record.figures[figure] for record in found if record.figures]
    return statistics.median(values) if values else None


def _title(way: Way, mark: str) -> str:
    return f"{way.title}{mark}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
