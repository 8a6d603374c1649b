"""Relative patch position for pictures: a network that knows how patches of good parts lie to each other finds those that fit nowhere."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core.data.chosen import ChosenItems
from core.detectors import files
from core.detectors.base import Declaration, Detector, Gives, ImageInput, LearnsFrom, Parameters, Scored, TrainingData
from core.detectors.picture_input import usual_input
from core.detectors.relative_position_parameters import RelativePositionParameters
from core.detectors.work_shares import WorkShare, counting_check, work_shares
from core.job_context import JobContext
from core.networks.convolutional import initialise
from core.networks.error_maps import top_mean
from core.networks.labelled_evidence import LabelledEvidence, Scale
from core.networks.loop import Schedule, Trainee, optimise
from core.networks.patch_novelty import GoodPictures, PatchNovelty
from core.networks.patches import CHANCE_LOSS, COARSEST_STEP, PatchGrid, spread_over_pixels
from core.networks.pictures import apply_in_batches, mean_and_spread
from core.networks.relative_position import (
    PICTURES_AT_ONCE,
    DefectJudge,
    RelativePositionNetwork,
    ResNetTower,
    pooled_log_odds,
)
from core.networks.relative_position_training import (
    PAIRS_PER_PICTURE,
    BestJudge,
    JudgeTraining,
    LabelledPictures,
    PretextTraining,
    pretext_loss,
)
from core.networks.resnet import load_backbone
from core.networks.seeds import derived_seed, numpy_generator
from core.problems import Problem, ProblemCode
from core.vocabulary import Kind
from core.wording import QT_TRANSLATE_NOOP

_INITIAL_WEIGHTS, _WATCHED_PAIRS, _BANK, _DEFECTS = range(1_000_000, 1_000_004)  # places in the seed's tree, far from epochs
_PHASES: Final = {"directions": 1_000_004, "last_layer": 1_000_005, "all_layers": 1_000_006}
_STEPS_PER_EPOCH: Final = 100
_PRETEXT_UNSOLVED: Final = 0.95  # of the loss of guessing
_NEIGHBOURS: Final = 5
_ENOUGH_HELD_OUT: Final = 8  # good calibration pictures, to learn what is usual from
# Measured on one core, 32-pixel patches on pictures of 256 pixels, in pixels of a patch through a small tower:
_DENSE: Final = 1.6  # a pixel of a picture, all of its overlapping patches at once
_DISTANCES: Final = 17  # so many distances between a patch and one in the bank


class RelativePosition(Detector):
    """Score: mean of the largest part of a map that says how little the patches of a picture are like those of good pictures.

    A network learns on good pictures in which of eight directions one patch lies from another (Doersch, Gupta & Efros 2015: gap, jitter,
    tower shared by both patches, both directions of a pair). A patch is then judged by its distance from the nearest good patch in the
    features so learnt (Yi & Yoon 2020, Patch SVDD), by a Gaussian of the good features, or by the loss of the directions itself; each
    place is measured in what is usual there, and a pixel gets the mean of the patches that cover it.

    Second stage: labelled defective pictures, if there are any, fine-tune a copy of the network. What its log-odds exceed those of good
    pictures by is added to the score (see `LabelledEvidence`). Without them nothing of the first stage changes.

    Differences: the deck prints direction 8 of 1..8; they are stored as 0..7, as in the authors' code. A pair that does not fit into the
    picture is drawn elsewhere, while the code of Patch SVDD moves the patch and keeps a wrong direction. Against colour fringes colours are
    projected, one of the two ways of the paper; the other, noise in place of two channels, shows the network what it never sees later.
    Patches are not shrunk and enlarged at random. Patch SVDD multiplies the maps of two patch sizes and divides by nothing; here there is
    one size, chosen by a parameter.
    """

    declaration = Declaration(
        key="relative_position",
        title=QT_TRANSLATE_NOOP("Detector", "Relative patch position"),
        summary=QT_TRANSLATE_NOOP(
            "Detector",
            "Learns how the patches of good images lie to each other; patches unlike all good ones are suspicious. A few labelled defects make it sharper.",
        ),
        takes=frozenset({Kind.IMAGE}),
        learns_from=LearnsFrom.LABELLED,
        gives=frozenset({Gives.MAP, Gives.NEIGHBOURS}),
        source="Doersch, Gupta & Efros 2015; Yi & Yoon 2020",
        parameters=RelativePositionParameters,
        presets={
            "quick": {"image_size": 128, "steps": 500, "tuning_steps": 100},
            "standard": {},
            "thorough": {"image_size": 384, "patch_share": 8.5, "steps": 6000, "bank_size": 20_000, "tuning_steps": 1000},
        },
        shortest={"steps": 1, "tuning_steps": 2},
        minimum_good=8,
    )

    def __init__(self, parameters: Parameters, *, seed: int = 0, device: str = "cpu", checkpoints: Path | None = None) -> None:
        super().__init__(parameters, seed=seed, device=device, checkpoints=checkpoints)
        self._input: ImageInput
        self._grid: PatchGrid
        self._network: RelativePositionNetwork
        self._novelty: PatchNovelty
        self._evidence: LabelledEvidence | None = None

    def image_input(self, sizes: Sequence[tuple[int, int]], channels: int) -> ImageInput:
        """Pictures too small for a patch of 8 pixels with its neighbours are enlarged."""
        smallest = 2 * COARSEST_STEP if self.parameters.gap <= 50 else 3 * COARSEST_STEP
        return usual_input(sizes, channels, image_size=self.parameters.image_size, multiple=COARSEST_STEP, smallest=smallest)

    def memory_needed(self, data: TrainingData) -> int:
        """Activations of training and of whole pictures, about six planes of the first layer each, and a picture's distances."""
        assert isinstance(data.input, ImageInput)
        grid: PatchGrid = self.parameters.grid(data.input)
        width = int(self.parameters.width) if self.parameters.uses_small_tower else 64
        patches = 3 * PAIRS_PER_PICTURE * int(self.parameters.batch_size) * grid.patch**2
        pictures = (PICTURES_AT_ONCE + 2 * int(self.parameters.labelled_batch)) * data.input.height * data.input.width
        overlap = 1 if self.parameters.uses_small_tower else (grid.patch // grid.step) ** 2
        distances = min(grid.count, 1024) * int(self.parameters.bank_size)
        return 4 * (6 * width * (patches + overlap * pictures) // 4 + 3 * distances) + 300_000_000

    def fit(self, data: TrainingData, context: JobContext) -> None:
        assert isinstance(data.input, ImageInput)
        self.require_enough(data)
        self._input = data.input
        self._grid = self.parameters.grid(data.input)
        good, defective = self._divided(data)
        pretext, collecting, *tuning = work_shares(context, self._costs(len(good.pictures), fine_tuned=bool(len(defective))))
        self._learn_directions(good.pictures, data.calibration, pretext)
        collecting.phase(QT_TRANSLATE_NOOP("Phase", "Collecting good patches"))
        self._novelty = PatchNovelty.learnt(
            self._network,
            self._grid,
            good,
            judged_by=self.parameters.judged_by,
            bank_size=self.parameters.bank_size,
            each_place=self.parameters.compare_places,
            seed=derived_seed(self.seed, _BANK),
            device=self.device,
            check=counting_check(collecting, PatchNovelty.checks(len(good.pictures))),
        )
        collecting.progress(1, 1)
        if len(defective):
            self._learn_defects(good, data.train[defective], data.calibration, tuning)

    def score(self, batch: NDArray[Any]) -> Scored:
        scores, maps, neighbours = apply_in_batches(batch, self._judged, device=self.device, check=self.check, size=PICTURES_AT_ONCE)
        return Scored(scores=scores, maps=maps, neighbours=neighbours)

    def save(self, folder: Path) -> None:
        values = {"patches": len(self._novelty.bank.features), "judge": self._evidence is not None}
        files.write_head(folder, self, self._input, values)
        arrays = {f"network.{name}": tensor.cpu().numpy() for name, tensor in self._network.state_dict().items()}
        evidence = {} if self._evidence is None else self._evidence.arrays()
        files.write_arrays(folder / "weights.safetensors", arrays | self._novelty.arrays() | evidence)

    @classmethod
    def load(cls, folder: Path, *, device: str = "cpu") -> Self:
        head = files.read_head(folder, cls)
        detector = cls(files.parameters_of(head, folder, cls), seed=head.seed, device=device)
        detector._input = files.image_input_of(head, folder)
        size, judged = head.values.get("patches"), head.values.get("judge")
        if not isinstance(size, int) or not 1 <= size <= detector.parameters.bank_size or not isinstance(judged, bool):
            raise files.damaged(folder / files.HEAD_FILE, "its patches are not valid")
        try:
            detector._grid = detector.parameters.grid(detector._input)
        except ValueError as error:
            raise files.damaged(folder / files.HEAD_FILE, "its picture size is not valid") from error
        detector._read(folder / "weights.safetensors", size=size, judged=judged)
        return detector

    def _read(self, path: Path, *, size: int, judged: bool) -> None:
        judged_by = self.parameters.judged_by
        with torch.device("meta"):  # shapes only: a forged size must not fill the memory
            network = self._built()
            network_shapes = {f"network.{name}": tuple(tensor.shape) for name, tensor in network.state_dict().items()}
            judge_shapes = LabelledEvidence.shapes(DefectJudge(network.tower)) if judged else {}
        shapes = network_shapes | judge_shapes | PatchNovelty.shapes(self._grid, judged_by=judged_by, bank_size=size)
        arrays = files.read_arrays(path, shapes)
        if arrays["bank.owners"].min() < 0:
            raise files.damaged(path, "a picture is before the first")
        if any(name.endswith(".spread") and array.min() <= 0 for name, array in arrays.items()):
            raise files.damaged(path, "a spread is not positive")
        self._network = self._built()
        _take_weights(self._network, arrays, "network.")
        self._network.to(self.device).eval()
        self._novelty = PatchNovelty.from_arrays(self._network, self._grid, arrays, judged_by=judged_by, path=path, device=self.device)
        if judged:
            judge = DefectJudge(self._network.tower)
            _take_weights(judge, arrays, "judge.")
            self._evidence = LabelledEvidence.from_arrays(judge.to(self.device).eval(), arrays, path)

    # ---- the parts of a training -------------------------------------------------------------------------------------------------------

    def _divided(self, data: TrainingData) -> tuple[GoodPictures, NDArray[np.int64]]:
        """Good items, and positions of the defective ones to learn from: the first few of an order drawn from the seed, so that more
        of them are the same and some more."""
        labels = np.zeros(len(data.train), dtype=np.int8) if data.labels is None else data.labels
        positions, defective = np.flatnonzero(labels == 0), np.flatnonzero(labels)
        pictures: Any = ChosenItems(data.train, positions) if len(defective) else data.train
        drawn = numpy_generator(self.seed, _DEFECTS).permutation(defective)[: self.parameters.labelled_defects]
        return GoodPictures(pictures=pictures, positions=positions), np.sort(drawn)

    def _costs(self, good: int, *, fine_tuned: bool) -> list[tuple[str, float]]:
        """The phases and about how long they take; the unit is one pixel of a patch through a small tower of width 16."""
        grid, settings = self._grid, self.parameters
        patch = settings.tower_cost * grid.patch**2
        tiling = self._input.height * self._input.width / grid.patch**2
        picture = patch * (_DENSE * tiling if settings.uses_small_tower else grid.count)
        distances = grid.count * settings.bank_size / _DISTANCES if settings.judged_by == "nearest" else 0.0
        patches = PAIRS_PER_PICTURE * settings.batch_size * (3 if settings.closeness else 2)
        costs = [("train_loss", 3 * patch * patches * settings.steps), ("", good * (2 * picture + distances))]
        if fine_tuned:
            step = 2 * settings.labelled_batch * picture * settings.tuning_steps / 2
            costs += [("last_layer_loss", step), ("all_layers_loss", 3 * step), ("", good * (2 * picture + distances))]
        return costs

    def _learn_directions(self, pictures: NDArray[np.uint8], calibration: NDArray[np.uint8], context: WorkShare) -> None:
        self._network = self._built()
        initialise(self._network, derived_seed(self.seed, _INITIAL_WEIGHTS))
        mean, spread = mean_and_spread(pictures, context.check)
        channel_means = mean.mean(axis=(1, 2), dtype=np.float64)
        everywhere = math.sqrt(spread**2 + float((mean - channel_means[:, None, None]).var()))
        self._network.tower.centre(torch.from_numpy(channel_means).float(), everywhere)
        if self.parameters.weights_file:
            assert isinstance(self._network.tower, ResNetTower)
            load_backbone(self._network.tower.resnet, Path(self.parameters.weights_file))
        self._network.to(self.device)
        held_out = len(calibration) >= _ENOUGH_HELD_OUT

        def watched_loss() -> float:
            shown, seed = calibration if held_out else pictures, derived_seed(self.seed, _WATCHED_PAIRS)
            return pretext_loss(self._network, shown, grid=self._grid, device=self.device, seed=seed)

        def watch(epoch: int) -> None:
            if held_out:
                context.metric("calibration_loss", epoch, watched_loss())

        learning = PretextTraining(
            self._network,
            pictures,
            grid=self._grid,
            closeness=self.parameters.closeness,
            learning_rate=self.parameters.learning_rate,
            device=self.device,
            watch=watch,
        )
        self._optimise(learning, "directions", len(pictures), context)
        loss = watched_loss()
        if loss > _PRETEXT_UNSOLVED * CHANCE_LOSS:
            context.note(Problem(ProblemCode.PATCH_PLACE_UNKNOWN, {"loss": f"{loss:.2f}", "guessing": f"{CHANCE_LOSS:.2f}"}))

    def _learn_defects(
        self, good: GoodPictures, defective: NDArray[np.uint8], calibration: NDArray[np.uint8], shares: Sequence[WorkShare]
    ) -> None:
        """First the new last layer alone, then all layers carefully; then what good pictures get, held-out ones if there are enough."""
        shares[0].phase(QT_TRANSLATE_NOOP("Phase", "Learning from labelled defects"))
        judge = DefectJudge(self._network.tower).to(self.device)
        best = BestJudge(judge)
        pictures = LabelledPictures(good=good.pictures, defective=defective, held_out=calibration)
        for all_layers, share in zip((False, True), shares, strict=False):
            learning = JudgeTraining(
                judge,
                best,
                pictures,
                all_layers=all_layers,
                learning_rate=self.parameters.learning_rate,
                device=self.device,
                check=share.check,
            )
            self._optimise(learning, "all_layers" if all_layers else "last_layer", len(good.pictures), share)
            judge.load_state_dict(best.judge.state_dict())
        if len(calibration) >= _ENOUGH_HELD_OUT:
            self._evidence = self._measured_on(judge, calibration, None, shares[-1])
        else:
            self._evidence = self._measured_on(judge, good.pictures, good.positions, shares[-1])
        shares[-1].progress(1, 1)

    def _measured_on(
        self, judge: DefectJudge, good: NDArray[np.uint8], owners: NDArray[np.int64] | None, context: WorkShare
    ) -> LabelledEvidence:
        """owners: the positions of `good` if they are training pictures."""

        def figures(pictures: Tensor, owners: Tensor | None = None) -> tuple[Tensor, ...]:
            features = self._network.tower.on_grid(pictures)
            patches = self._novelty.of_patches(features, owners=None if owners is None else owners.numpy())
            return self._most_suspicious(spread_over_pixels(patches, self._grid)), pooled_log_odds(judge(pictures))

        novelty, odds = apply_in_batches(
            good,
            figures,
            device=self.device,
            check=counting_check(context, -(-len(good) // PICTURES_AT_ONCE)),
            size=PICTURES_AT_ONCE,
            beside=[] if owners is None else [torch.from_numpy(owners)],
        )
        return LabelledEvidence(judge, novelty=Scale.of(novelty), odds=Scale.of(odds.astype(np.float64)))

    def _optimise(self, learning: Trainee, name: str, count: int, context: JobContext) -> None:
        """`name` is that of the phase: the first goes through all steps, the others share the steps of fine-tuning."""
        first = name == "directions"
        steps = self.parameters.steps if first else math.ceil(self.parameters.tuning_steps / 2)
        epochs = max(1, round(steps / _STEPS_PER_EPOCH))
        schedule = Schedule(
            epochs=epochs,
            batch_size=self.parameters.batch_size if first else self.parameters.labelled_batch,
            seed=derived_seed(self.seed, _PHASES[name]),
            steps_per_epoch=math.ceil(steps / epochs),
        )
        checkpoint = self.checkpoints / f"{name}.safetensors" if self.checkpoints else None
        optimise(learning, count=count, schedule=schedule, device=self.device, context=context, checkpoint=checkpoint)

    # ---- answers -----------------------------------------------------------------------------------------------------------------------

    def _judged(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        features = self._network.tower.on_grid(pictures)
        patches = self._novelty.of_patches(features)
        maps = spread_over_pixels(patches, self._grid)
        scores = self._most_suspicious(maps)
        if self._evidence is not None:
            odds = self._evidence.of_patches(pictures)
            scores = self._evidence.scores(scores, odds)
            patches = self._evidence.places(patches, odds)
            maps = spread_over_pixels(patches, self._grid)
        worst = patches.flatten(1).argmax(dim=1)
        bank = self._novelty.bank
        count = min(_NEIGHBOURS, bank.pictures)
        described = features.flatten(2)
        neighbours = torch.stack([bank.nearest_owners(one[:, place], count) for one, place in zip(described, worst, strict=True)])
        return scores, maps, neighbours

    def _most_suspicious(self, maps: Tensor) -> Tensor:
        return top_mean(maps, self.parameters.top_share / 100)

    # ---- networks and sizes --------------------------------------------------------------------------------------------------------------

    def _built(self) -> RelativePositionNetwork:
        return RelativePositionNetwork(self.parameters.tower(self._input.channels, patch=self._grid.patch))


def _take_weights(network: nn.Module, arrays: Mapping[str, NDArray[Any]], prefix: str) -> None:
    """Weights whose names begin with `prefix` into `network`. Raises KeyError, RuntimeError for others than it has."""
    network.load_state_dict({name: torch.from_numpy(arrays[prefix + name]) for name in network.state_dict()})
