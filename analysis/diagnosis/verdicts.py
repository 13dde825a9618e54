"""Which gap do the data speak for? One verdict a gap, in the order of elimination, from the evidence gathered once.

A gap is supported only where the path is surely worse than what it is held against, by what matters: without that,
there is nothing to name. At most one question in twenty finds such a loss where none is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.diagnosis.comparator import SMALLEST, Reference
from analysis.diagnosis.evidence import SURE, Evidence
from analysis.diagnosis.standardised_gap import Gap
from analysis.result import Statement
from analysis.stats.intervals import NAN

SUPPORTS, REFUTES, NOT_ENOUGH, NO_DATA = "supports", "refutes", "not_enough", "no_data"
ARTEFACT = "artefact"
HALF = 0.5
TOP, LEAST_SHARE = 3, 0.10  # a reason is heavy among the first three, with a lower bound above a tenth


@dataclass(frozen=True)
class Verdict:
    """What the data say of one gap: the number it rests on, and a sentence."""

    code: str
    verdict: str
    statistic: str
    value: float
    low: float
    high: float
    p: float
    n: float
    finding: Statement


def of_gap(code: str, verdict: str, statistic: str, told: Gap, finding: Statement) -> Verdict:
    return Verdict(code, verdict, statistic, told.value, told.interval.low, told.interval.high, told.p, told.n,
                   finding)  # fmt: skip


def without_number(code: str, verdict: str, finding: Statement) -> Verdict:
    return Verdict(code, verdict, "", NAN, NAN, NAN, NAN, NAN, finding)


def numbers(e: Evidence, told: Gap) -> dict[str, Any]:
    return {
        "value": told.value, "low": told.interval.low, "high": told.interval.high, "p": told.p, "n": told.n,
        "unit": e.ground.metric.unit,
    }  # fmt: skip


def against(reference: Reference) -> dict[str, Any]:
    """Whom a path is held against, and what is held alike."""
    alike = [{"dimension": name} for name in reference.strata]
    return {"by": {"dimension": reference.dimension}, "alike": alike, "crude": reference.crude.value}


def artefact(e: Evidence) -> Verdict:
    """Is there a loss at all, within groups and beyond the usual range?"""
    if e.shown is not None:
        key = f"naming.artefact.real_{e.shown.kind}{'' if e.shown.strata else '_plain'}"
        told = Statement(key, {**numbers(e, e.shown.held), **against(e.shown)})
        return of_gap(ARTEFACT, REFUTES, f"{e.shown.kind}_within", e.shown.held, told)
    for reference in (r for r in (*e.found[:1], e.near) if r is not None):
        if _is_mix(e, reference):
            values = {**numbers(e, reference.held), **against(reference)}
            return of_gap(ARTEFACT, SUPPORTS, f"{reference.kind}_within", reference.held,
                          Statement("naming.artefact.mix", values))  # fmt: skip
    return _no_loss(e)


def _is_mix(e: Evidence, reference: Reference) -> bool:
    """It looked worse, surely; at the same mix at most half of it is left, which may be chance."""
    sign, crude, held = e.ground.sign, reference.crude, reference.held
    looked = sign * crude.value <= -SMALLEST and crude.p < SURE
    return bool(looked and held.known and held.p >= SURE and sign * held.value >= HALF * sign * crude.value)


def _no_loss(e: Evidence) -> Verdict:
    told = e.found[0] if e.found else e.near
    if told is None:
        return without_number(ARTEFACT, NO_DATA, Statement("naming.artefact.nothing"))
    values, statistic = {**numbers(e, told.held), **against(told)}, f"{told.kind}_within"
    if e.ordinary:
        known = e.usual
        values |= {"score": told.score, "low": known.interval.low, "high": known.interval.high}
        values |= {"periods": known.periods}
        return of_gap(ARTEFACT, SUPPORTS, statistic, told.held, Statement("naming.artefact.usual", values))
    if max(abs(told.held.interval.low), abs(told.held.interval.high)) < SMALLEST:
        return of_gap(ARTEFACT, SUPPORTS, statistic, told.held, Statement("naming.artefact.small", values))
    return of_gap(ARTEFACT, NOT_ENOUGH, statistic, told.held, Statement("naming.artefact.unclear", values))


def execution(e: Evidence) -> Verdict:
    """Was the standard met? A few units carry the loss, a logged standard was missed, or checked errors cost."""
    code = "execution"
    if e.shown is None:
        return without_number(code, NOT_ENOUGH, Statement("naming.execution.no_loss"))
    if e.few and e.behind.by_people:
        return _few(e, code)
    if e.missed:
        return _missed(e, code)
    if _errors_cost(e):
        assert e.standards is not None, "checked by `_errors_cost`"
        return of_gap(code, SUPPORTS, "failed_checks", e.standards.failed,
                      Statement("naming.execution.errors", numbers(e, e.standards.failed)))  # fmt: skip
    if e.alike:
        return _rest(e, code, REFUTES, Statement("naming.execution.alike", _rest_values(e)))
    return without_number(code, NOT_ENOUGH, Statement("naming.execution.unclear", _checks(e)))


def _few(e: Evidence, code: str) -> Verdict:
    assert e.shown is not None, "asked only where there is a loss"
    cluster = e.ground.warehouse.model.cluster
    values = {**numbers(e, e.shown.held), **against(e.shown), "units": [{cluster: unit} for unit in e.few]}
    if e.names_units:
        return of_gap(code, SUPPORTS, "behind_peers", e.shown.held, Statement("naming.execution.peers", values))
    assert e.spread is not None, "units are few of those compared"
    values |= {"carried": e.spread.carried, "share": e.spread.few_share, "count": len(e.few)}
    values |= {"all": len(e.spread.table)}
    found = Statement("naming.execution.few", values)
    return Verdict(code, SUPPORTS, "carried", e.spread.carried, NAN, NAN, e.spread.q_p, e.shown.held.n, found)


def _missed(e: Evidence, code: str) -> Verdict:
    assert e.shown is not None and e.standards is not None, "a standard was missed"
    row = e.standards.missed
    assert row is not None, "a standard was missed"
    driver = e.ground.warehouse.model.drivers[e.missed]
    values = {"driver": {"dimension": e.missed}, "own": float(row["own"]), "other": float(row["other"])}
    values |= {"explained": float(row["explained"]), "p": float(row["p"]), "measure": driver.unit}
    found = Statement("naming.execution.missed", {**values, "unit": "raw"})
    return Verdict(code, SUPPORTS, "explained", float(row["explained"]), NAN, NAN, float(row["p"]), float(row["n"]),
                   found)  # fmt: skip


def _errors_cost(e: Evidence) -> bool:
    """Failed checks score lower by what matters, and units differ beyond luck."""
    failed = e.standards.failed if e.standards else None
    return bool(
        failed and failed.p < SURE and e.ground.sign * failed.value <= -SMALLEST
        and e.spread and e.spread.q_p < SURE
    )  # fmt: skip


def _checks(e: Evidence) -> dict[str, Any]:
    return {"checks": e.standards.checks if e.standards else 0}


def _rest_values(e: Evidence) -> dict[str, Any]:
    assert e.spread is not None, "units were compared"
    rest = e.spread.rest
    return {
        "value": rest.value, "low": rest.interval.low, "high": rest.interval.high, "unit": e.ground.metric.unit,
        "whole": e.spread.whole, "units": len(e.spread.table),
    }  # fmt: skip


def _rest(e: Evidence, code: str, verdict: str, finding: Statement) -> Verdict:
    assert e.spread is not None and e.shown is not None, "units were compared"
    rest = e.spread.rest
    return Verdict(code, verdict, "rest_of_units", rest.value, rest.interval.low, rest.interval.high, rest.p,
                   e.shown.held.n, finding)  # fmt: skip


def communication(e: Evidence) -> Verdict:
    """Was something else promised? Exposed customers against others, where the data say who was exposed."""
    code = "communication"
    if e.exposure is None:
        return without_number(code, NO_DATA, Statement("naming.communication.no_data"))
    told = e.exposure.gap
    values = {**numbers(e, told), "by": {"dimension": e.exposure.dimension}}
    if e.shown and told.p < SURE and e.ground.sign * told.value <= -SMALLEST:
        return of_gap(code, SUPPORTS, "exposed", told, Statement("naming.communication.exposed", values))
    if bound(e, told) > -SMALLEST:
        return of_gap(code, REFUTES, "exposed", told, Statement("naming.communication.same", values))
    return of_gap(code, NOT_ENOUGH, "exposed", told, Statement("naming.communication.unclear", values))


def bound(e: Evidence, told: Gap) -> float:
    """The worst that the interval leaves open; NaN where there is none."""
    return told.interval.low if e.ground.sign > 0 else -told.interval.high


def design(e: Evidence) -> Verdict:
    """Is the rule or flow itself disliked? All units alike, or from its date on; not where a standard was missed."""
    code = "design"
    if e.shown is None:
        return without_number(code, NOT_ENOUGH, Statement("naming.design.no_loss"))
    if (e.few and e.behind.by_people) or e.missed:
        values = {"driver": {"dimension": e.missed}, **against(e.shown)}
        return without_number(code, REFUTES, Statement(f"naming.design.{'missed' if e.missed else 'few'}", values))
    if _passed_hold(e):
        assert e.standards is not None, "checked by `_passed_hold`"
        return of_gap(code, REFUTES, "passed_checks", e.standards.passed,
                      Statement("naming.design.passed", numbers(e, e.standards.passed)))  # fmt: skip
    fell = e.rules.fell(e.ground.sign)
    if fell is not None:
        return _at_date(e, code, fell)
    if e.alike:
        return _rest(e, code, SUPPORTS, Statement("naming.design.alike", _rest_values(e)))
    if e.few:
        told = Statement("naming.design.flow", {"units": [{e.ground.warehouse.model.cluster: u} for u in e.few]})
        return of_gap(code, SUPPORTS, f"{e.shown.kind}_within", e.shown.held, told)
    return without_number(code, NOT_ENOUGH, Statement("naming.design.unclear"))


def _at_date(e: Evidence, code: str, fell: pd.Series) -> Verdict:
    values = {"rule": fell["id"], "day": fell["date"], "value": fell["difference"], "low": fell["low"]}
    values |= {"high": fell["high"], "unit": e.ground.metric.unit}
    if e.alike:
        values |= {"units": len(e.spread.table) if e.spread else 0}
        finding = Statement("naming.design.rule_alike", values)
    else:
        finding = Statement("naming.design.rule", values)
    value, low, high, p, n = (float(fell[name]) for name in ("difference", "low", "high", "p_adjusted", "n1"))
    return Verdict(code, SUPPORTS, "at_date", value, low, high, p, n, finding)


def _passed_hold(e: Evidence) -> bool:
    """Contacts that passed their checks surely lose less than half of the loss."""
    if e.standards is None or e.shown is None or not e.standards.passed.known:
        return False
    return bound(e, e.standards.passed) > HALF * e.ground.sign * e.shown.held.value


def perception(e: Evidence, designed: str) -> Verdict:
    """Does the log disagree with what the customer felt? Within every standard, still low, and the rule is not it."""
    code = "perception"
    if e.shown is None:
        return without_number(code, NOT_ENOUGH, Statement("naming.perception.no_loss"))
    if e.standards is None or not (e.standards.kept or e.missed):
        return without_number(code, NO_DATA, Statement("naming.perception.no_data"))
    within = e.standards.within
    values = {**numbers(e, within), "drivers": [{"dimension": name} for name in e.standards.kept]}
    if e.missed:
        values |= {"driver": {"dimension": e.missed}}
        return without_number(code, REFUTES, Statement("naming.perception.missed", values))
    if within.known and bound(e, within) > -SMALLEST:
        return of_gap(code, REFUTES, "within_standards", within, Statement("naming.perception.holds", values))
    if not within.known:
        return without_number(code, NOT_ENOUGH, Statement("naming.perception.too_few", values))
    low = within.p < SURE and e.ground.sign * within.value <= -SMALLEST
    if low and designed == REFUTES and not e.few:
        return of_gap(code, SUPPORTS, "within_standards", within, Statement("naming.perception.low", values))
    return of_gap(code, NOT_ENOUGH, "within_standards", within, Statement("naming.perception.unclear", values))


def cognition(table: pd.DataFrame | None, listed: Sequence[str] | None, reason: str) -> Verdict:
    """Did management have it on its list? Heavy reasons of both periods without plan or target."""
    code = "cognition"
    if table is None:
        return without_number(code, NO_DATA, Statement("naming.cognition.no_data"))
    heavy = table[(table[["rank_now", "rank_before"]] <= TOP).all(axis=1)
                  & (table[["now_low", "before_low"]] > LEAST_SHARE).all(axis=1)]  # fmt: skip
    if heavy.empty:
        return without_number(code, NOT_ENOUGH, Statement("naming.cognition.none"))
    if listed is None:
        values = {"reasons": [{reason: name} for name in heavy["reason"]]}
        return without_number(code, NO_DATA, Statement("naming.cognition.no_list", values))
    missing = heavy[~heavy["reason"].isin(listed)].sort_values("now", ascending=False)
    told = heavy if missing.empty else missing
    shares: dict[str, Any] = {"share": float(told["now"].sum()), "before": float(told["before"].sum())}
    values = {**shares, "reasons": [{reason: name} for name in told["reason"]]}
    verdict, key = (REFUTES, "listed") if missing.empty else (SUPPORTS, "unlisted")
    top = told.iloc[0]
    return Verdict(code, verdict, "share_of_loss", float(top["now"]), float(top["now_low"]), NAN, NAN, NAN,
                   Statement(f"naming.cognition.{key}", values))  # fmt: skip


SIMPLE: Mapping[str, Callable[[Evidence], Verdict]] = {
    ARTEFACT: artefact,
    "execution": execution,
    "communication": communication,
    "design": design,
}
