import numpy as np
import numpy.typing as npt
import pytest
import trimesh
from scan_to_mesh.meshing import relaxation
from scan_to_mesh.meshing.dual_surface import dual_surface
from scan_to_mesh.meshing.relaxation import Smoothing, relaxed, relaxed_where_even
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scan_to_mesh.meshing.thin_places import became_thin, given_back

from tests.label_maps import label_map
from tests.mesh_quality import Floats, volume_beyond_mm3, volume_mm3
from tests.unit.scan_to_mesh.meshing.masks import ball, padded
from tests.unit.scan_to_mesh.meshing.promises import assert_sound, mesh_all, mesh_one

Mask = npt.NDArray[np.bool_]

GRID = np.indices((64, 48, 48))
MIDDLE = np.array([18, 24, 24])
ORGAN: Mask = ((GRID - MIDDLE.reshape(3, 1, 1, 1)) ** 2).sum(axis=0) <= 12**2
BEYOND_THE_ORGAN = 35


def square_vessel(width: int) -> Mask:
    vessel = np.zeros(ORGAN.shape, bool)
    vessel[24:60, 24 : 24 + width, 24 : 24 + width] = True
    return vessel


def round_vessel(radius: float) -> Mask:
    """Oblique to the grid."""
    along = np.array([1, 0.3, 0.2]) / np.linalg.norm([1, 0.3, 0.2])
    offset = GRID - MIDDLE.reshape(3, 1, 1, 1)
    way = np.tensordot(along, offset, 1)
    vessel: Mask = ((offset**2).sum(axis=0) - way**2 <= radius**2) & (way > 0) & (GRID[0] < 60)
    return vessel


VESSELS = {
    "one voxel": square_vessel(1),
    "two voxels": square_vessel(2),
    "three voxels": square_vessel(3),
    "radius 0.75": round_vessel(0.75),
    "radius 1": round_vessel(1.0),
    "radius 1.5": round_vessel(1.5),
}
vessels = pytest.mark.parametrize("vessel", VESSELS.values(), ids=VESSELS)


def pieces_of(mesh: SurfaceMesh) -> list[trimesh.Trimesh]:
    whole = trimesh.Trimesh(mesh.vertices_ras_mm, mesh.faces, process=False)
    return list(whole.split(only_watertight=False))


def beyond_the_organ(mesh_of: Mask, reduction: float) -> tuple[float, int]:
    """Volume of the mesh, and voxels, of what lies on the far side of a plane past the organ."""
    mesh = mesh_one(label_map(mesh_of.astype(np.uint8), np.eye(4)), reduction)
    assert_sound(mesh)
    mm3 = volume_beyond_mm3(mesh.vertices_ras_mm, mesh.faces, 0, BEYOND_THE_ORGAN - 0.5)
    return mm3, int(mesh_of[BEYOND_THE_ORGAN:].sum())


@vessels
@pytest.mark.parametrize(("reduction", "within"), [(0.0, 0.3), (0.9, 0.2)])
def test_a_vessel_of_an_organ_is_as_wide_as_its_voxels(
    vessel: Mask, reduction: float, within: float
) -> None:
    mm3, voxels = beyond_the_organ(ORGAN | vessel, reduction)
    assert mm3 == pytest.approx(voxels, rel=within)


def test_without_giving_back_there_is_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaxation, "given_back", lambda vertices, *_: vertices)
    mm3, voxels = beyond_the_organ(ORGAN | VESSELS["one voxel"], 0.9)
    assert mm3 < 0.02 * voxels


@vessels
def test_the_tunnel_of_a_vessel_is_as_wide_as_the_vessel(vessel: Mask) -> None:
    around = np.zeros(vessel.shape, np.uint8)
    around[10:, 4:44, 4:44] = 2
    around[vessel] = 1
    inner, outer = mesh_all(label_map(around, np.eye(4)))
    tunnel = min(pieces_of(outer), key=lambda piece: piece.volume)
    vessel_mm3 = volume_mm3(inner.vertices_ras_mm, inner.faces)
    assert -tunnel.volume == pytest.approx(vessel_mm3, rel=0.4)


def test_islands_are_about_as_large_as_their_voxels() -> None:
    islands = {1: np.s_[44, 24, 24], 4: np.s_[44, 30:32, 30:32], 27: np.s_[44:47, 10:13, 10:13]}
    labels = ORGAN.astype(np.uint8)
    for place in islands.values():
        labels[place] = 1
    mesh = mesh_one(label_map(labels, np.eye(4)))
    volumes = sorted(piece.volume for piece in pieces_of(mesh))[:-1]
    assert volumes == pytest.approx(list(islands), rel=0.25)


def test_an_even_body_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    surface, _ = dual_surface(padded(ball(14.2)))

    def smoothed() -> Floats:
        return relaxed_where_even(surface, relaxed(surface, Smoothing()), Smoothing())

    after = smoothed()
    monkeypatch.setattr(relaxation, "given_back", lambda vertices, *_: vertices)
    monkeypatch.setattr(relaxation, "became_thin", lambda ways, *_: np.zeros(len(ways), bool))
    np.testing.assert_array_equal(after, smoothed())


RING = (
    np.arange(0, 41, 2, np.uint32),
    np.array([[19, 1]] + [[v - 1, (v + 1) % 20] for v in range(1, 20)], np.uint32).ravel(),
)
NORMALS = np.tile(np.float32([[0, 0, 1]]), (20, 1))


def test_what_all_went_is_given_back_and_what_went_in_and_out_is_not() -> None:
    vertices = np.zeros((20, 3), np.float32)
    all_in = np.full(20, 0.5, np.float32)
    in_and_out = np.where(np.arange(20) % 2, 0.5, -0.5).astype(np.float32)
    for way in (all_in, -all_in):
        moved = given_back(vertices, NORMALS, way, RING, 1.0)
        np.testing.assert_allclose(moved[:, 2], way, atol=1e-6)
        assert became_thin(way, RING, 1.0).all()
        np.testing.assert_array_equal(given_back(vertices, NORMALS, way, RING, 6.0), vertices)
    np.testing.assert_array_equal(given_back(vertices, NORMALS, in_and_out, RING, 1.0), vertices)
    assert not became_thin(in_and_out, RING, 1.0).any()


def test_no_vertex_goes_further_back_than_it_was() -> None:
    vertices = np.zeros((20, 3), np.float32)
    ways = np.full(20, 0.8, np.float32)
    ways[[3, 11]] = 0.1, -0.3
    moved = given_back(vertices, NORMALS, ways, RING, 1.0)[:, 2]
    assert (moved[[3, 11]] == np.float32([0.1, 0.0])).all()
    assert (moved <= np.maximum(ways, 0)).all()
    assert moved[7] > 0.6
