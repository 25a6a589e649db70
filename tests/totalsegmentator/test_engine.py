"""What the engine finds, and that it is what the package itself finds."""

from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import numpy.typing as npt
import pytest
from iris_imaging.volume import Modality, Volume
from iris_oculus.structures import catalogue
from scan_to_mesh.segmenters.protocol import Segmentation, SegmentationRequest
from scan_to_mesh.segmenters.totalsegmentator import TotalSegmentatorSegmenter
from scan_to_mesh.segmenters.totalsegmentator.runtime import Deployment, inside

from local_stack.phantom import Phantom, PhantomOptions, make_torso
from tests.totalsegmentator.conftest import UNSEEN_SEED

pytestmark = [pytest.mark.totalsegmentator, pytest.mark.usefixtures("offline")]

TEN_STRUCTURES = (
    "heart",
    "kidney_left",
    "kidney_right",
    "liver",
    "lung_lower_lobe_right",
    "lung_upper_lobe_left",
    "lung_upper_lobe_right",
    "spleen",
    "sternum",
    "trachea",
)
VALUES = {s.name: s.label_value for s in catalogue("totalsegmentator")["total"].structures}
EVERYTHING = SegmentationRequest(task="total", fast=True, roi_subset=None, device="cpu")
Mask = npt.NDArray[np.bool_]


def dice(one: Mask, other: Mask) -> float:
    return float(2 * (one & other).sum() / (one.sum() + other.sum()))


def ignore_steps(done: int, total: int) -> None:
    assert 0 < done <= total


@pytest.fixture(scope="module")
def of_abdomen(segmenter: TotalSegmentatorSegmenter, abdomen: Phantom) -> Segmentation:
    return segmenter.segment(abdomen.volume, EVERYTHING, ignore_steps)


def test_ten_structures_of_an_unseen_phantom(segmenter: TotalSegmentatorSegmenter) -> None:
    phantom = make_torso(PhantomOptions(seed=UNSEEN_SEED, z_low_mm=-200, z_high_mm=190))
    steps: list[tuple[int, int]] = []
    request = SegmentationRequest(task="total", fast=True, roi_subset=None, device="gpu")

    found = segmenter.segment(phantom.volume, request, lambda *step: steps.append(step))

    truth = phantom.label_map.labels
    scores = {
        name: dice(found.label_map.labels == VALUES[name], truth == VALUES[name])
        for name in TEN_STRUCTURES
    }
    assert min(scores.values()) > 0.8, scores
    assert steps[-1] == (1, 1)
    assert [warning.code for warning in found.warnings] == ["gpu_missing"]


def test_the_result_says_what_made_it(of_abdomen: Segmentation) -> None:
    engine = of_abdomen.engine
    assert (engine.name, engine.version, engine.device) == ("totalsegmentator", "2.18.0", "cpu")
    (model,) = engine.models
    assert model.startswith("Dataset297_TotalSegmentator_total_3mm_1559subj/fold_0 sha256:")
    assert "synthetic phantoms" in engine.limits
    assert engine.limits.startswith("NOT FOR PATIENTS")
    assert of_abdomen.warnings == ()


def test_the_label_map_is_on_the_grid_of_the_volume(
    of_abdomen: Segmentation, abdomen: Phantom
) -> None:
    label_map = of_abdomen.label_map
    assert label_map.labels.shape == abdomen.volume.voxels.shape
    assert label_map.labels.dtype == np.uint8
    np.testing.assert_array_equal(label_map.affine_ras_mm, abdomen.volume.affine_ras_mm)
    assert {value: s.name for value, s in label_map.structures.items()} == {
        value: name for name, value in VALUES.items()
    }


def test_the_unmodified_call_finds_the_same(
    environment: dict[str, str], of_abdomen: Segmentation, abdomen: Phantom
) -> None:
    from totalsegmentator.python_api import totalsegmentator

    volume = abdomen.volume
    image = nib.Nifti1Image(volume.voxels, volume.affine_ras_mm)
    with inside(Deployment.from_environment(environment)):
        result = totalsegmentator(image, None, ml=True, fast=True, device="cpu", quiet=True)
    np.testing.assert_array_equal(np.asanyarray(result.dataobj), of_abdomen.label_map.labels)


def rotation(degrees: float) -> npt.NDArray[np.float64]:
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix = np.eye(4)
    matrix[:2, :2] = [[cosine, -sine], [sine, cosine]]
    return matrix


def reordered(volume: Volume) -> tuple[Volume, Callable[[npt.NDArray[np.uint8]], object]]:
    """The same scan stored as slices from feet to head of rows from left to right, and undone."""
    voxels = volume.voxels.transpose(2, 0, 1)[:, ::-1, :]
    new_to_old = np.zeros((4, 4))
    new_to_old[2, 0], new_to_old[0, 1], new_to_old[1, 2] = 1, -1, 1
    new_to_old[0, 3], new_to_old[3, 3] = volume.voxels.shape[0] - 1, 1
    affine = volume.affine_ras_mm @ new_to_old
    return Volume(voxels, affine), lambda labels: labels[:, ::-1, :].transpose(1, 2, 0)


@pytest.mark.parametrize("degrees", [0.0, 7.0], ids=["straight", "oblique"])
def test_the_order_of_voxels_in_the_file_changes_nothing(
    segmenter: TotalSegmentatorSegmenter,
    of_abdomen: Segmentation,
    abdomen: Phantom,
    degrees: float,
) -> None:
    volume, undo = reordered(abdomen.volume)
    turned = Volume(volume.voxels, rotation(degrees) @ volume.affine_ras_mm)

    found = segmenter.segment(turned, EVERYTHING, ignore_steps)

    np.testing.assert_array_equal(undo(found.label_map.labels), of_abdomen.label_map.labels)
    np.testing.assert_array_equal(found.label_map.affine_ras_mm, turned.affine_ras_mm)


def test_a_subset_holds_nothing_else(
    segmenter: TotalSegmentatorSegmenter, abdomen: Phantom
) -> None:
    request = SegmentationRequest("total", fast=True, roi_subset=("liver",), device="auto")
    steps: list[tuple[int, int]] = []

    found = segmenter.segment(abdomen.volume, request, lambda *step: steps.append(step))

    labels = found.label_map.labels
    assert set(np.unique(labels)) == {0, VALUES["liver"]}
    assert [s.name for s in found.label_map.structures.values()] == ["liver"]
    assert dice(labels > 0, abdomen.label_map.labels == VALUES["liver"]) > 0.8
    assert steps[:2] == [(1, 2), (2, 2)]
    assert [model[:10] for model in found.engine.models] == ["Dataset298", "Dataset297"]


def test_a_subset_that_is_not_there_is_an_empty_label_map(
    segmenter: TotalSegmentatorSegmenter,
) -> None:
    air = Volume(np.full((40, 36, 32), -1000, np.int16), np.diag([3.0, 3.0, 3.0, 1.0]))
    request = SegmentationRequest("total", fast=True, roi_subset=("brain",), device="cpu")
    found = segmenter.segment(air, request, ignore_steps)
    assert not found.label_map.labels.any()


def test_a_scan_of_unknown_modality_is_taken_for_what_the_task_is_for(
    segmenter: TotalSegmentatorSegmenter,
) -> None:
    air = Volume(
        np.full((40, 36, 32), -1000, np.int16), np.diag([3.0, 3.0, 3.0, 1.0]), Modality.UNKNOWN
    )
    found = segmenter.segment(air, EVERYTHING, ignore_steps)
    assert [warning.code for warning in found.warnings] == ["modality_unknown"]


def test_statistics_are_not_sent(environment: dict[str, str], of_abdomen: Segmentation) -> None:
    assert of_abdomen.label_map.labels.any()
    home = Path(environment["TOTALSEG_HOME_DIR"])
    assert '"send_usage_stats": false' in (home / "config.json").read_text()
