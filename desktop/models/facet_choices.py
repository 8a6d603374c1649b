"""What each facet of the filter can be asked for in this project, in words and with counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from core.vocabulary import Kind, Label, Split, Verdict
from desktop.models.item_filter import Facet, folded
from desktop.models.item_rows import ItemRows
from desktop.words import kind_word, label_word, split_word, translate, verdict_word


@dataclass(frozen=True)
class Choice:
    """A value that a facet can be asked for, as a person reads it, and how many items of the project have it."""

    value: object
    text: str
    count: int


def facet_choices(rows: ItemRows, source_names: dict[int, str], facet: Facet) -> list[Choice]:
    """All values of a facet; none where the facet tells nothing apart, as verdicts without a run."""
    columns = rows.columns
    if columns is None:
        return []
    if facet is Facet.SOURCE:
        return [Choice(key, name, int((columns.source_id == key).sum())) for key, name in source_names.items()]
    if facet is Facet.KIND:
        counts = {Kind.IMAGE: int((~columns.is_row).sum()), Kind.ROW: int(columns.is_row.sum())}
        return [Choice(kind, kind_word(kind), count) for kind, count in counts.items() if count]
    if facet is Facet.SPLIT:
        numbers = np.bincount(columns.split, minlength=len(Split)).tolist()
        order = (Split.TRAIN, Split.CALIBRATION, Split.TEST, Split.NEW)
        return [Choice(split, split_word(split), numbers[split]) for split in order]
    if facet is Facet.LABEL:
        numbers = np.bincount(columns.label, minlength=len(Label)).tolist()
        labels = (Label.GOOD, Label.DEFECTIVE, Label.UNSURE, Label.NONE)
        return [Choice(label, label_word(label), numbers[label]) for label in labels]
    if facet is Facet.DEFECT_TYPE:
        return [Choice(name, name, count) for name, count in defect_types(rows).items()]
    return _verdicts(rows)


def defect_types(rows: ItemRows) -> dict[str, int]:
    """The defect types of the project in the order of the alphabet, with their numbers of items."""
    if rows.columns is None:
        return {}
    counts = Counter(rows.columns.defect_type.tolist())
    counts.pop("", None)
    return {name: counts[name] for name in sorted(counts, key=folded)}


def _verdicts(rows: ItemRows) -> list[Choice]:
    codes = rows.verdict_codes()
    if codes is None:
        return []
    from core.evaluation.outcomes import UNSCORED_CODE, VERDICTS

    choices = [Choice(verdict, verdict_word(verdict), int((codes == code).sum())) for code, verdict in enumerate(VERDICTS)]
    unscored: Verdict | None = None
    return [*choices, Choice(unscored, translate("DataPage", "no score"), int((codes == UNSCORED_CODE).sum()))]
