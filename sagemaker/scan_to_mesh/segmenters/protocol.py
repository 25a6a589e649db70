"""What a segmentation engine is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from iris_imaging.volume import LabelMap, Volume
from iris_oculus.documents import EngineEntry
from iris_oculus.job import Device, JobWarning

ReportSteps = Callable[[int, int], None]
"""Called with (steps done, steps in all) whenever one is finished."""


@dataclass(frozen=True)
class SegmentationRequest:
    """What to segment, and how.

    Attributes
    ----------
    task : str
        A task of the engine's catalogue.
    fast : bool
        The engine's faster, coarser model.
    roi_subset : tuple of str or None
        The only structures wanted; None for all.
    device : {"gpu", "cpu", "auto"}
    """

    task: str
    fast: bool
    roi_subset: tuple[str, ...] | None
    device: Device


@dataclass(frozen=True)
class Segmentation:
    """What an engine found.

    Attributes
    ----------
    label_map : LabelMap
        On exactly the grid (shape, affine) of the volume that was given; ``structures`` lists what
        the engine looked for.
    engine : EngineEntry
        What ran, and on which device.
    warnings : tuple of JobWarning
    model_voxel_mm : float or None
        Longest side of the voxels that the engine's model works on, where they are not the scan's:
        its label map has stairs as wide.
    """

    label_map: LabelMap
    engine: EngineEntry
    warnings: tuple[JobWarning, ...] = ()
    model_voxel_mm: float | None = None


class Segmenter(Protocol):
    """A segmentation engine, loaded once and used for many scans."""

    name: str

    def segment(
        self, volume: Volume, request: SegmentationRequest, report: ReportSteps
    ) -> Segmentation:
        """Find the structures of a task in a volume.

        Raises
        ------
        SegmentationFailed
            If the engine cannot segment this volume.
        WrongModality
            If the task is for another modality than the volume's.
        EngineUnavailable
            If weights are missing.
        """
