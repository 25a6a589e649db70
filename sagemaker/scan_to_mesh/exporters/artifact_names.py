"""File names of artifacts: flat, and exactly the names of the catalogue."""

import re

_STRUCTURE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
_ARTIFACT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}(\.[a-z0-9]{1,8}){1,2}")
_RESERVED = frozenset({"model", "segmentation", "statistics", "manifest", "preview", "bundle"})


def structure_file_name(structure_name: str, extension: str) -> str:
    """Name of the file that holds one structure, such as ``liver.stl``.

    A name that would need a change is refused: an artifact is called exactly like its structure.

    Parameters
    ----------
    structure_name : str
    extension : str
        Without the dot.

    Raises
    ------
    ValueError
        If the name holds anything but letters, digits, ``_`` and ``-``, is longer than 80
        characters, or is taken by an artifact of the whole model.
    """
    if not _STRUCTURE_NAME.fullmatch(structure_name):
        raise ValueError(f"{structure_name!r} cannot be part of an artifact's name")
    if structure_name.lower() in _RESERVED:
        raise ValueError(f"{structure_name!r} is the name of an artifact of the whole model")
    return require_artifact_name(f"{structure_name}.{extension}")


def require_artifact_name(name: str) -> str:
    """The name itself, if it is one flat path segment with an extension.

    Raises
    ------
    ValueError
        If it holds a folder, a space, a control character, or no extension.
    """
    if not _ARTIFACT_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a flat artifact name")
    return name
