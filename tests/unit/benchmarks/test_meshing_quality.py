"""What the benchmark says of meshes whose faults are known."""

import numpy as np
import pytest

from tests.analytic_shapes import sphere
from tests.benchmarks.meshing.analytic import compare
from tests.benchmarks.meshing.grids import Grid
from tests.benchmarks.meshing.quality import Stored, assess
from tests.benchmarks.meshing.reference import Reference, reference_of

AFFINE = np.diag([0.8, 0.8, 1.0, 1.0])


@pytest.fixture(scope="module")
def reference() -> Reference:
    labels = np.zeros((24, 24, 24), np.uint8, order="F")
    labels[4:12, 4:20, 4:20], labels[12:20, 4:20, 4:20] = 1, 2
    return reference_of(Grid(labels, AFFINE))


@pytest.fixture
def meshes(reference: Reference) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    return {value: (one.vertices, one.faces) for value, one in reference.surfaces.items()}


def test_finds_no_fault_in_the_label_maps_own_surfaces(
    reference: Reference, meshes: Stored
) -> None:
    found = assess(meshes, reference)

    assert (found.labels, found.missing) == (2, 0)
    assert found.closed == found.closed_welded == found.manifold_welded == found.outward == 2
    assert abs(found.volume_error_worst) < 0.02
    assert found.to_surface_worst < 1e-6
    assert found.from_surface_worst < 1e-6
    assert found.gap_median < 1e-6


def test_sees_a_lost_tip_from_the_surface_alone(reference: Reference, meshes: Stored) -> None:
    vertices, faces = meshes[1]
    far = vertices[:, 2] > vertices[:, 2].max() - 3.2
    flattened = vertices.copy()
    flattened[far, 2] = vertices[~far, 2].max()
    found = assess({**meshes, 1: (flattened, faces)}, reference)

    lost_mm = vertices[:, 2].max() - flattened[:, 2].max()
    assert lost_mm > 3
    assert found.from_surface_worst == pytest.approx(lost_mm)
    assert found.volume_error_worst < -0.1


def test_counts_what_is_open_inside_out_or_missing(reference: Reference, meshes: Stored) -> None:
    vertices, faces = meshes[1]
    opened = assess({1: (vertices, faces[1:])}, reference)
    turned = assess({**meshes, 1: (vertices, faces[:, ::-1])}, reference)

    assert (opened.missing, opened.closed, opened.closed_welded) == (1, 0, 0)
    assert (turned.closed, turned.outward) == (2, 1)
    assert turned.volume_error_worst == assess(meshes, reference).volume_error_worst


def test_measures_how_far_neighbours_overlap(reference: Reference, meshes: Stored) -> None:
    vertices, faces = meshes[2]
    moved = assess({**meshes, 2: (vertices - [0.3, 0, 0], faces)}, reference)
    apart = assess({**meshes, 2: (vertices - [-0.2, 0, 0], faces)}, reference)

    assert moved.gap_median == pytest.approx(0.3, abs=1e-6)
    assert moved.overlap_share > 0.9
    assert apart.gap_median == pytest.approx(0.2, abs=1e-6)
    assert apart.overlap_share < 0.1


def test_compares_with_a_shape_itself() -> None:
    labels = np.zeros((40, 40, 40), np.uint8, order="F")
    index = np.stack(np.meshgrid(*[np.arange(40.0)] * 3, indexing="ij"), axis=-1)
    body = sphere(12).placed(np.eye(3), (19.7, 20.1, 20.2))
    labels[body.distance_mm(index) < 0] = 1
    surface = reference_of(Grid(labels, np.eye(4))).surfaces[1]
    exact = surface.vertices - (
        body.distance_mm(surface.vertices)[:, None] * body.normals(surface.vertices)
    )
    truth = compare(exact, surface.faces, body, surface.vertices)
    shrunken = compare(
        body.centroid_mm + (exact - body.centroid_mm) * 11 / 12, surface.faces, body, exact
    )

    assert truth.mean < 0.03
    assert truth.largest < 0.1
    assert truth.normals < 4
    assert abs(truth.volume_error) < 0.005
    assert shrunken.mean == pytest.approx(1, abs=0.05)
    assert shrunken.lost == pytest.approx(1, abs=0.05)
    assert shrunken.volume_error == pytest.approx((11 / 12) ** 3 - 1, abs=0.01)
