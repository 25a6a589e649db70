"""From a segment's voxels to a closed surface in world millimetres."""

import numpy as np
import numpy.typing as npt
from iris_imaging.volume import spacing_mm
from skimage.measure import marching_cubes

from scan_to_mesh.meshing.occupancy import signed_occupancy
from scan_to_mesh.meshing.surface import Surface

# A layer of emptiness closes structures that touch the border of the image.
_PADDING_VOXELS = 1


def extract_surface(mask: npt.NDArray[np.bool_], index_to_mm: npt.NDArray[np.float64]) -> Surface:
    """Smooth closed surface around a segment.

    Parameters
    ----------
    mask : ndarray of bool, shape (I, J, K)
        The segment, cropped; it may touch any face of the crop.
    index_to_mm : ndarray of float64, shape (3, 3)
        Linear part of the affine; oblique, sheared or mirrored as it may be.

    Returns
    -------
    Surface
        In mm from the crop's first voxel along the RAS+ axes; wound outward whatever the sign of
        the determinant.

    Notes
    -----
    Marching cubes after Lewiner et al. 2003 (doi:10.1080/10867651.2003.10487582), as scikit-image
    implements it.
    """
    field = signed_occupancy(np.pad(mask, _PADDING_VOXELS), spacing_mm(index_to_mm))
    # scikit-image carries no type hints.
    vertices_index, faces, _, _ = marching_cubes(field, level=0.0)  # type: ignore[no-untyped-call]
    vertices_index -= np.float32(_PADDING_VOXELS)
    # scikit-image winds inward in index space; a mirroring affine turns that round.
    inward = np.linalg.det(index_to_mm) > 0
    return vertices_index @ index_to_mm.T, np.ascontiguousarray(faces[:, ::-1] if inward else faces)
