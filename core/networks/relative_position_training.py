"""How the networks of relative patch position learn: first where patches lie, on good pictures; then what few labelled defects show."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from core.networks.loop import Trainee
from core.networks.patches import PatchGrid, crops, draw_nudged, draw_pairs, opposite
from core.networks.pictures import PictureStore, in_fixed_batches
from core.networks.relative_position import PICTURES_AT_ONCE, DefectJudge, RelativePositionNetwork, pooled_log_odds
from core.networks.seeds import torch_generator

PAIRS_PER_PICTURE: Final = 4
_NOISE: Final = 0.02  # of full scale: shift of each channel of a patch, and of each pixel, as in Patch SVDD
_WATCHED_PAIRS: Final = 512
_WATCHED: Final = 64  # pictures of each kind that the judge is watched on
_HEAD_RATE: Final = 0.03
_FINE_SHARE: Final = 0.3  # of the learning rate, for layers that know something already


class PretextTraining(Trainee):
    """Learns the direction from a patch to its neighbour, both ways round for each pair.

    closeness: weight of the mean distance between a patch and the same one nudged by a pixel or so (Patch SVDD's second term).
    """

    def __init__(
        self,
        network: RelativePositionNetwork,
        pictures: NDArray[np.uint8],
        *,
        grid: PatchGrid,
        closeness: float,
        learning_rate: float,
        device: str,
        watch: Callable[[int], None],
    ) -> None:
        """watch: called with the number of each finished epoch."""
        self._network = network
        self._store = PictureStore(pictures, device)
        self._grid = grid
        self._closeness = closeness
        self._watch = watch
        self._optimiser = torch.optim.Adam(network.parameters(), lr=learning_rate)
        self.networks = {"network": network}
        self.optimisers = {"adam": self._optimiser}

    def step(self, indices: NDArray[np.int64], generator: torch.Generator) -> Tensor:
        pictures = self._store.batch(indices)
        loss = self._loss(pictures, generator)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()
        return loss

    def end_epoch(self, epoch: int) -> None:
        self._watch(epoch)

    def _loss(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        pairs = draw_pairs(self._grid, PAIRS_PER_PICTURE * len(pictures), generator)
        corners = [pairs.first, pairs.second]
        if self._closeness > 0:
            corners.append(draw_nudged(self._grid, pairs.first, generator))
        patches = torch.cat([crops(pictures, corner, self._grid.patch) for corner in corners])
        features = self._network.tower(_noisy(patches, generator)).split(len(pairs.first))
        loss = direction_loss(self._network, features[0], features[1], pairs.directions)
        if self._closeness > 0:
            loss = loss + self._closeness * torch.linalg.vector_norm(features[0] - features[2], dim=1).mean()
        return loss


def direction_loss(network: RelativePositionNetwork, first: Tensor, second: Tensor, directions: Tensor) -> Tensor:
    """Cross-entropy of the directions, in nats, over every pair both ways round. first, second: features (n, FEATURES)."""
    logits = network(torch.cat([first, second]), torch.cat([second, first]))
    return functional.cross_entropy(logits, torch.cat([directions, opposite(directions)]))


def pretext_loss(network: RelativePositionNetwork, pictures: NDArray[np.uint8], *, grid: PatchGrid, device: str, seed: int) -> float:
    """Mean loss over some hundred pairs from `pictures`, in eval mode, without noise; ln 8 is what guessing gives."""
    generator = torch_generator(device, seed)
    store = PictureStore(pictures[:_WATCHED], device)
    each = -(-_WATCHED_PAIRS // store.count)
    losses = []
    with torch.inference_mode():
        for indices, real in in_fixed_batches(store.count, PICTURES_AT_ONCE):
            shown = store.batch(indices[:real])
            pairs = draw_pairs(grid, each * len(shown), generator)
            first, second = (network.tower(crops(shown, corners, grid.patch)) for corners in (pairs.first, pairs.second))
            losses += [float(direction_loss(network, first, second, pairs.directions))] * real
    return float(np.mean(losses))


def _noisy(patches: Tensor, generator: torch.Generator) -> Tensor:
    shift = torch.randn((*patches.shape[:2], 1, 1), generator=generator, device=patches.device)
    return patches + _NOISE * (shift + torch.randn(patches.shape, generator=generator, device=patches.device))


@dataclass(frozen=True, kw_only=True)
class LabelledPictures:
    """uint8 (n, height, width, channels): good and defective ones to learn from, and good ones that are only looked at (may be none)."""

    good: NDArray[np.uint8]
    defective: NDArray[np.uint8]
    held_out: NDArray[np.uint8]


class BestJudge(nn.Module):
    """The judge as it was when it did best, and how well that was: part of the state of a training that may be cut off."""

    loss: Tensor

    def __init__(self, judge: DefectJudge) -> None:
        super().__init__()
        self.judge = copy.deepcopy(judge)
        self.register_buffer("loss", torch.tensor(torch.inf))

    def offer(self, judge: DefectJudge, loss: float) -> None:
        """Keeps the weights if `loss` is not larger than that of those kept."""
        if loss <= float(self.loss):
            self.judge.load_state_dict(judge.state_dict())
            self.loss.fill_(loss)


class JudgeTraining(Trainee):
    """Balanced cross-entropy of whole pictures: as many defective as good ones in every batch, mirrored and shifted at random.

    all_layers False: only the last layer learns. After each epoch the judge is measured on defective training pictures and on good
    ones that it does not learn from; `best` keeps the one that did best, which is the brake on learning by heart.
    """

    def __init__(
        self,
        judge: DefectJudge,
        best: BestJudge,
        pictures: LabelledPictures,
        *,
        all_layers: bool,
        learning_rate: float,
        device: str,
        check: Callable[[], None],
    ) -> None:
        self._judge = judge
        self._best = best
        self._good = PictureStore(pictures.good, device)
        self._defective = PictureStore(pictures.defective, device)
        self._watched = [
            (PictureStore(shown[:_WATCHED], device), sign)
            for shown, sign in ((pictures.held_out, 1), (pictures.defective, -1))
            if len(shown)
        ]
        self._all_layers = all_layers
        self._check = check
        learning = judge.parameters() if all_layers else judge.head.parameters()
        self._optimiser = torch.optim.Adam(learning, lr=_FINE_SHARE * learning_rate if all_layers else _HEAD_RATE)
        self.networks = {"judge": judge, "best": best}
        self.optimisers = {"adam": self._optimiser}

    def step(self, indices: NDArray[np.int64], generator: torch.Generator) -> Tensor:
        drawn = torch.randint(self._defective.count, (len(indices),), generator=generator, device=generator.device)
        pictures = torch.cat([self._good.batch(indices), self._defective.batch(drawn.cpu().numpy())])
        signs = torch.ones(len(pictures), device=pictures.device)
        signs[len(indices) :] = -1
        shown = self._varied(pictures, generator)
        with torch.set_grad_enabled(self._all_layers):
            features = self._judge.tower.on_grid(shown)
        loss = functional.softplus(signs * pooled_log_odds(self._judge.log_odds(features))).mean()
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()
        return loss

    def end_epoch(self, epoch: int) -> None:
        loss = float(np.mean([self._watched_loss(store, sign) for store, sign in self._watched]))
        self._best.offer(self._judge, loss)

    def _varied(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        """Mirrored or not, and cut so that the grid of patches lies at another place; one row and column of it less fit then."""
        mirrored, upturned, top, left = torch.rand(4, generator=generator, device=generator.device).tolist()
        axes = [axis for axis, turned in ((3, mirrored), (2, upturned)) if turned < 0.5]
        step = self._judge.tower.step
        height, width = (length - step for length in pictures.shape[2:])
        rows, columns = int(top * step), int(left * step)
        return pictures.flip(axes)[:, :, rows : rows + height, columns : columns + width]

    def _watched_loss(self, store: PictureStore, sign: int) -> float:
        losses: list[float] = []
        with torch.inference_mode():
            for indices, real in in_fixed_batches(store.count, PICTURES_AT_ONCE):
                self._check()
                odds = pooled_log_odds(self._judge(store.batch(indices)))[:real]
                losses += functional.softplus(sign * odds).double().tolist()
        return float(np.mean(losses))
