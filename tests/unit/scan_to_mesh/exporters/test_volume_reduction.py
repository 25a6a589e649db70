"""Against the definition: every coarse voxel is a box, laid over the fine ones."""

import itertools
from typing import Any

import numpy as np
import pytest
from scan_to_mesh.exporters.volume_reduction import at_centres, box_means


def averaging(size: int, count: int) -> np.ndarray:
    """Share of each of ``size`` samples in each of ``count`` boxes, shape (count, size)."""
    edges = np.linspace(0, size, count + 1)
    low, high = edges[:-1, None], edges[1:, None]
    sample = np.arange(size)
    shares = np.clip(np.minimum(sample + 1, high) - np.maximum(sample, low), 0, None)
    matrix: np.ndarray = shares * count / size
    return matrix


def defined_means(voxels: np.ndarray, reduced: tuple[int, ...]) -> np.ndarray:
    matrices = [averaging(size, count) for size, count in zip(voxels.shape, reduced, strict=True)]
    return np.einsum("ai,bj,ck,ijk->abc", *matrices, voxels.astype(float))


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.float32, ">i2", np.uint8])
@pytest.mark.parametrize("reduced", [(1, 1, 1), (5, 4, 3), (11, 7, 13), (10, 7, 5), (3, 6, 13)])
def test_means_are_those_of_the_boxes(dtype: Any, reduced: tuple[int, int, int]) -> None:
    voxels = np.random.default_rng(1).integers(0, 200, (11, 7, 13)).astype(dtype)
    means = box_means(voxels, reduced)
    assert means.dtype == np.float32
    np.testing.assert_allclose(means, defined_means(voxels, reduced), atol=1e-3)


def orders_in_memory(array: np.ndarray) -> list[np.ndarray]:
    """The same array in every order and direction of its axes in memory."""
    laid = []
    for axes in itertools.permutations(range(3)):
        for directions in itertools.product((1, -1), repeat=3):
            flip = tuple(slice(None, None, direction) for direction in directions)
            turned = np.ascontiguousarray(array[flip].transpose(axes))
            laid.append(turned.transpose(np.argsort(axes))[flip])
    return laid


def test_neither_depends_on_the_order_in_memory() -> None:
    voxels = np.random.default_rng(2).integers(-1000, 2000, (9, 10, 11)).astype(np.int16)
    expected = defined_means(voxels, (4, 5, 6))
    labels = np.abs(voxels).astype(np.uint16)
    centres = at_centres(labels, (4, 5, 6))
    assert len(orders_in_memory(voxels)) == 48
    for laid in orders_in_memory(voxels):
        assert np.array_equal(laid, voxels)
        np.testing.assert_allclose(box_means(laid, (4, 5, 6)), expected, atol=1e-2)
    for laid in orders_in_memory(labels):
        assert np.array_equal(at_centres(laid, (4, 5, 6)), centres)


def test_results_lie_in_memory_as_the_scan_does() -> None:
    voxels = np.asfortranarray(np.zeros((8, 8, 8), np.int16))
    assert box_means(voxels, (3, 4, 5)).flags.f_contiguous
    assert at_centres(voxels.astype(np.uint8, order="K"), (3, 4, 5)).flags.f_contiguous


def test_more_slices_than_one_thread_takes() -> None:
    voxels = np.random.default_rng(3).normal(size=(5, 4, 150)).astype(np.float32)
    for array in (np.ascontiguousarray(voxels), np.asfortranarray(voxels)):
        means = box_means(array, (3, 2, 131))
        np.testing.assert_allclose(means, defined_means(voxels, (3, 2, 131)), atol=1e-5)


def test_labels_are_those_of_the_voxel_around_the_centre() -> None:
    labels = np.arange(10, dtype=np.uint16).reshape(1, 10, 1)
    assert at_centres(labels, (1, 4, 1)).ravel().tolist() == [1, 3, 6, 8]
    assert at_centres(labels, (1, 5, 1)).ravel().tolist() == [1, 3, 5, 7, 9]
    assert at_centres(labels, (1, 10, 1)).ravel().tolist() == list(range(10))
