"""Packing a folder of DICOM files for the upload."""

import shutil
import zipfile
from pathlib import Path

from iris_oculus.errors import NotAnImage

from iris_imaging.dicom_sources import files_below, starts_like_dicom

# Pixels that compress at all do so at level 1, several times faster than at zlib's default.
_LEVEL = 1
_ZIP64_ABOVE_BYTES = 2**30
# The directory of a medium, always of this name (PS3.10, section 8.6), lists people and files.
_DIRECTORY_NAME = "DICOMDIR"


def _is_packed(path: Path) -> bool:
    if path.name.upper() == _DIRECTORY_NAME:
        return False
    with path.open("rb") as stream:
        return starts_like_dicom(stream)


def pack_dicom_folder(folder: Path, zip_path: Path) -> None:
    """Pack the DICOM files of a folder, and of the folders in it, into a zip archive.

    Members are numbered, because names of files and folders may name the patient; the headers
    themselves are packed as they are. The same files always give the same archive.

    Parameters
    ----------
    folder : Path
    zip_path : Path
        Replaced if it exists.

    Raises
    ------
    NotAnImage
        If there is no DICOM file.
    OSError
        If a file cannot be read or written.
    """
    paths = [path for path in files_below(folder) if _is_packed(path)]
    if not paths:
        raise NotAnImage("The folder holds no DICOM files.")
    with zipfile.ZipFile(zip_path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for number, path in enumerate(paths, start=1):
            large = path.stat().st_size > _ZIP64_ABOVE_BYTES
            member = archive.open(f"{number:06d}.dcm", "w", force_zip64=large)
            with path.open("rb") as stream, member:
                shutil.copyfileobj(stream, member, 2**20)
