"""What every surface mesh keeps to, whatever the label map: stated once, for all tests."""

import numpy as np
import numpy.typing as npt
from iris_imaging.volume import LabelMap
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scipy import ndimage

from tests.label_maps import segment_mm3
from tests.mesh_and_voxels import boundary_faces, winding_numbers
from tests.mesh_distances import nearest_on_mesh
from tests.mesh_quality import flat_faces, topology, volume_mm3, welded

Mask = npt.NDArray[np.bool_]

VOLUME = 0.01
VOLUME_OF_THE_THIN = 0.03

_FACES = ndimage.generate_binary_structure(3, 1)
_CORNERS = ndimage.generate_binary_structure(3, 3)


def mesh_all(image: LabelMap, target_reduction: float = 0.9) -> list[SurfaceMesh]:
    return mesh_label_map(image, MeshingOptions(target_reduction), lambda _done, _all: None)


def mesh_one(image: LabelMap, target_reduction: float = 0.9) -> SurfaceMesh:
    (mesh,) = mesh_all(image, target_reduction)
    return mesh


def assert_sound(mesh: SurfaceMesh) -> None:
    """A closed manifold, outward, also where vertices in one place become one."""
    assert_closed(mesh)
    facts = topology(mesh.faces)
    after = topology(welded(mesh.vertices_ras_mm, mesh.faces)[1])
    assert after.is_closed_manifold, (mesh.structure.name, "welded", after)
    assert after.pieces == facts.pieces, mesh.structure.name
    assert flat_faces(mesh.vertices_ras_mm, mesh.faces) == 0, mesh.structure.name


def assert_closed(mesh: SurfaceMesh) -> None:
    """A closed manifold by its faces, outward."""
    name, vertices, faces = mesh.structure.name, mesh.vertices_ras_mm, mesh.faces
    assert mesh.watertight, name
    assert vertices.dtype == np.float32
    assert faces.dtype == np.int32
    assert np.isfinite(vertices).all(), name
    assert len(np.unique(faces)) == len(vertices), f"{name}: vertices that no triangle uses"
    assert topology(faces).is_closed_manifold, (name, topology(faces))
    assert volume_mm3(vertices, faces) > 0, name


def assert_share_removed(meshes: list[SurfaceMesh], reduction: float) -> None:
    """The model loses that share of its triangles, within a point.

    Triangles above its share, of a structure of at most 200, do not count as kept: cut by the
    share, hundreds of specks would be left with less than a closed surface takes.
    """
    before = sum(mesh.triangles_before for mesh in meshes)
    after = sum(len(mesh.faces) for mesh in meshes)
    above = sum(
        max(0.0, len(mesh.faces) - (1 - reduction) * mesh.triangles_before)
        for mesh in meshes
        if len(mesh.faces) <= 200
    )
    assert 1 - after / before < reduction + 0.01
    assert 1 - (after - above) / before > reduction - 0.01


def volume_error(mesh: SurfaceMesh, image: LabelMap) -> float:
    """Share of the voxels' volume by which the mesh is bigger than they are."""
    voxels = segment_mm3(image, mesh.structure.label_value)
    return volume_mm3(mesh.vertices_ras_mm, mesh.faces) / voxels - 1


def assert_pieces_kept(mesh: SurfaceMesh, mask: Mask) -> None:
    """As many shells as the mask has parts and cavities.

    Voxels that meet at an edge or a corner only may be one part or two.
    """
    outside = np.pad(~mask, 1, constant_values=True)
    parts = [ndimage.label(mask, joined)[1] for joined in (_CORNERS, _FACES)]
    cavities = [ndimage.label(outside, joined)[1] - 1 for joined in (_CORNERS, _FACES)]
    pieces = topology(mesh.faces).pieces
    assert parts[0] + cavities[0] <= pieces <= parts[1] + cavities[1]


def assert_depths_kept(mesh: SurfaceMesh, mask: Mask, image: LabelMap) -> None:
    """Voxels amid their own are inside, once; voxels that have none beside them are outside."""
    wound = winding_numbers(mesh.vertices_ras_mm, mesh.faces, image.affine_ras_mm, mask.shape)
    amid = ndimage.binary_erosion(mask, _CORNERS)
    far = ~ndimage.binary_dilation(mask, _CORNERS)
    assert (wound[amid] == 1).all(), mesh.structure.name
    assert (wound[far] == 0).all(), mesh.structure.name


def assert_tips_kept(mesh: SurfaceMesh, mask: Mask, image: LabelMap, voxels: float) -> None:
    """No outer face of a voxel further from the mesh than so many of its longest sides."""
    affine = image.affine_ras_mm
    middles = boundary_faces(mask)[0] @ affine[:3, :3].T + affine[:3, 3]
    off = nearest_on_mesh(middles, mesh.vertices_ras_mm, mesh.faces).distances_mm
    assert off.max() <= voxels * max(image.spacing_mm), (mesh.structure.name, off.max())


def assert_within_reach(mesh: SurfaceMesh, mask: Mask, image: LabelMap, voxels: float) -> None:
    """No vertex further outside the mask's bounding box than so many voxels."""
    inverse = np.linalg.inv(image.affine_ras_mm)
    index = mesh.vertices_ras_mm.astype(np.float64) @ inverse[:3, :3].T + inverse[:3, 3]
    filled = np.argwhere(mask)
    assert (index.min(axis=0) >= filled.min(axis=0) - 0.5 - voxels).all(), mesh.structure.name
    assert (index.max(axis=0) <= filled.max(axis=0) + 0.5 + voxels).all(), mesh.structure.name
