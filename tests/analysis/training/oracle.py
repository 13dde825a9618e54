"""Answers that a class could hand in: by the key, naming a place only, seeing nothing."""

from __future__ import annotations

from datetime import date

from data_access.selection import Filter, Selection
from data_access.training import Key
from data_access.workshop.records import CauseLevel, Issue, Pin, Plan, Why, WhyStatus
from data_access.workshop.rules import NO_REAL_CHANGE
from data_access.workshop.tracing import Evidence, EvidenceKind, Trace


def by_the_key(key: Key) -> Trace:
    """Everything as the reference has it."""
    reference, truth = key.reference, key.truth
    issue = Issue(
        title="t",
        path=truth.segment,
        cause=reference.gap_why.en,
        cause_type=reference.cause_type,
        gap=reference.gap,
        system=reference.system,
        power=reference.power,
    )
    pins = tuple(pinned(method) for method in ("leading_cause", "change"))
    rule = Evidence(issue_id=issue.id, kind=EvidenceKind.CONTACTS, contacts=("1",))
    whys = (
        *chain(issue.id),
        Why(issue_id=issue.id, statement="x", level=CauseLevel.DIRECT, status=WhyStatus.REFUTED),
    )
    plans = () if truth.nothing else (smart_plan(issue.id, reference.remedies[0]),)
    return Trace(issue=issue, pins=pins, whys=whys, evidence=(rule,), plans=plans)


def pinned(method: str) -> Pin:
    return Pin(method=method, selection=Selection(), data_version="v")


def chain(issue: str) -> tuple[Why, ...]:
    """Three levels, the last of them supported."""
    levels = (CauseLevel.SYMPTOM, CauseLevel.DIRECT, CauseLevel.ROOT)
    whys: list[Why] = []
    for level in levels:
        status = WhyStatus.SUPPORTED if level is CauseLevel.ROOT else WhyStatus.HYPOTHESISED
        above = whys[-1].id if whys else ""
        whys.append(Why(issue_id=issue, statement="w", level=level, parent_id=above, status=status))
    return tuple(whys)


def smart_plan(issue: str, remedy: str) -> Plan:
    return Plan(
        issue_id=issue,
        action="a",
        remedy=remedy,
        owner="workforce",
        due=date(2026, 12, 1),
        target_metric="score",
        target_value=84.0,
        expected_lift=0.9,
        check_method="did",
    )


def naming(path: tuple[Filter, ...]) -> Trace:
    """Nothing but a place."""
    return Trace(issue=Issue(title="t", path=path))


def seeing_nothing() -> Trace:
    """The word that nothing has changed, and no more."""
    return Trace(issue=Issue(title="t", cause_type=NO_REAL_CHANGE))
