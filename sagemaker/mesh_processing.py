"""Surface meshes from a label map file, without segmenting anything.

    python sagemaker/mesh_processing.py labels.nii.gz meshes/ --names names.json --formats glb,stl

The code is that of the pipeline; only reading the label map and printing are here.
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from iris_imaging.volume import LabelMap
from iris_oculus.documents import StructureEntry
from iris_oculus.errors import InvalidField, IrisOculusError, NothingFound
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from scan_to_mesh.entries import describe_structures
from scan_to_mesh.exporters import EXPORTERS
from scan_to_mesh.exporters.artifact_names import structure_file_name
from scan_to_mesh.label_map_file import read_label_map, read_names
from scan_to_mesh.meshing.meshing import MeshingOptions, Quality, mesh_label_map
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scan_to_mesh.statistics import segment_statistics
from scan_to_mesh.structure_table import print_structures

REPORT_NAME = "report.json"

_FILE_HINT = "Check the path, that you may read and write there, and that the disk is not full."
_MEMORY_HINT = "Use fewer --threads, a machine with more memory, or a coarser label map."
_INTERRUPTED = 130  # what shells say of a process that Ctrl-C ended

ShowSteps = Callable[[int, int], None]


@dataclass(frozen=True)
class _Totals:
    """All structures together."""

    structures: int
    watertight: int
    triangles: int
    triangles_before: int
    removed_percent: float


@dataclass
class _Report:
    """What ``report.json`` and ``--json`` hold; structures as in the pipeline's manifest."""

    options: dict[str, object]
    structures: list[StructureEntry]
    totals: _Totals
    files: list[str]
    seconds: dict[str, float]
    warnings: list[dict[str, str]]

    def as_json(self) -> str:
        document = vars(self) | {
            "structures": [entry.model_dump(mode="json") for entry in self.structures],
            "totals": asdict(self.totals),
        }
        return json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False) + "\n"


@dataclass
class _Stopwatch:
    """Seconds of each step."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - started, 3)


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 1 with a message on standard error."""
    options = _parse(arguments)
    try:
        _run(options)
    except IrisOculusError as error:
        return _fail(error.message, error.hint)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{where}{error.strerror or error}.", _FILE_HINT)
    except MemoryError:
        return _fail("There is not enough memory.", _MEMORY_HINT)
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        return _INTERRUPTED
    return 0


def _fail(message: str, hint: str) -> int:
    sys.stderr.write(f"error: {message}\n{hint}\n")
    return 1


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="mesh_processing.py",
        description="Make a closed surface mesh of every segment of a label map.",
    )
    parser.add_argument("labels", type=_nifti_path, help="label map, .nii or .nii.gz")
    parser.add_argument("out", type=Path, help="folder for the meshes; made if it is not there")
    parser.add_argument("--names", type=Path, help='JSON of structure names: {"1": "liver", …}')
    parser.add_argument(
        "--reduction-percent",
        type=int,
        choices=range(100),
        metavar="0..99",
        default=90,
        help="share of the triangles to remove (default: 90)",
    )
    parser.add_argument(
        "--max-deviation-mm",
        type=_positive_float,
        metavar="MM",
        help="remove fewer where a mesh would come further off its fine surface; for printing",
    )
    parser.add_argument(
        "--smoothing",
        dest="smoothing_mm",
        type=_non_negative_float,
        metavar="MM",
        help="width of the stairs to smooth away, 0 for none; where the label map was enlarged, "
        "the voxel size that it was made at (default: its own voxels)",
    )
    parser.add_argument(
        "--quality",
        type=Quality,
        choices=list(Quality),
        default=Quality.STANDARD,
        metavar="|".join(Quality),
        help="draft is faster, print is finer (default: standard)",
    )
    parser.add_argument(
        "--drop-islands-below-ml",
        type=_non_negative_float,
        metavar="ML",
        default=0.0,
        help="leave out smaller pieces of a structure, but for its largest (default: keep all)",
    )
    parser.add_argument(
        "--formats",
        type=_formats,
        default=tuple(EXPORTERS),
        help=f"some of {','.join(EXPORTERS)} (default: all)",
    )
    parser.add_argument(
        "--threads",
        type=_positive_int,
        metavar="N",
        help="structures at a time (default: as many as there are processors)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args(arguments)


def _nifti_path(text: str) -> Path:
    if not text.endswith((".nii", ".nii.gz")):
        raise argparse.ArgumentTypeError("a label map ends in .nii or .nii.gz")
    return Path(text)


def _formats(text: str) -> tuple[str, ...]:
    formats = tuple(dict.fromkeys(text.split(",")))
    unknown = [name for name in formats if name not in EXPORTERS]
    if unknown:
        known = ", ".join(EXPORTERS)
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; there are {known}")
    return formats


def _positive_int(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError("a whole number from 1 up")
    return int(text)


def _positive_float(text: str) -> float:
    number = _non_negative_float(text)
    if number == 0:
        raise argparse.ArgumentTypeError("a number above 0")
    return number


def _non_negative_float(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise argparse.ArgumentTypeError("a number from 0 up")
    return number


def _run(options: argparse.Namespace) -> None:
    meshing_options = MeshingOptions(
        target_reduction=options.reduction_percent / 100,
        max_deviation_mm=options.max_deviation_mm,
        smoothing_mm=options.smoothing_mm,
        quality=options.quality,
        drop_islands_below_ml=options.drop_islands_below_ml,
    )
    watch = _Stopwatch()
    with watch.step("total"):
        with watch.step("reading"):
            names = read_names(options.names) if options.names else {}
            label_map, warnings = read_label_map(options.labels, names)
            _check_structures(label_map)
        options.out.mkdir(parents=True, exist_ok=True)
        with watch.step("meshing"), _progress_bar("Meshing") as show:
            meshes = mesh_label_map(label_map, meshing_options, show, threads=options.threads)
        with watch.step("exporting"), _progress_bar("Writing") as show:
            files = _export(meshes, options.formats, options.out, show)
        with watch.step("measuring"):
            entries = describe_structures(segment_statistics(label_map, None), meshes)
    report = _Report(
        options=asdict(meshing_options),
        structures=entries,
        totals=_totals(meshes),
        files=[path.name for path in files],
        seconds=watch.seconds,
        warnings=[asdict(warning) for warning in warnings],
    )
    (options.out / REPORT_NAME).write_text(report.as_json(), encoding="utf-8")
    if options.json:
        sys.stdout.write(report.as_json())
        return
    _print_tables(report, options.out)
    sys.stderr.writelines(f"warning: {warning.message}\n" for warning in warnings)


def _check_structures(label_map: LabelMap) -> None:
    """Refuse names that cannot be files' names before the work, not after it."""
    if not label_map.structures:
        raise NothingFound(
            "The label map holds no segment.", hint="Label values are 1 and more; 0 is background."
        )
    for structure in label_map.structures.values():
        try:
            structure_file_name(structure.name, "obj")
        except ValueError as error:
            raise InvalidField(
                f"{error}.", hint="Use letters, digits, '_' and '-' in names."
            ) from None
    names = [structure.name.lower() for structure in label_map.structures.values()]
    if len(set(names)) < len(names):
        raise InvalidField("Two structures share a name.", hint="Give each a name of its own.")


@contextmanager
def _progress_bar(title: str) -> Iterator[ShowSteps]:
    """A bar on standard error for as long as it takes; none where that is no terminal."""
    columns = TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    console = Console(stderr=True, force_terminal=sys.stderr.isatty())
    with Progress(
        *columns, console=console, transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _export(
    meshes: Sequence[SurfaceMesh], formats: Sequence[str], out: Path, show: ShowSteps
) -> list[Path]:
    files: list[Path] = []
    for done, name in enumerate(formats, start=1):
        files += EXPORTERS[name](meshes, out)
        show(done, len(formats))
    return files


def _totals(meshes: Sequence[SurfaceMesh]) -> _Totals:
    triangles = sum(mesh.report.triangles for mesh in meshes)
    before = sum(mesh.report.triangles_before for mesh in meshes)
    return _Totals(
        structures=len(meshes),
        watertight=sum(mesh.watertight for mesh in meshes),
        triangles=triangles,
        triangles_before=before,
        removed_percent=100.0 * (1.0 - triangles / before) if before else 0.0,
    )


def _print_tables(report: _Report, out: Path) -> None:
    print_structures(report.structures)
    totals, seconds = report.totals, report.seconds["total"]
    sys.stdout.write(
        f"{totals.structures} structures, {totals.watertight} watertight: "
        f"{totals.triangles_before:,} triangles became {totals.triangles:,} "
        f"({totals.removed_percent:.1f} % removed) in {seconds:.1f} s; "
        f"{len(report.files)} files and {REPORT_NAME} in {out}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
