"""Find the Python that compiles layers: run as a module, this prints its path."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

VERSION = "3.13"
"""Of Lambda's runtime (template.yaml): bytecode is only good for the version that made it."""


def lambda_python(environment: Mapping[str, str]) -> Path | None:
    """Find a Python of the version that Lambda runs.

    Parameters
    ----------
    environment : mapping
        ``LAMBDA_PYTHON`` says which; without it the folders of ``PATH`` are searched, then pyenv's
        (whose own stand-ins on ``PATH`` do not run a version that is not the chosen one).

    Returns
    -------
    Path or None
        None where there is none: layers are built without bytecode then.
    """
    return next((path for path in _candidates(environment) if _is_lambdas(path)), None)


def _candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    told = environment.get("LAMBDA_PYTHON")
    if told:
        yield Path(told)
        return
    for folder in environment.get("PATH", "").split(os.pathsep):
        yield Path(folder, f"python{VERSION}")
    pyenv = Path(environment.get("PYENV_ROOT") or Path(environment.get("HOME", "/"), ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/{VERSION}*/bin/python{VERSION}"))


def _is_lambdas(path: Path) -> bool:
    if not path.is_file():
        return False
    ask = [str(path), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    asked = subprocess.run(ask, capture_output=True, text=True, check=False)
    return asked.returncode == 0 and asked.stdout.strip() == VERSION


def main() -> int:
    """Print its path, or nothing."""
    found = lambda_python(os.environ)
    if found is not None:
        print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
