"""``bundle.zip``: everything of a result in one download."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

from scan_to_mesh.exporters.artifact_names import require_artifact_name

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that the format can say
_REGULAR_FILE = 0o100644 << 16
_UNIX = 3
_COMPRESSED_ALREADY = (".gz", ".png", ".zip", ".web.glb")
_DEFLATE_LEVEL = 1  # level 6 takes three times as long to make meshes a tenth smaller


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
    with zipfile.ZipFile(path, "w") as archive:
        for name, file in sorted(by_name.items()):
            stored = name.endswith(_COMPRESSED_ALREADY)
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.external_attr = _REGULAR_FILE
            entry.create_system = _UNIX
            archive.writestr(
                entry,
                file.read_bytes(),
                compress_type=zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED,
                compresslevel=_DEFLATE_LEVEL,
            )
