"""``preview.png``, ``thumbnail.png``: the meshes from the front, drawn without GPU or display."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from scan_to_mesh.exporters.gltf_frame import RAS_TO_GLTF
from scan_to_mesh.exporters.preview_scene import Painted, camera_that_fits, draw
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

SIZE_PX = 1200
THUMBNAIL_PX = 192
_MARGIN = 0.06  # of the picture, for the letters
_INK = (128, 138, 150)  # is read on a white page and on a black one


def write_preview(meshes: Sequence[SurfaceMesh], path: Path) -> None:
    """Draw the meshes, seen from the front: the patient's right is on the picture's left.

    Shown is what the page's 3D view shows when it opens: not what lies around all else (body, skin,
    fat, muscle as a whole), unless there is nothing else. The ground is transparent. Letters name
    the sides, and a bar shows the scale.

    Parameters
    ----------
    meshes : sequence of SurfaceMesh
        With none the picture holds the letters alone.
    path : Path
        Ends in ``.png``.
    """
    inner = [mesh for mesh in meshes if not mesh.structure.encloses]
    shown = [_painted(mesh) for mesh in inner or meshes]
    pixels = np.zeros((SIZE_PX, SIZE_PX, 4), np.uint8)
    px_per_mm = SIZE_PX / 500
    if shown:
        # glTF's axes are those of somebody who sees the patient's front.
        camera = camera_that_fits(shown, RAS_TO_GLTF, width=SIZE_PX, height=SIZE_PX, margin=_MARGIN)
        pixels, px_per_mm = picture_bytes(draw(shown, camera)[0]), camera.px_per_mm
    picture = Image.fromarray(pixels)
    _annotate(picture, px_per_mm)
    picture.save(path, optimize=False, compress_level=4)


def _painted(mesh: SurfaceMesh) -> Painted:
    return Painted(
        mesh.vertices_ras_mm,
        mesh.faces,
        mesh.structure.color_rgb,
        both_sides=not mesh.watertight,
    )


def picture_bytes(picture: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """As PNG wants them.

    Parameters
    ----------
    picture : ndarray of float32, shape (height, width, 4)
        Colours that are multiplied by the share in the last channel; from 0 to 1.

    Returns
    -------
    ndarray of uint8, shape (height, width, 4)
        Colours that are not multiplied.
    """
    straight = picture.copy()
    straight[..., :3] /= np.maximum(picture[..., 3:], 1e-6)
    return (straight * 255 + 0.5).astype(np.uint8)


def write_thumbnail(preview: Path, path: Path) -> None:
    """Reduce a preview to what a list of jobs shows.

    Parameters
    ----------
    preview, path : Path
        End in ``.png``.
    """
    with Image.open(preview) as picture:
        small = picture.resize((THUMBNAIL_PX, THUMBNAIL_PX), Image.Resampling.LANCZOS)
    small.save(path, optimize=True)


def _annotate(picture: Image.Image, px_per_mm: float) -> None:
    draw_on = ImageDraw.Draw(picture)
    letters, small = ImageFont.load_default(size=32), ImageFont.load_default(size=20)
    middle, near = SIZE_PX / 2, _MARGIN * SIZE_PX / 2
    draw_on.text((near, middle), "R", font=letters, fill=_INK, anchor="mm")
    draw_on.text((SIZE_PX - near, middle), "L", font=letters, fill=_INK, anchor="mm")
    length_mm = 100 if 100 * px_per_mm < SIZE_PX / 2 else 10
    left, top = near, SIZE_PX - near
    right = left + length_mm * px_per_mm
    draw_on.line([(left, top), (right, top)], fill=_INK, width=2)
    for x in (left, right):
        draw_on.line([(x, top - 6), (x, top + 6)], fill=_INK, width=2)
    words = f"{length_mm // 10} cm"
    draw_on.text(((left + right) / 2, top - 8), words, font=small, fill=_INK, anchor="mb")
