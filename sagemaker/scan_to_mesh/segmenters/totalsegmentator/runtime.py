"""The process around TotalSegmentator: its folders, its habits, and what it may not do."""

import io
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from iris_oculus.errors import EngineUnavailable

DEFAULT_HOME = Path(".cache") / "iris-oculus" / "totalsegmentator"
ONE_AT_A_TIME = threading.Lock()
"""The package swaps ``sys.stdout`` and module attributes while it runs: no two calls at once."""


@dataclass(frozen=True)
class Deployment:
    """Where the engine keeps its things and what it is licensed for.

    Attributes
    ----------
    weights_dir : Path
        Folder of the ``Dataset…`` folders.
    home_dir : Path
        Writable folder for TotalSegmentator's own configuration.
    license_number : str or None
        Key for the tasks that need one.
    non_commercial : bool
        Whether tasks under non-commercial licences may run.
    """

    weights_dir: Path
    home_dir: Path
    license_number: str | None = None
    non_commercial: bool = False

    @classmethod
    def from_environment(cls, values: Mapping[str, str]) -> "Deployment":
        """Read TotalSegmentator's own variables and ours.

        ``TOTALSEG_HOME_DIR`` and ``TOTALSEG_WEIGHTS_PATH`` are the package's own, except that home
        defaults to a folder of ours, so that a user's own set-up is never changed. Ours are
        ``TOTALSEG_LICENSE_NUMBER`` and ``TOTALSEG_NON_COMMERCIAL`` (``true`` or ``false``).
        """
        home_dir = Path(values.get("TOTALSEG_HOME_DIR") or Path.home() / DEFAULT_HOME)
        weights_dir = values.get("TOTALSEG_WEIGHTS_PATH") or home_dir / "nnunet" / "results"
        return cls(
            weights_dir=Path(weights_dir).absolute(),
            home_dir=home_dir.absolute(),
            license_number=values.get("TOTALSEG_LICENSE_NUMBER") or None,
            non_commercial=values.get("TOTALSEG_NON_COMMERCIAL", "").lower() == "true",
        )


def prepare_process() -> None:
    """Settings that libraries read when they are imported; call before torch is.

    Threads that spin while they wait cost a busy machine four times the run time
    (``OMP_WAIT_POLICY``), and nnU-Net otherwise takes eight threads wherever it runs.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("nnUNet_def_n_proc", str(usable_cpus()))


def usable_cpus() -> int:
    """How many CPUs this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def write_configuration(deployment: Deployment) -> None:
    """Make TotalSegmentator's configuration: no usage statistics, the licence key if there is one.

    Raises
    ------
    EngineUnavailable
        If the home folder cannot be written.
    """
    configuration: dict[str, object] = {
        "totalseg_id": "iris-oculus",
        "send_usage_stats": False,
        "prediction_counter": 0,
        "statistics_disclaimer_shown": True,
    }
    if deployment.license_number is not None:
        configuration["license_number"] = deployment.license_number
    try:
        deployment.home_dir.mkdir(parents=True, exist_ok=True)
        (deployment.home_dir / "config.json").write_text(json.dumps(configuration), "utf-8")
    except OSError as error:
        raise EngineUnavailable(
            "TotalSegmentator's home folder cannot be written.",
            hint="Set TOTALSEG_HOME_DIR to a folder that the process may write to.",
        ) from error


@contextmanager
def replaced(module: ModuleType, name: str, stand_in: Callable[..., Any]) -> Iterator[None]:
    """Have a module's function be another one within the body."""
    original = getattr(module, name)
    setattr(module, name, stand_in)
    try:
        yield
    finally:
        setattr(module, name, original)


@contextmanager
def inside(deployment: Deployment) -> Iterator[None]:
    """Run the body as TotalSegmentator expects its process: its folders set, nothing printed.

    Entered by one thread at a time. The environment is put back afterwards.
    """
    variables = {
        "TOTALSEG_HOME_DIR": str(deployment.home_dir),
        "TOTALSEG_WEIGHTS_PATH": str(deployment.weights_dir),
        "nnUNet_raw": str(deployment.weights_dir),
        "nnUNet_preprocessed": str(deployment.weights_dir),
        "nnUNet_results": str(deployment.weights_dir),
    }
    with ONE_AT_A_TIME:
        before = {name: os.environ.get(name) for name in variables}
        os.environ.update(variables)
        write_configuration(deployment)
        try:
            with redirect_stdout(io.StringIO()):
                yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
