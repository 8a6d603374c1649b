"""The items that a page shows one by one: each with its picture and heat map, or its columns beside their usual range."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.data.columns import TableColumn
from core.data.images import thumbnail
from core.job_context import JobContext
from core.problems import Problem, ProblemError
from core.project.import_source import with_short_path
from core.project.items import ItemDetails, item_records
from core.project.opening import Project
from core.reports.judgement import Judgement
from core.reports.pictures import data_uri, heat_overlay
from core.reports.scored_arrays import ScoredArrays
from core.training.evidence import shares_of
from core.training.item_forms import TableForm, form_from_json
from core.training.run_files import read_usual
from core.vocabulary import Kind

EDGE: Final = 260
_COLUMNS_SHOWN: Final = 6


@dataclass(frozen=True, kw_only=True)
class ColumnEvidence:
    """One column of a row: what was measured, the usual range as (low, high), and its share of the score as a fraction."""

    name: str
    unit: str
    value: str | None
    usual: tuple[str, str] | None
    share: float


@dataclass(frozen=True, kw_only=True)
class ItemEvidence:
    """One item. Pictures are data URIs; `problem` says why there is none. `factor` is score / T2 where that means something."""

    item: ItemDetails
    score: float
    factor: float | None
    percentile: float | None
    picture: str | None = None
    heatmap: str | None = None
    problem: Problem | None = None
    columns: tuple[ColumnEvidence, ...] = field(default=())


class EvidenceReader:
    """Reads evidence about items of one judgement, by their index in it."""

    def __init__(self, project: Project, judgement: Judgement) -> None:
        self._project: Final = project
        self._judgement: Final = judgement
        self._arrays: Final = ScoredArrays(project, judgement)
        self._percentiles: Final = judgement.percentiles_of_good()

    def read(self, indices: NDArray[np.int64], context: JobContext, *, pictures: int) -> list[ItemEvidence]:
        """Evidence in the order given; only the first `pictures` items get pictures. Raises Cancelled."""
        found = []
        items = item_records(self._project, self._judgement.ids[indices].tolist())
        rows = self._rows(items)
        for place, (index, item) in enumerate(zip(indices.tolist(), items, strict=True)):
            context.check()
            context.progress(place, len(items))
            score = float(self._judgement.scores[index])
            t2 = self._judgement.threshold.t2
            percentile = float(self._percentiles[index])
            picture, heatmap, problem = self._pictures(index, item) if place < pictures else (None, None, None)
            found.append(
                ItemEvidence(
                    item=item,
                    score=score,
                    factor=score / t2 if t2 > 0 and score >= 0 else None,
                    percentile=None if math.isnan(percentile) else percentile,
                    picture=picture,
                    heatmap=heatmap,
                    problem=problem,
                    columns=self._columns(index, rows.get(item.id)),
                )
            )
        return found

    def _pictures(self, index: int, item: ItemDetails) -> tuple[str | None, str | None, Problem | None]:
        if item.path is None:
            return None, None, None
        try:
            picture = thumbnail(item.path, edge=EDGE, page=item.position, value_maximum=item.value_maximum)
        except ProblemError as error:
            return None, None, with_short_path(error.problem, item.path, item.relative_path)
        evidence, scale = self._arrays.of(index, "maps"), self._judgement.run.heat_scale
        if evidence is None or scale is None:
            return data_uri(picture), None, None
        return data_uri(picture), data_uri(heat_overlay(picture, np.asarray(evidence, dtype=np.float32), scale)), None

    def _form(self) -> TableForm | None:
        run = self._judgement.run
        form = form_from_json(run.input) if run.kind is Kind.ROW and run.input else None
        return form if isinstance(form, TableForm) else None

    def _rows(self, items: Sequence[ItemDetails]) -> dict[int, NDArray[np.float64]]:
        form = self._form()
        if form is None or not items:
            return {}
        ids, values, _ = form.rows(self._project, [item.id for item in items])
        return dict(zip(ids.tolist(), values, strict=True))

    def _columns(self, index: int, values: NDArray[np.float64] | None) -> tuple[ColumnEvidence, ...]:
        """The columns that speak most against the row."""
        form, contributions = self._form(), self._arrays.of(index, "contributions")
        if form is None or contributions is None:
            return ()
        by_feature = form.per_feature(np.asarray(contributions, dtype=np.float64))
        usual = read_usual(self._project.run_folder(self._judgement.run.id), len(form.features))
        shares = shares_of(by_feature)
        largest = np.argsort(-by_feature, kind="stable")[:_COLUMNS_SHOWN]
        return tuple(
            ColumnEvidence(
                name=form.features[place].name,
                unit=form.features[place].unit,
                value=None if values is None else _value_text(float(values[place]), form.features[place]),
                usual=_range_text(usual, int(place)),
                share=float(np.nan_to_num(shares[place])),
            )
            for place in largest
        )


def _value_text(value: float, column: TableColumn) -> str | None:
    if math.isnan(value):
        return None
    return column.categories[int(value)] if column.categories is not None else f"{value:.6g}"


def _range_text(usual: NDArray[np.float64] | None, place: int) -> tuple[str, str] | None:
    if usual is None or np.isnan(usual[place]).any():
        return None
    return f"{usual[place, 0]:.6g}", f"{usual[place, 2]:.6g}"
