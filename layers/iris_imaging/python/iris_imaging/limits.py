"""How much a scan may unpack to: an upload is input from strangers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadLimits:
    """Bounds that are checked before anything of that size is unpacked or allocated.

    Attributes
    ----------
    max_uncompressed_bytes : int
        Of the voxels as the file stores them, and of all files in an archive together.
    max_files : int
        In an archive or a folder.
    """

    max_uncompressed_bytes: int = 16 * 2**30
    max_files: int = 50_000


DEFAULT_LIMITS = ReadLimits()
