"""Every text of the report, in English; context "Report". Words of the trade such as good and NG are of context "Word"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.wording import QT_TRANSLATE_NOOP, Translator

REPORT_WORDS: Final[Mapping[str, str]] = {
    # head
    "title": QT_TRANSLATE_NOOP("Report", "Inspection report: {project}"),
    "subtitle": QT_TRANSLATE_NOOP("Report", "Run {run}, {detector}, written {date} by {person} with Flawscope {version}"),
    # result
    "result": QT_TRANSLATE_NOOP("Report", "Result on the test parts"),
    "escape": QT_TRANSLATE_NOOP("Report", "Escape rate"),
    "escape_meaning": QT_TRANSLATE_NOOP("Report", "defective parts judged OK, of all defective parts"),
    "overkill": QT_TRANSLATE_NOOP("Report", "Overkill rate"),
    "overkill_meaning": QT_TRANSLATE_NOOP("Report", "good parts judged NG, of all good parts"),
    "review": QT_TRANSLATE_NOOP("Report", "Review rate"),
    "review_meaning": QT_TRANSLATE_NOOP("Report", "parts that a person has to look at, of all labelled test parts"),
    "rate": QT_TRANSLATE_NOOP("Report", "{numerator} of {denominator} = {value} %"),
    "interval": QT_TRANSLATE_NOOP("Report", "95 %: {low} to {high} %"),
    "no_rate": QT_TRANSLATE_NOOP("Report", "not known: no such test parts"),
    "judgement_rule": QT_TRANSLATE_NOOP(
        "Report", "OK below T1 = {t1}, REVIEW from T1, NG from T2 = {t2}. A larger score is more anomalous."
    ),
    "one_threshold": QT_TRANSLATE_NOOP("Report", "OK below T1 = T2 = {t2}, NG from there. A larger score is more anomalous."),
    "more_figures": QT_TRANSLATE_NOOP("Report", "More figures"),
    "auroc": QT_TRANSLATE_NOOP("Report", "AUROC: chance that a defective item scores higher than a good one"),
    "average_precision": QT_TRANSLATE_NOOP("Report", "Average precision: share of truly defective among the highest scores, averaged"),
    "pixel_auroc": QT_TRANSLATE_NOOP("Report", "Pixel AUROC: the same for the places of the maps"),
    "pixel_average_precision": QT_TRANSLATE_NOOP(
        "Report", "Pixel average precision: the same for the places of the maps, tells more of tiny defects"
    ),
    "aupro": QT_TRANSLATE_NOOP("Report", "AUPRO: overlap with the marked defects, up to 30 % of sound pixels flagged"),
    # confusion table
    "confusion": QT_TRANSLATE_NOOP("Report", "Verdict against label"),
    "label": QT_TRANSLATE_NOOP("Report", "Label"),
    "verdict": QT_TRANSLATE_NOOP("Report", "Verdict"),
    "good_ok": QT_TRANSLATE_NOOP("Report", "good, passed: {count}"),
    "good_review": QT_TRANSLATE_NOOP("Report", "good, to review: {count}"),
    "good_ng": QT_TRANSLATE_NOOP("Report", "overkill: {count}"),
    "defective_ok": QT_TRANSLATE_NOOP("Report", "escape: {count}"),
    "defective_review": QT_TRANSLATE_NOOP("Report", "defective, to review: {count}"),
    "defective_ng": QT_TRANSLATE_NOOP("Report", "defective, caught: {count}"),
    "left_out": QT_TRANSLATE_NOOP(
        "Report",
        "In no rate: {unsure} unsure, {unlabelled} unlabelled and {unscored} unscored test parts. A part without a score is never OK.",
    ),
    # histogram
    "histogram": QT_TRANSLATE_NOOP("Report", "Scores of the test parts"),
    "histogram_note": QT_TRANSLATE_NOOP(
        "Report", "Good parts upwards, defective parts hatched downwards; the numbers on the left are the parts in the highest bar."
    ),
    "anomaly_score": QT_TRANSLATE_NOOP("Report", "anomaly score"),
    "no_scores": QT_TRANSLATE_NOOP("Report", "No labelled test part has a score."),
    # data
    "data": QT_TRANSLATE_NOOP("Report", "Items"),
    "split": QT_TRANSLATE_NOOP("Report", "Split"),
    "total": QT_TRANSLATE_NOOP("Report", "total"),
    "not_imported": QT_TRANSLATE_NOOP("Report", "Left out of the project or noted on import"),
    "more_problems": QT_TRANSLATE_NOOP("Report", "and {count} more"),
    "no_problems": QT_TRANSLATE_NOOP("Report", "Nothing was left out on import."),
    # defect types
    "defect_types": QT_TRANSLATE_NOOP("Report", "Defect types of the test parts"),
    "defect_type": QT_TRANSLATE_NOOP("Report", "Defect type"),
    "no_type": QT_TRANSLATE_NOOP("Report", "(no type)"),
    "no_defects": QT_TRANSLATE_NOOP("Report", "No defective test part has a score."),
    # evidence
    "escapes": QT_TRANSLATE_NOOP("Report", "Every escape"),
    "no_escapes": QT_TRANSLATE_NOOP("Report", "No defective test part was judged OK."),
    "overkills": QT_TRANSLATE_NOOP("Report", "Worst overkills"),
    "overkills_shown": QT_TRANSLATE_NOOP("Report", "The {shown} with the largest scores of {count}."),
    "no_overkills": QT_TRANSLATE_NOOP("Report", "No good test part was judged NG."),
    "reviews": QT_TRANSLATE_NOOP("Report", "Review band"),
    "reviews_shown": QT_TRANSLATE_NOOP("Report", "The {shown} with the largest scores of {count}."),
    "no_reviews": QT_TRANSLATE_NOOP("Report", "No labelled test part lies between T1 and T2."),
    "item": QT_TRANSLATE_NOOP("Report", "item {id}"),
    "score": QT_TRANSLATE_NOOP("Report", "score {score}"),
    "times_t2": QT_TRANSLATE_NOOP("Report", "{factor} x T2"),
    "above_good": QT_TRANSLATE_NOOP("Report", "above {percent} % of good calibration parts"),
    "lot": QT_TRANSLATE_NOOP("Report", "lot {lot}"),
    "serial": QT_TRANSLATE_NOOP("Report", "serial number {serial}"),
    "part_picture": QT_TRANSLATE_NOOP("Report", "part"),
    "heatmap": QT_TRANSLATE_NOOP("Report", "heatmap"),
    "no_picture": QT_TRANSLATE_NOOP("Report", "picture left out to keep the page small"),
    "legend": QT_TRANSLATE_NOOP(
        "Report",
        "Heatmap: one scale for the whole run. Half of the scale is {scale}, which 0.1 % of the places of good calibration parts exceed.",
    ),
    "column": QT_TRANSLATE_NOOP("Report", "column"),
    "value": QT_TRANSLATE_NOOP("Report", "value"),
    "usual_range": QT_TRANSLATE_NOOP("Report", "usual range"),
    "share": QT_TRANSLATE_NOOP("Report", "share of score"),
    "unknown_value": QT_TRANSLATE_NOOP("Report", "missing"),
    # settings
    "settings": QT_TRANSLATE_NOOP("Report", "Settings"),
    "seed": QT_TRANSLATE_NOOP("Report", "Seed"),
    "device": QT_TRANSLATE_NOOP("Report", "Device"),
    "trained": QT_TRANSLATE_NOOP("Report", "Trained"),
    "trained_times": QT_TRANSLATE_NOOP("Report", "{started} to {finished}"),
    "trained_on": QT_TRANSLATE_NOOP("Report", "Items of the run (SHA-256 of the list)"),
    "model": QT_TRANSLATE_NOOP("Report", "Model (SHA-256)"),
    "versions": QT_TRANSLATE_NOOP("Report", "Versions"),
    # limits
    "limits": QT_TRANSLATE_NOOP("Report", "What this report does not show"),
    "limit_independent": QT_TRANSLATE_NOOP(
        "Report", "The intervals take parts as independent of each other. Parts of one lot or one shift are often more alike than that."
    ),
    "limit_no_good": QT_TRANSLATE_NOOP("Report", "There is no good test part with a score, so nothing is known about overkill."),
    "limit_no_defective": QT_TRANSLATE_NOOP("Report", "There is no defective test part with a score, so nothing is known about escapes."),
    "limit_escape": QT_TRANSLATE_NOOP(
        "Report",
        "Escapes were {escapes} of {count} defective test parts: a true escape rate of up to {upper} % cannot be ruled out (95 %).",
    ),
    "limit_more_defects": QT_TRANSLATE_NOOP(
        "Report", "Further defective parts needed to show an escape rate of at most 1 %, none of them escaping: {more}."
    ),
    "limit_type": QT_TRANSLATE_NOOP("Report", "No defect of type {type} is among the test parts."),
    "limit_one_lot": QT_TRANSLATE_NOOP("Report", "All test parts come from one lot ({lot})."),
    "limit_no_lot": QT_TRANSLATE_NOOP("Report", "The lots of the test parts are not known, so nothing is shown about other lots."),
    "limit_costs": QT_TRANSLATE_NOOP(
        "Report", "No production defect rate was stated, so nothing is said about parts per million or costs."
    ),
    "limit_training_threshold": QT_TRANSLATE_NOOP(
        "Report", "The threshold was set on parts that the detector has learnt from: expect more overkill in production."
    ),
    "limit_changed_labels": QT_TRANSLATE_NOOP("Report", "Test labels changed after the run was trained: {count}."),
    "limit_masks": QT_TRANSLATE_NOOP(
        "Report", "Defects are marked on {marked} of {count} defective test pictures; the figures of places rest on those."
    ),
    "limit_looks": QT_TRANSLATE_NOOP(
        "Report", "How often the test parts were looked at before this report is not counted. Choosing by test results makes them too good."
    ),
}


class ReportWords:
    """The texts in one language, by the keys of `REPORT_WORDS`."""

    def __init__(self, language: str) -> None:
        self._translator = Translator(language)
        self.language = language

    def __call__(self, key: str, **arguments: object) -> str:
        return self._translator("Report", REPORT_WORDS[key], **arguments)

    def of(self, context: str, text: str, **arguments: object) -> str:
        """A text of another context, for example ("Word", "good")."""
        return self._translator(context, text, **arguments)
