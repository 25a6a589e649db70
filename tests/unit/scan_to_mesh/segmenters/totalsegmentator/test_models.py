import hashlib
from pathlib import Path

import pytest
from iris_oculus.errors import EngineUnavailable
from scan_to_mesh.segmenters.totalsegmentator.models import (
    CheckpointHashes,
    TrainedModel,
    are_synthetic,
    has_any_checkpoint,
    missing_models,
)

ONE_FOLD = TrainedModel(297, "Dataset297_total", "trainer__plans__3d_fullres", (0,))
TWO_FOLDS = TrainedModel(8, "Dataset008_vessels", "trainer__plans__3d_fullres", (0, 1))
ANY_FOLDS = TrainedModel(315, "Dataset315_thorax", "trainer__plans__3d_fullres", None)


def install(model: TrainedModel, weights_dir: Path, *, folds: tuple[int, ...]) -> None:
    folder = weights_dir / model.dataset / model.variant
    folder.mkdir(parents=True)
    for name in ("plans.json", "dataset.json"):
        (folder / name).write_text("{}")
    for fold in folds:
        (folder / f"fold_{fold}").mkdir()
        (folder / f"fold_{fold}" / "checkpoint_final.pth").write_text(f"{model.dataset} {fold}")


@pytest.mark.parametrize(
    ("model", "folds", "there"),
    [
        (ONE_FOLD, (0,), True),
        (ONE_FOLD, (), False),
        (ONE_FOLD, (1,), False),
        (TWO_FOLDS, (0, 1), True),
        (TWO_FOLDS, (0,), False),
        (ANY_FOLDS, (3,), True),
        (ANY_FOLDS, (), False),
    ],
)
def test_a_model_is_there_when_each_of_its_folds_is(
    tmp_path: Path, model: TrainedModel, folds: tuple[int, ...], there: bool
) -> None:
    install(model, tmp_path, folds=folds)
    assert missing_models([model], tmp_path) == ([] if there else [model])
    assert has_any_checkpoint(tmp_path) == bool(folds)


def test_an_empty_folder_is_no_model(tmp_path: Path) -> None:
    (tmp_path / ONE_FOLD.dataset).mkdir()
    assert missing_models([ONE_FOLD], tmp_path) == [ONE_FOLD]
    assert missing_models([ONE_FOLD], tmp_path / "nowhere") == [ONE_FOLD]


def test_a_model_without_its_plans_is_incomplete(tmp_path: Path) -> None:
    install(ONE_FOLD, tmp_path, folds=(0,))
    (tmp_path / ONE_FOLD.dataset / ONE_FOLD.variant / "plans.json").unlink()
    assert missing_models([ONE_FOLD], tmp_path) == [ONE_FOLD]


def test_models_are_named_with_the_hash_of_what_is_loaded(tmp_path: Path) -> None:
    install(TWO_FOLDS, tmp_path, folds=(0, 1))
    digest = hashlib.sha256(b"Dataset008_vessels 1").hexdigest()
    lines = CheckpointHashes(tmp_path).describe([TWO_FOLDS, TWO_FOLDS])
    assert len(lines) == 2
    assert lines[1] == f"Dataset008_vessels/fold_1 sha256:{digest[:12]}"


def test_a_list_of_hashes_is_believed_rather_than_the_file(tmp_path: Path) -> None:
    install(ONE_FOLD, tmp_path, folds=(0,))
    checkpoint = tmp_path / ONE_FOLD.dataset / ONE_FOLD.variant / "fold_0" / "checkpoint_final.pth"
    digest = hashlib.sha256(checkpoint.read_bytes()).hexdigest()
    (tmp_path / "SHA256SUMS").write_text(f"{digest}  {checkpoint.relative_to(tmp_path)}\n")
    hashes = CheckpointHashes(tmp_path)
    assert hashes.describe([ONE_FOLD])

    checkpoint.write_text("something else")
    with pytest.raises(EngineUnavailable, match="297"):
        hashes.describe([ONE_FOLD])


def test_a_checkpoint_that_the_list_does_not_name_is_refused(tmp_path: Path) -> None:
    install(ONE_FOLD, tmp_path, folds=(0,))
    (tmp_path / "SHA256SUMS").write_text("")
    with pytest.raises(EngineUnavailable):
        CheckpointHashes(tmp_path).describe([ONE_FOLD])


def test_synthetic_weights_are_marked(tmp_path: Path) -> None:
    assert not are_synthetic(tmp_path)
    (tmp_path / "SYNTHETIC_WEIGHTS.txt").write_text("phantoms only")
    assert are_synthetic(tmp_path)
