"""Robust PCA: the training items are taken apart into what they share and what disturbs them, so that hidden defects do not bend the plane."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.detectors import files
from core.detectors.base import Declaration, Findings, Gives, LearnsFrom, Parameters, TableInput, parameter
from core.detectors.projection import ProjectionDetector, ProjectionParameters, Tell
from core.job_context import JobContext
from core.networks.pictures import ItemStore, in_fixed_batches
from core.networks.principal_component_pursuit import Decomposition, Doubt, principal_component_pursuit
from core.networks.principal_components import row_space
from core.networks.seeds import numpy_generator
from core.problems import Problem, ProblemCode
from core.vocabulary import Kind
from core.wording import QT_TRANSLATE_NOOP

_MOST: Final = 400_000_000  # rows x columns x the fewer of them: a singular value decomposition of about 0.2 seconds
_GROWTH: Final = 1.2  # slower than usual: tables are noisy, see `principal_component_pursuit`
_ROUNDS: Final = 60  # of splitting a new item: the sum of its disturbances is then right to 1e-4 and better
_RELAXATION: Final = 1.6  # Boyd et al. 2011, section 3.4.3


class RobustPcaParameters(ProjectionParameters):
    """Settings of Robust PCA."""

    sparsity: float = parameter(
        1.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Price of a disturbance"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "1 is what the theory asks for. Larger values call less of an item disturbed and let the regular part bend after it.",
        ),
        gt=0,
        le=100,
    )
    tolerance: float = parameter(
        1e-7,
        title=QT_TRANSLATE_NOOP("Parameter", "Tolerance"),
        help=QT_TRANSLATE_NOOP("Parameter", "The steps end when the two parts add up to the items to within this."),
        unit=QT_TRANSLATE_NOOP("Parameter", "of full scale"),
        ge=1e-12,
        le=1e-2,
        advanced=True,
    )
    iterations: int = parameter(
        1000,
        title=QT_TRANSLATE_NOOP("Parameter", "Steps"),
        help=QT_TRANSLATE_NOOP("Parameter", "At most so many steps. Usually fewer than a hundred are taken."),
        ge=1,
        le=100_000,
        advanced=True,
    )


class RobustPca(ProjectionDetector):
    """Score ||s||_1 of x - m = l + s: what of an item has to be called disturbed (principal component pursuit, Candes et al. 2011).

    The training items, less the median m of each column, are the rows of X = L + S, L of low rank and S of few entries. The paper has no
    rule for new rows. Written with factors, ||L||_* = min (||U||^2 + ||V||^2) / 2 over L = U V' (Recht, Fazel & Parrilo 2010); with V kept,
    a new row costs min_u ||u||^2 / 2 + lambda ||x - V u||_1 (as in Feng, Xu & Yan 2013), and what is left, s, is its disturbance. So it
    is projected on the row space of L, each direction held back the more the less L goes there, what is left is shrunk, and that is
    repeated until both agree: a gross error does not pull the projection with it as it does in PCA, a new row is judged as if it had been
    among the others, and a training row gets back its own row of S. Plain projection would not do: for a noisy table L has full rank, and
    nothing would be left of any row.

    Rows: the contribution of a column is abs(s). Pictures: abs(s) per pixel is judged as a map, as the autoencoder does it. What the item
    ought to be is x - s. `findings`: the norms of the rows and columns of S. The fit notes when L and S are not to be trusted.

    If the items have more numbers than can be taken apart in reasonable time (312 pictures of 64 x 64), so many are drawn with the seed
    of the run, and suspicions of all items are those of the rule for new ones. Whole bad items need the l2,1 norm: Robust Autoencoder.
    """

    declaration = Declaration(
        key="robust_pca",
        title=QT_TRANSLATE_NOOP("Detector", "Robust PCA"),
        summary=QT_TRANSLATE_NOOP(
            "Detector",
            "Learns which values go together even if some training items are defective, and names those. What breaks the rule is suspicious.",
        ),
        takes=frozenset({Kind.IMAGE, Kind.ROW}),
        learns_from=LearnsFrom.GOOD,
        gives=frozenset({Gives.MAP, Gives.RECONSTRUCTION, Gives.CONTRIBUTIONS}),
        source="Candès, Li, Ma & Wright 2011; Lin, Chen & Ma 2010",
        parameters=RobustPcaParameters,
        presets={"quick": {"image_size": 32}, "standard": {}, "thorough": {"image_size": 96, "tolerance": 1e-9}},
        minimum_good=8,
    )

    def __init__(self, parameters: Parameters, *, seed: int = 0, device: str = "cpu", checkpoints: Path | None = None) -> None:
        super().__init__(parameters, seed=seed, device=device, checkpoints=checkpoints)
        self._weight: float
        self._penalty: float
        self._count: float
        self._findings = Findings()

    def findings(self) -> Findings:
        return self._findings

    def _most_items(self, dimensions: int) -> int:
        few = int(math.sqrt(_MOST / dimensions))
        return few if few <= dimensions else _MOST // dimensions**2

    def _learn(self, items: ItemStore, tell: Tell, context: JobContext) -> None:
        places = np.arange(items.count)
        most = self._most_items(self._values(items, places[:1]).shape[1])
        if items.count > most:
            places = np.sort(numpy_generator(self.seed).choice(items.count, most, replace=False))
        matrix = self._values(items, places).cpu().numpy()
        centre = np.median(matrix, axis=0)
        matrix = matrix - centre
        part = 0.6 if len(places) < items.count else 1.0
        found = self._taken_apart(matrix, lambda share: tell(part * share))
        self._tell_doubt(found, context)
        self._subspace = row_space(
            found.low_rank, rank=found.rank, centre=centre, left_over=float(np.square(found.sparse).sum()) / len(matrix)
        ).to(self._kind.device)
        self._weight = self.parameters.sparsity / math.sqrt(max(matrix.shape))
        self._penalty = self._weight / (float(np.abs(matrix).mean()) or 1.0)
        self._count = float(len(matrix))
        suspicion = np.linalg.norm(found.sparse, axis=1)
        if len(places) < items.count:
            suspicion = self._suspicion(items, lambda share: tell(part + (1 - part) * share))
        columns = np.linalg.norm(found.sparse, axis=0) if isinstance(self._input, TableInput) else None
        self._findings = Findings(suspicion=suspicion, column_suspicion=columns)

    def _taken_apart(self, matrix: NDArray[np.float64], tell: Tell) -> Decomposition:
        farthest = 0.0

        def watch(relative_error: float) -> None:
            """The error falls by about the same factor in each step."""
            nonlocal farthest
            farthest = max(farthest, math.log(max(relative_error, 1e-300)) / math.log(self.parameters.tolerance))
            tell(min(farthest, 1.0))

        return principal_component_pursuit(
            matrix,
            sparsity=self.parameters.sparsity,
            tolerance=self.parameters.tolerance,
            iterations=self.parameters.iterations,
            growth=_GROWTH,
            watch=watch,
        )

    def _tell_doubt(self, found: Decomposition, context: JobContext) -> None:
        if found.doubt is Doubt.NOT_CONVERGED:
            context.note(Problem(ProblemCode.STEPS_RAN_OUT, {"detector": self.declaration.title, "steps": found.iterations}))
        elif not found.trusted:
            context.note(Problem(ProblemCode.RECOVERY_DOUBTFUL, {"rank": found.rank, "share": round(100 * found.nonzero)}))

    def _weighed(self, centred: Tensor) -> tuple[Tensor, Tensor]:
        disturbed = self._disturbances(centred)
        return disturbed.abs(), centred - disturbed

    def _disturbances(self, centred: Tensor) -> Tensor:
        """s of min_u ||u||^2 / 2 + lambda ||s||_1, x = V u + s, by the alternating direction method of multipliers: float64 (n, d) to
        the same. Always as many rounds, so that it does not depend on the other items."""
        strengths = self._penalty * (self._subspace.variances * self._count).sqrt()  # singular values of L
        kept = strengths / (1 + strengths)
        disturbed, multiplier = torch.zeros_like(centred), torch.zeros_like(centred)
        for _ in range(_ROUNDS):
            regular = self._subspace.along(self._subspace.coordinates(centred - disturbed + multiplier) * kept)
            regular = _RELAXATION * regular + (1 - _RELAXATION) * (centred - disturbed)
            rest = centred - regular + multiplier
            multiplier = rest.clamp(-self._weight / self._penalty, self._weight / self._penalty)
            disturbed = rest - multiplier
        return disturbed

    def _suspicion(self, items: ItemStore, tell: Tell) -> NDArray[np.float64]:
        found = []
        for indices, real in in_fixed_batches(items.count, self._kind.at_once):
            tell(indices[0] / items.count)
            found.append(self._disturbances(self._values(items, indices) - self._subspace.centre).norm(dim=1)[:real].cpu().numpy())
        return np.concatenate(found)

    def _kept(self) -> dict[str, NDArray[Any]]:
        return {"pursuit": np.array([self._weight, self._penalty, self._count], dtype=np.float64)}

    def _kept_shapes(self) -> dict[str, tuple[int, ...]]:
        return {"pursuit": (3,)}

    def _take_kept(self, arrays: dict[str, NDArray[Any]], path: Path) -> None:
        if arrays["pursuit"].min() <= 0:
            raise files.damaged(path, "a spread is not positive")
        self._weight, self._penalty, self._count = (float(value) for value in arrays["pursuit"])
