"""What can be said of a scan before it is processed."""

import hashlib
from pathlib import Path

from iris_oculus.documents import FailureEntry, GeometryEntry, Inspection, WarningEntry
from iris_oculus.errors import IrisOculusError

from iris_imaging.scan import ScanDescription, describe_scan
from iris_imaging.volume import spacing_mm

CHUNK_BYTES = 2**20


def inspect(path: Path) -> Inspection:
    """Read a scan's headers and say whether it can be processed.

    Parameters
    ----------
    path : Path
        The uploaded bytes.

    Returns
    -------
    Inspection
        Of a scan that cannot be read, ``accepted`` is false and ``failure`` says why.
    """
    digest = _file_sha256(path)
    try:
        description = describe_scan(path)
    except IrisOculusError as error:
        return Inspection(accepted=False, file_sha256=digest, failure=FailureEntry.of(error))
    return Inspection(
        accepted=True,
        file_sha256=digest,
        file_format=description.file_format,
        modality=description.modality.value,
        geometry=describe_geometry(description),
        series_count=description.series_count,
        warnings=[WarningEntry.of(warning) for warning in description.warnings],
    )


def describe_geometry(description: ScanDescription) -> GeometryEntry:
    """A scan's grid as it stands in documents."""
    return GeometryEntry(
        shape=list(description.shape),
        affine_ras_mm=description.affine_ras_mm.tolist(),
        spacing_mm=list(spacing_mm(description.affine_ras_mm)),
        orientation=description.orientation,
        orientation_trusted=description.orientation_trusted,
    )


def _file_sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
