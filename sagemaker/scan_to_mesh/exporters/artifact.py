"""What the result says of a file that was made."""

import hashlib
from pathlib import Path

from iris_oculus.documents import ArtifactEntry

from scan_to_mesh.exporters.artifact_names import require_artifact_name

# glTF, OBJ, MTL and STL as registered with IANA, which knows no PLY.
_CONTENT_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".dcm": "application/dicom",
    ".glb": "model/gltf-binary",
    ".gz": "application/gzip",
    ".json": "application/json",
    ".mtl": "model/mtl",
    ".obj": "model/obj",
    ".ply": "application/octet-stream",
    ".png": "image/png",
    ".stl": "model/stl",
    ".zip": "application/zip",
}
_GZIP_MAGIC = b"\x1f\x8b"


def describe_artifact(path: Path) -> ArtifactEntry:
    """Name, content type, size and hash of a file as it is stored.

    Parameters
    ----------
    path : Path
        An artifact that has been written. A file that is gzip inside and does not say so in its
        name was compressed for transport: its ``content_encoding`` is ``gzip``.

    Raises
    ------
    ValueError
        If the name is no flat artifact name, or has an unknown extension.
    """
    name = require_artifact_name(path.name)
    if path.suffix not in _CONTENT_TYPES:
        raise ValueError(f"no content type is known for {path.suffix!r}")
    with path.open("rb") as file:
        compressed = file.read(2) == _GZIP_MAGIC and path.suffix != ".gz"
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return ArtifactEntry(
        name=name,
        content_type=_CONTENT_TYPES[path.suffix],
        content_encoding="gzip" if compressed else None,
        size_bytes=path.stat().st_size,
        sha256=sha256,
    )
