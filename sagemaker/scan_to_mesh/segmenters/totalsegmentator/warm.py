"""Predictors that stay loaded from one scan to the next.

TotalSegmentator reads the weights and starts three processes at every call. In a long-lived worker
both are waste: here the one function through which it runs nnU-Net is replaced, for the time of a
call, by one that keeps nnU-Net's own predictors and uses their own sequential method. The labels
are the same to the voxel, which a test verifies against the unmodified call.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from iris_oculus.errors import EngineUnavailable

from scan_to_mesh.segmenters.totalsegmentator.models import CHECKPOINT
from scan_to_mesh.segmenters.totalsegmentator.runtime import replaced, usable_cpus

# The whole body in CT takes five models and one for cropping.
MOST_PREDICTORS = 8

_VARIANTS = "nnunetv2.training.nnUNetTrainer.variants"
_NO_MIRRORING = f"{_VARIANTS}.data_augmentation.nnUNetTrainerNoMirroring"
_DA_ORDER_0 = f"{_VARIANTS}.data_augmentation.nnUNetTrainerDAOrd0"
_EPOCHS = f"{_VARIANTS}.training_length.nnUNetTrainer_Xepochs_NoMirroring"
TRAINERS = {
    "nnUNetTrainer": "nnunetv2.training.nnUNetTrainer.nnUNetTrainer",
    "nnUNetTrainerNoMirroring": _NO_MIRRORING,
    "nnUNetTrainer_onlyMirror01": _NO_MIRRORING,
    "nnUNetTrainer_DASegOrd0": _DA_ORDER_0,
    "nnUNetTrainer_DASegOrd0_NoMirroring": _DA_ORDER_0,
    "nnUNetTrainer_2000epochs_NoMirroring": _EPOCHS,
    "nnUNetTrainer_4000epochs_NoMirroring": _EPOCHS,
}
"""Module of every nnU-Net trainer class that TotalSegmentator's checkpoints name."""


def register_trainers() -> None:
    """Tell TotalSegmentator where the trainer classes are.

    nnU-Net otherwise imports every trainer there is to find one, which takes its time and fails
    where an optional package of one of them is not installed.
    """
    import totalsegmentator.nnunet as package

    for name, module in TRAINERS.items():
        package.custom_trainers.setdefault(name, getattr(import_module(module), name))


class WarmPredictors:
    """nnU-Net predictors by model, the most recently used kept loaded.

    Parameters
    ----------
    weights_dir : Path
        Folder of the ``Dataset…`` folders.
    """

    def __init__(self, weights_dir: Path) -> None:
        self._weights_dir = weights_dir
        self._predictor = lru_cache(maxsize=MOST_PREDICTORS)(_load_predictor)

    @contextmanager
    def in_place(self, on_model_done: Callable[[], None]) -> Iterator[None]:
        """Have TotalSegmentator predict with these, and call back after each model.

        Raises
        ------
        EngineUnavailable
            If the installed TotalSegmentator is not one that this was written for.
        """
        import torch
        import totalsegmentator.nnunet as package
        from totalsegmentator.map_tasks_config import TASK_ID_WEIGHTS_CONFIGS

        def predict(  # noqa: PLR0913, PLR0917 -- the signature of the function that it stands in for
            dir_in: Path,
            dir_out: Path,
            task_id: int,
            model: str = "3d_fullres",
            folds: Sequence[int] | None = None,
            trainer: str = "nnUNetTrainer",
            tta: bool = False,  # noqa: FBT001, FBT002 -- as above
            num_threads_preprocessing: int = 3,  # noqa: ARG001 -- as above
            num_threads_nifti_save: int = 2,  # noqa: ARG001 -- as above
            plans: str = "nnUNetPlans",
            device: Any = "cuda",
            quiet: bool = False,  # noqa: FBT001, FBT002, ARG001 -- as above
            step_size: float = 0.5,
            save_probabilities_path: Path | None = None,
            use_cropped_logits_resampling: bool = False,  # noqa: FBT001, FBT002 -- as above
        ) -> None:
            if save_probabilities_path is not None or use_cropped_logits_resampling:
                raise NotImplementedError("probabilities and cropped logits are never asked for")
            dataset = TASK_ID_WEIGHTS_CONFIGS[task_id]["foldername"]
            folder = self._weights_dir / dataset / f"{trainer}__{plans}__{model}"
            chosen = None if folds is None else tuple(folds)
            torch.set_num_threads(usable_cpus() if str(device) == "cpu" else 1)
            predictor = self._predictor(folder, chosen, str(device), step_size, mirrored=tta)
            predictor.predict_from_files_sequential(
                str(dir_in), str(dir_out), save_probabilities=False, overwrite=True
            )
            on_model_done()

        _check_signature(package.nnUNetv2_predict, predict)
        with replaced(package, "nnUNetv2_predict", predict):
            yield


def _check_signature(original: Callable[..., None], ours: Callable[..., None]) -> None:
    if list(inspect.signature(original).parameters) != list(inspect.signature(ours).parameters):
        raise EngineUnavailable(
            "The installed TotalSegmentator is not one that this program knows.",
            hint="Install the version that requirements/totalsegmentator.txt names.",
        )


def _load_predictor(
    folder: Path, folds: tuple[int, ...] | None, device: str, step_size: float, *, mirrored: bool
) -> Any:
    import torch
    from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

    predictor = nnUNetPredictor(
        tile_step_size=step_size,
        use_gaussian=True,
        use_mirroring=mirrored,
        perform_everything_on_device=True,
        device=torch.device(device),
        verbose=False,
        verbose_preprocessing=False,
        allow_tqdm=False,
    )
    predictor.initialize_from_trained_model_folder(
        str(folder), use_folds=folds, checkpoint_name=CHECKPOINT
    )
    return predictor
