"""The functions and their layers as Lambda would mount them, with wheels for this machine."""

import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from local_stack.template import Template
from scripts.operations.layers import LAYERS

REPOSITORY = Path(__file__).resolve().parents[2]
UV = REPOSITORY / ".venvs" / "dev" / "bin" / "uv"
FUNCTIONS_TO_COMPARE = {"empty": (), "control": ("dependencies",)}
"""Folders beside this file, and the layers that they have."""


@dataclass(frozen=True)
class Mounted:
    """A folder with functions and layers, and who has which layer."""

    folder: Path
    layers: dict[str, tuple[str, ...]]

    def python_path(self, function: str) -> str:
        """``PYTHONPATH`` of a function."""
        layers = [self.folder / layer / "python" for layer in self.layers[function]]
        return os.pathsep.join(map(str, [self.folder / "lambdas" / function, *layers]))


def mount(folder: Path, compiler: Path) -> Mounted:
    """Build every layer by its own Makefile, and put the functions beside them.

    Parameters
    ----------
    folder : Path
        Where to; made here.
    compiler : Path
        The Python that compiles layers, of the version that Lambda runs.
    """
    for layer in LAYERS.values():
        subprocess.run(
            ["make", "--silent", layer.make_target, f"ARTIFACTS_DIR={folder / layer.folder}"],
            cwd=REPOSITORY / "layers" / layer.folder,
            env={
                **os.environ,
                "PYTHON": sys.executable,
                "LAMBDA_PYTHON": str(compiler),
                "LAMBDA_MACHINE": platform.machine(),
            },
            check=True,
        )
    # Functions are deployed without bytecode: each is one small file.
    without_bytecode = shutil.ignore_patterns("__pycache__")
    for source in (REPOSITORY / "lambdas", Path(__file__).parent / "functions"):
        shutil.copytree(source, folder / "lambdas", ignore=without_bytecode, dirs_exist_ok=True)
    return Mounted(folder, {**_layers_of_functions(), **FUNCTIONS_TO_COMPARE})


def without_bytecode(mounted: Mounted, folder: Path) -> Mounted:
    """A copy as it would be had there been nothing to compile the layers."""
    shutil.copytree(mounted.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return Mounted(folder, mounted.layers)


def runtime(folder: Path, interpreter: Path) -> Path:
    """Python of an environment with what Lambda's runtime brings along, which is compiled."""
    make = [UV, "venv", "--quiet", "--no-python-downloads", "--python", interpreter, folder]
    subprocess.run(make, check=True)
    python = folder / "bin" / "python"
    sync = [UV, "pip", "sync", "--quiet", "--compile-bytecode", "--python", python]
    locked = REPOSITORY / "requirements" / "cold-starts.txt"
    subprocess.run([*sync, "--require-hashes", locked], check=True)
    return python


def _layers_of_functions() -> dict[str, tuple[str, ...]]:
    template = Template.read(REPOSITORY / "template.yaml")
    found = {}
    for _, function in template.of_type("AWS::Serverless::Function"):
        layers = [template.resources[layer["Ref"]]["Properties"] for layer in function["Layers"]]
        found[function["CodeUri"].removeprefix("lambdas/")] = tuple(
            layer["ContentUri"].removeprefix("layers/") for layer in layers
        )
    return found
