"""`threshold`: show or set T1 and T2, by hand or by a rule."""

from __future__ import annotations

import math
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.commands.command import Answer, Command, UsageError, add_project, add_run, opened
from core.commands.evaluate import rate_line, rate_values
from core.commands.terminal import Terminal
from core.detectors.catalog import detector_class
from core.evaluation.costs import Costs
from core.evaluation.flat_zone import flat_zone
from core.evaluation.outcomes import SortedScores
from core.evaluation.thresholds import Proposal, Rule, propose, rule_sentence
from core.problems import Problem, ProblemCode, ProblemError
from core.project.thresholds import ThresholdRecord, adopt_proposal
from core.reports.calibration import calibration_scores
from core.reports.judgement import judge
from core.vocabulary import Split, text_of

_RULES = tuple(rule.value for rule in Rule if rule is not Rule.HAND)


@dataclass(frozen=True)
class _Wish:
    """One --rule."""

    rule: Rule
    value: float | None = None
    costs: Costs | None = None


def _add_arguments(parser: ArgumentParser, words: Sequence[str]) -> None:
    del words
    add_project(parser)
    add_run(parser)
    parser.add_argument("--t1", metavar="X", type=float, help="scores below T1 are OK")
    parser.add_argument("--t2", metavar="Y", type=float, help="scores from T2 on are NG; between the two, REVIEW")
    parser.add_argument("--rule", metavar="NAME=VALUE", action="append", default=[], help="see above; twice for T2 and then T1")


def threshold_sentence(threshold: ThresholdRecord) -> str:
    """By which rule, from how many parts."""
    text, arguments = rule_sentence(threshold.rule, threshold.rule_value, threshold.basis, person=threshold.set_by)
    return text.format(**arguments)


def _wish(word: str) -> _Wish:
    name, _, value = word.partition("=")
    if name not in _RULES:
        raise ProblemError(ProblemCode.RULE_UNKNOWN, rule=name, rules=", ".join(_RULES))
    rule = Rule(name)
    if rule is Rule.BEST_F1:
        return _Wish(rule)
    if rule is Rule.CHEAPEST:
        return _Wish(rule, costs=_costs(word, value))
    return _Wish(rule, value=_share(word, value))


def _share(word: str, text: str) -> float:
    try:
        share = float(text.rstrip("% ")) / (100 if text.rstrip().endswith("%") else 1)
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:
        raise UsageError(f"--rule {word}: give a fraction such as 0.01 or a percentage such as 1%")
    return share


def _costs(word: str, text: str) -> Costs:
    try:
        defect_rate, *costs = (float(part) for part in text.split(":"))
        escape, overkill, review = [*costs, 0.0][:3] if len(costs) == 2 else costs
        return Costs(defect_rate=defect_rate, escape=escape, overkill=overkill, review=review)
    except ValueError as error:
        raise UsageError(f"--rule {word}: write cheapest=DEFECTRATE:ESCAPE:OVERKILL[:REVIEW], such as cheapest=0.002:500:2:0.5") from error


def _run(arguments: Namespace, terminal: Terminal) -> Answer:
    by_hand = arguments.t1 is not None or arguments.t2 is not None
    if by_hand and (arguments.t1 is None or arguments.t2 is None):
        raise UsageError("--t1 and --t2 go together; give the same number twice for one threshold")
    if by_hand and arguments.rule:
        raise UsageError("set the thresholds by hand or by a rule, not both")
    if by_hand and not (math.isfinite(arguments.t1) and math.isfinite(arguments.t2)):
        raise UsageError("--t1 and --t2 must be numbers")
    # T1 may not pass T2, so the rule that sets T2 comes first, however they were typed.
    wishes = sorted((_wish(word) for word in arguments.rule), key=lambda wish: wish.rule is Rule.ESCAPE)
    with opened(arguments, terminal) as project:
        judgement = judge(project, arguments.run)
        learns_from = detector_class(judgement.run.detector).declaration.learns_from
        scores, split = calibration_scores(judgement, learns_from=learns_from)
        threshold = judgement.threshold
        if split is Split.TRAIN:
            terminal.note(Problem(ProblemCode.NO_CALIBRATION_GOODS))
        proposals = [_by_hand(arguments, scores, split)] if by_hand else _by_rules(threshold, wishes, scores, split)
        for proposal in proposals:
            threshold = adopt_proposal(project, threshold.run_id, proposal)
    return _answer(threshold, scores)


def _by_hand(arguments: Namespace, scores: SortedScores, split: Split) -> Proposal:
    basis = {"split": text_of(split), "n_good": int(scores.good.size), "n_defective": int(scores.defective.size)}
    return Proposal(t1=arguments.t1, t2=arguments.t2, rule=Rule.HAND, rule_value=None, basis=basis)


def _by_rules(before: ThresholdRecord, wishes: Sequence[_Wish], scores: SortedScores, split: Split) -> list[Proposal]:
    """One proposal after the other, so that nothing is set when one of them cannot be had."""
    current = (before.t1, before.t2)
    proposals = []
    for wish in wishes:
        simple = len(wishes) == 1 and current[0] == current[1] and (wish.costs is None or wish.costs.review == 0)
        proposal = propose(wish.rule, wish.value, scores, costs=wish.costs, current=current, simple=simple, split=split)
        current = (proposal.t1, proposal.t2)
        proposals.append(proposal)
    return proposals


def _answer(threshold: ThresholdRecord, scores: SortedScores) -> Answer:
    counts = scores.counts(threshold.t1, threshold.t2)
    sentence = threshold_sentence(threshold)
    data: dict[str, Any] = {
        "run": threshold.run_id,
        "t1": threshold.t1,
        "t2": threshold.t2,
        "rule": threshold.rule,
        "rule_value": threshold.rule_value,
        "basis": dict(threshold.basis),
        "sentence": sentence,
        "set_by": threshold.set_by,
        "set_at": threshold.set_at,
        "calibration": {
            "counts": counts.as_table(),
            "escape": rate_values(counts.escape),
            "overkill": rate_values(counts.overkill),
            "review": rate_values(counts.review),
        },
    }
    lines = [
        f"T1 = {threshold.t1:.6g}, T2 = {threshold.t2:.6g}",
        sentence,
        "on these parts, which prove nothing, for the threshold was set on them:",
        f"  {rate_line('escape', counts.escape)}",
        f"  {rate_line('overkill', counts.overkill)}",
        f"  {rate_line('review', counts.review)}",
    ]
    if threshold.rule == Rule.CHEAPEST and threshold.t1 == threshold.t2:
        zone = flat_zone(scores, Costs(**threshold.basis["costs"]), threshold.t1)
        data["flat_zone"] = {"low": zone.low, "high": zone.high}
        lines.append(f"flat zone: from {zone.low:.6g} to {zone.high:.6g} the parts cannot tell the costs apart")
    return Answer(data, lines)


COMMAND = Command(
    name="threshold",
    summary="show or set the thresholds of a run",
    description=(
        "Shows the thresholds in force, or sets them: OK below T1, REVIEW from T1 up to T2, NG from T2. Nothing is trained again, and\n"
        "every threshold ever set is kept. Rules work on the calibration split; shares are fractions (0.01) or percentages (1%):\n"
        "  good_only=0.01        expected overkill of at most 1 %, from good parts alone\n"
        "  overkill=0.01         overkill on the calibration parts of at most 1 %; sets T2\n"
        "  escape=0.01           escapes on the calibration parts of at most 1 %; sets T1\n"
        "  cheapest=P:E:O[:R]    least cost at production defect rate P with costs of an escape, an overkill and a review\n"
        "  best_f1               best F1 on the calibration parts\n"
        "While T1 = T2 one rule moves both. With two rules, such as overkill and then escape, each sets its own threshold."
    ),
    examples=[
        "threshold washers --run 1",
        "threshold washers --run 1 --t1 0.41 --t2 0.47",
        "threshold washers --run 1 --rule overkill=2%",
        "threshold washers --run 1 --rule overkill=1% --rule escape=0",
        "threshold washers --run 1 --rule cheapest=0.002:500:2:0.5",
    ],
    add_arguments=_add_arguments,
    run=_run,
)
