"""What the engine refuses before it computes anything, and how it fails."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from iris_imaging.volume import Modality, Volume
from iris_oculus.errors import (
    EngineUnavailable,
    IrisOculusError,
    OutOfMemory,
    SegmentationFailed,
    TaskUnavailable,
    UnknownStructure,
    UnknownTask,
    WrongModality,
)
from scan_to_mesh.segmenters.protocol import SegmentationRequest
from scan_to_mesh.segmenters.totalsegmentator import TotalSegmentatorSegmenter

from tests.totalsegmentator.conftest import WEIGHTS

pytestmark = [pytest.mark.totalsegmentator, pytest.mark.usefixtures("offline")]

AIR = Volume(np.full((40, 36, 32), -1000, np.int16), np.diag([3.0, 3.0, 3.0, 1.0]))


def nothing_was_run(done: int, total: int) -> None:
    raise AssertionError(f"model {done} of {total} ran")


def request(
    task: str = "total", *, fast: bool = True, roi_subset: tuple[str, ...] | None = None
) -> SegmentationRequest:
    return SegmentationRequest(task=task, fast=fast, roi_subset=roi_subset, device="cpu")


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        (request(fast=False), EngineUnavailable, "dataset 291, 292, 293, 294, 295"),
        (request("lung_nodules"), EngineUnavailable, "dataset 913"),
        (request("heartchambers_highres"), TaskUnavailable, "licence key"),
        (request("brain_aneurysm"), WrongModality, "for MR"),
        (request("total_mr"), WrongModality, "for MR"),
        (request("tarot"), UnknownTask, "no such task"),
        (request(roi_subset=("liver", "soul")), UnknownStructure, "does not have"),
        (request(roi_subset=()), UnknownStructure, "empty"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_runs(
    segmenter: TotalSegmentatorSegmenter,
    asked: SegmentationRequest,
    error: type[IrisOculusError],
    words: str,
) -> None:
    with pytest.raises(error, match=words):
        segmenter.segment(AIR, asked, nothing_was_run)


def test_weights_for_non_commercial_use_need_a_word_of_consent(
    segmenter: TotalSegmentatorSegmenter,
) -> None:
    magnetic = Volume(AIR.voxels, AIR.affine_ras_mm, Modality.MR)
    with pytest.raises(TaskUnavailable, match="non-commercial"):
        segmenter.segment(magnetic, request("brain_aneurysm"), nothing_was_run)


def test_a_licence_key_opens_licensed_tasks_as_far_as_their_weights(
    environment: dict[str, str], tmp_path: Path
) -> None:
    licensed = TotalSegmentatorSegmenter(
        allow_download=False,
        environment=environment
        | {"TOTALSEG_HOME_DIR": str(tmp_path), "TOTALSEG_LICENSE_NUMBER": "aca_0123456789abcd"},
    )
    with pytest.raises(EngineUnavailable, match="dataset 301"):
        licensed.segment(AIR, request("heartchambers_highres"), nothing_was_run)


def test_voxels_that_are_no_numbers_are_refused(segmenter: TotalSegmentatorSegmenter) -> None:
    voxels = AIR.voxels.astype(np.float32)
    voxels[3, 4, 5] = np.nan
    with pytest.raises(SegmentationFailed, match="not numbers"):
        segmenter.segment(Volume(voxels, AIR.affine_ras_mm), request(), nothing_was_run)


def copied_weights(folder: Path) -> Path:
    return Path(shutil.copytree(WEIGHTS, folder / "weights"))


def open_with(weights: Path, environment: dict[str, str]) -> TotalSegmentatorSegmenter:
    return TotalSegmentatorSegmenter(
        allow_download=False, environment=environment | {"TOTALSEG_WEIGHTS_PATH": str(weights)}
    )


def test_without_any_weights_the_engine_does_not_open(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "Dataset297_TotalSegmentator_total_3mm_1559subj").mkdir()
    with pytest.raises(EngineUnavailable, match="no TotalSegmentator weights"):
        open_with(tmp_path, environment)


def test_a_folder_without_its_checkpoint_counts_as_missing(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    weights = copied_weights(tmp_path)
    next(weights.glob("Dataset297*/*/fold_0/checkpoint_final.pth")).unlink()
    with pytest.raises(EngineUnavailable, match=r"incomplete: dataset 297\.$"):
        open_with(weights, environment).segment(AIR, request(), nothing_was_run)


def test_a_checkpoint_that_was_tampered_with_is_not_loaded(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    weights = copied_weights(tmp_path)
    checkpoint = next(weights.glob("Dataset297*/*/fold_0/checkpoint_final.pth"))
    with checkpoint.open("ab") as file:
        file.write(b"\0")
    with pytest.raises(EngineUnavailable, match="dataset 297 are not those listed"):
        open_with(weights, environment).segment(AIR, request(), nothing_was_run)


def test_a_download_that_fails_is_the_engines_being_unavailable(
    tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import totalsegmentator.libs

    def no_network(url: str, folder: Path) -> None:
        raise ConnectionError(url)

    monkeypatch.setattr(totalsegmentator.libs, "download_url_and_unpack", no_network)
    segmenter = TotalSegmentatorSegmenter(
        allow_download=True, environment=environment | {"TOTALSEG_WEIGHTS_PATH": str(tmp_path)}
    )
    with pytest.raises(EngineUnavailable, match="could not be downloaded"):
        segmenter.segment(AIR, request(), nothing_was_run)


@pytest.mark.parametrize(
    "failure", [SystemExit(1), ValueError("/home/jane/scan.nii"), IndexError()]
)
def test_the_package_giving_up_is_a_failed_segmentation(
    segmenter: TotalSegmentatorSegmenter, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    import totalsegmentator.python_api

    def give_up(*_positional: object, **_named: object) -> None:
        raise failure

    monkeypatch.setattr(totalsegmentator.python_api, "totalsegmentator", give_up)
    with pytest.raises(SegmentationFailed) as caught:
        segmenter.segment(AIR, request(), nothing_was_run)
    assert "jane" not in caught.value.message


def test_a_full_gpu_is_told_apart(
    segmenter: TotalSegmentatorSegmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    import totalsegmentator.python_api

    def overflow(*_positional: object, **_named: object) -> None:
        raise torch.OutOfMemoryError

    monkeypatch.setattr(totalsegmentator.python_api, "totalsegmentator", overflow)
    with pytest.raises(OutOfMemory):
        segmenter.segment(AIR, request(), nothing_was_run)


def test_a_result_on_another_grid_is_not_passed_on(
    segmenter: TotalSegmentatorSegmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    import nibabel as nib
    import totalsegmentator.python_api

    def shifted(*_positional: object, **_named: object) -> nib.Nifti1Image:
        affine = AIR.affine_ras_mm.copy()
        affine[0, 3] += 0.5
        return nib.Nifti1Image(np.zeros(AIR.voxels.shape, np.uint8), affine)

    monkeypatch.setattr(totalsegmentator.python_api, "totalsegmentator", shifted)
    with pytest.raises(SegmentationFailed, match="not on the grid"):
        segmenter.segment(AIR, request(), lambda *_: None)


def test_another_release_with_another_signature_is_refused(
    segmenter: TotalSegmentatorSegmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    import totalsegmentator.nnunet

    def renamed(folder_in: str, folder_out: str) -> None: ...

    monkeypatch.setattr(totalsegmentator.nnunet, "nnUNetv2_predict", renamed)
    with pytest.raises(EngineUnavailable, match="not one that this program knows"):
        segmenter.segment(AIR, request(), nothing_was_run)


def test_the_caller_stopping_the_job_is_passed_on_as_it_is(
    segmenter: TotalSegmentatorSegmenter,
) -> None:
    class Cancelled(Exception):
        pass

    def cancel(done: int, total: int) -> None:
        raise Cancelled

    before = sys.stdout
    with pytest.raises(Cancelled):
        segmenter.segment(AIR, request(), cancel)
    assert sys.stdout is before
