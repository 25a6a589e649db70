"""The compiled text against Python's own formatting, which rounds exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scan_to_mesh.exporters.exportable import LARGEST_MM
from scan_to_mesh.exporters.text_lines import face_lines, vertex_lines

# The largest 32-bit float below the limit.
LARGEST = float(np.nextafter(np.float32(LARGEST_MM), np.float32(0)))
COORDINATES = st.floats(-LARGEST, LARGEST, width=32)
NEAR_A_ROUNDING = st.builds(
    lambda steps, nudge: float(np.float32(steps / 20_000) + np.float32(nudge) * 1e-7),
    st.integers(-(2**24), 2**24),
    st.integers(-3, 3),
)
"""Multiples of half the last decimal, where rounding goes either way, and their neighbours."""
EXACTLY_BETWEEN = st.integers(-(2**20), 2**20).map(lambda steps: steps / 32)
"""Fractions of 32nds have five decimals, the last a 5: ties, which go to the even neighbour."""


def as_python_says(vertices: np.ndarray) -> bytes:
    return "".join("v {:.4f} {:.4f} {:.4f}\n".format(*row) for row in vertices.tolist()).encode()


@settings(deadline=None)
@given(
    arrays(
        np.float32,
        st.tuples(st.integers(0, 5), st.just(3)),
        elements=COORDINATES | NEAR_A_ROUNDING.map(lambda x: float(np.float32(x))),
    )
)
def test_any_coordinate_is_written_as_python_writes_it(vertices: np.ndarray) -> None:
    assert vertex_lines(vertices) == as_python_says(vertices)


@settings(deadline=None)
@given(arrays(np.float32, (3, 3), elements=EXACTLY_BETWEEN))
def test_ties_go_to_the_even_neighbour(vertices: np.ndarray) -> None:
    assert vertex_lines(vertices) == as_python_says(vertices)


def test_every_pattern_of_bits_in_a_large_sample() -> None:
    bits = np.random.default_rng(1).integers(0, 2**32, 60_000, dtype=np.uint32)
    numbers = bits.view(np.float32)
    numbers = numbers[np.abs(numbers) < LARGEST_MM]  # drops what is not finite, too
    vertices = numbers[: len(numbers) // 3 * 3].reshape(-1, 3)
    assert vertex_lines(vertices) == as_python_says(vertices)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0000"),
        (-0.0, "-0.0000"),
        (1e-45, "0.0000"),
        (-1e-5, "-0.0000"),
        (0.99996, "1.0000"),
        (-9.99996, "-10.0000"),
        (99999.9921875, "99999.9922"),
        (0.03125, "0.0312"),
        (0.09375, "0.0938"),
        (-123.4567, "-123.4567"),
    ],
)
def test_zeros_carries_and_ties(value: float, text: str) -> None:
    assert vertex_lines(np.full((1, 3), value, np.float32)) == f"v {text} {text} {text}\n".encode()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, LARGEST_MM, -LARGEST_MM])
def test_what_has_no_such_text_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not below"):
        vertex_lines(np.array([[0, 0, value]], np.float32))


def test_the_longest_lines_fit() -> None:
    vertices = np.full((100, 3), -LARGEST, np.float32)
    assert vertex_lines(vertices) == as_python_says(vertices)
    faces = np.full((100, 3), 2**31 - 2, np.int32)
    assert face_lines(faces, 1) == b"f 2147483647 2147483647 2147483647\n" * 100


@settings(deadline=None)
@given(
    arrays(np.int32, st.tuples(st.integers(0, 5), st.just(3)), elements=st.integers(0, 2**31 - 2)),
    st.sampled_from([0, 1]),
)
def test_faces_count_from_the_first_number(faces: np.ndarray, first_number: int) -> None:
    rows = (faces.astype(np.int64) + first_number).tolist()
    expected = "".join("f {} {} {}\n".format(*row) for row in rows).encode()
    assert face_lines(faces, first_number) == expected


def test_numbers_beyond_32_bits_are_refused() -> None:
    with pytest.raises(ValueError, match="32-bit"):
        face_lines(np.array([[0, 1, 2**31 - 1]], np.int32), 1)


def test_other_layouts_in_memory_are_read_right() -> None:
    vertices = np.random.default_rng(2).uniform(-500, 500, (7, 3)).astype(np.float32)
    expected = vertex_lines(vertices)
    frozen = vertices.copy()
    frozen.flags.writeable = False
    wide = np.repeat(vertices, 2, axis=1)[:, ::2]
    for other in (np.asfortranarray(vertices), frozen, wide, vertices.astype(">f4")):
        assert vertex_lines(other) == expected
