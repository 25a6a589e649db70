"""Stacks of planes, as a mathematical matter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from iris_imaging.dicom_geometry import Plane, plane_from_tags, stack_planes
from iris_oculus.errors import NotThreeDimensional, UntrustedGeometry

from tests.unit.iris_imaging.phantoms import affine

LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def planes_of(matrix: np.ndarray, count: int) -> list[Plane]:
    lps = LPS @ matrix
    spacing = np.linalg.norm(lps[:3, :2], axis=0)
    return [
        Plane(
            (lps @ [0, 0, k, 1])[:3],
            lps[:3, 0] / spacing[0],
            lps[:3, 1] / spacing[1],
            row_spacing_mm=spacing[1],
            column_spacing_mm=spacing[0],
        )
        for k in range(count)
    ]


@given(
    rotation=st.tuples(*[st.floats(-180, 180)] * 3),
    spacing=st.tuples(st.floats(0.2, 3), st.floats(0.2, 3), st.floats(0.3, 8)),
    origin=st.tuples(*[st.floats(-2000, 2000)] * 3),
    shear=st.floats(-0.6, 0.6),
    order=st.permutations(range(6)),
)
def test_the_affine_of_any_right_handed_stack_is_found_again(
    rotation: tuple[float, float, float],
    spacing: tuple[float, float, float],
    origin: tuple[float, float, float],
    shear: float,
    order: list[int],
) -> None:
    matrix = affine(spacing, origin, rotation, shear=shear)
    planes = planes_of(matrix, 6)
    stack = stack_planes([planes[k] for k in order])
    np.testing.assert_allclose(stack.affine_ras_mm, matrix, rtol=0, atol=1e-8)
    assert [order[indices[0]] for indices in stack.slices] == list(range(6))
    assert stack.tilt_degrees == pytest.approx(np.degrees(np.arctan(abs(shear))), abs=1e-4)


def test_a_left_handed_stack_is_read_from_its_other_end() -> None:
    matrix = affine(mirrored=True)
    stack = stack_planes(planes_of(matrix, 5))
    assert [indices[0] for indices in stack.slices] == [4, 3, 2, 1, 0]
    reversed_axis = np.eye(4)
    reversed_axis[2, 2:] = -1, 4
    np.testing.assert_allclose(stack.affine_ras_mm, matrix @ reversed_axis, atol=1e-9)


def test_pixel_spacing_is_of_rows_first() -> None:
    plane = plane_from_tags([1, 2, 3], [1, 0, 0, 0, 1, 0], [0.5, 0.25])
    assert plane is not None
    assert (plane.row_spacing_mm, plane.column_spacing_mm) == (0.5, 0.25)
    np.testing.assert_array_equal(plane.normal, [0, 0, 1])


def test_repetitions_share_a_slice() -> None:
    planes = planes_of(affine(), 4)
    assert stack_planes([*planes, planes[2], planes[2]]).slices == ((0,), (1,), (2, 4, 5), (3,))


def test_slices_beside_each_other() -> None:
    planes = planes_of(affine(), 4)
    moved = planes_of(affine(origin=(0, 17.5, -402)), 4)
    with pytest.raises(UntrustedGeometry, match="beside"):
        stack_planes([*planes, *moved])


def test_two_places_are_no_volume() -> None:
    with pytest.raises(NotThreeDimensional):
        stack_planes(planes_of(affine(), 2) * 5)


@pytest.mark.parametrize(
    "tags",
    [
        ([], [1, 0, 0, 0, 1, 0], [1, 1]),
        ([0, 0, 0], [1, 0, 0], [1, 1]),
        ([0, 0, 0], [1, 0, 0, 0, 1, 0], []),
        ([0, 0, float("nan")], [1, 0, 0, 0, 1, 0], [1, 1]),
        ([0, 0, 0], [1, 0, 0, 0.1, 0.995, 0], [1, 1]),
        ([0, 0, 0], [1, 0, 0, 0, 1, 0], [1, 0]),
    ],
)
def test_incomplete_or_contradictory_tags(tags: tuple[list[float], ...]) -> None:
    assert plane_from_tags(*tags) is None


def test_directions_are_rounded_in_headers() -> None:
    plane = plane_from_tags([0, 0, 0], [0.7071, 0.7071, 0, -0.7071, 0.7071, 0], [1, 1])
    assert plane is not None
    assert np.linalg.norm(plane.row_direction) == pytest.approx(1, abs=1e-12)
