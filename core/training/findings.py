"""What a run found out about its own training items, kept in its folder.

It is told beside the result and no part of it: where the file is gone or damaged, the run simply has no findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.data.columns import TableColumn
from core.detectors.base import Findings
from core.detectors.files import write_arrays
from core.project import runs
from core.project.opening import Project
from core.training.item_forms import ItemForm, TableForm, form_from_json

FINDINGS_FILE: Final = "findings.safetensors"
_KINDS: Final = {"items": "int64", "suspicion": "float64", "feature_suspicion": "float64", "codes": "float32", "code_items": "int64"}


@dataclass(frozen=True, kw_only=True)
class RunFindings:
    """A detector's `Findings` with its items and columns named. Items may have left the project since.

    suspicion: float64, one for each of `item_ids` (int64), the training items; empty if the detector does not judge items.
    feature_suspicion: float64, one for each of `features`, the columns of the table; empty if it does not judge columns.
    codes: float32 (m, k), one for each of `code_item_ids` (int64); m is 0 if the detector gives no codes.
    """

    item_ids: NDArray[np.int64]
    suspicion: NDArray[np.float64]
    features: tuple[TableColumn, ...]
    feature_suspicion: NDArray[np.float64]
    code_item_ids: NDArray[np.int64]
    codes: NDArray[np.float32]

    def suspicious_items(self) -> NDArray[np.int64]:
        """Ids of the items with a suspicion above 0, the largest first."""
        return self.item_ids[_descending(self.suspicion)] if len(self.suspicion) else self.item_ids[:0]

    def suspicion_of(self, ids: NDArray[np.int64]) -> NDArray[np.float64]:
        """The suspicion of these training items."""
        order = np.argsort(self.item_ids)
        found: NDArray[np.float64] = self.suspicion[order[np.searchsorted(self.item_ids, ids, sorter=order)]]
        return found

    def suspicious_features(self) -> list[tuple[TableColumn, float]]:
        """The columns with a suspicion above 0, the largest first."""
        return [(self.features[place], float(self.feature_suspicion[place])) for place in _descending(self.feature_suspicion)]


def write_findings(run_folder: Path, findings: Findings, ids: NDArray[np.int64], form: ItemForm) -> None:
    """Keeps what a detector found about the training items `ids`; takes away what an earlier attempt of the run had left."""
    arrays: dict[str, NDArray[Any]] = {"items": ids}
    if findings.suspicion is not None:
        arrays["suspicion"] = np.asarray(findings.suspicion, dtype=np.float64)
    if findings.column_suspicion is not None and isinstance(form, TableForm):
        # Suspicions of columns are lengths: that of a category's columns together is the length of them all.
        arrays["feature_suspicion"] = np.sqrt(form.per_feature(np.square(np.asarray(findings.column_suspicion, dtype=np.float64))))
    if findings.codes is not None and findings.code_items is not None:
        arrays |= {"codes": np.asarray(findings.codes, dtype=np.float32), "code_items": ids[findings.code_items]}
    path = run_folder / FINDINGS_FILE
    if len(arrays) == 1:
        path.unlink(missing_ok=True)
        return
    side = path.with_name(path.name + ".new")
    write_arrays(side, arrays)
    side.replace(path)


def read_findings(project: Project, run_id: int) -> RunFindings | None:
    """What the run found out; None if its detector looks for nothing, or if the file is gone or damaged. Raises ProblemError(RUN_UNKNOWN)."""
    arrays = _arrays(project.run_folder(run_id) / FINDINGS_FILE)
    if arrays is None:
        return None
    form = form_from_json(runs.record(project, run_id).input or {})
    features = form.features if isinstance(form, TableForm) else ()
    ids = arrays["items"]
    none = np.empty(0)
    found = RunFindings(
        item_ids=ids,
        suspicion=arrays.get("suspicion", none),
        features=features,
        feature_suspicion=arrays.get("feature_suspicion", none),
        code_item_ids=arrays.get("code_items", ids[:0]),
        codes=arrays.get("codes", np.empty((0, 0), dtype=np.float32)),
    )
    return found if _fits(found) else None


def _arrays(path: Path) -> Mapping[str, NDArray[Any]] | None:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        arrays: dict[str, NDArray[Any]] = load_file(str(path))
    except (OSError, SafetensorError, ValueError, KeyError, TypeError):
        return None
    known = "items" in arrays and all(_KINDS.get(name, "") == str(array.dtype) for name, array in arrays.items())
    return arrays if known and all(np.isfinite(array).all() for array in arrays.values()) else None


def _fits(found: RunFindings) -> bool:
    flat = all(array.ndim == 1 for array in (found.item_ids, found.suspicion, found.feature_suspicion, found.code_item_ids))
    return (
        flat
        and len(found.suspicion) in (0, len(found.item_ids))
        and len(found.feature_suspicion) in (0, len(found.features))
        and found.codes.ndim == 2
        and len(found.codes) == len(found.code_item_ids)
    )


def _descending(suspicion: NDArray[np.float64]) -> NDArray[np.int64]:
    """Places of what is above 0, the largest first, of equal ones the first."""
    order = np.argsort(-suspicion, kind="stable")
    return order[: int(np.count_nonzero(suspicion > 0))]
