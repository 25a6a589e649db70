"""Whatever the label map: noise, blocks, checkerboards, on any grid.

What holds of noise, and why no more is asked of it. The boundary of the voxels is itself a closed
surface with exactly their volume, so a surface that is closed, manifold and within 3 % of the
volume exists for every mask; blocks of three voxels and more are not thin, there it is 1 %. How
many pieces noise has is a matter of taste, where voxels share an edge or a corner only: the bounds
are both tastes. Of the voxels at a boundary a smooth surface must cut some corners: nothing is
asked of them one by one.
"""

import numpy as np
import numpy.typing as npt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.label_maps import Labels, label_map, rotation
from tests.unit.scan_to_mesh.meshing.promises import (
    VOLUME,
    VOLUME_OF_THE_THIN,
    assert_pieces_kept,
    assert_sound,
    mesh_all,
    volume_error,
)

SIDES = st.integers(1, 10)
SPACINGS = st.floats(0.3, 5.0)
ANGLES = st.floats(-180, 180)
REDUCTIONS = st.sampled_from([0.0, 0.5, 0.9, 0.99])

SETTINGS = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.data_too_large]
)


@st.composite
def affines(draw: st.DrawFn) -> npt.NDArray[np.float64]:
    """Oblique, sheared by up to a gantry's tilt, mirrored, anything but singular."""
    spacing = np.diag(draw(st.tuples(SPACINGS, SPACINGS, SPACINGS)))
    sign = np.diag(draw(st.tuples(*[st.sampled_from([1.0, -1.0])] * 3)))
    shear = np.eye(3)
    shear[1, 2] = draw(st.floats(-0.5, 0.5))
    affine = np.eye(4)
    affine[:3, :3] = rotation(*draw(st.tuples(ANGLES, ANGLES, ANGLES))) @ shear @ spacing @ sign
    affine[:3, 3] = draw(st.tuples(*[st.floats(-600, 600)] * 3))
    return affine


@st.composite
def seeded_noise(draw: st.DrawFn) -> Labels:
    """Up to ten voxels a side, from almost empty to almost full."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = draw(st.tuples(SIDES, SIDES, SIDES))
    labels = rng.integers(1, draw(st.integers(1, 5)) + 1, shape).astype(np.uint8)
    labels[rng.random(shape) > draw(st.sampled_from([0.02, 0.2, 0.5, 0.8, 0.98, 1.0]))] = 0
    return labels


@st.composite
def checkerboards(draw: st.DrawFn) -> Labels:
    """Of cells of one to three voxels, of one label among background or of several."""
    shape = draw(st.tuples(SIDES, SIDES, SIDES))
    cells = np.indices(shape) // np.array(draw(st.tuples(*[st.integers(1, 3)] * 3))).reshape(
        3, 1, 1, 1
    )
    return ((cells.sum(axis=0) + draw(st.integers(0, 1))) % draw(st.integers(2, 4))).astype(
        np.uint8
    )


small = arrays(np.uint8, st.tuples(*[st.integers(1, 5)] * 3), elements=st.integers(0, 3))
sparse = arrays(
    np.uint16, st.tuples(SIDES, SIDES, SIDES), elements=st.integers(1, 3), fill=st.just(0)
)
wide = arrays(np.uint32, (4, 4, 4), elements=st.sampled_from([0, 0, 0, 7, 4_000_000_000]))
noise = st.one_of(small, sparse, wide, seeded_noise(), checkerboards())


@st.composite
def blocks(draw: st.DrawFn) -> Labels:
    """Noise of blocks of 3 to 4 voxels a side."""
    coarse = draw(arrays(np.uint8, st.tuples(*[st.integers(1, 3)] * 3), elements=st.integers(0, 3)))
    for axis in range(3):
        coarse = coarse.repeat(draw(st.integers(3, 4)), axis)
    return coarse


@SETTINGS
@given(labels=noise, affine=affines(), reduction=REDUCTIONS, fortran=st.booleans())
def test_any_label_map_gives_a_closed_mesh_of_every_structure(
    labels: Labels, affine: npt.NDArray[np.float64], reduction: float, fortran: bool
) -> None:
    image = label_map(np.asfortranarray(labels) if fortran else labels, affine)
    meshes = mesh_all(image, reduction)
    assert [mesh.structure.label_value for mesh in meshes] == sorted(image.structures)
    for mesh in meshes:
        assert_sound(mesh)
        assert_pieces_kept(mesh, labels == mesh.structure.label_value)
        assert abs(volume_error(mesh, image)) < VOLUME_OF_THE_THIN


@SETTINGS
@given(labels=blocks(), affine=affines(), reduction=REDUCTIONS)
def test_blocks_are_not_thin(
    labels: Labels, affine: npt.NDArray[np.float64], reduction: float
) -> None:
    image = label_map(labels, affine)
    for mesh in mesh_all(image, reduction):
        mask = labels == mesh.structure.label_value
        assert_sound(mesh)
        assert_pieces_kept(mesh, mask)
        assert abs(volume_error(mesh, image)) < VOLUME
