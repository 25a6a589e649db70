"""Write docs/THIRD_PARTY_LICENCES.md: what the system runs on, and under which licence.

Packages are followed from the project's own requirements through what they require. `--check` says
only whether the document is up to date, and fails on a licence that may not be linked in.
"""

import argparse
import json
import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PAGE_LOCK = ROOT / "frontend" / "package-lock.json"
DOCUMENT = ROOT / "docs" / "THIRD_PARTY_LICENCES.md"
EXTRA = "local"  # the Lambdas, the container and the local stack together
REFUSED = re.compile(r"\b(A?GPL|GNU (Affero )?General Public)", re.IGNORECASE)
HEADER = """\
# Third-party licences

IRIS Oculus itself is proprietary. What it runs on keeps its own licence. Nothing under the GPL or
AGPL is linked in.

## Python: Lambdas, container and local stack

Written by `scripts/list_licences.py` from the installed packages.

| package | licence |
| --- | --- |
"""
PAGE = """
## JavaScript: the page

Written by the same script from the page's lock file.

| package | licence |
| --- | --- |
"""
FOOTER = """
## Elsewhere

| what | where | licence |
| --- | --- | --- |
| TotalSegmentator, nnU-Net | the container; `make test-totalsegmentator` | Apache-2.0 |
| PyTorch | the container; `make test-totalsegmentator` | BSD-3-Clause |
| connected-components-3d | the container, required by TotalSegmentator | LGPL-3.0 |
| weights of TotalSegmentator's open tasks | the container's image | Apache-2.0 |
| weights of its other tasks | never by default; see `GET /tasks` | commercial, or CC BY-NC |
| TotalSegmentator's names, colours and SNOMED CT codes | `layers/iris_oculus` | Apache-2.0 |
| ministack | the local stack's emulator, a process of its own | MIT |
"""


def closure() -> dict[str, Distribution]:
    """Installed packages that the project's extra needs, directly or not, by name."""
    found: dict[str, Distribution] = {}
    waiting: list[tuple[str, frozenset[str]]] = [("iris-oculus", frozenset({EXTRA}))]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue  # needed on other machines or Pythons only
        found[name] = package
        for line in package.requires or []:
            requirement = Requirement(line)
            wanted = [{"extra": extra} for extra in extras] or [{"extra": ""}]
            if requirement.marker and not any(map(requirement.marker.evaluate, wanted)):
                continue
            waiting.append((canonicalize_name(requirement.name), frozenset(requirement.extras)))
    del found["iris-oculus"]
    return found


def licence(package: Distribution) -> str:
    """A package's licence, as short as its metadata says it."""
    fields = package.metadata.json  # a plain dict, which lacks what the package does not say
    if "license_expression" in fields:
        return str(fields["license_expression"])
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in fields.get("classifier", [])
        if line.startswith("License ::")
    ]
    said = str(fields.get("license", "")).strip().splitlines()
    return ", ".join(classifiers) or (said[0] if said else "not stated")


def page_licences() -> dict[str, str]:
    """Licences of what the page ships, by name: what its lock does not mark as development's."""
    locked = json.loads(PAGE_LOCK.read_text())["packages"]
    return {
        path.rpartition("node_modules/")[2]: entry.get("license", "not stated")
        for path, entry in locked.items()
        if path and not entry.keys() & {"dev", "devOptional", "optional"}
    }


def document(python: dict[str, str], page: dict[str, str]) -> str:
    """The document's text; versions are left to the lock files."""
    return HEADER + _rows(python) + PAGE + _rows(page) + FOOTER


def _rows(licences: dict[str, str]) -> str:
    return "".join(f"| {name} | {said} |\n" for name, said in sorted(licences.items()))


def main() -> int:
    """Write or check the document; 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    python = {name: licence(package) for name, package in closure().items()}
    page = page_licences()
    refused = [(name, said) for name, said in (python | page).items() if REFUSED.search(said)]
    for name, said in refused:
        print(f"{name}: {said} may not be linked in")
    text = document(python, page)
    if not check:
        DOCUMENT.write_text(text)
    elif not DOCUMENT.exists() or DOCUMENT.read_text() != text:
        print(f"out of date: {DOCUMENT.name}; run scripts/list_licences.py")
        return 1
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
