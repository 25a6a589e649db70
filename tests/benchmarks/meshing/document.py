"""docs/MESHING_BENCHMARK.md."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.meshing.quality import POINTS
from tests.benchmarks.meshing.records import Records
from tests.benchmarks.meshing.tables import (
    BODY_COLUMNS,
    DISTANCE_COLUMNS,
    SHAPE_COLUMNS,
    TRUTH_COLUMNS,
    Chosen,
    Column,
    goal_table,
    quality_table,
    shape_table,
    shape_verdict,
    table,
    time_table,
    verdict,
)
from tests.benchmarks.meshing.ways import REDUCTION, WAYS

PEERS = (
    "fast-simplification",
    "meshoptimizer",
    "niimath",
    "open3d",
    "scikit-image",
    "vtk",
    "zmesh",
)


_FILE_PARTS = {
    "meshes": "meshes_s",
    "GLB": "glb_s",
    "OBJ": "obj_s",
    "STL": "stl_s",
    "report": "report_s",
    "ZIP": "zip_s",
    "all, wall": "wall_s",
    "all, CPU": "cpu_s",
}


def document(records: Records, run: str, peers_lock: Path) -> str:
    """Text of the page: what one run measured, and nothing of any other."""
    of_run = records.of_run(run)
    chosen = Chosen(of_run, run)
    machine = _figures(of_run, "machine", "")
    volumes = [name for name in ("real61", "syn117") if _figures(of_run, "volume", name)]
    skipped = [
        f"- `{record.volume}` was not measured: {record.failure}."
        for record in of_run.all()
        if record.kind == "volume" and record.failure
    ]
    return TEXT.format(
        date=run[:10],
        volumes="\n".join(
            [_volume(name, _figures(of_run, "volume", name)) for name in volumes] + skipped
        ),
        reduction=f"{REDUCTION:.0%}".replace("%", " %"),
        processor=machine.get("processor", "a processor"),
        processors=machine.get("processors", "?"),
        load_before=machine.get("load", 0.0),
        versions=", ".join(versions(peers_lock.read_text(encoding="utf-8"))),
        speed="\n\n".join(time_table(chosen, name) for name in volumes),
        goals=goal_table(chosen, volumes),
        threads=_threads(chosen, volumes),
        reports=_reports(chosen, volumes),
        start=_start(chosen, volumes),
        quality="\n\n".join(_quality(chosen, name) for name in volumes),
        sampled=_judged(chosen, "real61", TRUTH_COLUMNS) if "real61" in volumes else "",
        shapes="\n\n".join(
            f"{shape_table(chosen, 'analytic', title, columns)}\n\n"
            f"{shape_verdict(chosen, 'analytic', columns)}"
            for title, columns in SHAPE_COLUMNS.items()
        ),
        files=_files(of_run, volumes),
        points=POINTS,
    )


def versions(lock: str) -> list[str]:
    """``name version`` of the peers' libraries, by their lock file's text."""
    pins = dict(re.findall(r"^([\w.-]+)==([^ ;\\]+)", lock, re.MULTILINE))
    return [f"{name} {pins[name]}" for name in PEERS]


def _figures(records: Records, kind: Any, volume: str) -> Mapping[str, Any]:
    found = records.find(None, kind, volume, "")
    return found[-1].figures if found else {}


def _volume(name: str, figures: Mapping[str, Any]) -> str:
    shape = "×".join(map(str, figures["shape"]))
    spacing = "×".join(f"{step:g}" for step in figures["spacing_mm"])
    return (
        f"- `{name}`: {figures['labels']} labels, {shape} voxels of {spacing} mm. {figures['what']}"
    )


def _quality(chosen: Chosen, volume: str) -> str:
    columns = (*BODY_COLUMNS, *DISTANCE_COLUMNS)
    bodies = quality_table(chosen, volume, BODY_COLUMNS)
    return f"{bodies}\n\n{_judged(chosen, volume, DISTANCE_COLUMNS, columns)}"


def _judged(
    chosen: Chosen, volume: str, columns: Sequence[Column], compared: Sequence[Column] = ()
) -> str:
    """A table, and in which columns of it (or of all that are compared) another way is better."""
    rows = quality_table(chosen, volume, columns)
    return f"{rows}\n\n{verdict(chosen, volume, compared or columns)}"


def _threads(chosen: Chosen, volumes: Sequence[str]) -> str:
    one, two = (next(way for way in WAYS if way.name == name) for name in ("ours", "ours-2"))
    sentences = []
    for volume in volumes:
        walls = [chosen.median(volume, way, "wall_s") for way in (one, two)]
        if all(walls):
            sentences.append(f"{volume}: {walls[0]:.2f} s with one, {walls[1]:.2f} s with two")
    return "; ".join(sentences)


def _reports(chosen: Chosen, volumes: Sequence[str]) -> str:
    both = {volume: chosen.ours(volume) for volume in volumes}
    return ", ".join(
        f"{whole - alone:.2f} s of the {whole:.2f} s of `{volume}`"
        for volume, (alone, whole) in ((name, each) for name, each in both.items() if each)
    )


def _start(chosen: Chosen, volumes: Sequence[str]) -> str:
    """CPU seconds that a process of ours and of others begins with."""
    found = {
        way.short: [chosen.median(volume, way, "first_cpu_s") for volume in volumes]
        for way in WAYS
        if not way.same_meshes_as
    }
    seconds = {name: [each for each in values if each] for name, values in found.items()}
    return ", ".join(f"{name} {max(values):.1f} s" for name, values in seconds.items() if values)


def _files(records: Records, volumes: Sequence[str]) -> str:
    rows = []
    for volume in volumes:
        for record in records.find(None, "files", volume, "")[-1:]:
            if not record.figures:
                rows.append([volume, record.failure])
                continue
            seconds = [f"{record.figures[key]:.2f}" for key in _FILE_PARTS.values()]
            size = [f"{record.figures['files']}", f"{record.figures['mb']:.0f}"]
            rows.append([volume, *seconds, *size])
    return table(["seconds", *_FILE_PARTS, "files", "MB"], rows)


TEXT = """# How fast and how true the meshes are

The same label maps through this project's meshing and through other ways to do it, in one run on
{date}. Every way removes {reduction} of the triangles that it begins with. Written by

```sh
make bench-mesh
```

which makes the label maps (always the same ones), sets the other libraries up in an environment of
their own, and runs every way in a process of its own, in turns. It takes half an hour, and goes on
where it was interrupted with `make bench-mesh BENCH=--resume`. The others:
{versions}.

{volumes}
- `analytic`: spheres, ellipsoids, a torus, capsules and a plate, of 0.8×0.8×1 mm.

**Read the ratios.** The machine had {processors} processors ({processor}); when the run began,
{load_before:.1f} processes wanted them. CPU seconds depend less on what else runs than wall ones.

## Speed

{speed}

- **CPU s**, **wall s**: from the label map in memory to all meshes in memory, medians of the
  rounds. Imports, compiling and a first small label map come before. All ways but "two threads"
  run in one thread. Ways that take minutes ran once.
- **ours, print**: every structure starts from all of its vertices. Everything else that is said of
  ours, best or not, is said of `standard` quality, which is what the pipeline makes.
- **× ours**: CPU time as a multiple of ours. Ours makes a report of every mesh, with its distances
  from the surface before decimation, which no other way does: {reports}. The first figure is
  without it, the second **with report**.
- **MB**: the most memory that the process held, without the label map; Python and the libraries are
  in it.
- Two threads: {threads}.
- Imports and the first small label map, which are not in the table, take CPU time too:
  {start}.

Goals, as multiples of our CPU time; "(no)" where one is not met:

{goals}

## How true to the label map

{quality}

- **closed**: structures whose mesh has no open edge, no edge of three or more triangles and
  agreeing windings; **welded**: after vertices within 0.0001 mm have become one, as readers of STL
  make it; **manifold**: and no vertex where the surface touches itself. **outward**: the volume is
  above 0.
- **volume**: of the mesh, against the voxels'; sign of the winding aside.
- **to**, **from**: distances in mm from the mesh to the label map's own surface, and from that
  surface to the mesh, where lost tips are seen. That surface is marching cubes of the label's
  voxels, not smoothed and not decimated: it runs half way between voxels of the label and others,
  and has their steps of up to half a voxel. A mesh that keeps the steps is nearer to it than one
  that is smooth: the row *what was sampled*, where it is known, is how a perfect mesh would fare.
  95 %, 99 %, max: of {points} places spread evenly over each surface (and, for the
  largest, as many of its vertices again), medians over the structures; worst: the largest of all.
- **gap**: at places where voxels of two structures meet, from the one mesh to the other, without
  sign; **overlap**: the share of such places where the meshes pass through one another.

## How true to what the labels were sampled from

Where each label of `real61` is as strong as the strongest other one, before that was turned into
labels: a smooth surface, between the voxels, that no way to mesh has seen. Where the volume ends,
it ends in a flat face with a crisp rim, half a voxel outside of the last voxels. Distances in mm
from the mesh to it and **from** it to the mesh, as above.

{sampled}

## How true to shapes that are known

{shapes}

- Distances to the shape itself, not to its voxels: of 40000 places on the mesh; **of the shape**:
  from places all over the shape's surface to the mesh. **Normals**: mean angle to the shape's.

## From labels to files

From the label map in memory to all files on disk, with as many threads as processors:

{files}

nii2mesh is in no package registry: niimath carries its code. It meshes one mask at a time here, as
its own way to mesh a label map (`-mesh -a`) breaks off in version 1.0.20261016; its figures hold
reading and writing small files.
"""
