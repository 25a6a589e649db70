"""``segmentation.nii.gz``: the label map on the grid of the scan."""

import json
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import numpy.typing as npt
from iris_imaging.volume import LabelMap

from scan_to_mesh.exporters.nifti import nifti_image, write_compressed

SCHEMA = "iris-oculus/label-map/1"


def write_label_map(label_map: LabelMap, path: Path) -> None:
    """Write a label map as NIfTI-1, with its legend in a header extension.

    The grid and the affine are the scan's. The legend is a ``comment`` extension that holds JSON:
    ``{"schema": …, "structures": [{"label_value", "name", …}]}``; nothing of the patient is
    in the file. The same label map gives the same bytes.

    Parameters
    ----------
    label_map : LabelMap
    path : Path
        Ends in ``.nii.gz``.

    Raises
    ------
    ValueError
        If a label value is above 65535.
    """
    labels = label_map.labels.astype(_narrowest(label_map.labels), copy=False)
    image = nifti_image(labels, label_map.affine_ras_mm)
    image.header.set_intent("label")
    image.header.extensions.append(nib.nifti1.Nifti1Extension("comment", _legend(label_map)))
    write_compressed(image, path)


def _narrowest(labels: npt.NDArray[Any]) -> npt.DTypeLike:
    highest = int(labels.max())
    if highest > np.iinfo(np.uint16).max:
        raise ValueError(f"label value {highest} does not fit 16 bits")
    return np.uint8 if highest <= np.iinfo(np.uint8).max else np.uint16


def _legend(label_map: LabelMap) -> bytes:
    structures = [
        {
            "label_value": value,
            "name": structure.name,
            "display_name": structure.display_name,
            "color_rgb": list(structure.color_rgb),
            "snomed_code": structure.snomed_code,
            "snomed_meaning": structure.snomed_meaning,
        }
        for value, structure in sorted(label_map.structures.items())
    ]
    return json.dumps({"schema": SCHEMA, "structures": structures}).encode()
