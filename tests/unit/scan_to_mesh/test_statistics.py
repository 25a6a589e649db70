import json
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from iris_imaging.volume import LabelMap, Modality, Volume
from iris_oculus.structures import catalogue
from scan_to_mesh.statistics import segment_statistics

from tests.label_maps import label_map

TILTED = np.array([[-1.2, 0, 0, 50], [0, 1.5, 0.9, -20], [0, 0.1, 2.0, 700], [0, 0, 0, 1]])


def test_against_a_loop_over_voxels() -> None:
    rng = np.random.default_rng(7)
    labels = label_map(rng.integers(0, 5, (9, 8, 7)).astype(np.uint16), TILTED)
    volume = Volume(rng.normal(40, 300, (9, 8, 7)).astype(np.float32), TILTED)
    result = segment_statistics(labels, volume)
    assert [s.structure.label_value for s in result] == [1, 2, 3, 4]
    for found in result:
        where = np.argwhere(labels.labels == found.structure.label_value)
        inside = [float(volume.voxels[i, j, k]) for i, j, k in where]
        world = where @ TILTED[:3, :3].T + TILTED[:3, 3]
        assert found.voxels == len(where)
        assert found.volume_ml == pytest.approx(len(where) * abs(np.linalg.det(TILTED)) / 1000)
        assert found.mean_hu == pytest.approx(np.mean(inside))
        assert found.sd_hu == pytest.approx(np.std(inside))
        assert found.centroid_ras_mm == pytest.approx(tuple(world.mean(axis=0)))
        assert found.truncated


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize(
    ("position", "truncated"), [(0, True), (1, False), (-2, False), (-1, True)]
)
def test_truncated_means_touching_a_face(axis: int, position: int, truncated: bool) -> None:
    labels = np.zeros((5, 6, 7), np.uint8)
    index = [2, 2, 2]
    index[axis] = position
    labels[tuple(index)] = 1
    (found,) = segment_statistics(label_map(np.asfortranarray(labels)), None)
    assert found.truncated is truncated


@pytest.mark.parametrize("modality", [Modality.MR, Modality.UNKNOWN])
def test_only_a_ct_has_hounsfield_units(modality: Modality) -> None:
    labels = label_map(np.ones((2, 2, 2), np.uint8))
    volume = Volume(np.full((2, 2, 2), 55, np.int16), np.eye(4), modality)
    for given in (volume, None):
        (found,) = segment_statistics(labels, given)
        assert found.mean_hu is None
        assert found.sd_hu is None


def test_axis_order_in_memory_does_not_matter() -> None:
    rng = np.random.default_rng(3)
    values = rng.integers(0, 3, (6, 5, 4)).astype(np.uint8)
    voxels = rng.integers(-1000, 1000, (6, 5, 4)).astype(np.int16)
    results = [
        segment_statistics(label_map(order(values), TILTED), Volume(order(voxels), TILTED))
        for order in (np.ascontiguousarray, np.asfortranarray)
    ]
    for one, other in zip(*results, strict=True):
        assert one.mean_hu == pytest.approx(other.mean_hu)
        assert one.centroid_ras_mm == pytest.approx(other.centroid_ras_mm)


@pytest.mark.parametrize(
    ("shape", "affine", "message"),
    [((3, 2, 2), np.eye(4), "shape"), ((2, 2, 2), np.diag([1.0, 1, 2, 1]), "affine")],
)
def test_another_grid_is_refused(
    shape: tuple[int, int, int], affine: np.ndarray, message: str
) -> None:
    labels = label_map(np.ones((2, 2, 2), np.uint8))
    with pytest.raises(ValueError, match=message):
        segment_statistics(labels, Volume(np.zeros(shape, np.int16), affine))


def test_a_label_value_without_a_structure_is_an_error() -> None:
    with pytest.raises(ValueError, match="without a structure"):
        segment_statistics(LabelMap(np.ones((2, 2, 2), np.uint8), np.eye(4), {}), None)


def test_the_same_numbers_as_totalsegmentator(shared_data: Path) -> None:
    folder = shared_data / "slab_ct"
    labels = nib.load(folder / "labels_total_fast.nii.gz")
    ct = nib.load(folder / "ct.nii.gz")
    structures = {s.label_value: s for s in catalogue("totalsegmentator")["total"].structures}
    result = segment_statistics(
        LabelMap(np.asarray(labels.dataobj, np.uint8), np.asarray(labels.affine), structures),
        Volume(np.asarray(ct.dataobj), np.asarray(ct.affine)),
    )
    expected = json.loads((folder / "statistics_total_fast.json").read_text(encoding="utf-8"))
    found = {s.structure.name: s for s in result}
    # It writes 0 for a structure within three voxels of the border.
    measured = {name: entry for name, entry in expected.items() if entry["volume"]}
    assert len(measured) > 10
    for name, entry in measured.items():
        assert found[name].volume_ml * 1000 == pytest.approx(entry["volume"], rel=1e-6)
        assert found[name].mean_hu == pytest.approx(entry["intensity"], abs=1e-3)
