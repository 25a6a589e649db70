import numpy as np
import pytest
from scan_to_mesh.segments import find_segments, memory_axes, permuted_affine


@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "u8", ">u2", ">u4"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_boxes_of_every_unsigned_type(dtype: str, order: str) -> None:
    labels = np.zeros((6, 7, 8), dtype=dtype, order=order)
    labels[1:3, 2:5, 3:8] = 200
    labels[5, 0, 0] = 3
    small, large = find_segments(labels)
    assert (small.label_value, small.origin_index, small.shape) == (3, (5, 0, 0), (1, 1, 1))
    assert (large.label_value, large.origin_index, large.shape) == (200, (1, 2, 3), (2, 3, 5))


@pytest.mark.parametrize("background", [0, 5])
def test_huge_label_values_need_no_huge_list(background: int) -> None:
    labels = np.full((3, 3, 3), background, np.uint64)
    labels[1, 1, 2] = 2**63
    segments = {s.label_value: s.origin_index for s in find_segments(labels)}
    assert segments.pop(2**63) == (1, 1, 2)
    assert segments == ({5: (0, 0, 0)} if background else {})


def test_nothing_occurs_in_an_empty_label_map() -> None:
    assert find_segments(np.zeros((2, 2, 2), np.uint16)) == []


def test_memory_order_and_affine_name_the_same_places() -> None:
    labels = np.zeros((4, 5, 6), np.uint8, order="F").transpose(1, 0, 2)
    axes = memory_axes(labels)
    in_order = labels.transpose(axes)
    assert in_order.flags.c_contiguous
    affine = np.array([[1.0, 2, 3, 4], [0, 5, 6, 7], [1, 0, 8, 9], [0, 0, 0, 1]])
    index = np.array([1, 2, 3])
    world = affine @ [*index, 1]
    np.testing.assert_allclose(permuted_affine(affine, axes) @ [*index[list(axes)], 1], world)
