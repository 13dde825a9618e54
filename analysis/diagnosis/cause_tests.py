"""What do the data say of one type of cause? A test a type, where there are data for one.

The words of the taxonomy say what supports and what refutes each; here is as much of it as can be computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.diagnosis.comparator import LEAST, SMALLEST
from analysis.diagnosis.evidence import SURE, Evidence
from analysis.diagnosis.rules import Rules
from analysis.diagnosis.sides import Side, sums
from analysis.diagnosis.standardised_gap import Gap, gap
from analysis.diagnosis.verdicts import (
    NO_DATA,
    NOT_ENOUGH,
    REFUTES,
    SUPPORTS,
    Verdict,
    artefact,
    bound,
    communication,
    design,
    perception,
)
from analysis.stats.intervals import NAN
from data_access.semantics import Level

WAITS = ("wait", "queue", "response", "等候", "排队", "响应")
SKILLS = ("tenure", "skill", "experience", "司龄", "技能")
RULES = ("rule", "规则")
LITTLE = 0.25  # of the loss: what a wait explains at most where it is not the cause


@dataclass(frozen=True)
class Tested:
    """A verdict on one type of cause, with the number it rests on."""

    verdict: str
    statistic: str = ""
    value: float = NAN
    low: float = NAN
    high: float = NAN
    p: float = NAN


def _of(verdict: str, statistic: str, told: Gap) -> Tested:
    return Tested(verdict, statistic, told.value, told.interval.low, told.interval.high, told.p)


def _like(found: Verdict) -> Tested:
    return Tested(found.verdict, found.statistic, found.value, found.low, found.high, found.p)


def capacity(e: Evidence) -> Tested:
    """The score falls as the wait rises, and the wait here is longer than elsewhere."""
    table = e.standards.table if e.standards else pd.DataFrame({"driver": []})
    waits = table[[_marked(e, str(name), WAITS) for name in table["driver"]]] if len(table) else table
    if waits.empty:
        return Tested(NO_DATA)
    top = waits.iloc[0]
    verdict = SUPPORTS if top["missed"] else REFUTES if top["explained"] <= LITTLE else NOT_ENOUGH
    return Tested(verdict, "explained", float(top["explained"]), p=float(top["p"]))


def skill(e: Evidence) -> Tested:
    """The lowest band of skill or tenure against the others at the same place.

    That newcomers score lower is so everywhere: it is the cause only where they, or a few units, make the loss.
    """
    if e.shown is None:
        return Tested(NOT_ENOUGH)
    tested = [t for t in (_band(e, name) for name in _bands(e)) if t is not None]
    if not tested:
        return Tested(NO_DATA)
    told = min(tested, key=lambda t: e.ground.sign * t.value)
    if told.p < SURE / len(tested) and e.ground.sign * told.value <= -SMALLEST:
        named = any(_marked(e, step.dimension, SKILLS) for step in e.ground.path if step.dimension in _bands(e))
        made = named or e.few or (e.missed and _marked(e, e.missed, SKILLS))
        return _of(SUPPORTS if made else NOT_ENOUGH, "lowest_band", told)
    return _of(REFUTES if bound(e, told) > -SMALLEST else NOT_ENOUGH, "lowest_band", told)


def _bands(e: Evidence) -> list[str]:
    dimensions = e.ground.warehouse.model.dimensions
    return [n for n, d in dimensions.items() if d.level is Level.ORDINAL and d.order and _marked(e, n, SKILLS)]


def _band(e: Evidence, name: str) -> Gap | None:
    """None with fewer than thirty answers on either side."""
    ground = e.ground
    kept = [step for step in ground.path if step.dimension != name]
    side = Side(ground.selection.within(kept), ground.selection.period)
    rows, _ = sums(ground.warehouse, ground.metric.name, side, (name,))
    lowest = rows["stratum"] == ground.warehouse.model.dimensions[name].order[0]
    known = rows["stratum"] != "None"
    sides = [rows[which].assign(stratum="") for which in (lowest, known & ~lowest)]
    return gap(*sides) if min(float(s["n"].sum()) for s in sides) >= LEAST else None


def conduct(e: Evidence) -> Tested:
    """Contacts with errors score lower, and few units carry the loss."""
    if e.standards is None or not e.standards.failed.known:
        return Tested(REFUTES if e.alike else NO_DATA)
    failed = e.standards.failed
    if bound(e, failed) > -SMALLEST or e.alike:
        return _of(REFUTES, "failed_checks", failed)
    costs = failed.p < SURE and e.ground.sign * failed.value <= -SMALLEST
    return _of(SUPPORTS if costs and e.few else NOT_ENOUGH, "failed_checks", failed)


def business_rule(e: Evidence) -> Tested:
    """Loss begins at the date of a rule, only where it applies, and in all units alike."""
    if design(e).verdict == REFUTES:
        return Tested(REFUTES)
    return _dated(e, RULES, needs_alike=True)


def bot_design(e: Evidence) -> Tested:
    """The loss gathers in automated flows, or began with a version of one."""
    if e.shown is None:
        return Tested(NOT_ENOUGH)
    if e.behind.by_people:
        return Tested(NOT_ENOUGH)
    if e.few:
        return _of(SUPPORTS, f"{e.shown.kind}_within", e.shown.held)
    return _dated(e, ("release", "version", "flow", "版本", "流程"), needs_alike=False)


def _dated(e: Evidence, kinds: tuple[str, ...], *, needs_alike: bool) -> Tested:
    """A dated change of some kind: a fall at its date supports, none refutes, no such change leaves it open."""
    own = e.rules.table[[any(k in str(kind).casefold() for k in kinds) for kind in e.rules.table["kind"]]]
    if own.empty:
        return Tested(NOT_ENOUGH if e.rules.has_calendar else NO_DATA)
    fell = Rules(own, True).fell(e.ground.sign)
    row = own.iloc[0] if fell is None else fell
    numbers = [float(row[name]) for name in ("difference", "low", "high", "p_adjusted")]
    if fell is not None:
        return Tested(SUPPORTS if e.alike or not needs_alike else NOT_ENOUGH, "at_date", *numbers)
    worst = numbers[1] if e.ground.sign > 0 else -numbers[2]
    return Tested(REFUTES if worst > -SMALLEST else NOT_ENOUGH, "at_date", *numbers)


def _marked(e: Evidence, name: str, marks: tuple[str, ...]) -> bool:
    """Whether a driver or dimension is about something, by its names."""
    model = e.ground.warehouse.model
    known = model.drivers.get(name) or model.dimensions[name]
    words = " ".join([known.name, str(known.column), *(text for _, text in known.labels.texts)]).casefold()
    return any(mark in words for mark in marks)


TESTS: Mapping[str, Callable[[Evidence], Tested]] = {
    "capacity": capacity,
    "skill": skill,
    "conduct": conduct,
    "business_rule": business_rule,
    "marketing_rule": lambda e: _like(communication(e)),
    "bot_design": bot_design,
    "expectation": lambda e: _like(perception(e, design(e).verdict)),
    "artefact": lambda e: _like(artefact(e)),
}  # of the others the data of a contact centre's warehouse say nothing: searches, approvals, time stamps, error logs


def tested(code: str, e: Evidence) -> Tested:
    """What the data say of a type of cause."""
    return TESTS[code](e) if code in TESTS else Tested(NO_DATA)
