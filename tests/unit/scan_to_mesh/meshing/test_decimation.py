import numpy as np
import pytest
import trimesh
from scan_to_mesh.meshing.decimation import SMALLEST_STRUCTURE_FACES, decimate
from scan_to_mesh.meshing.surface import Surface
from scan_to_mesh.meshing.topology import enclosed_volume_mm3, is_watertight


def as_surface(mesh: trimesh.Trimesh) -> Surface:
    return np.array(mesh.vertices, np.float64), np.array(mesh.faces, np.int32)


@pytest.mark.parametrize("target_reduction", [0.25, 0.5, 0.9, 0.95])
def test_the_share_of_faces_asked_for_is_removed(target_reduction: float) -> None:
    surface = as_surface(trimesh.creation.icosphere(subdivisions=5, radius=30))
    _, faces = decimate(surface, target_reduction)
    assert 1 - len(faces) / len(surface[1]) == pytest.approx(target_reduction, abs=0.01)
    assert is_watertight(faces)


def test_nothing_to_remove_is_no_work() -> None:
    surface = as_surface(trimesh.creation.icosphere(subdivisions=3))
    assert decimate(surface, 0.0) is surface


def test_tiny_structures_keep_what_they_need() -> None:
    small = as_surface(trimesh.creation.icosphere(subdivisions=2))
    _, faces = decimate(small, 0.99)
    assert SMALLEST_STRUCTURE_FACES - 2 <= len(faces) <= SMALLEST_STRUCTURE_FACES


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
    result = decimate(surface, 0.9)
    after = trimesh.Trimesh(*result, process=False).split(only_watertight=True)
    assert len(after) == len(pieces)
    assert sum(piece.volume < 0 for piece in after) == 1
    assert 1 - len(result[1]) / len(surface[1]) == pytest.approx(0.9, abs=0.01)
    assert enclosed_volume_mm3(*result) == pytest.approx(enclosed_volume_mm3(*surface), rel=0.01)
