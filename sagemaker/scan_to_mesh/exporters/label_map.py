"""``segmentation.nii.gz``: the label map on the grid of the scan."""

import gzip
import json
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import numpy.typing as npt
from iris_imaging.volume import LabelMap

SCHEMA = "iris-oculus/label-map/1"
_SCANNER = 1  # NIFTI_XFORM_SCANNER_ANAT: the affine leads to the scanner's own frame
_ABSENT = 0
_GZIP_LEVEL = 6  # label maps are long runs: a third of level 1's size in twice its time
_SAME_PLACE_MM = 1e-3


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
    nifti_image: Any = nib.Nifti1Image  # nibabel annotates only part of itself
    image = nifti_image(labels, label_map.affine_ras_mm)
    image.set_sform(label_map.affine_ras_mm, code=_SCANNER)
    _set_qform(image, label_map)
    header = image.header
    header.set_xyzt_units(xyz="mm")
    header.set_intent("label")
    header.extensions.append(nib.nifti1.Nifti1Extension("comment", _legend(label_map)))
    # No name and no time in the gzip header: the same labels give the same bytes.
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", _GZIP_LEVEL, fileobj=file, mtime=0) as compressed,
    ):
        image.to_stream(compressed)


def _narrowest(labels: npt.NDArray[Any]) -> npt.DTypeLike:
    highest = int(labels.max())
    if highest > np.iinfo(np.uint16).max:
        raise ValueError(f"label value {highest} does not fit 16 bits")
    return np.uint8 if highest <= np.iinfo(np.uint8).max else np.uint16


def _set_qform(image: Any, label_map: LabelMap) -> None:
    """Say the affine a second time as a quaternion, where one can: it cannot hold a shear.

    A quaternion that is a millimetre off would be a second, wrong answer: then it is marked absent.
    """
    affine_ras_mm = label_map.affine_ras_mm
    image.set_qform(affine_ras_mm, code=_SCANNER, strip_shears=True)
    last = [size - 1 for size in label_map.labels.shape]
    corners = np.array(
        [[i, j, k, 1] for i in (0, last[0]) for j in (0, last[1]) for k in (0, last[2])]
    )
    shift_mm = np.abs(corners @ (image.get_qform() - affine_ras_mm).T).max()
    if shift_mm > _SAME_PLACE_MM * max(1.0, np.abs(affine_ras_mm).max()):
        image.set_qform(None, code=_ABSENT)


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
