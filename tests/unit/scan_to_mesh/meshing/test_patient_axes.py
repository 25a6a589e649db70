from itertools import permutations, product

import numpy as np
import pytest
from scan_to_mesh.meshing.patient_axes import LabelGrid, PatientView
from scan_to_mesh.segments import find_segments

from tests.label_maps import label_map, reoriented

LABELS = np.zeros((9, 8, 7), np.uint8)
LABELS[2:5, 1:7, 3:6] = 3
LABELS[4, 2, 3] = 0
AFFINE = np.array([[1.2, 0.1, 0, 5], [-0.1, 1.5, 0, -7], [0, 0, 2.0, 11], [0, 0, 0, 1]])
ORIENTATIONS = list(product(permutations(range(3)), product((1, -1), repeat=3)))


@pytest.mark.parametrize(("axes", "directions"), ORIENTATIONS)
def test_one_mask_for_every_way_to_store_a_scan(
    axes: tuple[int, int, int], directions: tuple[int, int, int]
) -> None:
    expected = PatientView.of(LabelGrid.of_image(LABELS, AFFINE)).padded_mask(
        find_segments(LABELS)[0]
    )
    stored = reoriented(label_map(LABELS, AFFINE), axes, directions)
    (segment,) = find_segments(stored.labels)
    mask = PatientView.of(LabelGrid.of_image(stored.labels, stored.affine_ras_mm)).padded_mask(
        segment
    )
    np.testing.assert_array_equal(mask.voxels, expected.voxels)
    np.testing.assert_allclose(mask.affine_ras_mm, expected.affine_ras_mm, atol=1e-9)
    assert mask.border == expected.border


def test_the_mask_lies_where_its_voxels_are() -> None:
    mask = PatientView.of(LabelGrid.of_image(LABELS, AFFINE)).padded_mask(find_segments(LABELS)[0])
    there = np.argwhere(mask.voxels) @ mask.affine_ras_mm[:3, :3].T + mask.affine_ras_mm[:3, 3]
    here = np.argwhere(LABELS == 3) @ AFFINE[:3, :3].T + AFFINE[:3, 3]
    np.testing.assert_allclose(sorted(there.tolist()), sorted(here.tolist()), atol=1e-9)
    assert all(size % 2 for size in mask.voxels.shape)
    inner = mask.voxels[1:-1, 1:-1, 1:-1]
    assert inner.sum() == mask.voxels.sum()


def test_masks_begin_at_even_indices_of_the_image() -> None:
    mask = PatientView.of(LabelGrid.of_image(LABELS, AFFINE)).padded_mask(find_segments(LABELS)[0])
    begins = [-0.5 - low for low, _ in mask.border]
    assert all(begin % 2 == 0 for begin in begins)
    assert [high - low for low, high in mask.border] == [7, 8, 9]
