"""The autoencoders on rows and pictures: the deck's example, what their settings promise, and the digits bench.

Bench (`detectors.md` 10.2, one seed): the autoencoder on all ten digits in both protocols; denoising, variational and adversarial on the
even digits only, which keeps the file within half a minute of one core.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from core.detectors.adversarial_autoencoder import AdversarialAutoencoder
from core.detectors.autoencoder import Autoencoder
from core.detectors.base import ImageInput, TableInput, TrainingData
from core.detectors.item_kinds import RowKind
from core.detectors.reconstruction import Learning, ReconstructionDetector
from core.detectors.table_values import TableScaler
from core.detectors.variational_autoencoder import VariationalAutoencoder
from core.job_context import Cancelled, JobContext, QuietContext
from core.networks.autoencoding import AutoencodingNetwork
from core.networks.dense import DenseAutoencoder
from tests.core import digits
from tests.core.detector_cases import COLOUR, COLUMNS, picture_data, pictures, rows
from tests.core.digits import leave_one_out, mean_auroc, one_class

FAMILY: list[type[ReconstructionDetector]] = [Autoencoder, VariationalAutoencoder, AdversarialAutoencoder]
every_member = pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
SMALL = {"image_size": 32, "epochs": 6, "width": 4, "latent_size": 4, "row_latent_size": 2, "row_steps": 60}
TABLE = TrainingData(input=COLUMNS, train=rows(200, seed=1), calibration=rows(50, seed=2))
PICTURES = picture_data(COLOUR)
both_kinds = pytest.mark.parametrize("data", [TABLE, PICTURES], ids=["rows", "pictures"])


def made(kind: type[ReconstructionDetector], *, seed: int = 0, checkpoints: Path | None = None, **changes: Any) -> Any:
    return kind(kind.declaration.parameters.model_validate(SMALL | changes), seed=seed, checkpoints=checkpoints)


def fitted(kind: type[ReconstructionDetector], data: TrainingData = TABLE, *, context: JobContext | None = None, **changes: Any) -> Any:
    detector = made(kind, **changes)
    detector.fit(data, context or QuietContext())
    return detector


def weights(detector: Any) -> bytes:
    return b"".join(tensor.numpy().tobytes() for tensor in detector._network.state_dict().values())


# ---- the worked example ----------------------------------------------------------------------------------------------------------------


class _Recited(AutoencodingNetwork):
    """Rebuilds rows that it knows as it is told, all others as themselves."""

    def __init__(self, known: dict[tuple[float, ...], list[float]]) -> None:
        super().__init__()
        self._known = known

    def standardised(self, items: Tensor) -> Tensor:
        return items

    in_units = relative = encode = standardised

    def decode(self, codes: Tensor) -> Tensor:
        return torch.tensor([self._known.get(tuple(row), row) for row in codes.tolist()])


def _recitation(known: dict[tuple[float, ...], list[float]]) -> Autoencoder:
    detector: Autoencoder = made(Autoencoder)
    detector._take(TableInput(columns=("a", "b", "c"), sources=(0, 1, 2)))
    assert isinstance(detector._kind, RowKind)
    detector._kind.scaler = TableScaler(np.zeros(3), np.zeros(3), np.ones(3))
    detector._network = _Recited(known)
    return detector


@pytest.mark.parametrize(("last", "score"), [(0.5, 20.25), (5.0, 0.0)])
def test_scores_of_the_decks_example(last: float, score: float):
    """P1: the deck prints 0 for 0.5 in the last place, which is right for 5 alone."""
    items = np.array([[1, 4, 2], [2.5, 5, 3], [1.5, 5, 4], [2, 3, 5]])
    rebuilt = [[1, 3, 2], [2, 4, 2], [0, 4, 2], [2, 3, last]]
    scored = _recitation({tuple(row): told for row, told in zip(items.tolist(), rebuilt, strict=True)}).score(items)
    assert scored.scores.tolist() == [1, 2.25, 7.25, score]
    assert scored.contributions is not None and scored.contributions[2].tolist() == [2.25, 1, 4]
    assert scored.reconstructions is not None and scored.reconstructions.tolist() == rebuilt


def test_what_is_rebuilt_exactly_scores_0():
    assert _recitation({}).score(np.array([[1, 4, 2], [-7, 0, 0.25]])).scores.tolist() == [0, 0]


# ---- rows ------------------------------------------------------------------------------------------------------------------------------


@every_member
def test_rows_are_rebuilt_in_the_units_of_the_table(kind: type[ReconstructionDetector]):
    good = rows(100, seed=3)
    rebuilt = fitted(kind, row_steps=600).score(good).reconstructions
    assert np.corrcoef(rebuilt[:, 0], good[:, 0])[0, 1] > 0.5
    assert abs(rebuilt[:, 1].mean() - good[:, 1].mean()) < 0.5 * good[:, 1].std()


def test_contributions_name_the_column_that_is_off():
    good = rows(60, seed=3)
    good[:, 2] += 9
    assert bool((fitted(Autoencoder, row_steps=600).score(good).contributions.argmax(axis=1) == 2).all())


@pytest.mark.parametrize(("columns", "length"), [(1, 1), (3, 1), (6, 3), (40, 8)])
def test_codes_of_rows_are_never_longer_than_half_the_row(columns: int, length: int):
    form = TableInput(columns=tuple(map(str, range(columns))), sources=tuple(range(columns)))
    network = RowKind(form, Autoencoder.declaration.parameters(), "cpu").network()
    assert isinstance(network, DenseAutoencoder) and network.encoder[-1].out_features == length


class _StepContext(QuietContext):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[int, int]] = []

    def progress(self, done: int, total: int) -> None:
        self.seen.append((done, total))


@pytest.mark.parametrize(("row_steps", "steps"), [(10, 6 * 4), (60, 60), (100, 102)])
def test_small_tables_are_gone_round_until_there_are_steps_enough(row_steps: int, steps: int):
    """200 rows in batches of 64 are 4 steps (the rest of 8 makes one) in each of 6 epochs."""
    kind = RowKind(COLUMNS, made(Autoencoder, row_steps=row_steps).parameters, "cpu")
    schedule = kind.schedule(200, 0)
    assert schedule.batches(200) * schedule.epochs == steps
    context = _StepContext()
    fitted(Autoencoder, context=context, row_steps=row_steps)
    assert len([done for done, _ in context.seen if done <= steps]) >= steps


@every_member
def test_memory_is_told_for_both_kinds(kind: type[ReconstructionDetector]):
    wide = TrainingData(input=COLUMNS, train=np.zeros((100_000, 5)), calibration=np.zeros((0, 5)))
    assert made(kind).memory_needed(wide) > made(kind).memory_needed(TABLE) + 4 * wide.train.nbytes
    large = TrainingData(input=ImageInput(height=256, width=256, channels=1), train=PICTURES.train, calibration=PICTURES.calibration)
    assert made(kind).memory_needed(large) > made(kind).memory_needed(PICTURES) > 0


# ---- training --------------------------------------------------------------------------------------------------------------------------


@every_member
@both_kinds
def test_loss_falls_by_ten_on_a_handful_of_items(kind: type[ReconstructionDetector], data: TrainingData):
    """With a small fixed variance the squared error is nearly all of the variational loss too, but its codes stay noisy."""
    few = TrainingData(input=data.input, train=data.train[:8], calibration=data.train[:8])
    changes = {"epochs": 150, "row_steps": 600, "learning_rate": 0.01, "row_latent_size": 8, "latent_size": 16}
    more = {"variance": "fixed", "fixed_variance": 0.002, "warm_up": 100.0} if kind is VariationalAutoencoder else {}
    plain = {"noise": 0.0} if kind is Autoencoder else {}
    if data is TABLE:
        few = TrainingData(input=_wide(20), train=_low_rank(8), calibration=_low_rank(8))
    context = QuietContext()
    fitted(kind, few, context=context, **changes, **more, **plain)
    curve = [value for name, _, value in context.metrics if name == "calibration_loss"]
    assert curve[-1] < curve[0] / (3 if kind is VariationalAutoencoder and data is PICTURES else 10)


def _wide(columns: int) -> TableInput:
    return TableInput(columns=tuple(map(str, range(columns))), sources=tuple(range(columns)))


def _low_rank(count: int) -> Any:
    random = np.random.default_rng(4)
    return random.normal(size=(count, 3)) @ random.normal(size=(3, 20))


class _Plain(Autoencoder):
    """Knows nothing of noise."""

    def _learning(self, data: TrainingData, context: JobContext) -> Learning:
        return Learning(self._network, self._kind, data, self.parameters, context)


@both_kinds
def test_without_noise_it_is_the_plain_autoencoder(data: TrainingData):
    """detectors.md 6.2 (f), bit by bit."""
    assert weights(fitted(Autoencoder, data, noise=0.0)) == weights(fitted(_Plain, data)) != weights(fitted(Autoencoder, data, noise=0.1))


@both_kinds
def test_without_an_adversary_it_is_the_plain_autoencoder(data: TrainingData):
    """detectors.md 6.4 (f), bit by bit; with one, only the encoder gets further gradients, and the decoder follows."""
    lone = fitted(AdversarialAutoencoder, data, adversarial_weight=0.0)
    assert weights(lone) == weights(fitted(_Plain, data)) != weights(fitted(AdversarialAutoencoder, data))


def test_denoising_takes_noise_off():
    task = leave_one_out(0, 0)
    detector = made(Autoencoder, noise=1.0, row_latent_size=32, row_steps=900, scale_columns=False, epochs=10)
    detector.fit(task.data, QuietContext())
    clean = task.test[task.labels == 0]
    spread = detector._kind.scaler.spreads[0]
    noisy = clean + spread * np.random.default_rng(0).normal(size=clean.shape)
    taken_off = detector.score(noisy).reconstructions
    assert np.square(taken_off - clean).mean() < 0.7 * np.square(noisy - clean).mean()


class _Stopping(QuietContext):
    def __init__(self, epoch: int) -> None:
        super().__init__()
        self._epoch = epoch

    def metric(self, name: str, step: int, value: float) -> None:
        super().metric(name, step, value)
        self.cancelled = step >= self._epoch


@every_member
@both_kinds
def test_a_training_that_was_cut_off_ends_the_same(kind: type[ReconstructionDetector], data: TrainingData, tmp_path: Path):
    """Warm-up and discriminator too are where they were."""
    whole = fitted(kind, data)
    with pytest.raises(Cancelled):
        made(kind, checkpoints=tmp_path).fit(data, _Stopping(3))
    resumed = made(kind, checkpoints=tmp_path)
    context = QuietContext()
    resumed.fit(data, context)
    assert min(step for _, step, _ in context.metrics) > 1
    assert weights(resumed) == weights(whole)


# ---- variational -----------------------------------------------------------------------------------------------------------------------


@both_kinds
def test_probability_and_bound_are_sums_that_differ_by_the_divergence(data: TrainingData):
    """The same seed trains the same network, whatever is asked of it; the normal numbers of the draws are the same too."""
    items = rows(30, seed=3) if data is TABLE else pictures(9, COLOUR, seed=3)
    probable, bound, error = (fitted(VariationalAutoencoder, data, score=score, draws=4) for score in ("probability", "bound", "error"))
    assert weights(probable) == weights(bound) == weights(error)
    difference = bound.score(items).scores - probable.score(items).scores
    values = bound._network.standardised(bound._kind.store(items).batch(np.arange(len(items))))
    with torch.inference_mode():
        mean, log_variance = bound._network.posterior(values)
    divergence = 0.5 * (log_variance.exp() + mean**2 - 1 - log_variance).sum(dim=1)
    np.testing.assert_allclose(difference, divergence.numpy(), rtol=1e-2, atol=1e-3)
    np.testing.assert_array_equal(probable.score(items).scores[3:5], probable.score(items[3:5]).scores)


def test_the_prior_weighs_as_much_for_many_columns_as_for_few():
    """Sums on both sides: repeated columns make the error weigh more against the divergence, so that it grows and never shrinks."""
    random = np.random.default_rng(0)
    base = random.normal(size=(200, 2)) @ random.normal(size=(2, 6)) + 0.3 * random.normal(size=(200, 6))
    found = []
    for times in (1, 8):
        train = np.tile(base, (1, times))
        data = TrainingData(input=_wide(train.shape[1]), train=train, calibration=train[:0])
        detector = fitted(VariationalAutoencoder, data, row_steps=500, score="bound", variance="fixed", fixed_variance=0.5, warm_up=0.0)
        with torch.inference_mode():
            mean, _ = detector._network.posterior(detector._kind.store(train).batch(np.arange(200)))
        found.append(float(mean.square().mean()))
    assert found[1] > 1.2 * found[0]


def test_a_heavy_prior_collapses_the_codes():
    heavy, light = (fitted(VariationalAutoencoder, row_steps=400, prior_weight=weight, warm_up=0.0) for weight in (100.0, 0.1))
    spreads = []
    for detector in (heavy, light):
        with torch.inference_mode():
            spreads.append(float(detector._network.posterior(detector._kind.store(TABLE.train).batch(np.arange(200)))[0].std()))
    assert spreads[0] < 0.3 * spreads[1]


# ---- adversarial -----------------------------------------------------------------------------------------------------------------------


def _states(learning: Any) -> dict[str, bytes]:
    parts = {"encoder": learning.network.encoder, "decoder": learning.network.decoder, "discriminator": learning.networks["discriminator"]}
    return {name: b"".join(tensor.detach().numpy().tobytes() for tensor in part.parameters()) for name, part in parts.items()}


def test_each_step_changes_its_own_network_alone():
    detector = fitted(AdversarialAutoencoder)
    learning = detector._learning(TABLE, QuietContext())
    values = learning.items.batch(np.arange(64))
    before = _states(learning)
    loss = learning.judge(learning.network.encode(values).detach(), torch.Generator().manual_seed(0))
    judged = _states(learning)
    assert {name for name in before if before[name] != judged[name]} == {"discriminator"}
    assert float(loss) == pytest.approx(1.386, abs=0.1)
    learning.deceive(learning.network.encode(values))
    deceived = _states(learning)
    assert {name for name in before if judged[name] != deceived[name]} == {"encoder"}


def test_codes_of_the_training_items_lie_like_draws():
    """detectors.md 6.4 (f): means within 0.15 of 0, spreads within 0.25 of 1, in every dimension; without an adversary they do not."""
    data = leave_one_out(0, 0).data
    settings = {"scale_columns": False, "row_latent_size": 4, "row_steps": 1500, "epochs": 10}
    detector = fitted(AdversarialAutoencoder, data, **settings)
    found = detector.findings()
    assert found.codes is not None and found.codes.shape == (len(data.train), 4)
    assert np.abs(found.codes.mean(axis=0)).max() < 0.15
    assert np.abs(found.codes.std(axis=0) - 1).max() < 0.25
    lone = fitted(AdversarialAutoencoder, data, adversarial_weight=0.0, **(settings | {"row_steps": 300})).findings().codes
    assert np.abs(lone.std(axis=0) - 1).max() > 0.25


def test_plotted_codes_are_those_of_the_items_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.detectors.adversarial_autoencoder._CODES", 50)
    detector = fitted(AdversarialAutoencoder)
    found = detector.findings()
    assert found.code_items is not None and len(found.code_items) == len(set(found.code_items.tolist())) == 50
    values = detector._kind.store(TABLE.train[found.code_items]).batch(np.arange(50))
    with torch.inference_mode():
        np.testing.assert_allclose(found.codes, detector._network.encode(values).numpy(), rtol=1e-4, atol=1e-5)


@both_kinds
def test_the_score_of_both_is_made_of_the_two(data: TrainingData):
    items = data.train[:20]
    error, code, both = (fitted(AdversarialAutoencoder, data, score=score, code_share=40.0) for score in ("error", "code", "both"))
    parts = [detector.score(items).scores for detector in (error, code)]
    usual = [detector.score(data.train).scores for detector in (error, code)]
    first, second = ((part - known.mean()) / known.std() for part, known in zip(parts, usual, strict=True))
    np.testing.assert_allclose(both.score(items).scores, 0.6 * first + 0.4 * second, rtol=1e-4, atol=1e-4)
    assert bool((parts[1] >= 0).all())


# ---- digits ----------------------------------------------------------------------------------------------------------------------------

BENCH = {"scale_columns": False, "epochs": 20, "row_latent_size": 8}
EVEN = digits.DIGITS[::2]


def _bench(kind: type[ReconstructionDetector], **changes: Any) -> Any:
    return lambda: kind(kind.declaration.parameters.model_validate(BENCH | changes))


def test_digits_one_class_autoencoder():
    assert mean_auroc(_bench(Autoencoder, noise=0.0, row_steps=400), [one_class(digit, 0) for digit in digits.DIGITS]) >= 0.98


def test_digits_leave_one_out_autoencoder():
    assert mean_auroc(_bench(Autoencoder, noise=0.0, row_steps=600), [leave_one_out(digit, 0) for digit in digits.DIGITS]) >= 0.90


@pytest.mark.parametrize(
    ("make", "least"),
    [
        (_bench(Autoencoder, noise=0.5, row_steps=400), 0.98),
        (_bench(AdversarialAutoencoder, row_latent_size=4, row_steps=500), 0.98),
        (_bench(VariationalAutoencoder, row_steps=800), 0.97),
    ],
    ids=["denoising", "adversarial", "variational"],
)
def test_digits_one_class_even(make: Any, least: float):
    assert mean_auroc(make, [one_class(digit, 0) for digit in EVEN]) >= least
