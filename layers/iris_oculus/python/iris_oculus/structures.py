"""Anatomical structures, segmentation tasks and engines, as data.

``data/catalogue.json`` is generated: ``scripts/generate_catalogue.py`` makes it from
TotalSegmentator's registry and SNOMED CT mapping and from the embedded engine's own list.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Structure:
    """An anatomical thing that the user sees.

    Attributes
    ----------
    name : str
        Stable identifier, also used in artifact names: ``lung_upper_lobe_left``.
    label_value : int
        Its value in the label map of its task; 1 or more.
    display_name : str
        English name for people: ``Left upper lobe of lung``.
    color_rgb : tuple of int
        sRGB, 0 to 255.
    body_system : str
        Group in the tree: ``respiratory``, ``skeletal``, …
    snomed_code, snomed_meaning : str or None
        SNOMED CT concept, where one is known.
    encloses : bool
        Whether it lies around all the others (body surface, fat, muscle as a whole): opaque, it
        would be all that one sees.
    """

    name: str
    label_value: int
    display_name: str
    color_rgb: tuple[int, int, int]
    body_system: str
    snomed_code: str | None = None
    snomed_meaning: str | None = None
    encloses: bool = False


@dataclass(frozen=True)
class Task:
    """What an engine can be asked to segment.

    Attributes
    ----------
    name : str
        ``total``, ``lung_vessels``, …
    description : str
    modality : str
        ``CT`` or ``MR``.
    licence : str
        ``open``, ``commercial`` (needs a licence key) or ``non_commercial``.
    has_fast : bool
        Whether a lower-resolution model exists (``fast``).
    structures : tuple of Structure
    """

    name: str
    description: str
    modality: str
    licence: str
    has_fast: bool
    structures: tuple[Structure, ...]


def _structure(entry: Mapping[str, Any]) -> Structure:
    red, green, blue = entry["color_rgb"]
    return Structure(**{**entry, "color_rgb": (red, green, blue)})


@cache
def catalogue(engine: str) -> Mapping[str, Task]:
    """Tasks of an engine by name.

    Parameters
    ----------
    engine : str
        ``totalsegmentator`` or ``hounsfield``.

    Raises
    ------
    KeyError
        If there is no such engine.
    """
    text = files("iris_oculus").joinpath("data/catalogue.json").read_text(encoding="utf-8")
    tasks = json.loads(text)["engines"][engine]["tasks"]
    return {
        task["name"]: Task(**{**task, "structures": tuple(map(_structure, task["structures"]))})
        for task in tasks
    }
