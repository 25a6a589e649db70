"""Start the 3 mm network as a refinement of the trained 6 mm network.

The 6 mm network becomes everything below the finest level. The finest level at first only hands
the image down and the answer up, so that training starts from what the coarse network knows.
"""

import re
from collections.abc import Iterable

import torch

State = dict[str, torch.Tensor]
FINEST = "encoder.stages.0.0.convs.0"
BELOW = "encoder.stages.1.0.convs.0"


def transplant(fine: torch.nn.Module, coarse: State, probes: Iterable[torch.Tensor]) -> None:
    """Write a trained coarse network into an untrained one that has one level more.

    Parameters
    ----------
    fine : Module
        Changed in place.
    coarse : state dict
        Of the network with one level less and as many output channels.
    probes : iterable of Tensor, shape (1, 1, z, y, x)
        Some inputs, to measure the spread of the features that are handed up.
    """
    state = fine.state_dict()
    with torch.no_grad():
        _copy_lower_levels(state, coarse)
        _hand_image_down(state, coarse)
        top = max(int(m[1]) for k in state if (m := re.match(r"decoder\.stages\.(\d+)", k)))
        _hand_answer_up(state, coarse, top)
        _undo_normalisation(fine, state, top, probes)


def _copy_lower_levels(state: State, coarse: State) -> None:
    """Encoder levels move one down; the decoder counts from below, so its levels keep names."""
    for name, tensor in coarse.items():
        if "all_modules" in name or "decoder.encoder" in name:  # the same tensors again
            continue
        moved = re.sub(
            r"^encoder\.stages\.(\d+)", lambda m: f"encoder.stages.{int(m[1]) + 1}", name
        )
        if moved in state and state[moved].shape == tensor.shape:
            state[moved].copy_(tensor)


def _hand_image_down(state: State, coarse: State) -> None:
    """Two channels of the new level are +image and -image; what was the first layer reads them.

    Both signs are needed because the activation in between nearly cuts off one.
    """
    first = state[f"{FINEST}.conv.weight"]
    first[:2] *= 0.05
    first[0, 0, 1, 1, 1], first[1, 0, 1, 1, 1] = 1, -1
    state[f"{FINEST}.conv.bias"].zero_()
    reader, kernel = state[f"{BELOW}.conv.weight"], coarse[f"{FINEST}.conv.weight"]
    reader *= 0.1
    reader[:, 0], reader[:, 1] = kernel[:, 0], -kernel[:, 0]
    for name in ("conv.bias", "norm.weight", "norm.bias"):
        state[f"{BELOW}.{name}"].copy_(coarse[f"{FINEST}.{name}"])


def _hand_answer_up(state: State, coarse: State, top: int) -> None:
    """The topmost decoder level repeats each coarse voxel, and the answers are read as before."""
    upsampling = state[f"decoder.transpconvs.{top}.weight"]
    channels = range(min(upsampling.shape[:2]))
    upsampling.zero_()
    state[f"decoder.transpconvs.{top}.bias"].zero_()
    mixing = state[f"decoder.stages.{top}.convs.0.conv.weight"]
    mixing *= 0.05
    state[f"decoder.stages.{top}.convs.0.conv.bias"].zero_()
    for channel in channels:
        upsampling[channel, channel] = 1
        mixing[channel, channel, 1, 1, 1] += 1
    for name in ("weight", "bias"):
        answer = coarse[f"decoder.seg_layers.{top - 1}.{name}"]
        state[f"decoder.seg_layers.{top}.{name}"].copy_(answer)


def _undo_normalisation(
    fine: torch.nn.Module, state: State, top: int, probes: Iterable[torch.Tensor]
) -> None:
    """Scale and shift the topmost normalisation by the spread that it takes away."""
    means, spreads = [], []

    def measure(_module: object, _inputs: object, output: torch.Tensor) -> None:
        means.append(output.float().mean((0, 2, 3, 4)))
        spreads.append(output.float().std((0, 2, 3, 4)))

    layer = fine.get_submodule(f"decoder.stages.{top}.convs.0.conv")
    handle = layer.register_forward_hook(measure)
    fine.eval()
    for probe in probes:
        fine(probe)
    handle.remove()
    fine.train()
    prefix = f"decoder.stages.{top}.convs.0.norm"
    state[f"{prefix}.weight"].copy_(torch.stack(spreads).mean(0))
    state[f"{prefix}.bias"].copy_(torch.stack(means).mean(0))
