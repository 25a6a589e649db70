"""Lines of numbers as text, compiled: Python's own formatting is twenty times as slow."""

import math

import numpy as np
import numpy.typing as npt
from numba import njit

from scan_to_mesh.exporters.exportable import LARGEST_MM

_DECIMALS = 4  # half of the last is below a float's resolution at half a metre
_SCALE = 10**_DECIMALS
_LONGEST_VERTEX = len("v") + 3 * len(" -999999999.9999") + len("\n")
_LONGEST_FACE = len("f") + 3 * len(" 2147483647") + len("\n")
_MINUS, _POINT, _SPACE, _NEWLINE, _ZERO = b"-. \n0"
_V, _F = b"vf"


def vertex_lines(vertices_ras_mm: npt.NDArray[np.float32]) -> bytes:
    """``v x y z`` for each vertex, byte for byte what Python's ``%.4f`` makes of it.

    Parameters
    ----------
    vertices_ras_mm : ndarray of float32, shape (N, 3)
        Any frame, any unit.

    Raises
    ------
    ValueError
        If a coordinate is not finite, or as large as ``LARGEST_MM``.
    """
    vertices = np.require(vertices_ras_mm, np.float32, ["C", "W", "E"])
    if not (np.abs(vertices) < LARGEST_MM).all():
        raise ValueError(f"a coordinate is not below {LARGEST_MM:g} mm")
    text = np.empty(len(vertices) * _LONGEST_VERTEX, dtype=np.uint8)
    return text[: _write_vertices(vertices, text)].tobytes()


def face_lines(faces: npt.NDArray[np.int32], first_number: int) -> bytes:
    """``f a b c`` for each triangle.

    Parameters
    ----------
    faces : ndarray of int32, shape (M, 3)
        Vertex indices from 0.
    first_number : int
        Number of vertex 0 in the file.

    Raises
    ------
    ValueError
        If a number would go beyond 32 bits.
    """
    indices = np.require(faces, np.int32, ["C", "W", "E"])
    if len(indices) and int(indices.max()) + first_number > np.iinfo(np.int32).max:
        raise ValueError("more vertices than 32-bit numbers can count")
    text = np.empty(len(indices) * _LONGEST_FACE, dtype=np.uint8)
    return text[: _write_faces(indices, first_number, text)].tobytes()


@njit("i8(u8, u1[::1], i8)", nogil=True, cache=True)
def _write_integer(number: np.uint64, text: npt.NDArray[np.uint8], end: int) -> int:
    """Write digits and return where the next character goes."""
    digits, bound = 1, np.uint64(10)
    while number >= bound:
        digits += 1
        bound *= np.uint64(10)
    end += digits
    for place in range(end - 1, end - 1 - digits, -1):
        text[place] = _ZERO + number % np.uint64(10)
        number //= np.uint64(10)
    return end


@njit("i8(f4[:,::1], u1[::1])", nogil=True, cache=True)
def _write_vertices(vertices: npt.NDArray[np.float32], text: npt.NDArray[np.uint8]) -> int:
    end = 0
    for row in range(len(vertices)):
        text[end] = _V
        end += 1
        for axis in range(3):
            value = float(vertices[row, axis])
            text[end] = _SPACE
            end += 1
            if math.copysign(1.0, value) < 0:  # also of -0.0, as in Python
                text[end] = _MINUS
                end += 1
            # 24 bits times 10⁴ fit the 53 bits of a double: only rint rounds, half to even.
            scaled = np.uint64(np.rint(abs(value) * _SCALE))
            end = _write_integer(scaled // np.uint64(_SCALE), text, end)
            text[end] = _POINT
            fraction = scaled % np.uint64(_SCALE)
            for place in range(end + _DECIMALS, end, -1):
                text[place] = _ZERO + fraction % np.uint64(10)
                fraction //= np.uint64(10)
            end += 1 + _DECIMALS
        text[end] = _NEWLINE
        end += 1
    return end


@njit("i8(i4[:,::1], i8, u1[::1])", nogil=True, cache=True)
def _write_faces(
    faces: npt.NDArray[np.int32], first_number: int, text: npt.NDArray[np.uint8]
) -> int:
    end = 0
    for row in range(len(faces)):
        text[end] = _F
        end += 1
        for corner in range(3):
            text[end] = _SPACE
            end = _write_integer(np.uint64(faces[row, corner] + first_number), text, end + 1)
        text[end] = _NEWLINE
        end += 1
    return end
