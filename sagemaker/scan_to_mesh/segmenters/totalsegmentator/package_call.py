"""One call of TotalSegmentator's Python API, and what can come of it."""

import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np
import numpy.typing as npt
from iris_imaging.volume import Volume
from iris_oculus.errors import EngineUnavailable, OutOfMemory, SegmentationFailed

from scan_to_mesh.segmenters.totalsegmentator.runtime import replaced

# A few thousandths of the finest CT voxel; TotalSegmentator itself warns above 1e-5.
AFFINE_TOLERANCE_MM = 1e-4

Labels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class PackageCall:
    """What TotalSegmentator is asked for; its other arguments keep their defaults.

    Attributes
    ----------
    task : str
    fast : bool
    crop_to : list of str or None
        The package's ``roi_subset``.
    device : {"gpu", "cpu"}
    """

    task: str
    fast: bool
    crop_to: list[str] | None
    device: str

    def run(self, volume: Volume, dataset_ids: Collection[int]) -> Labels:
        """Segment a volume.

        Parameters
        ----------
        volume : Volume
            Finite intensities.
        dataset_ids : collection of int
            The models that are there; the package may not download others.

        Returns
        -------
        ndarray of uint8, shape of the volume's voxels
            Label values of the task.

        Raises
        ------
        EngineUnavailable
            If the package wants a model that is not in the list.
        OutOfMemory
            If the GPU's memory does not suffice.
        SegmentationFailed
            If the package gives up, or its result is not on the volume's grid.
        """
        from totalsegmentator.python_api import totalsegmentator

        image = nib.Nifti1Image(volume.voxels, volume.affine_ras_mm)
        with (
            _without_network(dataset_ids),
            device_handed_on(),
            _errors_translated(),
            tempfile.TemporaryDirectory(prefix="iris-totalsegmentator-") as folder,
        ):
            result = totalsegmentator(
                image,
                # Without an output path the package goes astray where it finds nothing to crop to;
                # with one it returns an empty label map. It writes nothing else there.
                Path(folder) / "labels.nii.gz",
                ml=True,
                skip_saving=True,
                task=self.task,
                fast=self.fast,
                roi_subset=self.crop_to,
                device=self.device,
                quiet=True,
                nr_thr_saving=1,
            )
            return _labels_on_grid(result, volume)


def _labels_on_grid(image: nib.Nifti1Image, volume: Volume) -> Labels:
    same_grid = image.shape == volume.voxels.shape and np.allclose(
        image.affine, volume.affine_ras_mm, rtol=0, atol=AFFINE_TOLERANCE_MM
    )
    if not same_grid:
        raise SegmentationFailed("TotalSegmentator's result is not on the grid of the scan.")
    labels: Labels = np.asanyarray(image.dataobj).astype(np.uint8, copy=False)
    return labels


@contextmanager
def _without_network(dataset_ids: Collection[int]) -> Iterator[None]:
    """Keep TotalSegmentator from downloading weights in the middle of a run."""
    import totalsegmentator.python_api as package

    def must_be_there(dataset_id: int) -> None:
        if dataset_id not in dataset_ids:
            raise EngineUnavailable(
                f"TotalSegmentator asks for an unexpected model: dataset {dataset_id}.",
                hint="Install the version that requirements/totalsegmentator.txt names.",
            )

    with replaced(package, "download_pretrained_weights", must_be_there):
        yield


@contextmanager
def device_handed_on() -> Iterator[None]:
    """Mend what keeps tasks that crop by another task (``teeth``) from running on the CPU.

    Version 2.18 keeps the CPU as text and a GPU as ``torch.device``, and loses the former on its
    way to the cropping task.
    """
    import totalsegmentator.python_api as package

    original: Callable[[object], str] = package.convert_device_to_string

    def as_text(device: object) -> str:
        return device if isinstance(device, str) else original(device)

    with replaced(package, "convert_device_to_string", as_text):
        yield


@contextmanager
def _errors_translated() -> Iterator[None]:
    """Turn what TotalSegmentator raises or does to give up into errors of ours.

    Its messages may hold file names and are not passed on; the cause stays attached.
    """
    import torch

    try:
        yield
    except torch.OutOfMemoryError as error:
        raise OutOfMemory("The GPU's memory does not suffice for this scan.") from error
    except (SystemExit, RuntimeError, ValueError, TypeError, IndexError, AssertionError) as error:
        raise SegmentationFailed(
            f"TotalSegmentator gave up on this scan ({type(error).__name__})."
        ) from error
