"""What do evidence, depth and remedy of an answer earn? The part of the points of each criterion, with the reasons.

Evidence counts kinds, not pieces: three charts of one method say one thing. Where nothing has really changed two
kinds are enough, and the right remedy is to leave the service alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from data_access.statement import Statement
from data_access.taxonomy import Taxonomy
from data_access.training import Key
from data_access.workshop.records import Plan, PlanState, WhyStatus
from data_access.workshop.rules import NO_REAL_CHANGE, SMART, lacks, smart_gaps
from data_access.workshop.signs import is_blank
from data_access.workshop.tracing import EvidenceKind, Stance, Trace

KINDS, KINDS_OF_NOTHING = 3, 2  # of evidence that earn all points
RULED_OUT = 0.16  # of the points of evidence: another explanation was looked at and left


@dataclass(frozen=True)
class Scored:
    """The part (0..1) of a criterion's points, and the reasons for it."""

    share: float
    because: tuple[Statement, ...]


def evidence_of(trace: Trace, key: Key) -> Scored:
    """By the kinds of evidence, and whether another explanation was ruled out."""
    kinds, needed = len(set(_kinds(trace))), KINDS_OF_NOTHING if key.truth.nothing else KINDS
    is_ruled_out = any(why.status is WhyStatus.REFUTED for why in trace.whys) or any(
        one.stance is Stance.REFUTES for one in trace.evidence
    )
    share = (1 - RULED_OUT) * min(kinds, needed) / needed + RULED_OUT * is_ruled_out
    reasons = [Statement("scoring.evidence.kinds", {"kinds": kinds, "needed": needed})]
    reasons.append(Statement(f"scoring.evidence.{'ruled_out' if is_ruled_out else 'no_rival'}"))
    return Scored(share, tuple(reasons))


def _kinds(trace: Trace) -> Iterator[str]:
    """A pin is as good as its method, whether it is brought forward for a why or only pinned; notes show nothing."""
    yield from (f"pin {pin.method}" for pin in trace.pins)
    for one in trace.evidence:
        if one.kind not in (EvidenceKind.PIN, EvidenceKind.NOTE):
            yield str(one.kind)


def depth_of(trace: Trace, key: Key) -> Scored:
    """By levels of whys, the evidence they end in, kind of cause and gap; of nothing, by saying so and why."""
    has_type = trace.issue.cause_type == key.reference.cause_type
    kind = Statement(f"scoring.depth.cause_{'right' if has_type else 'other'}")
    if key.truth.nothing:
        said = not is_blank(trace.issue.cause)
        share = 0.6 * has_type + 0.4 * (has_type and said)
        return Scored(share, (kind, Statement(f"scoring.depth.{'explained' if said else 'unexplained'}")))
    lacking, has_gap = lacks(trace), trace.issue.gap == key.reference.gap
    is_deep, is_shown = "levels" not in lacking, "evidence" not in lacking
    parts = {
        f"levels_{'there' if is_deep else 'lacking'}": 0.3 * is_deep,
        f"end_{'shown' if is_shown else 'unshown'}": 0.3 * is_shown,
        f"gap_{'right' if has_gap else 'other'}": 0.2 * has_gap,
    }
    reasons = tuple(Statement(f"scoring.depth.{name}") for name in parts)
    return Scored(sum(parts.values()) + 0.2 * has_type, (*reasons, kind))


def remedy_of(trace: Trace, key: Key, taxonomy: Taxonomy) -> Scored:
    """By the best plan: one of the reference's remedies, asked of whoever has the power, and SMART."""
    plans = [plan for plan in trace.plans if plan.state is not PlanState.DROPPED]
    if key.truth.nothing:
        return _of_nothing(trace, plans, taxonomy)
    if not plans:
        return Scored(0.0, (Statement("scoring.remedy.none"),))
    best = max(plans, key=lambda plan: (plan.remedy in key.reference.remedies, -len(smart_gaps(plan))))
    fits, gaps = best.remedy in key.reference.remedies, len(smart_gaps(best))
    has_power = trace.issue.power == key.reference.power
    reasons = (
        Statement(f"scoring.remedy.{'fits' if fits else 'other'}"),
        Statement("scoring.remedy.smart", {"there": len(SMART) - gaps, "of": len(SMART)}),
        Statement(f"scoring.remedy.power_{'right' if has_power else 'other'}"),
    )
    return Scored(0.4 * fits + 0.4 * (1 - gaps / len(SMART)) + 0.2 * has_power, reasons)


def _of_nothing(trace: Trace, plans: list[Plan], taxonomy: Taxonomy) -> Scored:
    """Full points for leaving the service alone, or for only measuring better; none for who saw a real change."""
    if trace.issue.cause_type != NO_REAL_CHANGE:
        return Scored(0.0, (Statement("scoring.remedy.needless"),))
    harmless = {remedy.code for remedy in taxonomy.remedies_for(NO_REAL_CHANGE)}
    needless = [plan for plan in plans if plan.remedy not in harmless]
    if needless:
        return Scored(0.0, (Statement("scoring.remedy.needless"),))
    return Scored(1.0, (Statement("scoring.remedy.left_alone"),))
