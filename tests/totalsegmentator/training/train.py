"""Train one of the tiny networks on phantoms for a given time."""

import argparse
import logging
import math
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from tests.totalsegmentator.training.plans import (
    CHANNELS,
    INTENSITIES,
    MODELS,
    TinyModel,
    network,
)
from tests.totalsegmentator.training.transplant import transplant

logger = logging.getLogger(__name__)

LEARNING_RATE = 3e-3
WARM_UP_STEPS = 20
Array = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]


def normalised(image: npt.NDArray[np.int16]) -> Array:
    """nnU-Net's CT normalisation: clip to the percentiles, then centre and scale."""
    clipped = np.clip(image, INTENSITIES["percentile_00_5"], INTENSITIES["percentile_99_5"])
    scaled: Array = ((clipped - INTENSITIES["mean"]) / INTENSITIES["std"]).astype(np.float32)
    return scaled


@dataclass
class Patches:
    """Random patches of the phantoms in a folder, labels numbered without gaps.

    Attributes
    ----------
    label_values : ndarray of int
        The label value that each number stands for; phantoms do not have all.
    """

    folder: Path
    model: TinyModel
    rng: np.random.Generator
    label_values: Labels = field(init=False)
    weights: torch.Tensor = field(init=False)

    def __post_init__(self) -> None:
        self._cases = []
        for path in sorted(self.folder.glob("*.npz")):
            with np.load(path) as case:
                name = self.model.name
                self._cases.append((case[f"image_{name}"], case[f"labels_{name}"]))
        counts = np.zeros(CHANNELS, np.int64)
        for _, labels in self._cases:
            counts += np.bincount(labels.ravel(), minlength=CHANNELS)
        self.label_values = np.flatnonzero(counts)
        self._numbers = np.zeros(CHANNELS, np.int64)
        self._numbers[self.label_values] = np.arange(len(self.label_values))
        shares = counts[self.label_values] / counts.sum()
        # Rare structures count more, though not so much that common ones are forgotten.
        self.weights = torch.tensor(shares**-0.3 / (shares**-0.3).mean(), dtype=torch.float32)

    def draw(self) -> tuple[torch.Tensor, torch.Tensor]:
        """One patch with small changes of intensity: image (1, 1, z, y, x), labels (1, z, y, x)."""
        image, labels = self._cases[self.rng.integers(len(self._cases))]
        window, padding = self._window(image.shape)
        patch = normalised(image[window])
        patch *= self.rng.uniform(0.95, 1.05)
        patch += self.rng.uniform(-0.03, 0.03)
        patch += self.rng.normal(0, self.rng.uniform(0, 0.04), patch.shape)
        # nnU-Net fills up the normalised image with zeros.
        whole = np.pad(patch, padding)
        truth = np.pad(self._numbers[labels[window]], padding)
        return torch.from_numpy(whole)[None, None], torch.from_numpy(truth)[None]

    def _window(self, shape: tuple[int, ...]) -> tuple[tuple[slice, ...], list[tuple[int, int]]]:
        window, padding = [], []
        for size, wanted in zip(shape, self.model.patch_zyx, strict=True):
            if size > wanted:
                low = int(self.rng.integers(-8, max(1, size - wanted + 8)))
            else:
                low = -int(self.rng.integers(0, wanted - size + 1))
            high = low + wanted
            window.append(slice(max(low, 0), min(high, size)))
            padding.append((max(0, -low), max(0, high - size)))
        return tuple(window), padding


def loss_of(
    logits: torch.Tensor, truth: torch.Tensor, weights: torch.Tensor
) -> tuple[torch.Tensor, float]:
    """Weighted cross-entropy plus one minus the mean soft Dice of the structures in the patch."""
    log_probabilities = functional.log_softmax(logits, 1)
    entropy = functional.nll_loss(log_probabilities, truth, weight=weights)
    probabilities = log_probabilities.exp()
    of_truth = probabilities.gather(1, truth[:, None]).reshape(-1)
    channels = logits.shape[1]
    overlap = torch.zeros(channels).index_add(0, truth.reshape(-1), of_truth)
    volume = torch.bincount(truth.reshape(-1), minlength=channels).float()
    present = volume > 8
    present[0] = False
    dice = (2 * overlap + 1) / (volume + probabilities.sum((0, 2, 3, 4)) + 1)
    mean_dice = dice[present].mean() if present.any() else dice[0]
    return entropy + 1 - mean_dice, float(mean_dice.detach())


def train(net: torch.nn.Module, patches: Patches, minutes: float) -> None:
    """AdamW, one patch a step, the learning rate falling as a cosine of the time."""
    optimizer = torch.optim.AdamW(net.parameters(), lr=LEARNING_RATE, weight_decay=1e-4)
    started, step, average = time.monotonic(), 0, 0.0
    while (share := (time.monotonic() - started) / (60 * minutes)) < 1:
        rate = LEARNING_RATE * min(1, (step + 1) / WARM_UP_STEPS)
        for group in optimizer.param_groups:
            group["lr"] = rate * 0.5 * (1 + math.cos(math.pi * share))
        image, truth = patches.draw()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = net(image)
        loss, dice = loss_of(logits.float(), truth, patches.weights)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimizer.step()
        step, average = step + 1, 0.95 * average + 0.05 * dice
        if step % 50 == 0:
            logger.info("step %d: %.0f %% of the time, Dice %.3f", step, 100 * share, average)


def main() -> None:
    """Train ``6mm``, then ``3mm``; each is written beside the phantoms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("model", choices=MODELS)
    parser.add_argument("--minutes", type=float, required=True)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.manual_seed(0)
    patches = Patches(arguments.folder, MODELS[arguments.model], np.random.default_rng(0))
    net = network(patches.model, len(patches.label_values))
    coarse = arguments.folder / "6mm.pt"
    if arguments.model == "3mm" and coarse.exists():
        probes = [patches.draw()[0] for _ in range(4)]
        transplant(net, torch.load(coarse)["state"], probes)
    train(net, patches, arguments.minutes)
    trained = {"state": net.state_dict(), "label_values": patches.label_values.tolist()}
    torch.save(trained, arguments.folder / f"{arguments.model}.pt")


if __name__ == "__main__":
    main()
