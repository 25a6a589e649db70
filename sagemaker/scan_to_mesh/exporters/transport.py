"""Files that are stored compressed, and unpacked on their way by whoever reads HTTP."""

from pathlib import Path

from isal import igzip

_LEVEL = 3


def compress_for_transport(path: Path) -> None:
    """Replace a file by its gzip, under the same name; the same bytes give the same bytes.

    S3 compresses nothing on the way: what browsers are to unpack is stored compressed, with the
    content encoding that :func:`scan_to_mesh.exporters.artifact.describe_artifact` finds out.

    Parameters
    ----------
    path : Path
        A file that nobody reads but over HTTP; small enough to be held in memory.
    """
    path.write_bytes(igzip.compress(path.read_bytes(), _LEVEL, mtime=0))
