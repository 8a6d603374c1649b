"""items.csv: one row per item of a run's kind, with all the evidence."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.job_context import JobContext
from core.project.items import ItemDetails, item_records, sources
from core.project.opening import Project
from core.reports.csv_text import Cell, csv_bytes
from core.reports.judgement import Judgement
from core.reports.scored_arrays import ScoredArrays
from core.training.evidence import neighbours_of, shares_of
from core.training.item_forms import TableForm, form_from_json
from core.vocabulary import Kind, text_of
from core.wording import QT_TRANSLATE_NOOP

_TOP_COLUMNS: Final = 3


@dataclass(frozen=True, kw_only=True)
class _Source:
    """What the rows of one item need to know about everything else."""

    project: str
    tables: dict[int, str]
    judgement: Judgement
    arrays: ScoredArrays
    percentiles: NDArray[np.float64]
    ranks: NDArray[np.int64]
    verdicts: NDArray[Any]
    outcomes: NDArray[Any]
    form: TableForm | None


@dataclass(frozen=True)
class _Row:
    item: ItemDetails
    index: int
    source: _Source
    region: dict[str, Cell]

    @property
    def score(self) -> float:
        return float(self.source.judgement.scores[self.index])


def _unknown(_row: _Row) -> Cell:
    return None


def _region(name: str) -> Callable[[_Row], Cell]:
    return lambda row: row.region.get(name)


def rounded(score: float) -> Cell:
    """Four significant digits, which is what a person compares; None for NaN."""
    return None if math.isnan(score) else float(f"{score:.4g}")


def _source(project: Project, judgement: Judgement) -> _Source:
    tables = {source.id: source.path.name for source in sources(project) if source.kind is Kind.ROW}
    return _Source(
        project=project.name,
        tables=tables,
        judgement=judgement,
        arrays=ScoredArrays(project, judgement),
        percentiles=judgement.percentiles_of_good(),
        ranks=judgement.ranks(),
        verdicts=judgement.verdicts(),
        outcomes=judgement.outcomes(),
        form=_table_form(judgement),
    )


def _file_name(row: _Row) -> str:
    return row.item.name if row.item.kind is Kind.IMAGE else unicodedata.normalize("NFC", row.source.tables[row.item.source_id])


def _relative_path(row: _Row) -> str:
    """Below the folder that was imported, never from the root of the disk."""
    path = row.item.relative_path if row.item.kind is Kind.IMAGE else row.source.tables[row.item.source_id]
    return unicodedata.normalize("NFC", path)


def _serial(item: ItemDetails) -> str | None:
    return item.serial or (item.name if item.kind is Kind.ROW else None)


def _word(value: Any) -> str | None:
    return None if value is None else str(value)


def _regions(source: _Source, item: ItemDetails, index: int) -> dict[str, Cell]:
    """Connected places of a map above the run's limit, in pixels of the picture itself; empty where there is no map."""
    limit = source.judgement.run.pixel_threshold or source.judgement.run.heat_scale
    evidence = source.arrays.of(index, "maps")
    if evidence is None or not item.width or not item.height:
        return {}
    values = np.asarray(evidence, dtype=np.float32)
    across, down = item.width / values.shape[1], item.height / values.shape[0]
    peak_row, peak_column = np.unravel_index(int(np.argmax(values)), values.shape)
    found: dict[str, Cell] = {"peak_x": int((peak_column + 0.5) * across), "peak_y": int((peak_row + 0.5) * down)}
    if limit is not None:
        numbered, count = ndimage.label(values > limit, structure=np.ones((3, 3), dtype=int))
        largest = int(np.bincount(numbered.ravel())[1:].max()) if count else 0
        found |= {"region_count": int(count), "largest_region_px": round(largest * across * down)}
    return found


def _top_columns(row: _Row) -> str | None:
    """The columns that speak most against the row, with their share of the score: "torque=0.61; speed=0.09"."""
    contributions = row.source.arrays.of(row.index, "contributions")
    form = row.source.form
    if contributions is None or form is None:
        return None
    shares = shares_of(form.per_feature(np.asarray(contributions, dtype=np.float64)))
    largest = np.argsort(-shares, kind="stable")[:_TOP_COLUMNS]
    return "; ".join(f"{form.features[place].name}={shares[place]:.3g}" for place in largest if shares[place] > 0) or None


def _nearest_good(row: _Row) -> int | None:
    """The most similar good training item, from detectors that look for it."""
    neighbours = neighbours_of(row.source.arrays.of(row.index, "neighbours"), row.item.id)
    return neighbours[0] if neighbours else None


def _table_form(judgement: Judgement) -> TableForm | None:
    form = None if judgement.run.input is None else form_from_json(judgement.run.input)
    return form if isinstance(form, TableForm) else None


# The order of the columns is part of the format: new ones come last. What the program does not know yet stays empty.
COLUMNS: Final[dict[str, Callable[[_Row], Cell]]] = {
    "project": lambda row: row.source.project,
    "item_id": lambda row: row.item.id,
    "kind": lambda row: row.item.kind.value,
    "file_name": _file_name,
    "relative_path": _relative_path,
    "sha256": lambda row: row.item.sha256,
    "product": _unknown,
    "part_no": _unknown,
    "lot": lambda row: row.item.lot,
    "serial": lambda row: _serial(row.item),
    "station": _unknown,
    "camera": _unknown,
    "shift": _unknown,
    "operator": _unknown,
    "captured_at": lambda row: row.item.captured_at,
    "imported_at": lambda row: row.item.imported_at,
    "split": lambda row: text_of(row.item.split),
    "group_id": lambda row: row.item.group_id,
    "label": lambda row: text_of(row.item.label),
    "defect_type": lambda row: row.item.defect_type,
    "severity": _unknown,
    "labelled_by": lambda row: row.item.labelled_by,
    "labelled_at": lambda row: row.item.labelled_at,
    "second_label": _unknown,
    "second_by": _unknown,
    "run_id": lambda row: row.source.judgement.run.id,
    "detector": lambda row: row.source.judgement.run.detector,
    "model_sha256": lambda row: row.source.judgement.run.model_sha256,
    "score": lambda row: row.score,
    "score_rounded": lambda row: rounded(row.score),
    "score_percentile_of_good": lambda row: float(row.source.percentiles[row.index]),
    "rank": lambda row: int(row.source.ranks[row.index]) or None,
    "t1": lambda row: row.source.judgement.threshold.t1,
    "t2": lambda row: row.source.judgement.threshold.t2,
    "verdict": lambda row: _word(row.source.verdicts[row.index]),
    "outcome": lambda row: _word(row.source.outcomes[row.index]),
    "region_count": _region("region_count"),
    "largest_region_px": _region("largest_region_px"),
    "largest_region_mm2": _unknown,
    "peak_x": _region("peak_x"),
    "peak_y": _region("peak_y"),
    "top_columns": _top_columns,
    "nearest_good_id": _nearest_good,
    "review_verdict": _unknown,
    "review_reason": _unknown,
    "reviewed_by": _unknown,
    "reviewed_at": _unknown,
    "comment": lambda row: row.item.comment,
    "problem": lambda row: " ".join(problem.sentence() for problem in row.item.problems) or None,
}


def items_csv(project: Project, judgement: Judgement, context: JobContext) -> bytes:
    """The whole file, rows by item_id. Raises Cancelled."""
    context.phase(QT_TRANSLATE_NOOP("Phase", "Writing the table of items"))
    source = _source(project, judgement)
    return csv_bytes(list(COLUMNS), _rows(project, source, context))


def _rows(project: Project, source: _Source, context: JobContext) -> Iterator[Sequence[Cell]]:
    ids = source.judgement.ids.tolist()
    for index, item in enumerate(item_records(project, ids)):
        context.check()
        context.progress(index, len(ids))
        row = _Row(item, index, source, _regions(source, item, index))
        yield [value(row) for value in COLUMNS.values()]
