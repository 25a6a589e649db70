import numpy as np
from scan_to_mesh.meshing.cell_patterns import (
    COLUMNS,
    IS_AMBIGUOUS,
    MIXED_QUARTERS,
    ONE_LINE,
    QUARTERS,
    SHEET_MIDDLE,
    SHEET_OF_EDGE,
    SHEETS,
)


def pattern(*rows: str) -> int:
    return sum(1 << bit for bit, voxel in enumerate("".join(rows)) if voxel == "#")


def test_every_crossed_edge_belongs_to_one_sheet() -> None:
    for case in range(256):
        sheets = SHEET_OF_EDGE[case]
        assert set(sheets[sheets >= 0]) == set(range(SHEETS[case]))
        # A closed line around the cell's corners crosses three edges at least.
        for sheet in range(SHEETS[case]):
            assert np.count_nonzero(sheets == sheet) >= 3


def test_sheets_part_inside_corners_that_only_an_edge_or_a_corner_connects() -> None:
    assert SHEETS[0] == SHEETS[255] == 0
    assert all(SHEETS[1 << corner] == 1 for corner in range(8))
    across_a_face, across_the_cell = 0b00001001, 0b10000001
    assert SHEETS[across_a_face] == SHEETS[across_the_cell] == 2
    four_apart = 0b01101001
    assert SHEETS[four_apart] == 4
    # Seen from outside it is one body that the inside corners are cut off from.
    assert SHEETS[255 - across_a_face] == 1


def test_a_sheet_lies_amid_the_edges_that_it_crosses() -> None:
    np.testing.assert_allclose(SHEET_MIDDLE[1, 0], [1 / 6] * 3, atol=1e-7)
    half = 0b00001111  # all corners at the last axis' low end
    np.testing.assert_allclose(SHEET_MIDDLE[half, 0], [0.5, 0.5, 0.5])


def test_which_faces_of_a_block_are_crossed_in_one_open_line() -> None:
    for one in (
        pattern("...", "...", "..."),
        pattern("###", "...", "..."),
        pattern("#..", "#..", "#.."),
        pattern("##.", "#..", "..."),
        pattern("#..", "...", "..."),
    ):
        assert ONE_LINE[one]
        assert ONE_LINE[511 - one]
    for other in (
        pattern("...", ".#.", "..."),  # a ring
        pattern("#..", "...", "..#"),  # two corners
        pattern("###", "...", "###"),  # two lines
        pattern("#..", ".#.", "..."),  # a diagonal
        pattern(".#.", "...", "..."),  # one border twice
    ):
        assert not ONE_LINE[other]
        assert not ONE_LINE[511 - other]


def test_facts_about_nine_voxels() -> None:
    corner = pattern("#..", "...", "..#")
    assert MIXED_QUARTERS[corner] == 2
    assert not IS_AMBIGUOUS[corner]
    assert IS_AMBIGUOUS[pattern("#..", ".#.", "...")]
    assert COLUMNS[pattern("#..", "#..", "..#")].tolist() == [0b011, 0, 0b100]
    assert QUARTERS[pattern("...", ".#.", "...")].tolist() == [8, 4, 2, 1]
