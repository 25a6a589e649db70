"""From a segment's voxels to a closed surface in world millimetres."""

import numpy as np
import numpy.typing as npt
from iris_imaging.volume import Affine, spacing_mm
from skimage.measure import marching_cubes

from scan_to_mesh.meshing.occupancy import signed_occupancy
from scan_to_mesh.meshing.surface import Surface

# A layer of emptiness closes structures that touch the border of the image.
_PADDING_VOXELS = 1


def extract_surface(
    mask: npt.NDArray[np.bool_], origin_index: tuple[int, int, int], affine_ras_mm: Affine
) -> Surface:
    """Smooth closed surface around a segment.

    Parameters
    ----------
    mask : ndarray of bool, shape (I, J, K)
        The segment, cropped; it may touch any face of the crop.
    origin_index : tuple of int
        Index of the crop's first voxel in the array that the affine belongs to.
    affine_ras_mm : ndarray of float64, shape (4, 4)
        Voxel index to RAS+ mm; oblique, sheared or mirrored as it may be.

    Returns
    -------
    Surface
        Wound outward whatever the sign of the affine's determinant.

    Notes
    -----
    Marching cubes after Lewiner et al. 2003 (doi:10.1080/10867651.2003.10487582), as scikit-image
    implements it.
    """
    field = signed_occupancy(np.pad(mask, _PADDING_VOXELS), spacing_mm(affine_ras_mm))
    # scikit-image carries no type hints.
    vertices_index, faces, _, _ = marching_cubes(field, level=0.0)  # type: ignore[no-untyped-call]
    vertices_index += np.array(origin_index, np.float32) - _PADDING_VOXELS
    vertices_ras_mm = vertices_index @ affine_ras_mm[:3, :3].T + affine_ras_mm[:3, 3]
    # scikit-image winds inward in index space; a mirroring affine turns that round.
    inward = np.linalg.det(affine_ras_mm[:3, :3]) > 0
    return vertices_ras_mm, np.ascontiguousarray(faces[:, ::-1] if inward else faces)
