"""Segmentation engines behind one protocol; a new engine is one module and one line here.

Engines are imported when one is opened, so that each runs without what the others need, and so
that the server process, which only checks the name, loads none of them.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from scan_to_mesh.settings import ContainerSettings, InvalidEnvironment

if TYPE_CHECKING:  # the protocol's module loads numpy
    from scan_to_mesh.segmenters.protocol import Segmenter


def _hounsfield(_settings: ContainerSettings) -> "Segmenter":
    from scan_to_mesh.segmenters.hounsfield import HounsfieldSegmenter

    return HounsfieldSegmenter()


def _totalsegmentator(settings: ContainerSettings) -> "Segmenter":
    from scan_to_mesh.segmenters.totalsegmentator import TotalSegmentatorSegmenter

    return TotalSegmentatorSegmenter(allow_download=settings.allow_weights_download)


SEGMENTERS: "dict[str, Callable[[ContainerSettings], Segmenter]]" = {
    "hounsfield": _hounsfield,
    "totalsegmentator": _totalsegmentator,
}


def check_engine(name: str) -> None:
    """Make sure that an engine of this name exists.

    Raises
    ------
    InvalidEnvironment
        If there is none.
    """
    if name not in SEGMENTERS:
        raise InvalidEnvironment(f"ENGINE must be one of {', '.join(sorted(SEGMENTERS))}")


def open_segmenter(settings: ContainerSettings) -> "Segmenter":
    """The engine that the settings name, ready to segment.

    Raises
    ------
    InvalidEnvironment
        If there is no such engine.
    EngineUnavailable
        If its package or its weights are missing; no other engine takes its place.
    """
    check_engine(settings.engine)
    return SEGMENTERS[settings.engine](settings)
