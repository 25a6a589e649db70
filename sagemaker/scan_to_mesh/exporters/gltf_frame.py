"""From the patient's frame to glTF's: the only place where the frame changes.

RAS+ millimetres: x to the patient's right, y to the front, z to the head. glTF metres: Y up, and
the front of a model faces +Z (glTF 2.0, section 3.4). So superior becomes +Y and anterior +Z; a
rotation then leaves no choice for the third axis: the patient's left becomes +X. Someone who looks
at the model's front sees the patient's right on the left, as in a radiological view.
"""

import numpy as np
import numpy.typing as npt

RAS_TO_GLTF: npt.NDArray[np.float64] = np.array(
    [[-1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
)
"""Rotation (determinant +1) that turns RAS+ directions into glTF's."""

METRES_PER_MM = 1e-3


def rotate_to_gltf(vectors_ras: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Turn vectors from RAS+ to glTF's axes and leave their length.

    Parameters
    ----------
    vectors_ras : ndarray of float32, shape (N, 3)

    Returns
    -------
    ndarray of float32, shape (N, 3)
    """
    return (vectors_ras @ RAS_TO_GLTF.T).astype(np.float32)


def gltf_metres(vertices_ras_mm: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Positions in the glTF frame.

    Parameters
    ----------
    vertices_ras_mm : ndarray of float32, shape (N, 3)

    Returns
    -------
    ndarray of float32, shape (N, 3)
        Metres, Y up.
    """
    rotated = vertices_ras_mm.astype(np.float64) @ RAS_TO_GLTF.T
    return (rotated * METRES_PER_MM).astype(np.float32)
