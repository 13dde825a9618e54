"""A question posed to the data: the answers behind it, who is compared with whom, and the test that is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from analysis.contrast import advice, compare, overall
from analysis.contrast.advice import Advice, Facts
from analysis.contrast.compare import Comparison
from analysis.contrast.diff_in_diff import beyond_the_rest
from analysis.contrast.family import Compared, Family, effect_of, family, games_howell
from analysis.contrast.methods import PAIRED, overall_methods, pair_methods
from analysis.contrast.overall import Overall
from analysis.contrast.question import Question
from analysis.contrast.samples import (
    MOST_GROUPS,
    MOST_PAIRS,
    Answers,
    Sides,
    between,
    counted,
    couples,
    over_time,
    recoded,
    with_rest,
)
from analysis.contrast.verdicts import smallest_that_matters
from analysis.estimate import WITHHELD_BELOW
from analysis.stats import ranks
from analysis.stats.intervals import Array
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

PAIRWISE = {  # how two of several groups are compared after an overall test
    "clustered_wald": "clustered_t", "welch_anova": "welch_t", "kruskal_wallis": "brunner_munzel",
    "chi2": "two_proportions", "fisher": "fisher", "cochran_armitage": "two_proportions",
    "linear_by_linear": "welch_t",
}  # fmt: skip


@dataclass(frozen=True)
class Posed:
    """Everything that is compared. `groups` are the numbers of the groups with enough answers, best first."""

    question: Question
    now: Answers
    before: Answers | None
    groups: list[int]
    sides: Sides
    facts: Facts
    advice: Advice
    threshold: float

    @property
    def answers(self) -> list[Answers]:
        return [a for a in (self.now, self.before) if a is not None]

    @property
    def has_overall(self) -> bool:
        return self.question.kind == "groups" and len(self.groups) > 2

    @property
    def method(self) -> str:
        """The test in use: the user's choice, else the advised one."""
        return self.question.method or self.advice.method


def pose(warehouse: Warehouse, question: Question) -> Posed:
    """Ask the warehouse and set up the comparisons.

    Raises NothingToShow when a side is empty or fewer than two groups have enough answers, BadInput for a test that
    does not answer the question.
    """
    now = counted(warehouse, question, question.selection.period, question.by)
    if not now.groups:
        raise NothingToShow("selection.empty")
    if len(now.groups) > MOST_GROUPS:
        raise BadInput("contrast.too_many_groups", groups=len(now.groups), most=MOST_GROUPS)
    before = None
    if question.kind == "period":
        before = counted(warehouse, question, question.selection.baseline, question.by, width=now.width)
        if not before.groups:
            raise NothingToShow("selection.empty_period", period=question.selection.baseline)
        now, before = recoded(now, before)
    groups = usable(now, before)
    sides = SIDES[question.kind](question, now, before, groups)
    facts = _facts(question, sides, groups)
    whole = compare.whole(now)
    posed = Posed(
        question, now, before, groups, sides, facts, advice.advise(facts),
        question.threshold or smallest_that_matters(now.metric.unit, whole.value, whole.sd),
    )  # fmt: skip
    _check_method(posed)
    return posed


def _check_method(posed: Posed) -> None:
    """A test that would answer another question is refused; one that fits badly is used, and said to."""
    chosen, question = posed.question.method, posed.question
    if posed.has_overall:
        known = overall_methods(posed.facts, question.ordered)
    else:
        known = pair_methods(posed.facts, posed.now.metric)
        known += PAIRED if question.kind == "period" and not question.by else ()
    if chosen and chosen not in known:
        raise BadInput("contrast.method_not_here", name=chosen)


def usable(now: Answers, before: Answers | None) -> list[int]:
    """Numbers of the groups with enough answers in both periods, best score first."""
    e = now.estimates
    enough = e.n >= WITHHELD_BELOW
    if before is not None:
        enough &= before.estimates.n >= WITHHELD_BELOW
    order = np.argsort(-e.value if now.metric.better == "high" else e.value, kind="stable")
    return [int(i) for i in order if enough[i]]


def _facts(question: Question, sides: Sides, groups: list[int]) -> Facts:
    a, b = sides.each
    clusters = int(np.maximum(a.clusters, b.clusters).max(initial=0)) if "c" in sides.a else 0
    several = len(groups) if question.kind == "groups" else 2
    return advice.facts_of(sides, several, clusters)


def _all_groups(question: Question, now: Answers, before: Answers | None, groups: list[int]) -> Sides:
    if len(groups) < 2:
        raise NothingToShow("contrast.one_group")
    return between(now, couples(groups)) if len(groups) <= MOST_PAIRS else with_rest(now, groups)


def _one_and_rest(question: Question, now: Answers, before: Answers | None, groups: list[int]) -> Sides:
    if len(now.groups) < 2:
        raise NothingToShow("contrast.one_group")
    if question.segment is None:
        return with_rest(now, groups)
    if question.segment not in now.groups:
        raise NothingToShow("contrast.segment_empty", segment=dict(zip(question.by, question.segment, strict=False)))
    return with_rest(now, [now.groups.index(question.segment)])


def _through_time(question: Question, now: Answers, before: Answers | None, groups: list[int]) -> Sides:
    assert before is not None, "a period is contrasted with a baseline"
    if not groups:
        raise NothingToShow("contrast.too_few")
    return over_time(now, before, groups)


SIDES: Mapping[str, Callable[[Question, Answers, Answers | None, list[int]], Sides]] = {
    "groups": _all_groups,
    "rest": _one_and_rest,
    "period": _through_time,
}


def tested(posed: Posed) -> Family:
    """The comparisons under the test in use, as one family."""
    method = posed.method
    single = PAIRWISE[method] if posed.has_overall else method
    comparison = compare.METHODS[single](posed.sides)
    own = None
    if posed.has_overall and len(posed.groups) <= MOST_PAIRS:
        if method == "kruskal_wallis":
            comparison = _dunn(posed, comparison)
        own = games_howell(posed.now, posed.groups) if single == "welch_t" else None
    effects = effect_of(posed.sides, single)
    more = None
    if posed.before is not None and len(posed.groups) > 1:
        more = beyond_the_rest(posed.sides, posed.now, posed.before, posed.groups)
    return family(Compared.of(posed.sides), comparison, effects, threshold=posed.threshold, own=own, more=more)


def _dunn(posed: Posed, comparison: Comparison) -> Comparison:
    """Every pair by the ranks of all groups together (Dunn 1964)."""
    found = ranks.dunn(overall.counts(posed.now, posed.groups))
    z, p = (np.array([getattr(pair, name) for pair in found]) for name in ("z", "p"))
    return replace(comparison, method="dunn", statistic=z, df=np.full(len(z), np.nan), p=p, direction=z)


def tested_overall(posed: Posed, method: str = "") -> Overall | None:
    """The overall test of three or more groups; None where there is none, or too few clusters for it."""
    method = method or posed.method
    if not posed.has_overall:
        return None
    if method in ("cochran_armitage", "linear_by_linear"):
        found = overall.by_trend(posed.now, *_in_order(posed))
    else:
        found = overall.METHODS[method](posed.now, posed.groups)
    return None if np.isnan(found.p) else found


def _in_order(posed: Posed) -> tuple[list[int], Array]:
    """The groups whose place in the order is known, and that place."""
    places = {value: place for place, value in enumerate(posed.question.ordered)}
    known = [g for g in posed.groups if posed.now.groups[g][0] in places]
    return known, np.array([float(places[str(posed.now.groups[g][0])]) for g in known])
