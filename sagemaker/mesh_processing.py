"""Surface meshes from a label map file, without segmenting anything.

    python sagemaker/mesh_processing.py labels.nii.gz meshes/ --names names.json --formats glb,stl

The code is that of the pipeline; only reading the label map and printing are here.
"""

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from iris_imaging.volume import LabelMap
from iris_oculus.errors import InvalidField, IrisOculusError, NothingFound
from scan_to_mesh.exporters import EXPORTERS
from scan_to_mesh.exporters.artifact_names import structure_file_name
from scan_to_mesh.label_map_file import read_label_map, read_names
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scan_to_mesh.meshing.topology import enclosed_volume_ml, surface_area_cm2
from scan_to_mesh.statistics import SegmentStatistics, segment_statistics


@dataclass(frozen=True)
class _Row:
    """One structure in the table, and under the same names in ``--json``."""

    name: str
    label_value: int
    voxels: int
    volume_ml: float
    mesh_volume_ml: float
    surface_cm2: float
    triangles: int
    triangles_before: int
    watertight: bool
    truncated: bool


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 1 with a message on standard error."""
    options = _parse(arguments)
    try:
        _run(options)
    except IrisOculusError as error:
        sys.stderr.write(f"error: {error.message}\n{error.hint}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"error: {error.filename}: {error.strerror}\n")
        return 1
    return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="mesh_processing.py", description="Make a closed surface mesh of every segment."
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
        "--formats",
        type=_formats,
        default=tuple(EXPORTERS),
        help=f"some of {','.join(EXPORTERS)} (default: all)",
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


def _run(options: argparse.Namespace) -> None:
    names = read_names(options.names) if options.names else {}
    label_map, warnings = read_label_map(options.labels, names)
    _check_structures(label_map)
    options.out.mkdir(parents=True, exist_ok=True)
    meshes = mesh_label_map(
        label_map, MeshingOptions(options.reduction_percent / 100), _show_progress
    )
    files = [path for name in options.formats for path in EXPORTERS[name](meshes, options.out)]
    rows = [
        _row(mesh, measured)
        for mesh, measured in zip(meshes, segment_statistics(label_map, None), strict=True)
    ]
    if options.json:
        report = {
            "structures": [asdict(row) for row in rows],
            "files": [path.name for path in files],
            "warnings": [asdict(warning) for warning in warnings],
        }
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
        return
    sys.stdout.write(_table(rows) + f"\n{len(files)} files in {options.out}\n")
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


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        sys.stderr.write(f"\rmeshing: {done} of {total} structures{end}")
        sys.stderr.flush()


def _row(mesh: SurfaceMesh, measured: SegmentStatistics) -> _Row:
    return _Row(
        name=mesh.structure.name,
        label_value=mesh.structure.label_value,
        voxels=measured.voxels,
        volume_ml=measured.volume_ml,
        mesh_volume_ml=enclosed_volume_ml(mesh),
        surface_cm2=surface_area_cm2(mesh),
        triangles=len(mesh.faces),
        triangles_before=mesh.triangles_before,
        watertight=mesh.watertight,
        truncated=measured.truncated,
    )


def _table(rows: list[_Row]) -> str:
    width = max(len("structure"), *(len(row.name) for row in rows))
    head = ["label", "voxels ml", "mesh ml", "area cm²", "triangles", "before"]
    lines = [f"{'structure':{width}} " + " ".join(f"{title:>10}" for title in head) + "  notes"]
    for row in rows:
        notes = [] if row.watertight else ["not closed"]
        notes += ["cut at the border"] if row.truncated else []
        lines.append(
            f"{row.name:{width}} {row.label_value:>10} {row.volume_ml:>10.3f} "
            f"{row.mesh_volume_ml:>10.3f} {row.surface_cm2:>10.2f} {row.triangles:>10} "
            f"{row.triangles_before:>10}  {', '.join(notes)}".rstrip()
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
