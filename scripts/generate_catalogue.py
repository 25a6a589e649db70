"""Write the catalogue of engines, tasks and structures that the API and the container share.

TotalSegmentator's part comes from the installed package: its task registry, class map and SNOMED CT
mapping (``totalsegmentator/resources/totalsegmentator_snomed_mapping.csv``), which is published
under the Apache License 2.0 (https://github.com/wasserth/TotalSegmentator). English names, body
systems, task descriptions and the colours of what atlases colour alike are ours:
``scripts/catalogue/totalsegmentator.json``. Bones are ivory there, arteries red, veins blue (those
of the lungs the other way round, by the blood that they carry), muscles and liver red-brown. The
mapping's own colours would show half of the vertebrae and every rib in another hue. The embedded
engine describes itself in ``scripts/catalogue/hounsfield.json``.

Needs TotalSegmentator, but neither torch nor weights::

    .venvs/totalsegmentator/bin/python scripts/generate_catalogue.py

With ``--check`` nothing is written; the exit status says whether the committed file is current.
"""

import argparse
import colorsys
import csv
import importlib.metadata
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Any

from totalsegmentator.map_tasks_config import TASK_CONFIGS
from totalsegmentator.registry import TASKS, get_task_classes, requires_license, task_modality

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "layers/iris_oculus/python/iris_oculus/data/catalogue.json"
SOURCES = ROOT / "scripts/catalogue"

# The package's registry knows no licence but the vendor's key; the weights of this task were
# published under CC BY-NC (TotalSegmentator's README, table of tasks).
NON_COMMERCIAL = frozenset({"brain_aneurysm"})
# A slip of the pen in the mapping: SNOMED CT calls 75297007 so.
CORRECTED_MEANINGS = {"Gluteus minius muscle": "Gluteus minimus muscle"}
SIDES = ("left", "right")
GOLDEN_RATIO = 0.618033988749895
LEAST_COLOR_DISTANCE = 24
# Of one family, every other member is darker by this, and all darken by the other towards the end.
NEIGHBOUR_STEP, FAMILY_STEP = 0.15, 0.1

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Concept:
    """One row of the SNOMED CT mapping."""

    code: str
    meaning: str
    color_rgb: Rgb


def read_mapping() -> dict[str, Concept]:
    """SNOMED CT concepts and colours by structure name, from the installed package."""
    resource = files("totalsegmentator") / "resources" / "totalsegmentator_snomed_mapping.csv"
    prefix = "SegmentedPropertyTypeCodeSequence"
    concepts = {}
    for row in csv.DictReader(resource.read_text(encoding="utf-8").splitlines()):
        meaning = row[f"{prefix}.CodeMeaning"]
        red, green, blue = (int(value) for value in row["DicomRGBColor"].split(","))
        concepts[row["Structure"]] = Concept(
            code=row[f"{prefix}.CodeValue"],
            meaning=CORRECTED_MEANINGS.get(meaning, meaning),
            color_rgb=(red, green, blue),
        )
    return concepts


def split_side(name: str) -> tuple[str | None, str]:
    """The side that a structure's name tells, and the name without it."""
    words = name.split("_")
    for side in SIDES:
        if side in words:
            rest = [word for word in words if word != side]
            return side, "_".join(rest)
    return None, name


def display_name(name: str, phrases: Mapping[str, str]) -> str:
    """English name for people: side, then the thing, then its number.

    ``rib_left_4`` becomes "Left rib 4", ``vertebrae_T12`` "T12 vertebra".
    """
    if name in phrases:
        return _capitalised(phrases[name])
    if vertebra := re.fullmatch(r"vertebrae_([CTLS]\d+)", name):
        return f"{vertebra[1]} vertebra"
    if tooth := re.fullmatch(r"(.*?)(_pulp)?_fdi(\d+)", name):
        words = tooth[1].replace("_", " ") + (", pulp" if tooth[2] else "")
        return f"{_capitalised(words)} (FDI {tooth[3]})"
    side, rest = split_side(name)
    phrase = phrases.get(rest, rest.replace("_", " "))
    return _capitalised(f"{side} {phrase}" if side else phrase)


def _capitalised(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:]


def body_system(name: str, rules: list[list[str]]) -> str:
    """The first system whose pattern the name holds; ``other`` where none does."""
    return next((system for pattern, system in rules if re.search(pattern, name)), "other")


def distinct_colors(taken: list[Rgb]) -> Iterator[Rgb]:
    """Endless colours, each unlike those taken and those given before.

    Hues walk around the circle by the golden ratio, which spreads any number of them evenly;
    saturation and value alternate so that neighbours on the circle stay apart.
    """
    used = list(taken)
    for index in count():
        hue = (index * GOLDEN_RATIO) % 1.0
        saturation, value = 0.45 + 0.2 * (index % 3), 0.95 - 0.18 * (index // 3 % 3)
        red, green, blue = (
            round(255 * part) for part in colorsys.hsv_to_rgb(hue, saturation, value)
        )
        candidate = (red, green, blue)
        if all(_distance(candidate, other) >= LEAST_COLOR_DISTANCE for other in used):
            used.append(candidate)
            yield candidate


def family_colors(names: Iterable[str], rules: list[tuple[str, Rgb]]) -> dict[str, Rgb]:
    """Colours by name, of what a rule colours.

    The first rule whose pattern a name holds counts. Names of one rule get tones of its colour:
    those that follow one another, such as ribs, can be told apart.
    """
    families: dict[int, list[str]] = {}
    for name in names:
        rule = next((i for i, (pattern, _) in enumerate(rules) if re.search(pattern, name)), None)
        if rule is not None:
            families.setdefault(rule, []).append(name)
    return {
        name: _tone(rules[rule][1], place, len(members))
        for rule, members in families.items()
        for place, name in enumerate(members)
    }


def _tone(color: Rgb, place: int, members: int) -> Rgb:
    share = 1 - NEIGHBOUR_STEP * (place % 2) - FAMILY_STEP * (place // 2 * 2) / members
    red, green, blue = (round(part * share) for part in color)
    return red, green, blue


def _distance(one: Rgb, other: Rgb) -> float:
    return float(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5)


def describe_task(
    name: str, words: Mapping[str, Any], concepts: Mapping[str, Concept]
) -> dict[str, Any]:
    """One task in the shape that ``iris_oculus.structures`` reads."""
    classes = sorted(get_task_classes(name).items())
    rules = [(pattern, (red, green, blue)) for pattern, (red, green, blue) in words["colors"]]
    of_concepts = {name: concept.color_rgb for name, concept in concepts.items()}
    known = of_concepts | family_colors([name for _, name in classes], rules)
    others = distinct_colors([known[name] for _, name in classes if name in known])
    structures = []
    for value, structure in classes:
        concept = concepts.get(structure)
        structures.append(
            {
                "name": structure,
                "label_value": value,
                "display_name": display_name(structure, words["phrases"]),
                "color_rgb": known[structure] if structure in known else next(others),
                "body_system": body_system(structure, words["body_systems"]),
                "encloses": structure in words["enclosing"],
                "snomed_code": concept.code if concept else None,
                "snomed_meaning": concept.meaning if concept else None,
            }
        )
    licence = "commercial" if requires_license(name) else "open"
    return {
        "name": name,
        "description": words["tasks"][name],
        "modality": task_modality(name),
        "licence": "non_commercial" if name in NON_COMMERCIAL else licence,
        "has_fast": "fast" in TASK_CONFIGS[name].get("sub_modes", {}),
        "structures": structures,
    }


def totalsegmentator_entry() -> dict[str, Any]:
    """The catalogue's entry of TotalSegmentator, from the installed package.

    Raises
    ------
    KeyError
        If the package knows a task that ``scripts/catalogue/totalsegmentator.json`` does not
        describe.
    """
    words = json.loads((SOURCES / "totalsegmentator.json").read_text(encoding="utf-8"))
    concepts = read_mapping()
    return {
        "version": importlib.metadata.version("TotalSegmentator"),
        "tasks": [
            describe_task(name, words, concepts)
            for name in TASKS
            if name not in words["development_tasks"]
        ],
    }


def hounsfield_entry() -> dict[str, Any]:
    """The catalogue's entry of the embedded engine, as it is written down."""
    entry: dict[str, Any] = json.loads((SOURCES / "hounsfield.json").read_text(encoding="utf-8"))
    return entry


def render(engines: Mapping[str, Mapping[str, Any]]) -> str:
    """JSON with one line per structure, so that a change reads well in a diff."""
    parts = []
    for engine, entry in engines.items():
        tasks = []
        for task in entry["tasks"]:
            head = {key: value for key, value in task.items() if key != "structures"}
            rows = ",\n".join(
                "    " + json.dumps(row, ensure_ascii=False) for row in task["structures"]
            )
            opening = json.dumps(head, ensure_ascii=False)[:-1]
            tasks.append(f'   {opening}, "structures": [\n{rows}\n   ]}}')
        fields = {key: value for key, value in entry.items() if key != "tasks"}
        opening = json.dumps(fields, ensure_ascii=False)[:-1] + (", " if fields else "")
        joined = ",\n".join(tasks)
        parts.append(f'  "{engine}": {opening}"tasks": [\n{joined}\n  ]}}')
    return '{"engines": {\n' + ",\n".join(parts) + "\n}}\n"


def main() -> int:
    """Write the catalogue, or compare it with the committed one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="compare only")
    check = parser.parse_args().check
    text = render({"totalsegmentator": totalsegmentator_entry(), "hounsfield": hounsfield_entry()})
    if check:
        current = CATALOGUE.exists() and CATALOGUE.read_text(encoding="utf-8") == text
        print("catalogue is current" if current else "catalogue is out of date")
        return 0 if current else 1
    CATALOGUE.parent.mkdir(exist_ok=True)
    CATALOGUE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
