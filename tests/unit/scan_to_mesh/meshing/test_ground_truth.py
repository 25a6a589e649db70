"""Meshes against bodies whose surface, volume and centre are known, on grids of every kind."""

import numpy as np
import numpy.typing as npt
import pytest
from iris_imaging.volume import LabelMap
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh

from tests.analytic_shapes import (
    Body,
    Floats,
    capsule,
    cone,
    ellipsoid,
    half_ball,
    plate,
    sphere,
    torus,
    wedge,
)
from tests.label_maps import GRIDS, rotation, segment_centroid_mm, voxelised
from tests.mesh_distances import gaps_mm, nearest_on_mesh
from tests.mesh_quality import centroid_mm, surface_points, topology
from tests.unit.scan_to_mesh.meshing.promises import (
    VOLUME,
    VOLUME_OF_THE_THIN,
    assert_pieces_kept,
    assert_sound,
    assert_tips_kept,
    mesh_all,
    mesh_one,
    volume_error,
)

Linear = npt.NDArray[np.float64]

TURN = rotation(-25, 40, 15)
SMOOTH = [sphere(20), ellipsoid(36, 24, 18), torus(24, 7)]
SHARP = [
    sphere(5),
    capsule(25, 2.5).placed(rotation(40, 25, 0)),
    plate(22, 3.0).placed(rotation(20, 28, 0)),
    cone(14, 28).placed(TURN),
    wedge(16, 24, 30).placed(TURN),
    half_ball(20).placed(TURN),
]
THIN = {"sphere r 5", "capsule r 2.5", "plate 3 mm"}


class Case:
    """A body, its label map and its mesh at 90 % reduction."""

    def __init__(self, body: Body, linear_mm: Linear) -> None:
        self.body = body
        self.linear_mm = linear_mm
        self.image: LabelMap = voxelised(body, linear_mm)
        self.mesh: SurfaceMesh = mesh_one(self.image)

    def off(self) -> Floats:
        """Distance of the mesh from the true surface, in halves of a voxel's extent that way."""
        points, _ = surface_points(self.mesh.vertices_ras_mm, self.mesh.faces, 4000)
        return np.abs(self.body.distance_mm(points)) / self._half_voxel_mm(points)

    def missed_mm(self) -> Floats:
        """Distance of the true surface from the mesh."""
        points = self.body.surface_points(max(1.0, self.body.reach_mm / 16))
        return nearest_on_mesh(points, self.mesh.vertices_ras_mm, self.mesh.faces).distances_mm

    def _half_voxel_mm(self, points: Floats) -> Floats:
        return np.abs(self.body.normals(points) @ self.linear_mm).sum(axis=1) / 2

    @property
    def is_smooth(self) -> bool:
        return self.body in SMOOTH

    @property
    def has_thick_slices(self) -> bool:
        """Few slices show a body: the ring of the torus fills less than three."""
        return max(self.image.spacing_mm) > 3 * min(self.image.spacing_mm)

    @property
    def diagonal_mm(self) -> float:
        """From one corner of a voxel to the opposite one, the longest of the four."""
        signs = np.array([[1, 1, 1], [1, 1, -1], [1, -1, 1], [-1, 1, 1]])
        return float(np.linalg.norm(signs @ self.linear_mm.T, axis=1).max())


def cases(bodies: list[Body]) -> list[object]:
    return [
        pytest.param((body, linear), id=f"{body.name}-{name}")
        for name, linear in GRIDS.items()
        for body in bodies
    ]


@pytest.fixture(scope="module")
def made() -> dict[tuple[str, bytes], Case]:
    return {}


@pytest.fixture
def case(request: pytest.FixtureRequest, made: dict[tuple[str, bytes], Case]) -> Case:
    """Every body on every grid, made once for all tests of this module."""
    body, linear = request.param
    key = (body.name, linear.tobytes())
    if key not in made:
        made[key] = Case(body, linear)
    return made[key]


on_smooth = pytest.mark.parametrize("case", cases(SMOOTH), indirect=True)
on_sharp = pytest.mark.parametrize("case", cases(SHARP), indirect=True)
on_all = pytest.mark.parametrize("case", cases(SMOOTH + SHARP), indirect=True)


@on_smooth
def test_one_piece_with_its_holes(case: Case) -> None:
    facts = topology(case.mesh.faces)
    assert (facts.pieces, facts.genus) == (1, case.body.genus)


@on_all
def test_a_sound_body_of_all_its_pieces(case: Case) -> None:
    assert_sound(case.mesh)
    assert_pieces_kept(case.mesh, case.image.labels == 1)  # a sharp edge may be a row of voxels


@on_all
def test_the_volume_is_that_of_the_voxels(case: Case) -> None:
    within = VOLUME_OF_THE_THIN if case.body.name in THIN else VOLUME
    assert abs(volume_error(case.mesh, case.image)) < within


@on_all
def test_the_centre_is_that_of_the_voxels(case: Case) -> None:
    off_mm = centroid_mm(case.mesh.vertices_ras_mm, case.mesh.faces) - segment_centroid_mm(
        case.image
    )
    off_voxels = np.abs(np.linalg.inv(case.linear_mm) @ off_mm).max()
    # A hundred triangles or so are left of the thin and sharp.
    assert off_voxels < (0.1 if case.is_smooth else 0.4)


@on_smooth
def test_smooth_bodies_lie_within_half_a_voxel(case: Case) -> None:
    assert np.percentile(case.off(), 99) < (1 if case.has_thick_slices else 0.8)
    assert case.off().max() < (1.5 if case.has_thick_slices else 1.0)
    assert case.missed_mm().max() < case.diagonal_mm / 2


@on_sharp
def test_thin_and_sharp_bodies_do_so_too_but_for_their_rims(case: Case) -> None:
    """A grid does not show what is thinner than its voxels: the last of a tip, a rim's corner."""
    assert np.percentile(case.off(), 95 if case.has_thick_slices else 99) < 1
    assert_tips_kept(case.mesh, case.image.labels == 1, case.image, 1.5)


@pytest.mark.parametrize("grid", ["isotropic", "oblique and mirrored", "thick slices"])
def test_touching_bodies_share_their_plane(grid: str) -> None:
    halves = [half_ball(20, upper=upper).placed(TURN) for upper in (True, False)]
    finer = GRIDS[grid] / 2  # the voxels of a usual CT
    upper, lower = mesh_all(voxelised(halves, finer))
    one, other = ((mesh.vertices_ras_mm, mesh.faces) for mesh in (upper, lower))
    shortest_mm = np.linalg.norm(finer, axis=0).min()
    for first, second in ((one, other), (other, one)):
        gaps = gaps_mm(first, second, reach_mm=shortest_mm, count=8000)
        disc = 1 / 3  # of a half ball's surface
        assert len(gaps) > 0.8 * disc * 8000
        assert np.median(np.abs(gaps)) < 0.1


@pytest.mark.parametrize("radius_mm", [1.0, 2.0, 3.0])
def test_a_tube_of_few_voxels_keeps_its_course(radius_mm: float) -> None:
    body = capsule(40, radius_mm).placed(rotation(33, 21, 0))
    mesh = mesh_one(voxelised(body, np.diag([1.5, 1.5, 1.5])))
    points, _ = surface_points(mesh.vertices_ras_mm, mesh.faces, 4000)
    assert np.abs(body.distance_mm(points)).mean() < 0.3
