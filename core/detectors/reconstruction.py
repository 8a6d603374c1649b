"""The autoencoder family: detectors that rebuild an item from a short code, and suspect what they cannot rebuild."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.detectors import common_parameters as common
from core.detectors import files
from core.detectors.base import Detector, ImageInput, Parameters, Scored, TableInput, TrainingData, parameter
from core.detectors.item_kinds import STEP, ItemKind, PictureKind, kind_of
from core.detectors.picture_input import usual_input
from core.job_context import JobContext, PartContext
from core.networks.autoencoding import AutoencodingNetwork
from core.networks.convolutional import initialise
from core.networks.loop import Trainee, optimise
from core.networks.seeds import derived_seed
from core.wording import QT_TRANSLATE_NOOP

_INITIAL_WEIGHTS: Final = 1_000_000  # place in the seed's tree, far from every epoch number
_SHOWN: Final = 8  # sample pictures after each epoch
_WATCHED: Final = 256  # calibration items whose loss is followed
_COPIES_OF_WEIGHTS: Final = 6
_PASSES_OF_A_STEP: Final = 3  # a step of training takes the time of three forward passes


class ReconstructionParameters(Parameters):
    """Settings of the whole family."""

    image_size: int = common.image_size(128)
    latent_size: int = common.latent_size(64)
    row_latent_size: int = parameter(
        8,
        title=QT_TRANSLATE_NOOP("Parameter", "Code length for tables"),
        help=QT_TRANSLATE_NOOP("Parameter", "Takes the place of the code length if the items are rows; never more than half the columns."),
        ge=1,
        le=256,
    )
    epochs: int = common.epochs(30)
    row_steps: int = parameter(
        2000,
        title=QT_TRANSLATE_NOOP("Parameter", "Least steps for tables"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Tables only. The rows of a small table are shown more often in each epoch, until the network has made so many steps.",
        ),
        ge=1,
        le=1_000_000,
        advanced=True,
    )
    learning_rate: float = common.learning_rate(0.003)
    batch_size: int = parameter(
        8,
        title=QT_TRANSLATE_NOOP("Parameter", "Batch size"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "Images learnt from at once, and eight times as many rows of a table. Smaller needs less memory."
        ),
        ge=2,
        le=256,
    )
    scale_columns: bool = common.scale_columns()
    blur: float = common.blur()
    top_share: float = common.top_share()
    compare_places: bool = common.compare_places()
    width: int = common.width(16)


class ReconstructionDetector(Detector):
    """Fit, score and model file of a detector that rebuilds items. Score: what could not be rebuilt.

    Rows: the sum of the squared errors of the scaled columns (the deck's definition: neither mean nor root); the contribution of a
    column is its squared error. Pictures: the squared error of each place, blurred and measured in the spread that it has in good
    pictures; the score is the mean of the largest part of that map.

    A subclass has a declaration with parameters that extend `ReconstructionParameters`, and overrides what differs:

    - `_learning` returns its own `Learning`, which see: what one batch changes, and what happens between epochs;
    - `_built` returns another network, `_evidence` (with `_effort` and `_whole`) another way from a batch to errors;
    - `_finish` learns more from the training items when the weights are final; `_kept`, `_kept_shapes` and `_take_kept` keep that in the
      model file. `findings` tells what is not part of the model.
    """

    def __init__(self, parameters: Parameters, *, seed: int = 0, device: str = "cpu", checkpoints: Path | None = None) -> None:
        super().__init__(parameters, seed=seed, device=device, checkpoints=checkpoints)
        self._input: ImageInput | TableInput
        self._kind: ItemKind
        self._network: AutoencodingNetwork

    # ---- what subclasses change ----------------------------------------------------------------------------------------------------

    @property
    def _effort(self) -> float:
        """How many times longer `_evidence` takes than rebuilding alone."""
        return 1.0

    @property
    def _whole(self) -> bool:
        """Whether the evidence is a density, which must be summed over a whole picture."""
        return False

    def _built(self) -> AutoencodingNetwork:
        """A new network for items of `self._kind`; its weights are drawn afterwards."""
        return self._kind.network()

    def _learning(self, data: TrainingData, context: JobContext) -> Learning:
        """The training of `self._network`, which is on its device and centred."""
        return Learning(self._network, self._kind, data, self.parameters, context)

    def _evidence(self, items: Tensor) -> tuple[Tensor, Tensor]:
        """Evidence against each value of the items, and the items rebuilt; both of the shape of `items`."""
        rebuilt = self._network(items)
        return (items - rebuilt).square(), rebuilt

    def _finish(self, learning: Learning, data: TrainingData, context: JobContext) -> None:
        """Called at the end of `fit`, with the network in eval mode; `score` works."""

    def _kept(self) -> dict[str, NDArray[Any]]:
        return {}

    def _kept_shapes(self) -> dict[str, tuple[int, ...]]:
        return {}

    def _take_kept(self, arrays: dict[str, NDArray[Any]], path: Path) -> None:
        """Inverse of `_kept`. Raises ProblemError(MODEL_DAMAGED)."""

    # ---- the contract --------------------------------------------------------------------------------------------------------------

    def image_input(self, sizes: Sequence[tuple[int, int]], channels: int) -> ImageInput:
        return usual_input(sizes, channels, image_size=self.parameters.image_size, multiple=STEP, smallest=2 * STEP)

    def memory_needed(self, data: TrainingData) -> int:
        """Long codes of large pictures make most of the weights, of which there are gradients, Adam's two means and copies."""
        kind = kind_of(data.input, self.parameters, self.device)
        with torch.device("meta"):
            weights = sum(part.numel() for part in kind.network().parameters())
        return kind.memory_needed(data) + _COPIES_OF_WEIGHTS * 4 * weights

    def fit(self, data: TrainingData, context: JobContext) -> None:
        self.require_enough(data)
        self._take(data.input)
        self._network = self._built()
        initialise(self._network, derived_seed(self.seed, _INITIAL_WEIGHTS))
        self._kind.prepare(self._network, data, context)
        self._network.to(self.device)
        learning = self._learning(data, context)
        schedule = self._kind.schedule(len(data.train), self.seed)
        steps = schedule.batches(len(data.train)) * schedule.epochs
        usual = -(-len(data.train) // self._kind.at_once)
        total = steps + int(self._effort * len(data.train) / schedule.batch_size / _PASSES_OF_A_STEP) + 1
        optimise(
            learning,
            count=len(data.train),
            schedule=schedule,
            device=self.device,
            context=PartContext(context, start=0, total=total),
            checkpoint=self.checkpoints / "training.safetensors" if self.checkpoints else None,
        )
        self._kind.learn_usual(data.train, self._evidence, _counting(context, start=steps, total=total, calls=usual))
        self._finish(learning, data, context)
        context.progress(total, total)

    def score(self, batch: NDArray[Any]) -> Scored:
        return self._kind.scored(batch, self._evidence, whole=self._whole, check=self.check)

    def save(self, folder: Path) -> None:
        files.write_head(folder, self, self._input)
        weights = {f"network.{name}": tensor.cpu().numpy() for name, tensor in self._network.state_dict().items()}
        files.write_arrays(folder / "weights.safetensors", weights | self._kind.arrays() | self._kept())

    @classmethod
    def load(cls, folder: Path, *, device: str = "cpu") -> Self:
        head = files.read_head(folder, cls)
        detector = cls(files.parameters_of(head, folder, cls), seed=head.seed, device=device)
        detector._take(files.table_input_of(head, folder) if head.image is None else files.image_input_of(head, folder))
        with torch.device("meta"):  # shapes only: a forged size must not fill the memory
            shapes = {f"network.{name}": tuple(tensor.shape) for name, tensor in detector._built().state_dict().items()}
        path = folder / "weights.safetensors"
        arrays = files.read_arrays(path, shapes | detector._kind.shapes() | detector._kept_shapes())
        if any(arrays[name] <= 0 for name in shapes if name.endswith(".spread")):
            raise files.damaged(path, "a spread is not positive")
        detector._network = detector._built()
        detector._network.load_state_dict({name.removeprefix("network."): torch.from_numpy(arrays[name]) for name in shapes})
        detector._network.to(device).eval()
        detector._kind.take(arrays, path)
        detector._take_kept(arrays, path)
        return detector

    def _take(self, form: ImageInput | TableInput) -> None:
        self._input = form
        self._kind = kind_of(form, self.parameters, self.device)


class Learning(Trainee):
    """One training: squared error of the standardised items, Adam, weight decay 1e-5 (`detectors.md` 6.1).

    Subclasses override `clean` (what is to be rebuilt), `loss` (what one batch is judged by), `step` (all that one batch changes) or
    `end_epoch` (call `super`, which draws the curves; networks are in eval mode there). Whatever else the training changes goes into
    `networks`, as a module with buffers, or into `optimisers`: then checkpoints hold it and a resumed training ends the same.

    `items.batch(indices)` gives the training items as the network takes them: pictures float32 (n, channels, height, width) in 0..1,
    rows float32 (n, columns) scaled. `rebuilt(function)` goes over all of them. The generator of `step` belongs to the step alone: a
    subclass that draws nothing more and trains on the same numbers ends with bit-equal weights.
    """

    def __init__(self, network: AutoencodingNetwork, kind: ItemKind, data: TrainingData, parameters: Any, context: JobContext) -> None:
        self.network = network
        self.kind: Final = kind
        self.items: Final = kind.store(data.train)
        self.context: Final = context
        self._watched = data.calibration[:_WATCHED]
        self._shown = self._watched[:_SHOWN] if len(self._watched) else data.train[:_SHOWN]
        self.optimiser: Final = torch.optim.Adam(network.parameters(), lr=parameters.learning_rate, weight_decay=1e-5)
        self.networks = {"autoencoder": network}
        self.optimisers = {"adam": self.optimiser}

    def clean(self, indices: NDArray[np.int64]) -> Tensor:
        """What the network shall rebuild for the training items at `indices`."""
        return self.items.batch(indices)

    def loss(self, clean: Tensor, generator: torch.Generator) -> Tensor:
        """A mean over the batch; all random draws come from `generator`."""
        return self.network.loss(clean, clean)

    def step(self, indices: NDArray[np.int64], generator: torch.Generator) -> Tensor:
        loss = self.loss(self.clean(indices), generator)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        return loss

    def end_epoch(self, epoch: int) -> None:
        watched = self._watched if len(self._watched) else self._shown
        errors, rebuilt = self.kind.apply(watched, self._rebuilt, self.context.check)
        if len(self._watched):
            self.context.metric("calibration_loss", epoch, float(errors.mean(dtype=np.float64)))
        if isinstance(self.kind, PictureKind):
            self.context.picture("input", np.ascontiguousarray(self._shown))
            self.context.picture("reconstruction", rebuilt[:_SHOWN])

    def _rebuilt(self, clean: Tensor) -> tuple[Tensor, Tensor]:
        rebuilt = self.network(clean)
        return self.network.relative(clean - rebuilt).square().flatten(1).mean(dim=1), self.kind.shown(rebuilt)


def _counting(context: JobContext, *, start: int, total: int, calls: int) -> Callable[[], None]:
    """A check that also tells the progress from `start` to `total`, if it is called `calls` times."""
    called = 0

    def check() -> None:
        nonlocal called
        context.check()
        called += 1
        context.progress(start + (total - start) * min(called, calls) // (calls + 1), total)

    return check
