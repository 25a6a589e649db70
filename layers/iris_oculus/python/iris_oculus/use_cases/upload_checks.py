"""Whether a file can be a scan, as far as its name and its first bytes tell."""

import unicodedata

from iris_oculus.errors import InvalidFilename, NotAnImage, UnsupportedFormat
from iris_oculus.scan_format import EXTENSIONS, sniff


def check_filename(filename: str) -> None:
    """Refuse a name that is a path, hides control characters, or has no known extension.

    Raises
    ------
    InvalidFilename
    UnsupportedFormat
    """
    if not filename or filename != filename.strip() or filename in {".", ".."}:
        raise InvalidFilename("The file name is empty or has blanks around it.")
    if "/" in filename or "\\" in filename:
        raise InvalidFilename("The file name holds a path.", hint="Send the name alone.")
    if any(unicodedata.category(character).startswith("C") for character in filename):
        raise InvalidFilename("The file name holds control characters.")
    if not filename.lower().endswith(EXTENSIONS):
        raise UnsupportedFormat(f"The file name must end in one of {', '.join(EXTENSIONS)}.")


def check_content(first_bytes: bytes) -> None:
    """Refuse bytes that are no scan.

    Parameters
    ----------
    first_bytes : bytes
        At most ``SNIFF_BYTES`` from the start of the file.

    Raises
    ------
    NotAnImage
    """
    if sniff(first_bytes) is None:
        raise NotAnImage("The file is neither NIfTI nor DICOM nor a zip, whatever its name says.")
