"""Principal component analysis: good items lie near a plane, and what sticks out of it, or lies far out within it, is suspicious."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.detectors import files
from core.detectors.base import Declaration, Gives, LearnsFrom, Parameters, parameter
from core.detectors.projection import ProjectionDetector, ProjectionParameters, Tell
from core.job_context import JobContext
from core.networks.pictures import ItemStore, in_fixed_batches
from core.networks.principal_components import principal_components
from core.networks.seeds import numpy_generator
from core.vocabulary import Kind
from core.wording import QT_TRANSLATE_NOOP

_MOST: Final = 1500  # the smaller side of the table of numbers: eigenvectors of so many take about a second, and cannot be interrupted
_CHOICES: Final = (
    QT_TRANSLATE_NOOP("Parameter", "residual"),
    QT_TRANSLATE_NOOP("Parameter", "distance"),
    QT_TRANSLATE_NOOP("Parameter", "both"),
)


class PrincipalComponentParameters(ProjectionParameters):
    """Settings of the principal component analysis."""

    score: Literal["residual", "distance", "both"] = parameter(
        "residual",
        title=QT_TRANSLATE_NOOP("Parameter", "What counts"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "residual: what breaks the usual relations between the values. distance: what keeps them but is extreme. both: either, each measured by good items.",
        ),
    )
    variance_share: float = parameter(
        90.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Variation explained"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "As many components are kept as explain this part of the variation among good items. All of it leaves no residual."
        ),
        unit="%",
        ge=1,
        le=100,
    )
    components: int = parameter(
        0,
        title=QT_TRANSLATE_NOOP("Parameter", "Number of components"),
        help=QT_TRANSLATE_NOOP("Parameter", "A fixed number instead of a part of the variation. 0 goes by the variation."),
        ge=0,
        le=1000,
        advanced=True,
    )


class PrincipalComponents(ProjectionDetector):
    """Score Q(x) = ||x - mu - V V'(x - mu)||^2, T^2(x) = sum_j (v_j'(x - mu))^2 / lambda_j, or Q / spread(Q) + T^2 / spread(T^2).

    Q, the squared prediction error, breaks with the directions in which good items vary together; T^2 goes too far along them (Jackson &
    Mudholkar 1979). Spreads are the standard deviations among the training items. Components with lambda_j < 1e-9 lambda_1 are dropped.
    For a picture Q is not summed but judged as a map, as the autoencoder does it; T^2 is the sum that it is, its map what each pixel adds.

    Contributions per column: squared residual (they add up to Q), and x_i sum_k x_k sum_j v_ij v_kj / lambda_j (they add up to T^2, and
    may be negative).

    The deck names PCA only as the linear autoencoder. PyOD's PCA, and so ADBench's column "PCA", is neither Q nor T^2: it standardises
    and adds up the Euclidean distances from an item to the eigenvectors taken as points, each over its share of variance. Its figures
    cannot be compared with these (cardio: 95.6 against 86.2 for Q; `detectors.md` 5.1 c). Scale decides a lot: with each column divided
    by its spread Q reaches 88.0 on cardio, good items only, as printed there; with all columns in 0..1 instead 93.1.

    At most 1500 pictures, drawn with the seed of the run, if they have more pixels than that: eigenvectors of more take too long.
    """

    declaration = Declaration(
        key="pca",
        title=QT_TRANSLATE_NOOP("Detector", "PCA"),
        summary=QT_TRANSLATE_NOOP(
            "Detector",
            "Learns which values go together in good items. What breaks that is suspicious. A quick yardstick for other detectors.",
        ),
        takes=frozenset({Kind.IMAGE, Kind.ROW}),
        learns_from=LearnsFrom.GOOD,
        gives=frozenset({Gives.MAP, Gives.RECONSTRUCTION, Gives.CONTRIBUTIONS}),
        source="Hotelling 1933; Jackson & Mudholkar 1979",
        parameters=PrincipalComponentParameters,
        presets={"quick": {"image_size": 32}, "standard": {}, "thorough": {"image_size": 128}},
        minimum_good=8,
    )

    def __init__(self, parameters: Parameters, *, seed: int = 0, device: str = "cpu", checkpoints: Path | None = None) -> None:
        super().__init__(parameters, seed=seed, device=device, checkpoints=checkpoints)
        self._spreads: NDArray[np.float64]

    @property
    def _whole(self) -> bool:
        return bool(self.parameters.score != "residual")

    def _most_items(self, dimensions: int) -> int:
        return _MOST

    def _learn(self, items: ItemStore, tell: Tell, context: JobContext) -> None:
        places = np.arange(items.count)
        dimensions = self._values(items, places[:1]).shape[1]
        if min(len(places), dimensions) > _MOST:
            places = np.sort(numpy_generator(self.seed).choice(items.count, _MOST, replace=False))
        self._spreads = np.ones(2)
        self._subspace = principal_components(
            lambda chosen: self._values(items, chosen), places, choose=self._enough, tell=lambda share: tell(0.8 * share)
        )
        if self.parameters.score == "both":
            self._spreads = self._usual_spreads(items, lambda share: tell(0.8 + 0.2 * share))

    def _enough(self, variances: NDArray[np.float64]) -> int:
        """How many of the components with these variances are kept."""
        if self.parameters.components:
            return min(int(self.parameters.components), len(variances))
        if self.parameters.variance_share == 100 or not len(variances):
            return len(variances)
        explained = np.cumsum(variances) / variances.sum()
        return int(np.searchsorted(explained, self.parameters.variance_share / 100)) + 1

    def _weighed(self, centred: Tensor) -> tuple[Tensor, Tensor]:
        coordinates = self._subspace.coordinates(centred)
        inside = self._subspace.along(coordinates)
        residual, extreme = (centred - inside).square(), centred * self._subspace.along(coordinates / self._subspace.variances)
        if self.parameters.score == "residual":
            return residual, inside
        if self.parameters.score == "distance":
            return extreme, inside
        return residual / float(self._spreads[0]) + extreme / float(self._spreads[1]), inside

    def _usual_spreads(self, items: ItemStore, tell: Tell) -> NDArray[np.float64]:
        """Standard deviations of Q and T^2 among the training items; 1 where they do not vary."""
        found = []
        for indices, real in in_fixed_batches(items.count, self._kind.at_once):
            tell(indices[0] / items.count)
            centred = self._values(items, indices) - self._subspace.centre
            coordinates = self._subspace.coordinates(centred)
            residual = (centred - self._subspace.along(coordinates)).square().sum(dim=1)
            extreme = (coordinates.square() / self._subspace.variances).sum(dim=1)
            found.append(torch.stack([residual, extreme])[:, :real])
        spreads: NDArray[np.float64] = torch.cat(found, dim=1).std(dim=1, correction=0).cpu().numpy()
        variation = float((self._subspace.variances.sum() + self._subspace.left_over).cpu())
        usual: NDArray[np.float64] = np.where(spreads > 1e-9 * np.array([variation, 1.0]), spreads, 1.0)
        return usual

    def _kept(self) -> dict[str, NDArray[Any]]:
        return {"spreads": self._spreads}

    def _kept_shapes(self) -> dict[str, tuple[int, ...]]:
        return {"spreads": (2,)}

    def _take_kept(self, arrays: dict[str, NDArray[Any]], path: Path) -> None:
        if arrays["spreads"].min() <= 0:
            raise files.damaged(path, "a spread is not positive")
        self._spreads = arrays["spreads"]
