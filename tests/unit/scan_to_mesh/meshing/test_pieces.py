import numpy as np
import pytest
import trimesh
from scan_to_mesh.meshing.pieces import joined, pieces_of
from scan_to_mesh.meshing.topology import enclosed_volume_mm3, is_watertight


def test_pieces_apart_and_together() -> None:
    balls = [trimesh.creation.icosphere(subdivisions=k, radius=k + 1) for k in range(3)]
    surface = joined([(np.array(b.vertices), np.array(b.faces, np.int32)) for b in balls])
    pieces = pieces_of(surface)
    assert [len(faces) for _, faces in pieces] == [len(ball.faces) for ball in balls]
    for piece, ball in zip(pieces, balls, strict=True):
        assert is_watertight(piece[1])
        assert enclosed_volume_mm3(*piece) == pytest.approx(ball.volume)
    assert is_watertight(joined(pieces)[1])


def test_one_piece_is_not_copied() -> None:
    ball = trimesh.creation.icosphere()
    surface = (np.array(ball.vertices), np.array(ball.faces, np.int32))
    (piece,) = pieces_of(surface)
    assert piece is surface


def test_nothing_has_no_pieces() -> None:
    assert pieces_of((np.empty((0, 3)), np.empty((0, 3), np.int32))) == []
