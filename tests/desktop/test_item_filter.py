"""Which items are shown and in which order: rules over columns, without Qt."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vocabulary import Kind, Label, Split, Verdict
from desktop.models.item_filter import (
    Collection,
    Facet,
    ItemFilter,
    ItemTexts,
    counts_by_label_and_split,
    matching,
    natural_rank,
    sorted_places,
    text_rank,
)
from desktop.models.item_rows import ItemRows, places_of
from tests.made_items import made_columns

COLUMNS = made_columns(2000, row_share=0.3)
TEXTS = ItemTexts(COLUMNS)


def shown(wanted: ItemFilter, codes: np.ndarray | None = None) -> np.ndarray:
    return matching(COLUMNS, wanted, texts=TEXTS, verdict_codes=codes)


def test_the_empty_filter_lets_everything_through() -> None:
    assert shown(ItemFilter()).all()
    assert ItemFilter().is_empty
    assert not ItemFilter(text="a").is_empty


def test_values_of_one_facet_add_up_and_facets_must_agree() -> None:
    good_or_unsure = shown(ItemFilter(labels=frozenset({Label.GOOD, Label.UNSURE})))
    assert (good_or_unsure == np.isin(COLUMNS.label, (Label.GOOD, Label.UNSURE))).all()
    both = shown(ItemFilter(labels=frozenset({Label.GOOD}), splits=frozenset({Split.TEST}), sources=frozenset({2})))
    assert (both == ((COLUMNS.label == Label.GOOD) & (COLUMNS.split == Split.TEST) & (COLUMNS.source_id == 2))).all()
    assert both.any()


def test_kind_and_defect_type() -> None:
    assert (shown(ItemFilter(kinds=frozenset({Kind.ROW}))) == COLUMNS.is_row).all()
    assert shown(ItemFilter(kinds=frozenset(Kind))).all()
    assert (shown(ItemFilter(defect_types=frozenset({"dent"}))) == (COLUMNS.defect_type == "dent")).all()


def test_verdicts_with_and_without_scores() -> None:
    codes = np.resize(np.array([-1, 0, 1, 2], dtype=np.int8), len(COLUMNS))
    assert (shown(ItemFilter(verdicts=frozenset({Verdict.NG})), codes) == (codes == 2)).all()
    assert (shown(ItemFilter(verdicts=frozenset({None, Verdict.OK})), codes) == np.isin(codes, (-1, 0))).all()
    assert not shown(ItemFilter(verdicts=frozenset({Verdict.OK}))).any()
    assert shown(ItemFilter(verdicts=frozenset({None}))).all()


def test_a_collection_shows_exactly_its_items_that_are_still_there() -> None:
    wanted = [int(COLUMNS.id[3]), int(COLUMNS.id[700]), 10**9]
    assert np.flatnonzero(shown(ItemFilter(collection=Collection("two", frozenset(wanted))))).tolist() == [3, 700]


@pytest.mark.parametrize("text", ["PART_12", "2611-07", "얼룩", unicodedata.normalize("NFD", "얼룩")])
def test_text_is_found_in_any_case_and_unicode_form(text: str) -> None:
    found = shown(ItemFilter(text=text))
    wanted = unicodedata.normalize("NFC", text).lower()
    fields = zip(COLUMNS.name, COLUMNS.lot, COLUMNS.defect_type, strict=True)
    assert found.tolist() == [any(wanted in field.lower() for field in item) for item in fields]
    assert 0 < found.sum() < len(found)


def test_text_does_not_match_across_fields_or_items() -> None:
    columns = replace(COLUMNS, name=np.array(["ab"] * 2000, dtype=object), lot=np.array(["cd"] * 2000, dtype=object))
    for text in ("abcd", "b\tc", "cdab", "d\na"):
        assert not matching(columns, ItemFilter(text=text.strip("\n")), texts=ItemTexts(columns)).any()


def test_toggling_a_value_twice_changes_nothing() -> None:
    once = ItemFilter(text="x").toggled(Facet.SPLIT, Split.TEST)
    assert once.splits == {Split.TEST}
    assert once.toggled(Facet.SPLIT, Split.TEST) == ItemFilter(text="x")


@given(st.lists(st.sampled_from([0.5, 1.0, 2.0, float("nan")]), max_size=30), st.booleans())
def test_sorting_keeps_equal_keys_in_order_and_puts_unscored_items_last(keys: list[float], descending: bool) -> None:
    places = np.arange(len(keys))
    order = sorted_places(places, np.array(keys), descending=descending).tolist()
    sign = -1 if descending else 1
    assert order == sorted(places.tolist(), key=lambda place: (np.isnan(keys[place]), sign * np.nan_to_num(keys[place])))


def test_the_order_of_the_import_can_be_reversed() -> None:
    places = np.array([1, 4, 6])
    assert sorted_places(places, None, descending=False).tolist() == [1, 4, 6]
    assert sorted_places(places, None, descending=True).tolist() == [6, 4, 1]


def test_numbers_in_names_sort_by_size() -> None:
    names = ["part 10", "part 9", "Part 9", "part 2b", "양품 3", unicodedata.normalize("NFD", "양품 3"), "line\nbreak"]
    rank = natural_rank(names).tolist()
    assert rank[3] < rank[1] == rank[2] < rank[0]
    assert rank[4] == rank[5]
    assert natural_rank([]).size == 0


def test_distinct_texts_sort_with_empty_ones_last() -> None:
    assert text_rank(np.array(["dent", "", "Bent", "dent"], dtype=object)).tolist() == [1, 2, 0, 1]


def test_counts_add_up_to_all_items() -> None:
    counts = counts_by_label_and_split(COLUMNS.label, COLUMNS.split)
    assert counts.sum() == len(COLUMNS)
    assert counts[Label.DEFECTIVE, Split.TRAIN] == ((COLUMNS.label == 2) & (COLUMNS.split == 1)).sum()
    assert counts_by_label_and_split(COLUMNS.label[:0], COLUMNS.split[:0]).shape == (4, 4)


def test_next_unlabelled_goes_around() -> None:
    rows = ItemRows(COLUMNS)
    unlabelled = np.flatnonzero(COLUMNS.label == Label.NONE).tolist()
    assert rows.next_unlabelled(unlabelled[0]) == unlabelled[1]
    assert rows.next_unlabelled(unlabelled[-1]) == unlabelled[0]
    assert rows.next_unlabelled(unlabelled[0], backwards=True) == unlabelled[-1]
    assert rows.next_unlabelled(-1) == unlabelled[0]
    rows.item_filter = ItemFilter(labels=frozenset({Label.GOOD}))
    rows.arrange()
    assert rows.next_unlabelled(0) == -1


def test_places_of_leaves_out_items_that_are_gone() -> None:
    ids = COLUMNS.id
    gone = int(np.setdiff1d(np.arange(ids[0], ids[-1]), ids)[0])
    assert places_of(COLUMNS, [int(ids[5]), gone, int(ids[-1]) + 7, int(ids[0])]).tolist() == [5, 0]
