import numpy as np
import trimesh
from scan_to_mesh.meshing.edge_collapse import collapsed_faces

BALL = trimesh.creation.icosphere(subdivisions=4, radius=30)
POSITIONS_MM = np.array(BALL.vertices, np.float32)
FACES = np.array(BALL.faces, np.int32)


def test_as_few_faces_as_asked_for() -> None:
    free = np.zeros(len(POSITIONS_MM), np.uint8)
    kept = collapsed_faces(POSITIONS_MM, FACES, free, 500, 1e9)
    assert 498 <= len(kept) <= 500
    assert set(kept.ravel()) <= set(range(len(POSITIONS_MM)))


def test_locked_vertices_keep_their_triangles() -> None:
    locked = (POSITIONS_MM[:, 2] > 0).astype(np.uint8)
    kept = collapsed_faces(POSITIONS_MM, FACES, locked, 40, 1e9)
    rows = {tuple(sorted(face)) for face in kept.tolist()}
    above = FACES[locked[FACES].all(axis=1)]
    assert {tuple(sorted(face)) for face in above.tolist()} <= rows
    assert len(kept) < len(FACES)


def test_no_collapse_costs_more_than_the_error_allowed() -> None:
    free = np.zeros(len(POSITIONS_MM), np.uint8)
    counts = [
        len(collapsed_faces(POSITIONS_MM, FACES, free, 4, error_mm)) for error_mm in (0, 0.1, 1, 5)
    ]
    assert counts[0] == len(FACES)
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] < counts[1] < counts[0]
