"""The embedded engine, which needs no weights: see its module ``engine``."""

from scan_to_mesh.segmenters.hounsfield.engine import HounsfieldSegmenter

__all__ = ["HounsfieldSegmenter"]
