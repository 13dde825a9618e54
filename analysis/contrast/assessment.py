"""The assessment of a question: its family of comparisons and its test, whatever is compared with what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis.contrast import advice, benchmark
from analysis.contrast.advice import Advice, Facts
from analysis.contrast.benchmark import Reference
from analysis.contrast.candidate_tests import PAIRED
from analysis.contrast.family import Compared, Family, family
from analysis.contrast.mix_explanation import with_mix
from analysis.contrast.overall import Overall
from analysis.contrast.precision import Pooled
from analysis.contrast.precision import pooled as pooled_over
from analysis.contrast.question import Question
from analysis.contrast.ranking import ranks_of
from analysis.contrast.repeated_customers import paired_family
from analysis.contrast.samples import MOST_PAIRS, Answers, Samples, fetched_answers
from analysis.contrast.setup import Setup, comparisons_of, overall_test, set_up, usable
from analysis.contrast.verdicts import leading
from analysis.stats.intervals import NAN
from analysis.stats.league import Ranks
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse

REASONS = {"one_sample": "fixed", "gap_only": "no_size"}


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """All numbers of a contrast: `setup` is None against a reference value, `reference` between two samples."""

    question: Question
    now: Answers
    before: Answers | None
    groups: list[int]
    pooled: Pooled
    facts: Facts
    advice: Advice
    method: str
    threshold: float
    family: Family
    overall: Overall | None
    setup: Setup | None
    reference: Reference | None
    sql: tuple[str, ...] = ()

    @cached_property
    def ranks(self) -> Ranks:
        """The rank of each group of the period."""
        return ranks_of(self.now)

    @property
    def verdict(self) -> str:
        return leading(self.family.table["verdict"].to_numpy())

    @property
    def names_other(self) -> bool:
        """Whether groups are compared with named groups, not with the rest, a baseline or a number."""
        return self.question.kind == "groups" and len(self.groups) <= MOST_PAIRS

    @property
    def first(self) -> Samples | None:
        """Both samples of the most certain comparison."""
        if self.setup is None:
            return None
        top = self.family.table.iloc[0]
        return self.setup.samples.only(self.setup.samples.names.index((top["a"], top["b"])))


def assess(warehouse: Warehouse, question: Question) -> Assessment:
    """Fetch, test, adjust and decide. Raises as `setup.set_up` and `benchmark.reference_of` do."""
    if question.kind in ("target", "benchmark"):
        return _against_reference(warehouse, question)
    assessment = _between_samples(warehouse, question)
    if question.kind == "period":
        return assessment
    table, sql = with_mix(warehouse, question, assessment.now, assessment.family.table, named=assessment.names_other)
    return replace(assessment, family=replace(assessment.family, table=table), sql=sql)


def _between_samples(warehouse: Warehouse, question: Question) -> Assessment:
    setup = set_up(warehouse, question)
    comparisons = paired_family(warehouse, setup, setup.method) if setup.method in PAIRED else comparisons_of(setup)
    return Assessment(
        question=question,
        now=setup.now,
        before=setup.before,
        groups=setup.groups,
        pooled=pooled_over(setup.now),
        facts=setup.facts,
        advice=setup.advice,
        method=setup.method,
        threshold=setup.threshold,
        family=comparisons,
        overall=overall_test(setup),
        setup=setup,
        reference=None,
    )


def _against_reference(warehouse: Warehouse, question: Question) -> Assessment:
    now = fetched_answers(warehouse, question, question.selection.period, question.by)
    if not now.groups:
        raise NothingToShow("selection.empty")
    pooled, groups = pooled_over(now), usable(now, None)
    if not groups:
        raise NothingToShow("contrast.too_few")
    threshold = question.threshold or now.metric.kind.smallest_that_matters(pooled.value, pooled.sd)
    reference = benchmark.reference_of(warehouse, question, now.groups, pooled)
    comparison = benchmark.compared(now, reference)
    n_b = np.where(np.isinf(reference.n), NAN, reference.n)
    compared = Compared(tuple((g, (question.kind,)) for g in now.groups), now.estimates.n, n_b)
    comparisons = family(compared, comparison, benchmark.effects(comparison, now, pooled), threshold=threshold)
    clusters = int(now.estimates.clusters.max(initial=0))
    enough = now.rows[now.rows["s"].isin(groups)]
    alone = Samples(enough, now.rows.iloc[:0], compared.names, now.metric)
    facts = advice.facts_of(alone, 2, clusters)
    advised = Advice(comparisons.method, REASONS.get(comparisons.method, "clusters" if clusters else "known_sample"))
    return Assessment(
        question=question,
        now=now,
        before=None,
        groups=groups,
        pooled=pooled,
        facts=facts,
        advice=advised,
        method=comparisons.method,
        threshold=threshold,
        family=comparisons,
        overall=None,
        setup=None,
        reference=reference,
    )
