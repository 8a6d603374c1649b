"""Principal components of vectors that are read in portions, in double precision."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.problems import ProblemCode, ProblemError

_SMALLEST_SHARE: Final = 1e-9  # of the largest variance: a direction with less is rounding, and would explode where one divides by it
_NUMBERS_AT_ONCE: Final = 2**22
_PREFIX: Final = "subspace"


@dataclass(frozen=True, kw_only=True)
class Subspace:
    """A plane through `centre`, float64 (d,), along the orthonormal rows of `directions` (r, d), r >= 0.

    variances: float64 (r,), descending, of the vectors it was learnt from along each direction, divided by their number n. left_over:
    their mean squared distance from the plane, which is the sum of the variances of the directions left out.
    """

    centre: Tensor
    directions: Tensor
    variances: Tensor
    left_over: float

    def coordinates(self, centred: Tensor) -> Tensor:
        """(n, r) of (n, d), `centre` already taken off."""
        return centred @ self.directions.T

    def along(self, coordinates: Tensor) -> Tensor:
        """Inverse of `coordinates` for vectors in the plane: (n, d), without `centre`."""
        return coordinates @ self.directions

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Named arrays for the model file."""
        kept = {"centre": self.centre, "directions": self.directions, "variances": self.variances}
        named: dict[str, NDArray[Any]] = {f"{_PREFIX}.{name}": tensor.cpu().numpy() for name, tensor in kept.items()}
        return named | {f"{_PREFIX}.left_over": np.array([self.left_over])}

    @staticmethod
    def shapes(dimensions: int, components: int) -> dict[str, tuple[int, ...]]:
        """Shapes of `arrays`, for `files.read_arrays`."""
        shapes = {"centre": (dimensions,), "directions": (components, dimensions), "variances": (components,), "left_over": (1,)}
        return {f"{_PREFIX}.{name}": shape for name, shape in shapes.items()}

    def to(self, device: str) -> Subspace:
        """The same plane on `device`, which must know float64."""
        moved = {name: getattr(self, name).to(device) for name in ("centre", "directions", "variances")}
        return Subspace(**moved, left_over=self.left_over)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], path: Path, device: str) -> Self:
        """Inverse of `arrays`. Raises ProblemError(MODEL_DAMAGED) if a variance is not positive."""
        if arrays[f"{_PREFIX}.variances"].min(initial=1.0) <= 0:
            raise ProblemError(ProblemCode.MODEL_DAMAGED, path=path.name, detail="a spread is not positive")
        centre, directions, variances = (
            torch.from_numpy(arrays[f"{_PREFIX}.{name}"]).to(device).double() for name in ("centre", "directions", "variances")
        )
        return cls(centre=centre, directions=directions, variances=variances, left_over=float(arrays[f"{_PREFIX}.left_over"][0]))


def principal_components(
    read: Callable[[NDArray[np.int64]], Tensor],
    places: NDArray[np.int64],
    *,
    choose: Callable[[NDArray[np.float64]], int],
    tell: Callable[[float], None] = lambda share: None,
) -> Subspace:
    """The plane that leaves least of the vectors at `places`: eigenvectors of their covariance, sum of squares / n.

    `read` gives float64 (len, d) at some places, on one device; the d x d or n x n matrix of products, whichever is smaller, is added up
    from portions of it. `choose` is handed the variances along all directions that count, descending, and says how many to keep. Each
    direction's largest entry is positive, so that the same vectors give the same signs everywhere. `tell` is called after each portion
    with the share of the work done, and may raise.
    """
    dimensions = read(places[:1]).shape[1]
    portions = list(_portions(places, dimensions))
    steps = 2 * len(portions)
    centre = torch.zeros_like(read(places[:1])[0])
    for done, portion in enumerate(portions, 1):
        centre += read(portion).sum(dim=0) / len(places)
        tell(done / steps)
    few = len(places) < dimensions
    products = torch.zeros(0 if few else dimensions, dimensions, dtype=centre.dtype, device=centre.device)
    for done, portion in enumerate(portions, len(portions) + 1):
        centred = read(portion) - centre
        products = torch.cat([products, centred]) if few else products + centred.T @ centred
        tell(done / steps)
    squares, vectors = _eigenvectors(products @ products.T if few else products)
    counting = squares > _SMALLEST_SHARE * squares[0]
    variances = squares / len(places)
    count = choose(variances[counting].cpu().numpy())
    directions = vectors[:, :count].T
    if few:  # weak directions come out a little askew from the smaller product; QR sets them upright again
        directions = torch.linalg.qr(products.T @ vectors[:, :count]).Q.T
    return Subspace(centre=centre, directions=_signed(directions), variances=variances[:count], left_over=float(variances[count:].sum()))


def row_space(matrix: NDArray[np.float64], *, rank: int, centre: NDArray[np.float64], left_over: float) -> Subspace:
    """The plane through `centre` along the first `rank` right singular vectors of `matrix` (m, d), whose rows are taken as they are.

    variances: squared singular values / m.
    """
    singular, directions = np.linalg.svd(matrix, full_matrices=False)[1:]
    return Subspace(
        centre=torch.from_numpy(centre),
        directions=_signed(torch.from_numpy(directions[:rank].copy())),
        variances=torch.from_numpy(np.square(singular[:rank]) / len(matrix)),
        left_over=left_over,
    )


def _portions(places: NDArray[np.int64], dimensions: int) -> Iterator[NDArray[np.int64]]:
    size = max(16, _NUMBERS_AT_ONCE // dimensions)
    for start in range(0, len(places), size):
        yield places[start : start + size]


def _eigenvectors(symmetric: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues in descending order, none negative, and the eigenvectors as columns."""
    if symmetric.device.type == "cpu":  # numpy's takes half as long as torch's
        values, vectors = (torch.from_numpy(part) for part in np.linalg.eigh(symmetric.numpy()))
    else:
        values, vectors = torch.linalg.eigh(symmetric)
    return values.flip(0).clamp(min=0), vectors.flip(1)


def _signed(directions: Tensor) -> Tensor:
    largest = directions.gather(1, directions.abs().argmax(dim=1, keepdim=True))
    return (directions * largest.sign()).contiguous()
