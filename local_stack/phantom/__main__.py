"""Write the torso phantom to a file: ``python -m local_stack.phantom OUT.nii.gz``."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import nibabel as nib
import numpy as np
import numpy.typing as npt

from local_stack.phantom.torso import PhantomOptions, known_volumes_ml, make_torso


def _write(path: Path, voxels: npt.NDArray[np.int16 | np.uint8], affine: object) -> None:
    image = nib.Nifti1Image(voxels, affine)
    image.header.set_xyzt_units("mm")
    nib.save(image, path)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the phantom, write it, and print the volumes of what is in it."""
    parser = argparse.ArgumentParser(prog="python -m local_stack.phantom", description=__doc__)
    parser.add_argument("out", type=Path, help="the CT: .nii or .nii.gz")
    parser.add_argument("--labels", type=Path, help="also write the true label map here")
    parser.add_argument("--seed", type=int, default=PhantomOptions.seed)
    parser.add_argument("--spacing", type=float, default=3.0, help="voxel size in mm")
    options = parser.parse_args(arguments)

    spacing_mm = (options.spacing, options.spacing, options.spacing)
    phantom = make_torso(PhantomOptions(seed=options.seed, spacing_mm=spacing_mm))
    _write(options.out, phantom.volume.voxels, phantom.volume.affine_ras_mm)
    if options.labels is not None:
        _write(options.labels, phantom.label_map.labels, phantom.label_map.affine_ras_mm)
    for name, volume_ml in known_volumes_ml(phantom).items():
        print(f"{name:<32} {volume_ml:10.1f} ml")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
