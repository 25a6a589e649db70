"""NumPy arrays to VTK and back."""

from typing import Any

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkImageData, vtkPolyData

Vertices = npt.NDArray[np.floating[Any]]
Faces = npt.NDArray[np.integer[Any]]


def image_of(
    array: npt.NDArray[Any], origin: npt.NDArray[np.int64], affine_ras_mm: npt.NDArray[np.float64]
) -> vtkImageData:
    """Image on a crop's grid, without a copy.

    Parameters
    ----------
    array : ndarray, shape (I, J, K)
        In Fortran order. The caller keeps it.
    origin : ndarray of int, shape (3,)
        Index of its first voxel.
    affine_ras_mm : ndarray, shape (4, 4)
        Upright and not mirrored, as the benchmark's volumes are.
    """
    image = vtkImageData()
    image.SetDimensions(*array.shape)
    image.SetSpacing(*np.diag(affine_ras_mm)[:3])
    image.SetOrigin(*(affine_ras_mm[:3, :3] @ origin + affine_ras_mm[:3, 3]))
    image.GetPointData().SetScalars(numpy_to_vtk(array.ravel(order="F")))
    return image


def polygons_of(vertices: Vertices, faces: Faces) -> vtkPolyData:
    """Triangles as VTK's filters take them."""
    points, cells, polygons = vtkPoints(), vtkCellArray(), vtkPolyData()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(vertices, np.float32), deep=True))
    starts = np.arange(0, 3 * len(faces) + 1, 3, dtype=np.int64)
    corners = np.ascontiguousarray(faces, np.int64).ravel()
    cells.SetData(
        numpy_to_vtkIdTypeArray(starts, deep=True), numpy_to_vtkIdTypeArray(corners, deep=True)
    )
    polygons.SetPoints(points)
    polygons.SetPolys(cells)
    return polygons


def triangles_of(polygons: vtkPolyData) -> tuple[Vertices, Faces]:
    """Vertices and faces of a filter's result."""
    vertices = vtk_to_numpy(polygons.GetPoints().GetData())
    corners = vtk_to_numpy(polygons.GetPolys().GetConnectivityArray())
    return vertices.copy(), corners.reshape(-1, 3).astype(np.int32)
