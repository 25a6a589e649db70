"""What the demo prints when it is done: the structures, the engine, and where the time went."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

Json = dict[str, Any]


def structure_table(structures: Sequence[Json]) -> Table:
    """One row a structure, the largest first.

    Parameters
    ----------
    structures : sequence of dict
        The job's ``structures``.
    """
    table = Table(title="Structures", title_justify="left", show_edge=False, pad_edge=False)
    table.caption = "change: mesh's volume to voxels'; off: mesh to undecimated surface, 95 % / max"
    table.caption_justify = "left"
    table.add_column("structure")
    for heading in ("volume ml", "mean\nHU", "triangles", "change\n%", "off mm", "water-\ntight"):
        table.add_column(heading, justify="right", no_wrap=True)
    for structure in sorted(structures, key=lambda s: -float(s["volume_ml"])):
        mesh = structure["mesh"]
        table.add_row(
            structure["display_name"],
            # A segment that the scan cuts off goes on outside: its volume is a lower bound.
            ("≥ " if structure["truncated"] else "") + f"{structure['volume_ml']:,.1f}",
            "–" if structure["mean_hu"] is None else f"{structure['mean_hu']:.0f}",
            f"{mesh['triangles']:,}" if mesh else "–",
            *(_accuracy(mesh) if mesh else ("–", "–")),
            ("yes" if mesh["watertight"] else "NO") if mesh else "–",
        )
    return table


def _accuracy(mesh: Json) -> tuple[str, str]:
    """How far the mesh's volume and its surface are from what they were made of."""
    change_percent = mesh.get("volume_difference_percent")
    p95_mm, max_mm = mesh.get("deviation_p95_mm"), mesh.get("deviation_max_mm")
    return (
        "–" if change_percent is None else f"{change_percent:+.2f}",
        "–" if p95_mm is None or max_mm is None else f"{p95_mm:.2f}/{max_mm:.2f}",
    )


def time_table(seconds: Mapping[str, float]) -> Table:
    """Where the time went; rows in the order in which things happened."""
    table = Table(title="Time", title_justify="left")
    table.add_column("step")
    table.add_column("s", justify="right")
    for step, duration_s in seconds.items():
        table.add_row(step, f"{duration_s:.1f}")
    table.add_section()
    table.add_row("all", f"{sum(seconds.values()):.1f}")
    return table


def engine_note(engine: Json | None) -> RenderableType:
    """Which engine ran and what its result is not good for."""
    if engine is None:
        return Text("The job names no engine.")
    name = f"{engine['name']} {engine['version']} on {engine['device']}"
    return Group(Text(f"Engine: {name}", style="bold"), Text(f"Limits: {engine['limits']}"))


def warning_notes(warnings: Sequence[Json]) -> RenderableType:
    """What the user should know all the same."""
    return Group(*(Text(f"Warning: {warning['message']}", "yellow") for warning in warnings))


def explain_times(client_s: Mapping[str, float], stages_s: Mapping[str, float]) -> dict[str, float]:
    """The client's own steps, with the wait for the job split into the job's stages.

    Parameters
    ----------
    client_s : mapping of str to float
        Seconds by step, as the client saw them; one of them is ``process``.
    stages_s : mapping of str to float
        Seconds by stage, as the container measured them.

    Returns
    -------
    dict of str to float
        ``process`` is replaced by the stages and by what remains: queueing and events.
    """
    explained: dict[str, float] = {}
    for step, duration_s in client_s.items():
        if step != "process":
            explained[step] = duration_s
            continue
        explained |= stages_s
        explained["queue and events"] = max(0.0, duration_s - sum(stages_s.values()))
    return explained
