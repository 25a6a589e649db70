"""The TotalSegmentator engine: the unmodified package, called through its Python API."""

from scan_to_mesh.segmenters.totalsegmentator.segmenter import TotalSegmentatorSegmenter

__all__ = ["TotalSegmentatorSegmenter"]
