"""The numbers of every structure and its mesh as a table for people."""

import sys
from collections.abc import Sequence

from iris_oculus.documents import MeshEntry, StructureEntry
from rich.console import Console
from rich.table import Table

_UNKNOWN = "–"
_SIDES = {True: "same", False: "OTHER", None: _UNKNOWN}
_MESH_COLUMNS = (
    "mesh ml",
    "change %",
    "off 95 % mm",
    "off max mm",
    "centre mm",
    "side",
    "area cm²",
    "before",
    "triangles",
)
_WIDEST = 10_000


def print_structures(entries: Sequence[StructureEntry]) -> None:
    """Print one line a structure to standard output, however narrow that is.

    Volume of the voxels and of the mesh, and the change from one to the other; deviation from the
    surface before decimation; distance of the mesh's centroid from that of the voxels, and whether
    it lies on their side; area; triangles before and after.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("structure")
    for title in ("label", "voxels ml", *_MESH_COLUMNS):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("notes")
    for entry in entries:
        mesh = [_UNKNOWN] * len(_MESH_COLUMNS) if entry.mesh is None else _cells(entry.mesh)
        voxels = str(entry.label_value), f"{entry.volume_ml:.3f}"
        table.add_row(entry.name, *voxels, *mesh, _notes(entry))
    console = Console(
        file=sys.stdout, force_terminal=sys.stdout.isatty(), highlight=False, markup=False
    )
    # Cut to the width of a terminal, or of none, the table would lack its numbers.
    needed = console.measure(table, options=console.options.update(max_width=_WIDEST)).maximum
    console.width = max(console.width, needed)
    console.print(table)


def _cells(mesh: MeshEntry) -> list[str]:
    return [
        _decimals(mesh.volume_ml, 3),
        _decimals(mesh.volume_difference_percent, 2),
        _decimals(mesh.deviation_p95_mm, 3),
        _decimals(mesh.deviation_max_mm, 3),
        _decimals(mesh.centroid_difference_mm, 3),
        _SIDES[mesh.same_side],
        _decimals(mesh.surface_cm2, 2),
        str(mesh.triangles_before),
        str(mesh.triangles),
    ]


def _decimals(value: float | None, digits: int) -> str:
    return _UNKNOWN if value is None else f"{value:.{digits}f}"


def _notes(entry: StructureEntry) -> str:
    doubts = {
        "no mesh": entry.mesh is None,
        "not closed": entry.mesh is not None and not entry.mesh.watertight,
        "cut at the border": entry.truncated,
    }
    return ", ".join(note for note, applies in doubts.items() if applies)
