"""Draw what meshing does to a label map, for docs/MESHING.md: voxels beside meshes.

From TotalSegmentator's labels of a torso, which lie beside the checkout and are not committed. They
are of its test suite, the scan of its data set (CC BY 4.0).
"""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from iris_imaging.volume import LabelMap
from iris_oculus.structures import Structure, catalogue
from PIL import Image
from scan_to_mesh.exporters.gltf_frame import RAS_TO_GLTF
from scan_to_mesh.exporters.preview import picture_bytes
from scan_to_mesh.exporters.preview_scene import (
    SAMPLES,
    Axes,
    Camera,
    Painted,
    camera_that_fits,
    draw,
)
from scan_to_mesh.exporters.rasteriser import NOTHING
from scan_to_mesh.label_map_file import read_label_map
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map

from tests.conftest import REPOSITORY, SHARED_DATA

LABELS = SHARED_DATA / "torso_ct" / "labels_total_fast.nii.gz"
FOLDER = REPOSITORY / "docs" / "images"
PANEL_PX = (480, 420)
_GAP_PX = 20
_MARGIN = 0.03
_LINE_DARKNESS = 0.55
_STEP = 4
_ENLARGED = 4
_BONE_RGB, _LIVER_RGB, _ARTERY_RGB = (238, 221, 188), (170, 90, 70), (214, 60, 50)
_SQUARE = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Segmented:
    """One structure's voxels.

    Attributes
    ----------
    structure : Structure
    mask : ndarray of bool, shape (I, J, K)
    affine_ras_mm : ndarray of float64, shape (4, 4)
    """

    structure: Structure
    mask: Mask
    affine_ras_mm: npt.NDArray[np.float64]

    @property
    def label_map(self) -> LabelMap:
        """With this structure alone."""
        value = self.structure.label_value
        labels = np.where(self.mask, value, 0).astype(np.uint8)
        return LabelMap(labels, self.affine_ras_mm, {value: self.structure})

    def enlarged(self, times: int) -> "Segmented":
        """On a finer grid, each voxel repeated so many times along every axis."""
        mask = self.mask
        for axis in range(3):
            mask = mask.repeat(times, axis)
        affine = self.affine_ras_mm.copy()
        affine[:3, :3] /= times
        affine[:3, 3] -= affine[:3, :3].sum(axis=1) * (times - 1) / 2
        return Segmented(self.structure, mask, affine)


def staircase(segmented: Segmented) -> Painted:
    """The faces of the voxels that show, two triangles each, one face after another."""
    padded = np.pad(segmented.mask, 1)
    corners = []
    for axis in range(3):
        for step in (-1, 1):
            outside = ~np.roll(padded, -step, axis=axis)
            voxels = np.argwhere(padded & outside) - 1
            others = [each for each in range(3) if each != axis]
            side = np.zeros((4, 3))
            side[:, axis] = step / 2
            side[:, others] = _SQUARE
            corners.append((voxels[:, None] + side).reshape(-1, 3))
    affine = segmented.affine_ras_mm
    vertices = np.concatenate(corners) @ affine[:3, :3].T + affine[:3, 3]
    first = np.arange(0, len(vertices), 4)[:, None, None]
    faces = (first + np.array([[0, 1, 2], [0, 2, 3]])).reshape(-1, 3)
    color = segmented.structure.color_rgb
    return Painted(vertices.astype(np.float32), faces.astype(np.int32), color, both_sides=True)


def meshed(segmented: Segmented, options: MeshingOptions) -> Painted:
    """The product's mesh."""
    (mesh,) = mesh_label_map(segmented.label_map, options, lambda _done, _all: None, threads=1)
    return Painted(mesh.vertices_ras_mm, mesh.faces, mesh.structure.color_rgb)


def seen_from(*towards_ras: float) -> Axes:
    """A camera's axes, upright, of somebody who stands there."""
    near = np.array(towards_ras) / np.linalg.norm(towards_ras)
    right = np.cross((0.0, 0.0, 1.0), near)
    right /= np.linalg.norm(right)
    return np.array([right, np.cross(near, right), near])


def panel(surface: Painted, camera: Camera, *, lines_around: int = 0) -> npt.NDArray[np.float32]:
    """A picture, with lines around every so many triangles in turn; 0 for none."""
    picture, seen = draw([surface], camera)
    if lines_around:
        number = np.where(seen.triangle == NOTHING, NOTHING, seen.triangle // lines_around)
        line = np.zeros(number.shape, bool)
        line[:, :-1] |= number[:, :-1] != number[:, 1:]
        line[:-1] |= number[:-1] != number[1:]
        share = line.reshape(camera.height, SAMPLES, camera.width, SAMPLES).mean(axis=(1, 3))
        picture[..., :3] *= 1 - _LINE_DARKNESS * share[..., None].astype(np.float32)
    return picture


def side_by_side(panels: list[npt.NDArray[np.float32]], path: Path) -> None:
    """Write panels as one picture with a transparent ground."""
    gap = np.zeros((panels[0].shape[0], _GAP_PX, 4), np.float32)
    parts = [part for each in panels for part in (gap, each)][1:]
    picture = picture_bytes(np.hstack(parts))
    picture[..., :3] -= picture[..., :3] % _STEP  # not seen, and half as many bytes
    Image.fromarray(picture).save(path, optimize=True)


def fitting(surfaces: list[Painted], axes: Axes) -> Camera:
    """One camera for panels that are to be compared."""
    width, height = PANEL_PX
    return camera_that_fits(surfaces, axes, width=width, height=height, margin=_MARGIN)


def close_up(camera: Camera, point_ras_mm: npt.ArrayLike, magnification: float) -> Camera:
    """The same view of the surroundings of a point."""
    centre = camera.axes_ras @ np.asarray(point_ras_mm)
    scale = camera.px_per_mm * magnification
    return Camera(camera.axes_ras, centre, scale, camera.width, camera.height)


def draw_staircase(segmented: Segmented, path: Path) -> None:
    """A whole structure: its voxels, and its mesh."""
    voxels, mesh = staircase(segmented), meshed(segmented, MeshingOptions())
    camera = fitting([voxels, mesh], seen_from(-0.75, -0.8, 0.55))
    side_by_side([panel(voxels, camera, lines_around=2), panel(mesh, camera)], path)


def draw_decimation(segmented: Segmented, path: Path) -> None:
    """A close-up with all triangles: before decimation, and after."""
    before = meshed(segmented, MeshingOptions(target_reduction=0.0))
    after = meshed(segmented, MeshingOptions(target_reduction=0.9))
    whole = fitting([after], seen_from(-0.75, -0.8, 0.55))
    camera = close_up(whole, after.vertices_ras_mm.mean(axis=0), 2.0)
    side_by_side([panel(each, camera, lines_around=1) for each in (before, after)], path)


def draw_repeats(segmented: Segmented, path: Path) -> None:
    """On a grid four times as fine, as a scan's is: with all stairs, and without repeats."""
    enlarged = segmented.enlarged(_ENLARGED)
    stairs, mesh = (meshed(enlarged, MeshingOptions(smoothing_mm=each)) for each in (0.0, None))
    camera = fitting([stairs, mesh], RAS_TO_GLTF)
    side_by_side([panel(stairs, camera), panel(mesh, camera)], path)


def draw_thin(segmented: Segmented, path: Path) -> None:
    """A structure of few voxels' width: its voxels, and its mesh."""
    voxels, mesh = staircase(segmented), meshed(segmented, MeshingOptions())
    camera = fitting([voxels, mesh], RAS_TO_GLTF)
    side_by_side([panel(voxels, camera, lines_around=2), panel(mesh, camera)], path)


def main() -> int:
    """Draw all pictures."""
    if not LABELS.exists():
        sys.stderr.write("the label map is not here: no ../shared/data/torso_ct\n")
        return 1
    label_map = read_label_map(LABELS, {})[0]
    by_name = {each.name: each for each in catalogue("totalsegmentator")["total"].structures}
    for draw_picture, name, color_rgb, file in (
        (draw_staircase, "vertebrae_L3", _BONE_RGB, "meshing_staircase.png"),
        (draw_decimation, "vertebrae_L3", _BONE_RGB, "meshing_decimation.png"),
        (draw_repeats, "liver", _LIVER_RGB, "meshing_repeats.png"),
        (draw_thin, "iliac_artery_left", _ARTERY_RGB, "meshing_thin.png"),
    ):
        structure = replace(by_name[name], color_rgb=color_rgb)
        mask = label_map.labels == structure.label_value
        draw_picture(Segmented(structure, mask, label_map.affine_ras_mm), FOLDER / file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
