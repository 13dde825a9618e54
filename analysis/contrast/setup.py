"""The set-up of a contrast: the answers behind it, who is compared with whom, and the test that is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from analysis.contrast import advice, compare, overall
from analysis.contrast.advice import Advice, Facts
from analysis.contrast.candidate_tests import PAIRED, overall_methods, pair_methods
from analysis.contrast.compare import Comparison
from analysis.contrast.diff_in_diff import difference_in_differences
from analysis.contrast.family import Compared, Family, effect_of, family, games_howell
from analysis.contrast.overall import Overall
from analysis.contrast.precision import pooled
from analysis.contrast.question import Question
from analysis.contrast.samples import (
    MOST_GROUPS,
    MOST_PAIRS,
    Answers,
    Samples,
    all_pairs,
    between,
    fetched_answers,
    recoded,
    samples_over_time,
    samples_with_rest,
)
from analysis.estimate import WITHHELD_BELOW
from analysis.population import nothing_in
from analysis.stats import ranks
from analysis.stats.intervals import Array
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

PAIRWISE = {  # how two of several groups are compared after an overall test
    "clustered_wald": "clustered_t", "welch_anova": "welch_t", "kruskal_wallis": "brunner_munzel",
    "chi2": "two_proportions", "fisher": "fisher", "cochran_armitage": "two_proportions",
    "linear_by_linear": "welch_t",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Setup:
    """Everything that is compared. `groups` are the numbers of the groups with enough answers, best first."""

    question: Question
    now: Answers
    before: Answers | None
    groups: list[int]
    samples: Samples
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

    @property
    def candidates(self) -> list[str]:
        """Tests that answer this question, whether they fit these data or not."""
        clustered = self.facts.clusters > 0
        if self.has_overall:
            return overall_methods(is_rate=self.facts.is_rate, clustered=clustered, ordered=self.question.ordered)
        return pair_methods(self.now.metric, clustered=clustered)


def set_up(warehouse: Warehouse, question: Question) -> Setup:
    """Fetch the answers and set up the comparisons.

    Raises NothingToShow when a sample is empty or fewer than two groups have enough answers, BadInput for a test that
    does not fit the question.
    """
    now = fetched_answers(warehouse, question, question.selection.period, question.by)
    if not now.groups:
        raise nothing_in(warehouse, question.selection)
    if len(now.groups) > MOST_GROUPS:
        raise BadInput("contrast.too_many_groups", groups=len(now.groups), most=MOST_GROUPS)
    before = None
    if question.kind == "period":
        before = fetched_answers(warehouse, question, question.selection.baseline, question.by, width=now.width)
        if not before.groups:
            raise NothingToShow("selection.empty_period", period=question.selection.baseline)
        now, before = recoded(now, before)
    groups = usable(now, before)
    samples = SAMPLES[question.kind](question, now, before, groups)
    facts = _facts_of(question, samples, groups)
    together = pooled(now)
    setup = Setup(
        question=question,
        now=now,
        before=before,
        groups=groups,
        samples=samples,
        facts=facts,
        advice=advice.advise(facts),
        threshold=question.threshold or now.metric.kind.smallest_that_matters(together.value, together.sd),
    )
    _check_method(setup)
    return setup


def _check_method(setup: Setup) -> None:
    """Refuse a test of another question; one that merely fits badly is used, with a warning."""
    chosen, question = setup.question.method, setup.question
    same_customers = question.kind == "period" and not question.by
    if chosen and chosen not in (*setup.candidates, *(PAIRED if same_customers else ())):
        raise BadInput("contrast.method_not_here", name=chosen)


def usable(now: Answers, before: Answers | None) -> list[int]:
    """Numbers of the groups with enough answers in both periods, best score first."""
    e = now.estimates
    enough = e.n >= WITHHELD_BELOW
    if before is not None:
        enough &= before.estimates.n >= WITHHELD_BELOW
    order = np.argsort(-e.value if now.metric.better == "high" else e.value, kind="stable")
    return [int(i) for i in order if enough[i]]


def _facts_of(question: Question, samples: Samples, groups: list[int]) -> Facts:
    a, b = samples.each
    clusters = int(np.maximum(a.clusters, b.clusters).max(initial=0)) if "c" in samples.a else 0
    several = len(groups) if question.kind == "groups" else 2
    return advice.facts_of(samples, several, clusters)


def _all_groups(question: Question, now: Answers, before: Answers | None, groups: list[int]) -> Samples:
    if len(groups) < 2:
        raise NothingToShow("contrast.one_group")
    return between(now, all_pairs(groups)) if len(groups) <= MOST_PAIRS else samples_with_rest(now, groups)


def _one_and_rest(question: Question, now: Answers, before: Answers | None, groups: list[int]) -> Samples:
    if len(now.groups) < 2:
        raise NothingToShow("contrast.one_group")
    if question.segment is None and not groups:
        raise NothingToShow("contrast.too_few")
    if question.segment is None:
        return samples_with_rest(now, groups)
    if question.segment not in now.groups:
        raise NothingToShow("contrast.segment_empty", segment=dict(zip(question.by, question.segment, strict=False)))
    return samples_with_rest(now, [now.groups.index(question.segment)])


def _through_time(question: Question, now: Answers, before: Answers | None, groups: list[int]) -> Samples:
    assert before is not None, "a period is contrasted with a baseline"
    if not groups:
        raise NothingToShow("contrast.too_few")
    return samples_over_time(now, before, groups)


SAMPLES: Mapping[str, Callable[[Question, Answers, Answers | None, list[int]], Samples]] = {
    "groups": _all_groups,
    "rest": _one_and_rest,
    "period": _through_time,
}


def comparisons_of(setup: Setup) -> Family:
    """The comparisons under the test in use, as one family."""
    method = setup.method
    single = PAIRWISE[method] if setup.has_overall else method
    comparison = compare.METHODS[single](setup.samples)
    simultaneous = None
    if setup.has_overall and len(setup.groups) <= MOST_PAIRS:
        if method == "kruskal_wallis":
            comparison = _dunn(setup, comparison)
        simultaneous = games_howell(setup.now, setup.groups) if single == "welch_t" else None
    effects = effect_of(setup.samples, single)
    further = None
    if setup.before is not None and len(setup.groups) > 1:
        further = difference_in_differences(setup.samples, setup.now, setup.before, setup.groups)
    return family(
        Compared.of(setup.samples),
        comparison,
        effects,
        threshold=setup.threshold,
        simultaneous=simultaneous,
        further=further,
    )


def _dunn(setup: Setup, comparison: Comparison) -> Comparison:
    """Every pair by the ranks of all groups together (Dunn 1964)."""
    pairs = ranks.dunn(overall.counts(setup.now, setup.groups))
    z, p = (np.array([getattr(pair, name) for pair in pairs]) for name in ("z", "p"))
    return replace(comparison, method="dunn", statistic=z, df=np.full(len(z), np.nan), p=p, direction=z)


def overall_test(setup: Setup, method: str = "") -> Overall | None:
    """The overall test of three or more groups; None where there is none, or too few clusters for it."""
    method = method or setup.method
    if not setup.has_overall:
        return None
    if method in ("cochran_armitage", "linear_by_linear"):
        test = overall.by_trend(setup.now, *_in_order(setup))
    else:
        test = overall.METHODS[method](setup.now, setup.groups)
    return None if np.isnan(test.p) else test


def _in_order(setup: Setup) -> tuple[list[int], Array]:
    """The groups whose place in the order is known, and that place."""
    places = {value: place for place, value in enumerate(setup.question.ordered)}
    known = [g for g in setup.groups if setup.now.groups[g][0] in places]
    return known, np.array([float(places[str(setup.now.groups[g][0])]) for g in known])
