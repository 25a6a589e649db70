"""Meshes as a picture's surfaces: camera, and light on what it sees."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from scan_to_mesh.exporters.gltf_frame import rotate_to_gltf
from scan_to_mesh.exporters.rasteriser import VisibleSurface, doubled_area, visible_surface
from scan_to_mesh.exporters.srgb import linear_from_srgb
from scan_to_mesh.exporters.vertex_normals import vertex_normals
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]


def _unit(x: float, y: float, z: float) -> Floats:
    vector = np.array([x, y, z])
    unit: Floats = (vector / np.linalg.norm(vector)).astype(np.float32)
    return unit


# Directions towards the lights: to the picture's right, up, towards the viewer.
_KEY_LIGHT = _unit(-0.45, 0.55, 0.8)
_FILL_LIGHT = _unit(0.8, -0.1, 0.5)
_HALFWAY = _unit(*(_KEY_LIGHT + np.array([0, 0, 1])))
_AMBIENT, _KEY, _FILL = 0.30, 0.72, 0.16
_GLOSS, _GLOSS_EXPONENT = 0.16, np.float32(28)
_CREVICE_DARKNESS = np.float32(0.55)
_CELL_PX = 4  # surroundings are smooth: they need no full resolution


@dataclass(frozen=True)
class Camera:
    """Looks at the patient's front, without perspective, so that a scale bar holds everywhere.

    Attributes
    ----------
    centre_mm : tuple of float
        Middle of the picture, on the axes right, up, towards the viewer.
    px_per_mm : float
    width, height : int
    """

    centre_mm: tuple[float, float, float]
    px_per_mm: float
    width: int
    height: int

    def project(self, seen_mm: Floats) -> Doubles:
        """Positions (N, 3) on the camera's axes to x right, y down (px) and depth (mm)."""
        right, up, near = (seen_mm.astype(np.float64) - self.centre_mm).T
        x = self.width / 2 - 0.5 + right * self.px_per_mm
        y = self.height / 2 - 0.5 - up * self.px_per_mm
        return np.column_stack([x, y, -near])


@dataclass(frozen=True, eq=False)
class Layer:
    """Light that comes from one set of meshes.

    Attributes
    ----------
    pixel : ndarray of int64, shape (P,)
    light : ndarray of float32, shape (P, 3)
        Linear.
    facing : ndarray of float32, shape (P,)
        1 where the surface faces the viewer, 0 where it turns away.
    """

    pixel: npt.NDArray[np.int64]
    light: Floats
    facing: Floats


def seen_from_front(mesh: SurfaceMesh) -> Floats:
    """Vertices on the camera's axes, mm: glTF's axes are those of somebody who sees the front."""
    return rotate_to_gltf(mesh.vertices_ras_mm)


def draw_layer(meshes: Sequence[SurfaceMesh], camera: Camera) -> Layer:
    """Find what the camera sees of the meshes, and light it.

    Parameters
    ----------
    meshes : sequence of SurfaceMesh
        At least one.
    camera : Camera
    """
    positions = [seen_from_front(mesh) for mesh in meshes]
    normals = np.concatenate(
        [vertex_normals(p, mesh.faces) for p, mesh in zip(positions, meshes, strict=True)]
    )
    first_vertex = np.cumsum([0, *(len(p) for p in positions[:-1])])
    faces = np.concatenate([m.faces + n for m, n in zip(meshes, first_vertex, strict=True)])
    mesh_of_face = np.repeat(np.arange(len(meshes)), [len(mesh.faces) for mesh in meshes])
    corners = camera.project(np.concatenate(positions))[faces]
    closed = np.array([mesh.watertight for mesh in meshes])
    facing = ~closed[mesh_of_face] | (doubled_area(corners) < 0)
    corners, faces, mesh_of_face = corners[facing], faces[facing], mesh_of_face[facing]
    seen = visible_surface(corners, width=camera.width, height=camera.height)

    colors = linear_from_srgb(np.array([mesh.structure.color_rgb for mesh in meshes]) / 255)
    normal = _interpolated_normals(normals, faces, seen)
    depth_mm = np.einsum("pc,pc->p", seen.weights, corners[seen.triangle, :, 2])
    shade = _light(normal, colors[mesh_of_face[seen.triangle]])
    shade *= _crevices(seen, depth_mm, camera)[:, None]
    return Layer(seen.pixel, shade, normal[:, 2])


def _interpolated_normals(
    normals: Floats, faces: npt.NDArray[np.int32], seen: VisibleSurface
) -> Floats:
    """Unit normals at the pixels; those of surfaces seen from inside are turned to the viewer."""
    total = np.zeros((len(seen.pixel), 3), dtype=np.float32)
    for corner in range(3):
        total += seen.weights[:, corner, None] * normals[faces[seen.triangle, corner]]
    total /= np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-6)
    total[total[:, 2] < 0] *= -1
    return total


def _light(normal: Floats, color: Floats) -> Floats:
    """Light of two lamps and of the sky, with a soft gloss (Blinn 1977)."""
    sky = 0.75 + 0.25 * normal[:, 1]
    diffuse = (
        _AMBIENT * sky
        + _KEY * np.maximum(normal @ _KEY_LIGHT, 0)
        + _FILL * np.maximum(normal @ _FILL_LIGHT, 0)
    )
    gloss = _GLOSS * np.maximum(normal @ _HALFWAY, 0) ** _GLOSS_EXPONENT
    light: Floats = color * diffuse[:, None] + gloss[:, None]
    return light


def _crevices(seen: VisibleSurface, depth_mm: Doubles, camera: Camera) -> Floats:
    """Darken what lies deeper than its surroundings, so that depth can be read.

    Unsharp masking of the depth buffer (Luft, Colditz, Deussen: Image enhancement by unsharp
    masking the depth buffer, SIGGRAPH 2006), here only where it darkens.

    Returns
    -------
    ndarray of float32, shape (P,)
        Factor, 0.45 to 1.
    """
    cell_columns, cell_rows = -(-camera.width // _CELL_PX), -(-camera.height // _CELL_PX)
    y, x = np.divmod(seen.pixel, camera.width)
    cell = y // _CELL_PX * cell_columns + x // _CELL_PX
    cells = cell_columns * cell_rows
    shape = (cell_rows, cell_columns)
    total_mm = np.bincount(cell, weights=depth_mm, minlength=cells).reshape(shape)
    covered = np.bincount(cell, minlength=cells).reshape(shape).astype(np.float64)
    sigma = camera.width / _CELL_PX / 90
    around_mm = ndimage.gaussian_filter(total_mm, sigma, truncate=2.5)
    weight = ndimage.gaussian_filter(covered, sigma, truncate=2.5)
    around_mm = around_mm / np.maximum(weight, 1e-3)
    deeper_mm = depth_mm - around_mm.ravel()[cell]
    reach_mm = 0.05 * camera.height / camera.px_per_mm
    darkness: Floats = np.clip(deeper_mm / reach_mm, 0, 1).astype(np.float32)
    return 1 - _CREVICE_DARKNESS * darkness
