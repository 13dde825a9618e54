"""How good is a group's answer? Its place against the truth by counts of contacts, then the rubric in points.

The points are a proposal beside the instructor's own: what a program can see of evidence, depth and remedy is whether
they are there and agree with the key, not whether they convince.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from analysis.trace.path import checked, without_reasons
from analysis.training.criteria import Scored, depth_of, evidence_of, remedy_of
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, Statement
from data_access.taxonomy import Taxonomy
from data_access.training import Criterion, Key, Truth
from data_access.warehouse import Warehouse
from data_access.workshop.rules import NO_REAL_CHANGE
from data_access.workshop.tracing import Trace

INSIDE = 0.95  # of the contacts of one place: it lies within another
INEXACT = 90.0  # points at most for a place that is too wide or too narrow
POINTS = 25  # of a criterion that the rubric does not speak of
HINT_PRICES = (2.0, 4.0, 6.0)  # points that the first, the second and every further hint costs


class Match(StrEnum):
    """How a named place lies to the one that was planted: the same, around it, within it, or elsewhere."""

    EXACT = "exact"
    PARENT = "parent"
    CHILD = "child"
    WRONG = "wrong"
    RIGHTLY_NOTHING = "rightly_nothing"


@dataclass(frozen=True)
class Counts:
    """Contacts of the path, of the truth, and of both."""

    path: int = 0
    truth: int = 0
    both: int = 0

    @property
    def precision(self) -> float:
        """The part of the path that the truth is."""
        return self.both / self.path if self.path else 0.0

    @property
    def recall(self) -> float:
        """The part of the truth that the path holds."""
        return self.both / self.truth if self.truth else 0.0

    @property
    def match(self) -> Match:
        """What these counts mean.

        >>> Counts(path=200, truth=100, both=100).match, Counts(path=50, truth=100, both=20).match
        (<Match.PARENT: 'parent'>, <Match.WRONG: 'wrong'>)
        """
        around, within = self.recall >= INSIDE, self.precision >= INSIDE
        if around:
            return Match.EXACT if within else Match.PARENT
        return Match.CHILD if within else Match.WRONG


@dataclass(frozen=True, kw_only=True)
class ProductScore:
    """Points for each criterion of the rubric, why so many, and the cost of hints. No match: the key has no truth."""

    location: float
    evidence: float
    depth: float
    remedy: float
    match: Match | None
    because: tuple[Statement, ...]
    hint_cost: float

    @property
    def total(self) -> float:
        """All points less the hints, never below 0."""
        return max(0.0, self.location + self.evidence + self.depth + self.remedy - self.hint_cost)


def hint_cost(hints: int) -> float:
    """What so many hints cost together.

    >>> [hint_cost(n) for n in range(5)]
    [0.0, 2.0, 6.0, 12.0, 18.0]
    """
    return sum((HINT_PRICES[min(number, len(HINT_PRICES) - 1)] for number in range(hints)), 0.0)


def match_of(warehouse: Warehouse, path: Sequence[Filter], says_nothing: bool, truth: Truth) -> Match:
    """How an answer lies to the truth: by contacts of the time in which the cause was at work.

    Two ways to name the same contacts are equally right. A path that the data do not know is wrong.
    """
    if truth.nothing or says_nothing:
        return Match.RIGHTLY_NOTHING if truth.nothing and says_nothing else Match.WRONG
    return counts_of(warehouse, path, truth).match


def location_points(warehouse: Warehouse, path: Sequence[Filter], says_nothing: bool, truth: Truth) -> float:
    """0..100: all for the place itself or for rightly saying that there is none, nothing for a wrong one.

    A place around the true one, or within it, earns more the more contacts both share of those in either (Jaccard).
    """
    match = match_of(warehouse, path, says_nothing, truth)
    if match in (Match.EXACT, Match.RIGHTLY_NOTHING):
        return 100.0
    return 0.0 if match is Match.WRONG else _credit(counts_of(warehouse, path, truth))


def _credit(counts: Counts) -> float:
    either = counts.path + counts.truth - counts.both
    return INEXACT * counts.both / either if either else 0.0


def counts_of(warehouse: Warehouse, path: Sequence[Filter], truth: Truth) -> Counts:
    """The contacts of a path and of the truth since its cause began; none for a path that names no place here."""
    try:
        place = without_reasons(warehouse.model, checked(warehouse, path))
    except BadInput:
        return Counts()
    if not place or not truth.segment:
        return Counts()
    named = Selection().within(place)
    both = named.within(truth.segment)
    alternatives = [named.filters, Selection().within(truth.segment).filters, both.filters]
    return Counts(*warehouse.contacts(_at_work(warehouse, truth), alternatives))


def _at_work(warehouse: Warehouse, truth: Truth) -> Period | None:
    """From the day on which the cause began to the last of the data; all of them where no day is known."""
    last = warehouse.extent().last
    if truth.since is None or last is None or last.date() < truth.since:
        return None
    return Period(truth.since, last.date() + timedelta(days=1))


def product_score(
    warehouse: Warehouse,
    trace: Trace,
    key: Key,
    *,
    taxonomy: Taxonomy,
    hints: int,
    rubric: Sequence[Criterion] = (),
) -> ProductScore:
    """The points of an answer by the rubric (25 for each criterion it does not speak of), with their reasons."""
    of = {"location": POINTS, "evidence": POINTS, "depth": POINTS, "remedy": POINTS}
    of |= {criterion.code: criterion.points for criterion in rubric}
    match, place = _located(warehouse, trace, key.truth)
    parts = {
        "location": place,
        "evidence": evidence_of(trace, key),
        "depth": depth_of(trace, key),
        "remedy": remedy_of(trace, key, taxonomy),
    }
    points = {code: round(of[code] * part.share, 1) for code, part in parts.items()}
    cost = hint_cost(hints)
    paid = (Statement("scoring.hints", {"hints": hints, "cost": cost}),) if hints else ()
    because = (*(reason for part in parts.values() for reason in part.because), *paid)
    return ProductScore(**points, match=match, because=because, hint_cost=cost)


def _located(warehouse: Warehouse, trace: Trace, truth: Truth) -> tuple[Match | None, Scored]:
    if not truth.nothing and not truth.segment:
        return None, Scored(0.0, (Statement("scoring.location.no_truth"),))
    path, nothing = trace.issue.path, trace.issue.cause_type == NO_REAL_CHANGE
    match = match_of(warehouse, path, nothing, truth)
    share = location_points(warehouse, path, nothing, truth) / 100
    return match, Scored(share, (_of_location(warehouse, path, nothing, truth, match),))


def _of_location(
    warehouse: Warehouse, path: Sequence[Filter], nothing: bool, truth: Truth, match: Match
) -> Statement:
    if match is not Match.WRONG:
        counts = Counts() if truth.nothing else counts_of(warehouse, path, truth)
        return Statement(f"scoring.location.{match}", {"precision": counts.precision, "recall": counts.recall})
    if nothing or truth.nothing:
        return Statement("scoring.location.missed_change" if nothing else "scoring.location.chased_nothing")
    return Statement("scoring.location.wrong" if path else "scoring.location.nowhere")
