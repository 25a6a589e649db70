"""Measurements, each in a process of its own, and their bounds."""

import hashlib
import inspect
import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tests import mesh_distances, mesh_quality
from tests.benchmarks.meshing import analytic, quality, reference
from tests.benchmarks.meshing.analytic import BODIES, compare
from tests.benchmarks.meshing.grids import read_grid
from tests.benchmarks.meshing.quality import assess, read_meshes
from tests.benchmarks.meshing.real_body import Unavailable
from tests.benchmarks.meshing.records import Kind, Record, Records
from tests.benchmarks.meshing.reference import Reference, reference_of
from tests.benchmarks.meshing.volumes import FOLDER, WHAT, true_surfaces_of, volume_path
from tests.benchmarks.meshing.ways import SAMPLED, Way
from tests.conftest import REPOSITORY

TIMEOUT_S = 1200
_JUDGES = (analytic, quality, reference, mesh_distances, mesh_quality)
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VTK_SMP_MAX_THREADS")


def meshes_path(volume: str, way: str) -> Path:
    """Where the last meshes of a way are kept."""
    return FOLDER / "meshes" / volume / f"{way}.npz"


class Run:
    """One run of the benchmark: what it has measured already is not measured again.

    Parameters
    ----------
    records : Records
    name : str
        When it began.
    """

    def __init__(self, records: Records, name: str) -> None:
        self._records = records
        self.name = name

    def machine(self) -> None:
        """What this runs on."""
        if not self._records.find(self.name, "machine", "", ""):
            figures = {
                "processor": _processor(),
                "processors": os.cpu_count(),
                "load": os.getloadavg()[0],
            }
            self._keep(Record(self.name, "machine", "", "", 0, figures))

    def volume(self, volume: str) -> bool:
        """Make a volume where there is none; whether it could be made."""
        if self._records.find(self.name, "volume", volume, ""):
            return volume_path(volume).exists()
        try:
            grid = read_grid(volume_path(volume))
        except Unavailable as why:
            self._keep(Record(self.name, "volume", volume, "", 0, {}, str(why)))
            return False
        counts = np.bincount(grid.labels.ravel(order="K"))
        figures = {
            "shape": grid.labels.shape,
            "spacing_mm": np.round(np.diag(grid.affine_ras_mm)[:3], 6).tolist(),
            "labels": int((counts[1:] > 0).sum()),
            "what": WHAT[volume],
        }
        self._keep(Record(self.name, "volume", volume, "", 0, figures))
        return True

    def time(self, way: Way, volume: str, number: int) -> Record:
        """CPU seconds, wall seconds and memory of one round."""
        found = self._records.find(self.name, "time", volume, way.name)
        for record in found:
            if record.round == number and record.figures:
                return record
        meshes = meshes_path(volume, way.name)
        meshes.unlink(missing_ok=True)
        python = REPOSITORY / ".venvs" / way.environment / "bin" / "python"
        module = "tests.benchmarks.meshing.measured"
        command = [python, "-m", module, way.name, volume_path(volume), meshes]
        figures, failure = _measured(command)
        return self._keep(Record(self.name, "time", volume, way.name, number, figures, failure))

    def quality(self, way: Way, volume: str) -> Record:
        """How true the last round's meshes are; the same meshes are judged once for all runs."""
        kind: Kind = "truth" if volume == "analytic" else "quality"
        found = self._records.find(self.name, kind, volume, way.name)
        if found and found[-1].figures:
            return found[-1]
        path = meshes_path(volume, way.name)
        if not path.exists():
            return self._keep(Record(self.name, kind, volume, way.name, 0, {}, "no meshes"))
        key = _key(path)
        for record in self._records.find(None, kind, volume, way.name):
            if record.figures.get("key") == key:
                return self._keep(replace(record, run=self.name))
        judged = _truths(path) if kind == "truth" else _quality(path, volume)
        figures = {**judged, "key": key}
        return self._keep(Record(self.name, kind, volume, way.name, 0, figures))

    def sampled(self, volume: str) -> None:
        """How far the true surfaces are from their own labels, where they are known."""
        reference = _reference(volume)
        if reference.sampled and not self._records.find(self.name, "quality", volume, SAMPLED.name):
            judged = assess(reference.sampled, replace(reference, sampled={}))
            self._keep(Record(self.name, "quality", volume, SAMPLED.name, 0, asdict(judged)))

    def files(self, volume: str) -> Record:
        """From labels to files on disk, with as many threads as there are processors."""
        found = self._records.find(self.name, "files", volume, "")
        if found and found[-1].figures:
            return found[-1]
        python = REPOSITORY / ".venvs" / "dev" / "bin" / "python"
        module = "tests.benchmarks.meshing.files"
        command = [python, "-m", module, volume_path(volume), FOLDER / "result"]
        figures, failure = _measured(command)
        return self._keep(Record(self.name, "files", volume, "", 0, figures, failure))

    def _keep(self, record: Record) -> Record:
        self._records.add(record)
        return record


def _measured(command: Sequence[str | Path]) -> tuple[Mapping[str, Any], str]:
    """Figures of a process, or why there are none."""
    environment = {**os.environ, **dict.fromkeys(_ONE_THREAD, "1")}
    try:
        done = subprocess.run(
            command,
            cwd=REPOSITORY,
            env=environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
        )
    except subprocess.TimeoutExpired:
        return {}, f"took more than {TIMEOUT_S} s"
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["without a word"])[-1]
        return {}, f"ended with {done.returncode}: {last}"
    return json.loads(done.stdout.splitlines()[-1]), ""


def _processor() -> str:
    """Name of the processor, as Linux knows it."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _key(meshes: Path) -> str:
    """Of meshes and of the code that judges them."""
    digest = hashlib.sha256(meshes.read_bytes())
    for module in _JUDGES:
        digest.update(Path(inspect.getfile(module)).read_bytes())
    return digest.hexdigest()


@cache
def _reference(volume: str) -> Reference:
    return reference_of(read_grid(volume_path(volume)), true_surfaces_of(volume))


def _quality(meshes: Path, volume: str) -> Mapping[str, Any]:
    return asdict(assess(read_meshes(meshes), _reference(volume)))


def _truths(meshes: Path) -> Mapping[str, Any]:
    surfaces = _reference("analytic").surfaces
    found = read_meshes(meshes)
    return {
        BODIES[value].name: asdict(compare(*found[value], BODIES[value], surfaces[value].vertices))
        for value in BODIES
        if value in found and len(found[value][1]) > 3
    }
