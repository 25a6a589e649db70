"""Which trained models a request needs, and whether they are there.

TotalSegmentator finds out as it goes along, and takes an empty folder for a model. Here everything
is known before the first voxel is touched.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from iris_oculus.errors import EngineUnavailable

CHECKPOINT = "checkpoint_final.pth"
SYNTHETIC_MARKER = "SYNTHETIC_WEIGHTS.txt"
HASH_LIST = "SHA256SUMS"

# What `totalsegmentator.python_api.totalsegmentator` runs to find where to crop, by its own rules
# (version 2.18); it keeps them in code, not in a table.
_CT_6_MM, _CT_3_MM, _MR_3_MM, _BODY_6_MM = 298, 297, 852, 300
_BODY_PARTS = frozenset({"body_trunc", "body_extremities"})


@dataclass(frozen=True)
class TrainedModel:
    """One nnU-Net model as it lies below the weights folder.

    Attributes
    ----------
    dataset_id : int
        TotalSegmentator's number of it.
    dataset : str
        Name of its folder: ``Dataset297_…``.
    variant : str
        Folder within: ``<trainer>__<plans>__<configuration>``.
    folds : tuple of int or None
        The folds that are averaged; None for all that are there.
    """

    dataset_id: int
    dataset: str
    variant: str
    folds: tuple[int, ...] | None

    def checkpoints(self, weights_dir: Path) -> list[Path]:
        """Checkpoint files of this model that exist; empty unless it is complete."""
        folder = weights_dir / self.dataset / self.variant
        if not all((folder / name).is_file() for name in ("plans.json", "dataset.json")):
            return []
        if self.folds is None:
            return sorted(folder.glob(f"fold_*/{CHECKPOINT}"))
        wanted = [folder / f"fold_{fold}" / CHECKPOINT for fold in self.folds]
        return wanted if all(path.is_file() for path in wanted) else []


def required_models(task: str, *, fast: bool, with_subset: bool) -> list[TrainedModel]:
    """Every model that TotalSegmentator would load for this, those for cropping first.

    Parameters
    ----------
    task : str
        A task whose licence is in order.
    fast : bool
        Only for tasks that have a fast model.
    with_subset : bool
        Whether a ``roi_subset`` is passed on: it crops to the structures asked for.
    """
    from totalsegmentator.python_api import get_task_config

    config = get_task_config(task, fast=fast, quiet=True, robust_crop=False, plans="nnUNetPlans")
    return [*_cropping_models(task, config, with_subset=with_subset), *_task_models(task, config)]


def voxel_mm(task: str, *, fast: bool) -> float | None:
    """Longest side of the voxels that a task's models work on; None where they take the scan's."""
    from totalsegmentator.python_api import get_task_config

    config = get_task_config(task, fast=fast, quiet=True, robust_crop=False, plans="nnUNetPlans")
    spacing_mm = config["resample"]
    return None if spacing_mm is None else float(np.max(spacing_mm))


def _cropping_models(
    task: str, config: dict[str, Any], *, with_subset: bool
) -> Iterator[TrainedModel]:
    if config["crop_model"] is not None:
        yield from required_models(config["crop_model"], fast=False, with_subset=False)
    elif config["crop"] is not None or config["cascade"] or with_subset:
        magnetic = task.endswith("_mr")
        trainer = "nnUNetTrainer_4000epochs_NoMirroring"
        dataset_id = _CT_3_MM if config["robust_crop"] else _CT_6_MM
        if magnetic:
            trainer, dataset_id = "nnUNetTrainer_2000epochs_NoMirroring", _MR_3_MM
        if _BODY_PARTS & set(config["crop"] or ()):
            trainer, dataset_id = "nnUNetTrainer", _BODY_6_MM
        yield _model(dataset_id, f"{trainer}__nnUNetPlans__3d_fullres", (0,))


def _task_models(task: str, config: dict[str, Any]) -> Iterator[TrainedModel]:
    if task == "vertebrae_pp_refined":
        yield _model(305, "nnUNetTrainer_DASegOrd0__nnUNetPlans__3d_fullres", (0,))
    ids = config["task_id"]
    folds = None if config["folds"] is None else tuple(config["folds"])
    for dataset_id in ids if isinstance(ids, list) else [ids]:
        variant = f"{config['trainer']}__{config['plans']}__{config['model']}"
        yield _model(dataset_id, variant, folds)


def _model(dataset_id: int, variant: str, folds: tuple[int, ...] | None) -> TrainedModel:
    from totalsegmentator.map_tasks_config import TASK_ID_WEIGHTS_CONFIGS

    dataset = TASK_ID_WEIGHTS_CONFIGS[dataset_id]["foldername"]
    return TrainedModel(dataset_id, dataset, variant, folds)


def missing_models(models: Iterable[TrainedModel], weights_dir: Path) -> list[TrainedModel]:
    """Those of the models that have no usable checkpoint."""
    return [model for model in models if not model.checkpoints(weights_dir)]


def has_any_checkpoint(weights_dir: Path) -> bool:
    """Whether at least one model lies below the folder."""
    return next(weights_dir.glob(f"Dataset*/*/fold_*/{CHECKPOINT}"), None) is not None


def are_synthetic(weights_dir: Path) -> bool:
    """Whether the folder says that its weights know synthetic phantoms only."""
    return (weights_dir / SYNTHETIC_MARKER).is_file()


class CheckpointHashes:
    """SHA-256 of checkpoints, each file read once; checked where the folder has a list of them.

    nnU-Net loads checkpoints as pickles, which run code: a folder that holds ``SHA256SUMS`` (in the
    form that ``sha256sum`` writes) has every checkpoint compared with it before it is loaded.
    """

    def __init__(self, weights_dir: Path) -> None:
        self._weights_dir = weights_dir
        self._known: dict[tuple[Path, int, int], str] = {}

    @property
    def have_a_list(self) -> bool:
        """Whether there is a list to compare with."""
        return (self._weights_dir / HASH_LIST).is_file()

    def describe(self, models: Iterable[TrainedModel]) -> list[str]:
        """Name and short hash of every checkpoint of the models, compared with the list.

        Raises
        ------
        EngineUnavailable
            If a checkpoint is not the one that the list names.
        """
        expected = self._read_list() if self.have_a_list else None
        lines = []
        for model in dict.fromkeys(models):
            for path in model.checkpoints(self._weights_dir):
                digest = self._digest(path)
                relative = path.relative_to(self._weights_dir).as_posix()
                if expected is not None and expected.get(relative) != digest:
                    raise EngineUnavailable(
                        f"The weights of dataset {model.dataset_id} are not those listed.",
                        hint=f"Install the weights again: {HASH_LIST} does not confirm them.",
                    )
                lines.append(f"{model.dataset}/{path.parent.name} sha256:{digest[:12]}")
        return lines

    def _read_list(self) -> dict[str, str]:
        text = (self._weights_dir / HASH_LIST).read_text(encoding="utf-8")
        rows = (line.split(maxsplit=1) for line in text.splitlines() if line.strip())
        return {name.lstrip("*").strip(): digest for digest, name in rows}

    def _digest(self, path: Path) -> str:
        status = path.stat()
        key = (path, status.st_size, status.st_mtime_ns)
        if key not in self._known:
            with path.open("rb") as file:
                self._known[key] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._known[key]
