"""The two tiny networks, and nnU-Net's description of them."""

from dataclasses import dataclass
from typing import Any

import torch
from iris_oculus.structures import catalogue
from nnunetv2.utilities.get_network_from_plans import get_network_from_plans

TRAINER = "nnUNetTrainer_4000epochs_NoMirroring"
CHANNELS = 1 + len(catalogue("totalsegmentator")["total"].structures)
# The scanner's window and a rough mean and spread of a torso, in HU.
INTENSITIES = {
    "max": 3071.0,
    "mean": -50.0,
    "median": 30.0,
    "min": -1024.0,
    "percentile_00_5": -1004.0,
    "percentile_99_5": 1588.0,
    "std": 500.0,
}


@dataclass(frozen=True)
class TinyModel:
    """A small U-Net under the name of one of TotalSegmentator's models.

    Attributes
    ----------
    name, dataset : str
    spacing_mm : float
        Of the isotropic grid that it works on.
    patch_zyx : tuple of int
        Voxels that it sees at once.
    features : tuple of int
        Channels of each level.
    """

    name: str
    dataset: str
    spacing_mm: float
    patch_zyx: tuple[int, int, int]
    features: tuple[int, ...]


MODELS = {
    model.name: model
    for model in (
        TinyModel(
            name="6mm",
            dataset="Dataset298_TotalSegmentator_total_6mm_1559subj",
            spacing_mm=6.0,
            patch_zyx=(48, 48, 64),
            features=(16, 32, 64, 96),
        ),
        TinyModel(
            name="3mm",
            dataset="Dataset297_TotalSegmentator_total_3mm_1559subj",
            spacing_mm=3.0,
            patch_zyx=(64, 80, 112),
            features=(16, 16, 32, 64, 96),
        ),
    )
}


def network(model: TinyModel, channels: int) -> torch.nn.Module:
    """The untrained network with this many output channels."""
    architecture = _architecture(model)
    built: torch.nn.Module = get_network_from_plans(
        architecture["network_class_name"],
        architecture["arch_kwargs"],
        architecture["_kw_requires_import"],
        1,
        channels,
        allow_init=True,
        deep_supervision=False,
    )
    return built


def _architecture(model: TinyModel) -> dict[str, Any]:
    levels = len(model.features)
    return {
        "network_class_name": "dynamic_network_architectures.architectures.unet.PlainConvUNet",
        "arch_kwargs": {
            "n_stages": levels,
            "features_per_stage": list(model.features),
            "conv_op": "torch.nn.modules.conv.Conv3d",
            "kernel_sizes": [[3, 3, 3]] * levels,
            "strides": [[1, 1, 1]] + [[2, 2, 2]] * (levels - 1),
            "n_conv_per_stage": [1] * (levels - 3) + [2] * 3,
            "n_conv_per_stage_decoder": [1] * (levels - 1),
            "conv_bias": True,
            "norm_op": "torch.nn.modules.instancenorm.InstanceNorm3d",
            "norm_op_kwargs": {"eps": 1e-5, "affine": True},
            "dropout_op": None,
            "dropout_op_kwargs": None,
            "nonlin": "torch.nn.LeakyReLU",
            "nonlin_kwargs": {"inplace": True},
        },
        "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
    }


def dataset_json() -> dict[str, Any]:
    """nnU-Net's ``dataset.json``: channels and labels."""
    structures = catalogue("totalsegmentator")["total"].structures
    return {
        "name": "tiny synthetic-phantom model (NOT the TotalSegmentator weights)",
        "channel_names": {"0": "CT"},
        "labels": {"background": 0, **{s.name: s.label_value for s in structures}},
        "numTraining": 1,
        "file_ending": ".nii.gz",
        "overwrite_image_reader_writer": "NibabelIOWithReorient",
    }


def plans_json(model: TinyModel) -> dict[str, Any]:
    """nnU-Net's ``plans.json``: how to resample, normalise and build the network."""
    spacing, patch = [model.spacing_mm] * 3, list(model.patch_zyx)
    resampling = {"is_seg": False, "order": 3, "order_z": 0, "force_separate_z": None}
    configuration = {
        "data_identifier": "nnUNetPlans_3d_fullres",
        "preprocessor_name": "DefaultPreprocessor",
        "batch_size": 2,
        "patch_size": patch,
        "median_image_size_in_voxels": patch,
        "spacing": spacing,
        "normalization_schemes": ["CTNormalization"],
        "use_mask_for_norm": [False],
        "resampling_fn_data": "resample_data_or_seg_to_shape",
        "resampling_fn_data_kwargs": resampling,
        "resampling_fn_seg": "resample_data_or_seg_to_shape",
        "resampling_fn_seg_kwargs": {**resampling, "is_seg": True, "order": 1},
        "resampling_fn_probabilities": "resample_data_or_seg_to_shape",
        "resampling_fn_probabilities_kwargs": {**resampling, "order": 1},
        "architecture": _architecture(model),
        "batch_dice": False,
    }
    return {
        "dataset_name": model.dataset,
        "plans_name": "nnUNetPlans",
        "original_median_spacing_after_transp": spacing,
        "original_median_shape_after_transp": patch,
        "image_reader_writer": "NibabelIOWithReorient",
        "transpose_forward": [0, 1, 2],
        "transpose_backward": [0, 1, 2],
        "configurations": {"3d_fullres": configuration},
        "experiment_planner_used": "ExperimentPlanner",
        "label_manager": "LabelManager",
        "foreground_intensity_properties_per_channel": {"0": INTENSITIES},
    }
