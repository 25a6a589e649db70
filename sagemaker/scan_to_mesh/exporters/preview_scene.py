"""Meshes as a picture: camera, light, and the shade of what surrounds each place."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scan_to_mesh.exporters.preview_shading import Drawn, shaded
from scan_to_mesh.exporters.rasteriser import (
    NOTHING,
    Floats,
    Projected,
    Triangles,
    VisibleSurface,
    visible_surface,
)
from scan_to_mesh.exporters.vertex_normals import vertex_normals
from scan_to_mesh.meshing.pieces import compacted, joined
from scan_to_mesh.meshing.surface import Surface

Axes = npt.NDArray[np.float64]

SAMPLES = 2  # per pixel, in each direction


@dataclass(frozen=True)
class Painted:
    """A surface to be drawn.

    Attributes
    ----------
    vertices_ras_mm : ndarray of float32, shape (N, 3)
    faces : ndarray of int32, shape (M, 3)
        Counter-clockwise seen from outside.
    color_rgb : tuple of int
        sRGB, 0 to 255.
    both_sides : bool
        Whether its inside is seen, too.
    """

    vertices_ras_mm: Floats
    faces: Triangles
    color_rgb: tuple[int, int, int]
    both_sides: bool = False


@dataclass(frozen=True, eq=False)
class Camera:
    """Looks without perspective, so that a scale bar holds everywhere.

    Attributes
    ----------
    axes_ras : ndarray of float64, shape (3, 3)
        Rows are the picture's right, its up and the direction towards the viewer, in RAS+.
    centre_mm : ndarray of float64, shape (3,)
        Middle of the picture, on those axes.
    px_per_mm : float
        Pixels, of which each has SAMPLES² samples.
    width, height : int
        Pixels.
    """

    axes_ras: Axes
    centre_mm: Axes
    px_per_mm: float
    width: int
    height: int

    def project(self, vertices_ras_mm: Floats) -> Floats:
        """Vertices to (x to the right, y down, depth) in samples; float32, shape (N, 3)."""
        scale = self.px_per_mm * SAMPLES
        seen = (vertices_ras_mm @ self.axes_ras.T - self.centre_mm) * (scale, -scale, -scale)
        seen[:, 0] += (self.width * SAMPLES - 1) / 2
        seen[:, 1] += (self.height * SAMPLES - 1) / 2
        return seen.astype(np.float32)


def camera_that_fits(
    meshes: Sequence[Painted], axes_ras: Axes, *, width: int, height: int, margin: float
) -> Camera:
    """A camera that shows all of the meshes, as large as the margin allows.

    Parameters
    ----------
    meshes : sequence of Painted
        At least one.
    axes_ras : ndarray of float64, shape (3, 3)
        As in :class:`Camera`.
    width, height : int
        Pixels.
    margin : float
        At each side, as a share of the picture.
    """
    seen = (mesh.vertices_ras_mm @ axes_ras.T for mesh in meshes)
    extents = np.array([(each.min(axis=0), each.max(axis=0)) for each in seen])
    low, high = extents[:, 0].min(axis=0), extents[:, 1].max(axis=0)
    extent = np.maximum((high - low)[:2], 1e-3)
    px_per_mm = float(np.min(np.array([width, height]) * (1 - 2 * margin) / extent))
    return Camera(axes_ras, (low + high) / 2, px_per_mm, width, height)


def draw(meshes: Sequence[Painted], camera: Camera) -> tuple[Floats, VisibleSurface]:
    """Draw surfaces.

    Parameters
    ----------
    meshes : sequence of Painted
        At least one.
    camera : Camera

    Returns
    -------
    picture : ndarray of float32, shape (height, width, 4)
        sRGB and the share of each pixel that is covered, from 0 to 1; colours are multiplied by it.
    seen : VisibleSurface
        Sample by sample; triangles are counted through the meshes.
    """
    seen = visible_surface(
        (
            Projected(camera.project(mesh.vertices_ras_mm), mesh.faces, mesh.both_sides)
            for mesh in meshes
        ),
        width=camera.width * SAMPLES,
        height=camera.height * SAMPLES,
    )
    return shaded(*_drawn(meshes, camera, seen), samples=SAMPLES), seen


def _drawn(
    meshes: Sequence[Painted], camera: Camera, seen: VisibleSurface
) -> tuple[Drawn, VisibleSurface]:
    """What is seen of all surfaces, as one on the camera's axes, and its triangles by sample."""
    ends = np.cumsum([len(mesh.faces) for mesh in meshes])
    is_seen = np.zeros(ends[-1] + 1, np.bool_)  # the last one stands for NOTHING
    is_seen[seen.triangle] = True
    renumbered = np.cumsum(is_seen, dtype=np.int32)
    renumbered -= 1
    renumbered[NOTHING] = NOTHING
    parts = [
        _part(mesh, is_part)
        for mesh, is_part in zip(meshes, np.split(is_seen[:-1], ends[:-1]), strict=True)
    ]
    vertices_ras_mm, faces = joined([surface for surface, _ in parts])
    drawn = Drawn(
        corners=camera.project(vertices_ras_mm),
        normals=(np.concatenate([normals for _, normals in parts]) @ camera.axes_ras.T).astype(
            np.float32
        ),
        faces=faces,
        surface=np.repeat(
            np.arange(len(meshes), dtype=np.int32), [len(surface[1]) for surface, _ in parts]
        ),
        colors=(np.array([mesh.color_rgb for mesh in meshes]) / 255).astype(np.float32),
    )
    return drawn, VisibleSurface(renumbered[seen.triangle], seen.depth_px)


def _part(mesh: Painted, is_part: npt.NDArray[np.bool_]) -> tuple[Surface, Floats]:
    """Some triangles of a surface, and their corners' normals, which are those of the whole."""
    faces = mesh.faces[is_part]
    normals, _ = compacted(vertex_normals(mesh.vertices_ras_mm, mesh.faces), faces)
    return compacted(mesh.vertices_ras_mm, faces), normals.astype(np.float32, copy=False)
