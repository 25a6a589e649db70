"""``bundle.zip``: everything of a result in one download."""

from collections.abc import Sequence
from pathlib import Path

from scan_to_mesh.exporters.artifact_names import require_artifact_name
from scan_to_mesh.exporters.zip_archive import ZipEntry, write_zip

_COMPRESSED_ALREADY = (".gz", ".png", ".zip")


def write_bundle(files: Sequence[Path], path: Path) -> None:
    """Write files into one flat archive; the same files give the same bytes.

    Parameters
    ----------
    files : sequence of Path
        In any order: entries are sorted by name and carry no times.
    path : Path

    Raises
    ------
    ValueError
        If two files have the same name, or a name is none of an artifact.
    """
    by_name = {require_artifact_name(file.name): file for file in files}
    if len(by_name) != len(files):
        raise ValueError("two files of a bundle have the same name")
    entries = [
        ZipEntry(name, file, stored=name.endswith(_COMPRESSED_ALREADY))
        for name, file in sorted(by_name.items())
    ]
    write_zip(entries, path)
