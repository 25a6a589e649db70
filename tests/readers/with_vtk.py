"""Reads mesh and image files with VTK, in the environment that holds it.

    python with_vtk.py OUT.npz FILE...

For each file OUT holds the corners of its triangles in the file's frame, shape (M, 3, 3), as
``<file>/<number of the structure>``, since VTK keeps no names. Of an image it holds
the voxels as ``<file>/voxels``, and the affine to RAS+ mm that VTK finds as ``<file>/affine``.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet, vtkPolyData
from vtkmodules.vtkIOGeometry import vtkGLTFReader, vtkOBJReader, vtkSTLReader
from vtkmodules.vtkIOImage import vtkNIFTIImageReader
from vtkmodules.vtkIOPLY import vtkPLYReader

Arrays = Iterator[tuple[str, np.ndarray]]


def corners(surface: vtkPolyData) -> np.ndarray:
    points = vtk_to_numpy(surface.GetPoints().GetData()).astype(np.float64)
    cells = vtk_to_numpy(surface.GetPolys().GetConnectivityArray())
    return points[cells.reshape(-1, 3)]


def gltf(path: Path) -> Arrays:
    reader = vtkGLTFReader()
    reader.SetFileName(str(path))
    reader.Update()
    return surfaces(reader.GetOutput(), "")


def surfaces(block: vtkMultiBlockDataSet, name: str) -> Arrays:
    for number in range(block.GetNumberOfBlocks()):
        inner = block.GetBlock(number)
        if inner.IsA("vtkMultiBlockDataSet"):
            yield from surfaces(inner, block.GetMetaData(number).Get(block.NAME()))
        else:
            yield name.removeprefix("Mesh_"), corners(inner)


def obj(path: Path) -> Arrays:
    reader = vtkOBJReader()
    reader.SetFileName(str(path))
    reader.Update()
    surface = reader.GetOutput()
    found = corners(surface)
    groups = vtk_to_numpy(surface.GetCellData().GetArray("GroupIds")).astype(int)
    for number in np.unique(groups):
        yield str(number), found[groups == number]


def single(make_reader: Callable[[], vtkSTLReader | vtkPLYReader], path: Path) -> Arrays:
    reader = make_reader()
    reader.SetFileName(str(path))
    reader.Update()
    yield "0", corners(reader.GetOutput())


def nifti(path: Path) -> Arrays:
    reader = vtkNIFTIImageReader()
    reader.SetFileName(str(path))
    reader.Update()
    image, matrix = reader.GetOutput(), reader.GetSFormMatrix()
    scalars = vtk_to_numpy(image.GetPointData().GetScalars())
    yield "voxels", scalars.reshape(image.GetDimensions(), order="F")
    # VTK leaves the spacing to the image's own geometry.
    turn = np.array([[matrix.GetElement(row, column) for column in range(4)] for row in range(4)])
    yield "affine", turn @ np.diag([*image.GetSpacing(), 1.0])


def read(path: Path) -> Arrays:
    match path.suffix:
        case ".glb":
            return gltf(path)
        case ".obj":
            return obj(path)
        case ".stl":
            return single(vtkSTLReader, path)
        case ".ply":
            return single(vtkPLYReader, path)
        case _:
            return nifti(path)


if __name__ == "__main__":
    out, *files = map(Path, sys.argv[1:])
    np.savez(out, **{f"{path.name}/{name}": array for path in files for name, array in read(path)})
