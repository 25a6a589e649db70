"""``preview.png``, ``thumbnail.png``: the meshes from the front, drawn without GPU or display."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from scan_to_mesh.exporters.preview_scene import Camera, Layer, draw_layer, seen_from_front
from scan_to_mesh.exporters.srgb import linear_from_srgb, srgb_bytes_from_linear
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

Floats = npt.NDArray[np.float32]

SIZE_PX = 1000
THUMBNAIL_PX = 192
_SAMPLES = 2  # per pixel, in each direction
_MARGIN = 0.09  # of the picture, for the letters
_CENTRE_SRGB, _EDGE_SRGB = (0.235, 0.265, 0.305), (0.085, 0.095, 0.115)
_INK = (214, 222, 230)
_OUTER_OPACITY, _OUTER_RIM_OPACITY = 0.04, 0.3


def write_preview(meshes: Sequence[SurfaceMesh], path: Path) -> None:
    """Draw the meshes, seen from the front: the patient's right is on the picture's left.

    Outer structures (body, skin, fat, muscle) are translucent as long as there is anything else.
    Letters name the sides, and a bar shows the scale.

    Parameters
    ----------
    meshes : sequence of SurfaceMesh
        With none the picture holds the letters alone.
    path : Path
        Ends in ``.png``.
    """
    camera = _camera(meshes)
    light = _background(camera)
    outer = [mesh for mesh in meshes if mesh.structure.encloses]
    inner = [mesh for mesh in meshes if not mesh.structure.encloses]
    if inner:
        _cover(light, draw_layer(inner, camera))
        # One hull is enough to see where the body ends; what lies under it is clutter.
        outer = [mesh for mesh in outer if mesh.structure.body_system == "integumentary"] or outer
    if outer:
        layer = draw_layer(outer, camera)
        _cover(light, layer, _rim_opacity(layer) if inner else None)
    samples = light.reshape(SIZE_PX, _SAMPLES, SIZE_PX, _SAMPLES, 3)
    picture = Image.fromarray(srgb_bytes_from_linear(samples.mean(axis=(1, 3))))
    _annotate(picture, camera.px_per_mm / _SAMPLES)
    picture.save(path, optimize=False, compress_level=6)


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


def _camera(meshes: Sequence[SurfaceMesh]) -> Camera:
    side = SIZE_PX * _SAMPLES
    if not meshes:
        return Camera((0, 0, 0), side / 500, side, side)
    seen = [seen_from_front(mesh) for mesh in meshes]
    low = np.min([vertices.min(axis=0) for vertices in seen], axis=0).astype(float)
    high = np.max([vertices.max(axis=0) for vertices in seen], axis=0).astype(float)
    extent_mm = max(float((high - low)[:2].max()), 1e-3)
    right, up, near = (low + high) / 2
    return Camera((right, up, near), side * (1 - 2 * _MARGIN) / extent_mm, side, side)


def _background(camera: Camera) -> Floats:
    """Linear light (pixels, 3): brighter in the middle."""
    y, x = np.ogrid[-1 : 1 : camera.height * 1j, -1 : 1 : camera.width * 1j]
    outward = np.clip((x**2 + y**2) / 1.6, 0, 1).astype(np.float32).reshape(-1, 1)
    centre, edge = linear_from_srgb(_CENTRE_SRGB), linear_from_srgb(_EDGE_SRGB)
    light: Floats = centre + (edge - centre) * outward
    return light


def _rim_opacity(layer: Layer) -> Floats:
    """Glass: clear where it faces the viewer, denser towards the outline."""
    return _OUTER_OPACITY + (_OUTER_RIM_OPACITY - _OUTER_OPACITY) * (1 - layer.facing) ** 2


def _cover(light: Floats, layer: Layer, opacity: Floats | None = None) -> None:
    if opacity is None:
        light[layer.pixel] = layer.light
    else:
        behind = light[layer.pixel]
        light[layer.pixel] = behind + (layer.light - behind) * opacity[:, None]


def _annotate(picture: Image.Image, px_per_mm: float) -> None:
    draw = ImageDraw.Draw(picture)
    letters, small = ImageFont.load_default(size=34), ImageFont.load_default(size=20)
    middle, near, far = SIZE_PX / 2, 34, SIZE_PX - 34
    for letter, place in {
        "R": (near, middle),
        "L": (far, middle),
        "S": (middle, near),
        "I": (middle, far),
    }.items():
        draw.text(place, letter, font=letters, fill=_INK, anchor="mm")
    length_mm = 100 if 100 * px_per_mm < SIZE_PX / 2 else 10
    left, top = 34, SIZE_PX - 40
    right = left + length_mm * px_per_mm
    draw.line([(left, top), (right, top)], fill=_INK, width=3)
    for x in (left, right):
        draw.line([(x, top - 7), (x, top + 7)], fill=_INK, width=3)
    draw.text(
        ((left + right) / 2, top - 10), f"{length_mm // 10} cm", font=small, fill=_INK, anchor="mb"
    )
