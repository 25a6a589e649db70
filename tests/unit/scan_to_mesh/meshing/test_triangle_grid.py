import numpy as np
import trimesh
from scan_to_mesh.meshing.triangle_grid import Triangles, sort_into_grid


def _cells_of(points: np.ndarray, low: np.ndarray, cell_mm: float, shape: np.ndarray) -> np.ndarray:
    layers = np.clip(np.floor((points - low) / cell_mm).astype(int), 0, shape - 1)
    return np.ravel_multi_index(layers.T, shape)


def test_every_point_of_a_triangle_lies_in_a_cell_that_lists_it() -> None:
    rng = np.random.default_rng(3)
    shape = trimesh.creation.icosphere(subdivisions=3, radius=20)
    faces = shape.faces.astype(np.int32)
    grid = sort_into_grid(Triangles(shape.vertices * [1, 2, 0.3], faces))
    weights = rng.dirichlet([1, 1, 1], (len(faces), 5))
    points = np.einsum("fpc,fcx->fpx", weights, (shape.vertices * [1, 2, 0.3])[faces])
    cells = _cells_of(points.reshape(-1, 3), grid.low, grid.cell_mm, grid.shape)
    for cell, face in zip(cells, np.repeat(np.arange(len(faces)), 5), strict=True):
        assert face in grid.entries[grid.starts[cell] : grid.starts[cell + 1]]


def test_memory_is_bounded_however_large_the_box_and_the_triangles() -> None:
    """A speck at each end of a metre, and triangles that cross all of it."""
    speck = trimesh.creation.icosphere(subdivisions=3, radius=0.01)
    count = len(speck.vertices)
    large = np.random.default_rng(5).uniform(0, 1000, (60, 3))
    vertices = np.vstack([speck.vertices, speck.vertices + 1000, large])
    crossing = np.arange(2 * count, 2 * count + 60).reshape(20, 3)
    faces = np.vstack([speck.faces, speck.faces + count, crossing]).astype(np.int32)
    grid = sort_into_grid(Triangles(vertices, faces), 1e-9)
    assert grid.shape.prod() <= 4 * len(faces)
    assert len(grid.entries) <= 16 * (len(faces) + 64)
    assert set(grid.entries) == set(range(len(faces)))


def test_a_surface_that_is_one_point_has_one_cell() -> None:
    grid = sort_into_grid(Triangles(np.ones((3, 3)), np.array([[0, 1, 2]], np.int32)))
    assert list(grid.shape) == [1, 1, 1]
    assert list(grid.entries) == [0]
