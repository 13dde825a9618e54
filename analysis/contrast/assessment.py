"""A question judged: the family of comparisons with its test, whichever kind the other side is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis.contrast import advice, benchmark, compare
from analysis.contrast.advice import Advice, Facts
from analysis.contrast.benchmark import Reference
from analysis.contrast.compare import Whole
from analysis.contrast.family import Compared, Family, family
from analysis.contrast.methods import PAIRED
from analysis.contrast.mix import with_mix
from analysis.contrast.overall import Overall
from analysis.contrast.paired import paired_family
from analysis.contrast.question import Question
from analysis.contrast.ranking import ranks_of
from analysis.contrast.samples import MOST_PAIRS, Answers, Sides, counted
from analysis.contrast.setup import Posed, pose, tested, tested_overall, usable
from analysis.contrast.verdicts import leading, smallest_that_matters
from analysis.stats.intervals import NAN
from analysis.stats.league import Ranks
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse

REASONS = {"one_sample": "fixed", "gap_only": "no_size"}


@dataclass(frozen=True)
class Judged:
    """The answer in numbers. `posed` is None where the other side is a number, `reference` where it has answers."""

    question: Question
    now: Answers
    before: Answers | None
    groups: list[int]
    whole: Whole
    facts: Facts
    advice: Advice
    method: str
    threshold: float
    family: Family
    overall: Overall | None
    posed: Posed | None
    reference: Reference | None
    sql: tuple[str, ...] = ()

    @cached_property
    def ranks(self) -> Ranks:
        """Where each group of the period stands."""
        return ranks_of(self.now)

    @property
    def verdict(self) -> str:
        return leading(self.family.table["verdict"].to_numpy())

    @property
    def names_other(self) -> bool:
        """Whether the other side of a comparison is a group with a name, not the rest, a baseline or a number."""
        return self.question.kind == "groups" and len(self.groups) <= MOST_PAIRS

    @property
    def first(self) -> Sides | None:
        """Both sides of the most certain comparison."""
        if self.posed is None:
            return None
        top = self.family.table.iloc[0]
        return self.posed.sides.only(self.posed.sides.names.index((top["a"], top["b"])))


def judge(warehouse: Warehouse, question: Question) -> Judged:
    """Fetch, test, adjust and judge. Raises what `pose` and `outside.reference_of` raise."""
    if question.kind in ("target", "benchmark"):
        return _outside(warehouse, question)
    judged = _inside(warehouse, question)
    if question.kind == "period":
        return judged
    table, sql = with_mix(warehouse, question, judged.now, judged.family.table, named=judged.names_other)
    return replace(judged, family=replace(judged.family, table=table), sql=sql)


def _inside(warehouse: Warehouse, question: Question) -> Judged:
    posed = pose(warehouse, question)
    found = paired_family(warehouse, posed, posed.method) if posed.method in PAIRED else tested(posed)
    return Judged(
        question, posed.now, posed.before, posed.groups, compare.whole(posed.now), posed.facts, posed.advice,
        posed.method, posed.threshold, found, tested_overall(posed), posed, None,
    )  # fmt: skip


def _outside(warehouse: Warehouse, question: Question) -> Judged:
    now = counted(warehouse, question, question.selection.period, question.by)
    if not now.groups:
        raise NothingToShow("selection.empty")
    whole, groups = compare.whole(now), usable(now, None)
    if not groups:
        raise NothingToShow("contrast.too_few")
    threshold = question.threshold or smallest_that_matters(now.metric.unit, whole.value, whole.sd)
    reference = benchmark.reference_of(warehouse, question, now.groups, whole)
    comparison = benchmark.compared(now, reference)
    n_b = np.where(np.isinf(reference.n), NAN, reference.n)
    compared = Compared(tuple((g, (question.kind,)) for g in now.groups), now.estimates.n, n_b)
    found = family(compared, comparison, benchmark.effects(comparison, now, whole), threshold=threshold)
    clusters = int(now.estimates.clusters.max(initial=0))
    enough = now.rows[now.rows["s"].isin(groups)]
    alone = Sides(enough, now.rows.iloc[:0], compared.names, now.metric)
    facts = advice.facts_of(alone, 2, clusters)
    advised = Advice(found.method, REASONS.get(found.method, "clusters" if clusters else "known_sample"))
    return Judged(question, now, None, groups, whole, facts, advised, found.method, threshold, found, None, None,
                  reference)  # fmt: skip
