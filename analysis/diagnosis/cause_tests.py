"""What do the data say about one type of cause? One test per type, where there are data for it.

The taxonomy says what supports and what refutes each type; this is the part of it that can be computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.diagnosis.comparator import LEAST
from analysis.diagnosis.evidence import Evidence
from analysis.diagnosis.gap_verdicts import artefact, communication, design, perception
from analysis.diagnosis.rules import Rules
from analysis.diagnosis.standardised_gap import StandardisedGap, gap
from analysis.diagnosis.strata import Sample, sums
from analysis.diagnosis.verdict import NO_DATA, NOT_ENOUGH, REFUTES, SUPPORTS, Verdict, bound
from analysis.stats.intervals import NAN, SIGNIFICANCE
from data_access.semantics import Level

WAITS = ("wait", "queue", "response", "等候", "排队", "响应")
SKILLS = ("tenure", "skill", "experience", "司龄", "技能")
RULES = ("rule", "规则")
LITTLE = 0.25  # of the loss: what a wait explains at most where it is not the cause


@dataclass(frozen=True, kw_only=True)
class CauseTest:
    """A verdict on one type of cause, with the statistic behind it."""

    verdict: str
    statistic: str = ""
    value: float = NAN
    low: float = NAN
    high: float = NAN
    p: float = NAN


def _from_gap(verdict: str, statistic: str, gap: StandardisedGap) -> CauseTest:
    return CauseTest(
        verdict=verdict, statistic=statistic, value=gap.value, low=gap.interval.low, high=gap.interval.high, p=gap.p
    )


def _from_verdict(verdict: Verdict) -> CauseTest:
    return CauseTest(
        verdict=verdict.verdict,
        statistic=verdict.statistic,
        value=verdict.value,
        low=verdict.low,
        high=verdict.high,
        p=verdict.p,
    )


def capacity(e: Evidence) -> CauseTest:
    """The score falls as the wait rises, and the wait here is longer than elsewhere."""
    table = e.standards.table if e.standards else pd.DataFrame({"driver": []})
    waits = table[np.array([_is_about(e, str(name), WAITS) for name in table["driver"]], dtype=bool)]
    if waits.empty:
        return CauseTest(verdict=NO_DATA)
    top = waits.iloc[0]
    verdict = SUPPORTS if top["missed"] else REFUTES if top["explained"] <= LITTLE else NOT_ENOUGH
    return CauseTest(verdict=verdict, statistic="explained", value=float(top["explained"]), p=float(top["p"]))


def skill(e: Evidence) -> CauseTest:
    """The lowest band of skill or tenure against the others at the same place.

    Newcomers score lower everywhere: this is the cause only where they, or a few units, make up the loss.
    """
    if e.loss is None:
        return CauseTest(verdict=NOT_ENOUGH)
    bands = [t for t in (_band(e, name) for name in _bands(e)) if t is not None]
    if not bands:
        return CauseTest(verdict=NO_DATA)
    lowest = min(bands, key=lambda t: e.scope.sign * t.value)
    if lowest.p < SIGNIFICANCE / len(bands) and e.scope.is_worse(lowest.value):
        named = any(_is_about(e, step.dimension, SKILLS) for step in e.scope.path if step.dimension in _bands(e))
        made = named or e.few or (e.missed and _is_about(e, e.missed, SKILLS))
        return _from_gap(SUPPORTS if made else NOT_ENOUGH, "lowest_band", lowest)
    return _from_gap(REFUTES if bound(e, lowest) > -e.scope.smallest else NOT_ENOUGH, "lowest_band", lowest)


def _bands(e: Evidence) -> list[str]:
    dimensions = e.scope.warehouse.model.dimensions
    return [n for n, d in dimensions.items() if d.level is Level.ORDINAL and d.order and _is_about(e, n, SKILLS)]


def _band(e: Evidence, name: str) -> StandardisedGap | None:
    """None with fewer than thirty answers on either side."""
    scope = e.scope
    kept = [step for step in scope.path if step.dimension != name]
    side = Sample(scope.selection.within(kept), scope.selection.period)
    rows, _ = sums(scope.warehouse, scope.metric.name, side, (name,))
    lowest = rows["stratum"] == scope.warehouse.model.dimensions[name].order[0]
    known = rows["stratum"] != "None"
    samples = [rows[which].assign(stratum="") for which in (lowest, known & ~lowest)]
    return gap(*samples) if min(float(s["n"].sum()) for s in samples) >= LEAST else None


def conduct(e: Evidence) -> CauseTest:
    """Contacts with errors score lower, and few units carry the loss."""
    if e.standards is None or not e.standards.failed.known:
        return CauseTest(verdict=REFUTES if e.uniform else NO_DATA)
    failed = e.standards.failed
    if bound(e, failed) > -e.scope.smallest or e.uniform:
        return _from_gap(REFUTES, "failed_checks", failed)
    costs = failed.p < SIGNIFICANCE and e.scope.is_worse(failed.value)
    return _from_gap(SUPPORTS if costs and e.few else NOT_ENOUGH, "failed_checks", failed)


def business_rule(e: Evidence) -> CauseTest:
    """Loss begins at the date of a rule, only where it applies, and in all units alike."""
    if design(e).verdict == REFUTES:
        return CauseTest(verdict=REFUTES)
    return _dated(e, RULES, needs_uniform=True)


def bot_design(e: Evidence) -> CauseTest:
    """The loss gathers in automated flows, or began with a version of one."""
    if e.loss is None:
        return CauseTest(verdict=NOT_ENOUGH)
    if e.reasons.by_people:
        return CauseTest(verdict=NOT_ENOUGH)
    if e.few:
        return _from_gap(SUPPORTS, f"{e.loss.kind}_within", e.loss.standardised)
    return _dated(e, ("release", "version", "flow", "版本", "流程"), needs_uniform=False)


def _dated(e: Evidence, kinds: tuple[str, ...], *, needs_uniform: bool) -> CauseTest:
    """A dated change of some kind: a fall at its date supports, none refutes, no such change leaves it open."""
    known = [any(k in str(kind).casefold() for k in kinds) for kind in e.rules.table["kind"]]
    own = e.rules.table[np.array(known, dtype=bool)]
    if own.empty:
        return CauseTest(verdict=NOT_ENOUGH if e.rules.has_calendar else NO_DATA)
    fell = Rules(own, True).fell(e.scope)
    row = own.iloc[0] if fell is None else fell
    value, low, high, p = (float(row[name]) for name in ("difference", "low", "high", "p_adjusted"))
    if fell is not None:
        verdict = SUPPORTS if e.uniform or not needs_uniform else NOT_ENOUGH
    else:
        worst = low if e.scope.sign > 0 else -high
        verdict = REFUTES if worst > -e.scope.smallest else NOT_ENOUGH
    return CauseTest(verdict=verdict, statistic="at_date", value=value, low=low, high=high, p=p)


def _is_about(e: Evidence, name: str, marks: tuple[str, ...]) -> bool:
    """Whether the name or a label of a driver or dimension contains one of some words."""
    model = e.scope.warehouse.model
    known = model.drivers.get(name) or model.dimensions[name]
    words = " ".join([known.name, str(known.column), *(text for _, text in known.labels.texts)]).casefold()
    return any(mark in words for mark in marks)


TESTS: Mapping[str, Callable[[Evidence], CauseTest]] = {
    "capacity": capacity,
    "skill": skill,
    "conduct": conduct,
    "business_rule": business_rule,
    "marketing_rule": lambda e: _from_verdict(communication(e)),
    "bot_design": bot_design,
    "expectation": lambda e: _from_verdict(perception(e, design(e).verdict)),
    "artefact": lambda e: _from_verdict(artefact(e)),
}  # the others need data that a contact centre's warehouse does not hold: searches, approvals, error logs


def cause_test(code: str, e: Evidence) -> CauseTest:
    """What the data say about a type of cause."""
    return TESTS[code](e) if code in TESTS else CauseTest(verdict=NO_DATA)
