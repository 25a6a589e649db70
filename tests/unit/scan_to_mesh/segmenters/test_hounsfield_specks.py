import numpy as np
from scan_to_mesh.segmenters.hounsfield.specks import SPECK_ML, absorb_specks
from scan_to_mesh.segmenters.hounsfield.tissue import Tissue

SPACING_MM = (3.0, 3.0, 3.0)
VOXELS_OF_A_SPECK = int(SPECK_ML * 1000 / 27)


def test_specks_go_to_what_surrounds_them_and_the_rest_stays() -> None:
    labels = np.zeros((30, 30, 30), np.uint8)
    labels[2:28, 2:28, 2:28] = Tissue.FAT
    labels[5:9, 5:9, 5:9] = Tissue.BONE
    labels[15:20, 15:20, 15:20] = Tissue.MUSCLE
    expected = labels.copy()
    labels[12, 12, 12] = Tissue.BONE  # in fat
    labels[17, 17, 16:18] = Tissue.GAS_OTHER  # in muscle, but the only gas there is
    expected[17, 17, 16:18] = Tissue.GAS_OTHER
    labels[2, 2, 2] = Tissue.MUSCLE  # in the patient's corner, which stays the patient
    absorb_specks(labels, SPACING_MM)
    assert np.array_equal(labels, expected)


def test_a_piece_of_the_limit_is_no_speck() -> None:
    labels = np.full((40, 5, 5), Tissue.FAT, np.uint8)
    labels[:4] = Tissue.BONE
    labels[10, 2, 2] = Tissue.BONE
    labels[20 : 20 + VOXELS_OF_A_SPECK + 1, 2, 2] = Tissue.BONE
    absorb_specks(labels, SPACING_MM)
    assert labels[10, 2, 2] == Tissue.FAT
    assert (labels[20 : 20 + VOXELS_OF_A_SPECK + 1, 2, 2] == Tissue.BONE).all()
