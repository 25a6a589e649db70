"""Make the phantoms to train on, at 3 mm and at 6 mm."""

import argparse
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from scipy import ndimage

from local_stack.phantom import PhantomOptions, make_torso

ZYX = (2, 1, 0)  # nnU-Net's order of axes


def write_phantom(folder: Path, seed: int) -> None:
    """Write one phantom, its scan range drawn by the seed; 6 mm as TotalSegmentator resamples."""
    path = folder / f"{seed:05d}.npz"
    if path.exists():
        return
    phantom = make_torso(PhantomOptions(seed=seed, z_low_mm=None, z_high_mm=None))
    image, labels = phantom.volume.voxels, phantom.label_map.labels
    coarse_image = ndimage.zoom(image.astype(np.float32), 0.5, order=1, mode="nearest")
    coarse_labels = ndimage.zoom(labels, 0.5, order=0, mode="nearest")
    np.savez(
        path,
        image_3mm=image.transpose(ZYX),
        labels_3mm=labels.transpose(ZYX),
        image_6mm=coarse_image.astype(np.int16).transpose(ZYX),
        labels_6mm=coarse_labels.transpose(ZYX),
    )


def main() -> None:
    """Write phantoms 0 to ``count`` - 1 that are not there yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=200)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with Pool() as pool:
        pool.starmap(write_phantom, [(arguments.folder, seed) for seed in range(arguments.count)])


if __name__ == "__main__":
    main()
