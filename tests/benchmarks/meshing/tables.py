"""Tables of what was measured, as Markdown."""

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.meshing.analytic import BODIES
from tests.benchmarks.meshing.records import Kind, Record, Records
from tests.benchmarks.meshing.ways import SAMPLED, WAYS, Way

EARLIER = "†"
"""Marks rows whose figures are those of an earlier run."""


@dataclass(frozen=True)
class Column:
    """A figure of a table.

    Attributes
    ----------
    title, key : str
    form : str
        As in format strings.
    percent : bool
        The figure is a share.
    best : str
        Which figure is best: ``least``, ``most``, ``nearest 0``, or nothing.
    """

    title: str
    key: str
    form: str
    percent: bool = False
    best: str = "least"

    def cell(self, figures: Mapping[str, Any]) -> str:
        """The figure as text."""
        return f"{figures[self.key] * (100 if self.percent else 1):{self.form}}"

    def badness(self, figures: Mapping[str, Any]) -> float:
        """Grows with how bad the figure is."""
        value = float(figures[self.key])
        return {"least": value, "most": -value, "nearest 0": abs(value), "": 0.0}[self.best]


BODY_COLUMNS = (
    Column("missing", "missing", "d"),
    Column("closed", "closed", "d", best="most"),
    Column("closed, welded", "closed_welded", "d", best="most"),
    Column("manifold, welded", "manifold_welded", "d", best="most"),
    Column("outward", "outward", "d", best="most"),
    Column("volume %: median", "volume_error_median", "+.2f", percent=True, best="nearest 0"),
    Column("volume %: worst", "volume_error_worst", "+.2f", percent=True, best="nearest 0"),
)
DISTANCE_COLUMNS = (
    Column("to: 95 %", "to_surface_p95", ".2f"),
    Column("to: 99 %", "to_surface_p99", ".2f"),
    Column("to: max", "to_surface_max", ".2f"),
    Column("to: worst", "to_surface_worst", ".2f"),
    Column("from: 95 %", "from_surface_p95", ".2f"),
    Column("from: 99 %", "from_surface_p99", ".2f"),
    Column("from: max", "from_surface_max", ".2f"),
    Column("from: worst", "from_surface_worst", ".2f"),
    Column("gap: median", "gap_median", ".3f"),
    Column("gap: 95 %", "gap_p95", ".2f"),
    Column("overlap %", "overlap_share", ".0f", percent=True, best=""),
)
TRUTH_COLUMNS = (
    Column("mean", "truth_mean", ".3f"),
    Column("95 %", "truth_p95", ".2f"),
    Column("99 %", "truth_p99", ".2f"),
    Column("max", "truth_max", ".2f"),
    Column("from: 99 %", "truth_lost_p99", ".2f"),
    Column("from: max", "truth_lost_max", ".2f"),
    Column("from: worst", "truth_lost_worst", ".2f"),
    Column("normals, degrees", "truth_normals", ".1f"),
)
SHAPE_COLUMNS: Mapping[str, Sequence[Column]] = {
    "mean / 95 % distance, mm": (
        Column("mean", "mean", ".3f"),
        Column("95 %", "p95", ".3f"),
    ),
    "largest distance of the mesh / of the shape, mm": (
        Column("of the mesh", "largest", ".2f"),
        Column("of the shape", "lost", ".2f"),
    ),
    "normals, degrees / volume, %": (
        Column("normals", "normals", ".1f"),
        Column("volume", "volume_error", "+.1f", percent=True, best="nearest 0"),
    ),
}


@dataclass(frozen=True)
class Chosen:
    """Records of one run, and where it has none, those of the last run before that has."""

    records: Records
    run: str

    def find(self, kind: Kind, volume: str, way: Way) -> tuple[list[Record], str]:
        """Records of a way, and a mark if they are an earlier run's."""
        found = self.records.find(self.run, kind, volume, way.name)
        if found:
            return found, ""
        earlier = self.records.find(None, kind, volume, way.name)
        earlier = [each for each in earlier if each.figures] or earlier
        return [each for each in earlier if each.run == earlier[-1].run], f" {EARLIER}"

    def median(self, volume: str, way: Way, figure: str) -> float | None:
        """Median of a figure of time or memory; None where there is none."""
        found, _ = self.find("time", volume, way)
        values = [record.figures.get(figure) for record in found if record.figures]
        known = [value for value in values if value is not None]
        return statistics.median(known) if known else None

    def ours(self, volume: str) -> tuple[float, float] | None:
        """CPU seconds of our meshes without and with their reports."""
        found, _ = self.find("time", volume, OURS)
        both = [
            (figures["cpu_s"] - figures.get("report_cpu_s", 0.0), figures["cpu_s"])
            for figures in (record.figures for record in found)
            if figures
        ]
        if not both:
            return None
        alone, whole = (statistics.median(values) for values in zip(*both, strict=True))
        return alone, whole

    def judged(self, kind: Kind, volume: str) -> Iterator[tuple[Way, str, Mapping[str, Any]]]:
        """Ways with their marks and the figures of their meshes."""
        for way in (*WAYS, SAMPLED):
            found, mark = self.find(kind, volume, way)
            if found and found[-1].figures and not way.same_meshes_as:
                yield way, mark, found[-1].figures


OURS = next(way for way in WAYS if way.name == "ours")


def time_table(chosen: Chosen, volume: str) -> str:
    """CPU seconds, wall seconds, memory and triangles of every way on one volume."""
    rows = []
    for way in WAYS:
        found, mark = chosen.find("time", volume, way)
        if not found:
            continue
        cpu_s = chosen.median(volume, way, "cpu_s")
        if cpu_s is None:
            rows.append([way.title + mark, found[-1].failure, *[""] * 6])
            continue
        wall_s, peak_mb, triangles = (
            chosen.median(volume, way, key) or 0.0 for key in ("wall_s", "peak_mb", "triangles")
        )
        rows.append(
            [
                way.title + mark,
                f"{cpu_s:.2f}",
                f"{wall_s:.2f}",
                f"{peak_mb:.0f}",
                f"{triangles / 1000:.0f}",
                str(sum(bool(record.figures) for record in found)),
                *(["", ""] if way.ours else _ratios(chosen, volume, cpu_s)),
            ]
        )
    head = ["CPU s", "wall s", "MB", "1000 triangles", "rounds", "× ours", "with report"]
    return table([volume, *head], rows)


def _ratios(chosen: Chosen, volume: str, cpu_s: float) -> list[str]:
    ours = chosen.ours(volume)
    return [f"{cpu_s / each:.1f}" for each in ours] if ours else ["", ""]


def goal_table(chosen: Chosen, volumes: Sequence[str]) -> str:
    """How many times as much CPU time other ways take as ours, beside the goals."""
    rows = []
    for way in WAYS:
        if way.goal is None:
            continue
        cells = []
        for volume in volumes:
            theirs, ours = chosen.median(volume, way, "cpu_s"), chosen.ours(volume)
            ratios = [theirs / each for each in ours] if theirs and ours else []
            cells += [f"{each:.1f}{'' if each >= way.goal else ' (no)'}" for each in ratios] or [
                "",
                "",
            ]
        rows.append([way.short, f"{way.goal:g}", *cells])
    heads = [head for volume in volumes for head in (volume, f"{volume}, with report")]
    return table(["× ours", "goal", *heads], rows)


def quality_table(chosen: Chosen, volume: str, columns: Sequence[Column]) -> str:
    """How true the meshes of every way are to a label map."""
    rows = [
        [way.short + mark, *(column.cell(figures) for column in columns)]
        for way, mark, figures in chosen.judged("quality", volume)
        if all(figures.get(column.key) is not None for column in columns)
    ]
    return table([volume, *(column.title for column in columns)], rows)


def verdict(chosen: Chosen, volume: str, columns: Sequence[Column]) -> str:
    """In which columns another way has a better figure than ours, as printed; and which way."""
    judged = {way: figures for way, _, figures in chosen.judged("quality", volume)}
    found = []
    for column in columns:
        rows = {way: each for way, each in judged.items() if each.get(column.key) is not None}
        if OURS not in rows:
            return ""
        found += _better(column, rows, column.title)
    return _in_words(found)


def shape_verdict(chosen: Chosen, volume: str, columns: Sequence[Column]) -> str:
    """The same for shapes."""
    judged = {way: figures for way, _, figures in chosen.judged("truth", volume)}
    found = []
    for body in BODIES.values():
        rows = {way: each[body.name] for way, each in judged.items() if body.name in each}
        if OURS not in rows:
            return ""
        for column in columns:
            found += _better(column, rows, f"{body.name}, {column.title}")
    return _in_words(found)


def _better(column: Column, rows: Mapping[Way, Mapping[str, Any]], title: str) -> Iterator[str]:
    compared = [way for way in rows if way in WAYS and (way == OURS or not way.ours)]
    best = min(compared, key=lambda way: column.badness(rows[way]))
    is_better = column.badness(rows[best]) < column.badness(rows[OURS])
    theirs, ours = (column.cell(rows[way]) for way in (best, OURS))
    if column.best == "nearest 0":
        theirs, ours = theirs.lstrip("+-"), ours.lstrip("+-")
    if is_better and theirs != ours:
        yield f"{title} ({best.short})"


def _in_words(behind: Sequence[str]) -> str:
    if behind:
        return f"Ours is not the best in: {'; '.join(behind)}."
    return "Ours is the best, or as good as the best, in every column."


def shape_table(chosen: Chosen, volume: str, title: str, columns: Sequence[Column]) -> str:
    """How far the meshes of every way are from the shapes themselves."""
    rows = []
    for way, mark, shapes in chosen.judged("truth", volume):
        cells = [
            " / ".join(column.cell(shapes[body.name]) for column in columns)
            if body.name in shapes
            else "lost"
            for body in BODIES.values()
        ]
        rows.append([way.short + mark, *cells])
    return table([title, *(body.name for body in BODIES.values())], rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column is text and whose others are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
