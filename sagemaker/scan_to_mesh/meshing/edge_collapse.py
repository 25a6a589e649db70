"""meshoptimizer's edge collapse with vertices that stay where they are.

The package's own function for it does not say that its error limit is a float, and ctypes refuses
it. Called through ctypes, the library leaves the GIL to other threads.
"""

import ctypes

import numpy as np
import numpy.typing as npt
from meshoptimizer._loader import lib
from meshoptimizer.simplifier import SIMPLIFY_ERROR_ABSOLUTE

_POINTER, _COUNT = ctypes.c_void_p, ctypes.c_size_t
# A handle of its own: another's signatures stay as they are.
_simplify = ctypes.CDLL(lib._name).meshopt_simplifyWithAttributes  # noqa: SLF001
_simplify.restype = _COUNT
_simplify.argtypes = [
    *(_POINTER, _POINTER, _COUNT),  # indices to write, indices, how many
    *(_POINTER, _COUNT, _COUNT),  # positions, how many, bytes from one to the next
    *(_POINTER, _COUNT, _POINTER, _COUNT),  # attributes, bytes, weights, how many each
    _POINTER,  # a byte for each vertex that stays
    *(_COUNT, ctypes.c_float, ctypes.c_uint, _POINTER),  # target, error, options, error made
]


def collapsed_faces(
    positions_mm: npt.NDArray[np.float32],
    faces: npt.NDArray[np.int32],
    locked: npt.NDArray[np.uint8],
    target_faces: int,
    largest_error_mm: float,
) -> npt.NDArray[np.int32]:
    """Collapse edges, the cheapest first, onto one of their ends.

    Parameters
    ----------
    positions_mm : ndarray of float32, shape (N, 3)
        Contiguous.
    faces : ndarray of int32, shape (M, 3)
        Contiguous.
    locked : ndarray of uint8, shape (N,)
        1 for vertices that stay.
    target_faces : int
    largest_error_mm : float

    Returns
    -------
    ndarray of int32, shape (K, 3)
        Faces that are left, between the same vertices.
    """
    kept = np.empty(faces.size, np.uint32)
    count = _simplify(
        kept.ctypes.data,
        faces.ctypes.data,
        faces.size,
        positions_mm.ctypes.data,
        len(positions_mm),
        positions_mm.strides[0],
        None,
        0,
        None,
        0,
        locked.ctypes.data,
        3 * target_faces,
        largest_error_mm,
        SIMPLIFY_ERROR_ABSOLUTE,
        None,
    )
    return kept[:count].view(np.int32).reshape(-1, 3)
