import numpy as np
import numpy.typing as npt
import pytest
import trimesh
from scan_to_mesh.meshing import decimation
from scan_to_mesh.meshing.decimation import decimate
from scan_to_mesh.meshing.surface import Surface
from scan_to_mesh.meshing.topology import enclosed_volume_mm3, is_watertight

from tests.mesh_distances import nearest_on_mesh


def as_surface(mesh: trimesh.Trimesh) -> Surface:
    return np.array(mesh.vertices, np.float64), np.array(mesh.faces, np.int32)


@pytest.mark.parametrize("target_faces", [15_360, 10_240, 2048, 1024])
def test_as_many_faces_as_asked_for_are_kept(target_faces: int) -> None:
    surface = as_surface(trimesh.creation.icosphere(subdivisions=5, radius=30))
    _, faces = decimate(surface, target_faces)
    assert target_faces - 2 <= len(faces) <= target_faces
    assert is_watertight(faces)


def test_faces_stay_where_they_are_needed_for_the_error_allowed() -> None:
    surface = as_surface(trimesh.creation.icosphere(subdivisions=5, radius=30))
    exact, rough = (decimate(surface, 40, error_mm)[1] for error_mm in (0.02, 0.5))
    assert 40 < len(rough) < len(exact) / 4
    assert len(exact) < len(surface[1])


def test_nothing_to_remove_is_no_work() -> None:
    surface = as_surface(trimesh.creation.icosphere(subdivisions=3))
    assert decimate(surface, len(surface[1])) is surface


def test_no_piece_vanishes_and_cavities_stay_cavities() -> None:
    pieces = [trimesh.creation.icosphere(subdivisions=5, radius=50)]
    cavity = trimesh.creation.icosphere(subdivisions=3, radius=10)
    cavity.invert()
    pieces.append(cavity)
    for k in range(5):
        grain = trimesh.creation.icosphere(subdivisions=k % 3, radius=0.5)
        grain.apply_translation([80 + 3 * k, 0, 0])
        pieces.append(grain)
    surface = as_surface(trimesh.util.concatenate(pieces))
    result = decimate(surface, len(surface[1]) // 10)
    after = trimesh.Trimesh(*result, process=False).split(only_watertight=True)
    assert len(after) == len(pieces)
    assert sum(piece.volume < 0 for piece in after) == 1
    assert 1 - len(result[1]) / len(surface[1]) == pytest.approx(0.9, abs=0.01)
    assert enclosed_volume_mm3(*result) == pytest.approx(enclosed_volume_mm3(*surface), rel=0.01)


def furthest_left_mm(surface: Surface, target_faces: int, largest_error_mm: float) -> float:
    fewer = decimate(surface, target_faces, largest_error_mm)
    assert is_watertight(fewer[1])
    return float(nearest_on_mesh(surface[0], *fewer).distances_mm.max())


def rough_ball_of_spikes(subdivisions: int, spikes: int) -> Surface:
    """Of 20 mm, with spikes of six."""
    random = np.random.default_rng(1)
    vertices, faces = as_surface(trimesh.creation.icosphere(subdivisions=subdivisions, radius=20))
    vertices *= 1 + 0.01 * random.standard_normal((len(vertices), 1))
    vertices[random.choice(len(vertices), spikes, replace=False)] *= 1.3
    return vertices, faces


def test_no_tip_is_lost_that_the_error_knows_nothing_of(monkeypatch: pytest.MonkeyPatch) -> None:
    ball = rough_ball_of_spikes(subdivisions=4, spikes=6)
    assert furthest_left_mm(ball, 100, 1.0) < 3
    monkeypatch.setattr(decimation, "_MOST_RETURNS_FOR_TIPS", 0)
    assert furthest_left_mm(ball, 100, 1.0) > 5


def test_where_one_tip_is_lost_all_others_are_sought(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 40,000 vertices every ninth is looked at first."""
    ball = rough_ball_of_spikes(subdivisions=6, spikes=30)
    assert furthest_left_mm(ball, 800, 1.0) < 3
    sought = decimation._lost_tips

    def every_ninth(surface: Surface, fewer: Surface, furthest_mm: float) -> npt.NDArray[np.int64]:
        lost = sought(surface, fewer, furthest_mm)
        return lost[lost % 9 == 0]

    monkeypatch.setattr(decimation, "_lost_tips", every_ninth)
    assert furthest_left_mm(ball, 800, 1.0) > 5
