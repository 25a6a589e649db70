"""Label maps and structure names from files, for meshing without a segmentation engine."""

import colorsys
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import numpy.typing as npt
from iris_imaging.hostile_bytes import refusing_what_cannot_be_read
from iris_imaging.limits import DEFAULT_LIMITS
from iris_imaging.nifti import describe_nifti
from iris_imaging.volume import LabelMap
from iris_oculus.errors import InvalidField, UnreadableScan
from iris_oculus.job import JobWarning
from iris_oculus.structures import Structure

from scan_to_mesh.segments import find_segments, memory_axes

_NAMES_HINT = 'Write one JSON object of label values and names: {"1": "liver", "2": "spleen"}.'

# A golden angle apart, however many hues there are, no two neighbours look alike.
_HUE_STEP = 0.618034
_SATURATION, _VALUE = 0.55, 0.9


def read_names(path: Path) -> dict[int, str]:
    """Structure names by label value, from a JSON object such as ``{"1": "liver"}``.

    Raises
    ------
    InvalidField
        If the file holds anything else, or two label values share a name.
    """
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        names = {int(value): name for value, name in entries.items()}
    except (ValueError, AttributeError):
        raise InvalidField(
            "The names are no JSON object by label value.", hint=_NAMES_HINT
        ) from None
    if any(value < 1 for value in names) or not all(isinstance(n, str) for n in names.values()):
        raise InvalidField("Names are texts for label values from 1 up.", hint=_NAMES_HINT)
    if len(set(names.values())) < len(entries):
        raise InvalidField("Two label values share a name.", hint=_NAMES_HINT)
    return names


def read_label_map(path: Path, names: Mapping[int, str]) -> tuple[LabelMap, tuple[JobWarning, ...]]:
    """Read a label map from NIfTI, on its own grid and in its own axis order.

    Parameters
    ----------
    path : Path
        Ends in ``.nii`` or ``.nii.gz``. Any integer type, or floating point that holds nothing but
        whole numbers; no value is changed.
    names : mapping of int to str
        Names by label value; a value without one is called ``label_<value>``.

    Returns
    -------
    label_map : LabelMap
    warnings : tuple of JobWarning
        About its place in space.

    Raises
    ------
    UnreadableScan
        If it is no three-dimensional NIfTI, damaged, or holds values that are no labels.
    """
    with refusing_what_cannot_be_read():
        description = describe_nifti(path, DEFAULT_LIMITS)
        load: Any = nibabel.load  # nibabel annotates only part of itself
        stored = np.asanyarray(load(path).dataobj).reshape(description.shape, order="A")
    labels = _as_unsigned(stored)
    segments = find_segments(labels.transpose(memory_axes(labels)))
    structures = _structures([segment.label_value for segment in segments], names)
    return LabelMap(labels, description.affine_ras_mm, structures), description.warnings


def _as_unsigned(stored: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same numbers as unsigned integers of the machine's byte order."""
    highest = stored.max()
    # Written so that it is also false where a value is not a number.
    if not (stored.min() >= 0 and highest < 2**64):
        raise _no_labels()
    if stored.dtype.kind != "f":
        return stored.astype(f"u{stored.dtype.itemsize}", order="K", copy=False)
    labels = stored.astype(np.min_scalar_type(int(highest)), order="K")
    if not np.array_equal(labels, stored):
        raise _no_labels()
    return labels


def _no_labels() -> UnreadableScan:
    return UnreadableScan(
        "A label map holds whole numbers from 0 up, and nothing else.",
        hint="Send the label map: neither the scan, nor probabilities.",
    )


def _structures(values: list[int], names: Mapping[int, str]) -> dict[int, Structure]:
    structures = {}
    for rank, value in enumerate(values):
        name = names.get(value, f"label_{value}")
        hue = rank * _HUE_STEP % 1.0
        red, green, blue = (
            round(255 * part) for part in colorsys.hsv_to_rgb(hue, _SATURATION, _VALUE)
        )
        structures[value] = Structure(
            name=name,
            label_value=value,
            display_name=name.replace("_", " ").capitalize(),
            color_rgb=(red, green, blue),
            body_system="other",
        )
    return structures
