"""Turn trained networks into a weights folder that TotalSegmentator reads."""

import argparse
import hashlib
import json
from pathlib import Path

import torch

from tests.totalsegmentator.training.plans import (
    CHANNELS,
    MODELS,
    TRAINER,
    TinyModel,
    dataset_json,
    plans_json,
)

# Far below every other logit: the channel of a structure that no phantom has never wins.
NEVER = -30.0
State = dict[str, torch.Tensor]


def with_all_channels(state: State, label_values: list[int]) -> State:
    """Spread the trained output channels over TotalSegmentator's label values."""
    expanded = dict(state)
    for name, tensor in state.items():
        if ".seg_layers." in name:
            shape = (CHANNELS, *tensor.shape[1:])
            wide = torch.zeros(shape) if name.endswith("weight") else torch.full(shape, NEVER)
            wide[torch.as_tensor(label_values)] = tensor.float()
            expanded[name] = wide
    return expanded


def in_half_precision(state: State) -> State:
    """Halve the file; tensors that the network lists under several names stay shared."""
    halves: dict[tuple[int, torch.Size], torch.Tensor] = {}
    return {
        name: halves.setdefault((tensor.data_ptr(), tensor.shape), tensor.half().contiguous())
        for name, tensor in state.items()
    }


def assemble(model: TinyModel, trained: Path, weights_dir: Path) -> None:
    """Write one model's folder."""
    content = torch.load(trained)
    folder = weights_dir / model.dataset / f"{TRAINER}__nnUNetPlans__3d_fullres"
    (folder / "fold_0").mkdir(parents=True, exist_ok=True)
    (folder / "dataset.json").write_text(json.dumps(dataset_json(), indent=1))
    (folder / "plans.json").write_text(json.dumps(plans_json(model), indent=1))
    checkpoint = {
        "network_weights": in_half_precision(
            with_all_channels(content["state"], content["label_values"])
        ),
        "trainer_name": TRAINER,
        "init_args": {"configuration": "3d_fullres", "fold": 0},
        "inference_allowed_mirroring_axes": None,
        "current_epoch": 0,
    }
    torch.save(checkpoint, folder / "fold_0" / "checkpoint_final.pth")


def main() -> None:
    """Assemble both models, with the list of hashes and the mark that they are synthetic."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trained", type=Path)
    parser.add_argument("weights_dir", type=Path)
    arguments = parser.parse_args()
    weights_dir: Path = arguments.weights_dir
    for name, model in MODELS.items():
        assemble(model, arguments.trained / f"{name}.pt", weights_dir)
    paths = sorted(weights_dir.glob("Dataset*/*/fold_*/checkpoint_final.pth"))
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(weights_dir)}\n"
        for path in paths
    ]
    (weights_dir / "SHA256SUMS").write_text("".join(lines))
    marker = "SYNTHETIC_WEIGHTS.txt"
    (weights_dir / marker).write_text((Path(__file__).parents[1] / "weights" / marker).read_text())


if __name__ == "__main__":
    main()
