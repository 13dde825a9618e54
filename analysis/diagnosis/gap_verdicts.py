"""Which gap do the data support? One verdict per gap, in the order of elimination, from the evidence gathered once.

A gap is supported only where the path is significantly worse than its comparator, by what matters: otherwise there is
nothing to name. At most one question in twenty finds such a loss where there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from analysis.diagnosis.comparator import PathComparison
from analysis.diagnosis.evidence import Evidence
from analysis.diagnosis.verdict import (
    NO_DATA,
    NOT_ENOUGH,
    REFUTES,
    SUPPORTS,
    Verdict,
    bound,
    comparator_values,
    gap_values,
    of_gap,
    without_number,
)
from analysis.result import Statement
from analysis.stats.intervals import NAN, SIGNIFICANCE

ARTEFACT = "artefact"
HALF = 0.5


def artefact(e: Evidence) -> Verdict:
    """Is there a loss at all, at the same mix and outside the expected range?"""
    if e.loss is not None:
        key = f"naming.artefact.real_{e.loss.kind}{'' if e.loss.strata else '_plain'}"
        finding = Statement(key, {**gap_values(e, e.loss.standardised), **comparator_values(e.loss)})
        return of_gap(ARTEFACT, REFUTES, f"{e.loss.kind}_within", e.loss.standardised, finding)
    for comparison in (r for r in (*e.comparisons[:1], e.siblings) if r is not None):
        if _is_mix(e, comparison):
            values = {**gap_values(e, comparison.standardised), **comparator_values(comparison)}
            return of_gap(ARTEFACT, SUPPORTS, f"{comparison.kind}_within", comparison.standardised,
                          Statement("naming.artefact.mix", values))  # fmt: skip
    return _no_loss(e)


def _is_mix(e: Evidence, comparison: PathComparison) -> bool:
    """Significantly worse, but at the same mix at most half of it is left, no longer significant."""
    crude, standardised = comparison.crude, comparison.standardised
    looked = e.scope.is_worse(crude.value) and crude.p < SIGNIFICANCE
    return bool(
        looked
        and standardised.known
        and standardised.p >= SIGNIFICANCE
        and e.scope.sign * standardised.value >= HALF * e.scope.sign * crude.value
    )


def _no_loss(e: Evidence) -> Verdict:
    comparison = e.comparisons[0] if e.comparisons else e.siblings
    if comparison is None:
        return without_number(ARTEFACT, NO_DATA, Statement("naming.artefact.nothing"))
    values, statistic = (
        {**gap_values(e, comparison.standardised), **comparator_values(comparison)},
        f"{comparison.kind}_within",
    )
    if e.within_range:
        known = e.expected
        values |= {"score": comparison.score, "low": known.interval.low, "high": known.interval.high}
        values |= {"periods": known.periods}
        return of_gap(
            ARTEFACT, SUPPORTS, statistic, comparison.standardised, Statement("naming.artefact.usual", values)
        )
    if max(abs(comparison.standardised.interval.low), abs(comparison.standardised.interval.high)) < e.scope.smallest:
        return of_gap(
            ARTEFACT, SUPPORTS, statistic, comparison.standardised, Statement("naming.artefact.small", values)
        )
    return of_gap(
        ARTEFACT, NOT_ENOUGH, statistic, comparison.standardised, Statement("naming.artefact.unclear", values)
    )


def execution(e: Evidence) -> Verdict:
    """Was the standard met? A few units carry the loss, a logged standard was missed, or checked errors cost."""
    code = "execution"
    if e.loss is None:
        return without_number(code, NOT_ENOUGH, Statement("naming.execution.no_loss"))
    if e.few and e.reasons.by_people:
        return _few(e, code)
    if e.missed:
        return _missed(e, code)
    if _errors_lower_the_score(e):
        assert e.standards is not None, "checked by `_errors_lower_the_score`"
        return of_gap(code, SUPPORTS, "failed_checks", e.standards.failed,
                      Statement("naming.execution.errors", gap_values(e, e.standards.failed)))  # fmt: skip
    if e.uniform:
        return _rest(e, code, REFUTES, Statement("naming.execution.alike", _rest_values(e)))
    return without_number(code, NOT_ENOUGH, Statement("naming.execution.unclear", _checks(e)))


def _few(e: Evidence, code: str) -> Verdict:
    assert e.loss is not None, "asked only where there is a loss"
    cluster = e.scope.warehouse.model.cluster
    values = {
        **gap_values(e, e.loss.standardised),
        **comparator_values(e.loss),
        "units": [{cluster: unit} for unit in e.few],
    }
    if e.names_units:
        return of_gap(
            code, SUPPORTS, "behind_peers", e.loss.standardised, Statement("naming.execution.peers", values)
        )
    assert e.units is not None, "units are few of those compared"
    values |= {"carried": e.units.carried, "share": e.units.few_share, "count": len(e.few)}
    values |= {"all": len(e.units.table)}
    finding = Statement("naming.execution.few", values)
    return Verdict(
        code=code,
        verdict=SUPPORTS,
        statistic="carried",
        value=e.units.carried,
        low=NAN,
        high=NAN,
        p=e.units.q_p,
        n=e.loss.standardised.n,
        finding=finding,
    )


def _missed(e: Evidence, code: str) -> Verdict:
    assert e.loss is not None and e.standards is not None, "a standard was missed"
    row = e.standards.missed
    assert row is not None, "a standard was missed"
    driver = e.scope.warehouse.model.drivers[e.missed]
    values = {"driver": {"dimension": e.missed}, "own": float(row["own"]), "other": float(row["other"])}
    values |= {"explained": float(row["explained"]), "p": float(row["p"]), "measure": driver.unit}
    finding = Statement("naming.execution.missed", {**values, "unit": "raw"})
    return Verdict(
        code=code,
        verdict=SUPPORTS,
        statistic="explained",
        value=float(row["explained"]),
        low=NAN,
        high=NAN,
        p=float(row["p"]),
        n=float(row["n"]),
        finding=finding,
    )


def _errors_lower_the_score(e: Evidence) -> bool:
    """Failed checks score lower by what matters, and units differ by more than chance."""
    failed = e.standards.failed if e.standards else None
    return bool(
        failed and failed.p < SIGNIFICANCE and e.scope.is_worse(failed.value)
        and e.units and e.units.q_p < SIGNIFICANCE
    )  # fmt: skip


def _checks(e: Evidence) -> dict[str, Any]:
    return {"checks": e.standards.checks if e.standards else 0}


def _rest_values(e: Evidence) -> dict[str, Any]:
    assert e.units is not None, "units were compared"
    rest = e.units.rest
    return {
        "value": rest.value, "low": rest.interval.low, "high": rest.interval.high, "unit": e.scope.metric.unit,
        "whole": e.units.whole, "units": len(e.units.table),
    }  # fmt: skip


def _rest(e: Evidence, code: str, verdict: str, finding: Statement) -> Verdict:
    assert e.units is not None and e.loss is not None, "units were compared"
    rest = e.units.rest
    return Verdict(
        code=code,
        verdict=verdict,
        statistic="rest_of_units",
        value=rest.value,
        low=rest.interval.low,
        high=rest.interval.high,
        p=rest.p,
        n=e.loss.standardised.n,
        finding=finding,
    )


def communication(e: Evidence) -> Verdict:
    """Was something else promised? Exposed customers against others, where the data say who was exposed."""
    code = "communication"
    if e.exposure is None:
        return without_number(code, NO_DATA, Statement("naming.communication.no_data"))
    gap = e.exposure.gap
    values = {**gap_values(e, gap), "by": {"dimension": e.exposure.dimension}}
    if e.loss and gap.p < SIGNIFICANCE and e.scope.is_worse(gap.value):
        return of_gap(code, SUPPORTS, "exposed", gap, Statement("naming.communication.exposed", values))
    if bound(e, gap) > -e.scope.smallest:
        return of_gap(code, REFUTES, "exposed", gap, Statement("naming.communication.same", values))
    return of_gap(code, NOT_ENOUGH, "exposed", gap, Statement("naming.communication.unclear", values))


def design(e: Evidence) -> Verdict:
    """Is the rule or flow itself disliked? All units share the loss, or it began at its date; no miss."""
    code = "design"
    if e.loss is None:
        return without_number(code, NOT_ENOUGH, Statement("naming.design.no_loss"))
    if (e.few and e.reasons.by_people) or e.missed:
        values = {"driver": {"dimension": e.missed}, **comparator_values(e.loss)}
        return without_number(code, REFUTES, Statement(f"naming.design.{'missed' if e.missed else 'few'}", values))
    if _passed_checks_score_alike(e):
        assert e.standards is not None, "checked by `_passed_checks_score_alike`"
        return of_gap(code, REFUTES, "passed_checks", e.standards.passed,
                      Statement("naming.design.passed", gap_values(e, e.standards.passed)))  # fmt: skip
    fell = e.rules.fell(e.scope)
    if fell is not None:
        return _at_date(e, code, fell)
    if e.uniform:
        return _rest(e, code, SUPPORTS, Statement("naming.design.alike", _rest_values(e)))
    if e.few:
        finding = Statement("naming.design.flow", {"units": [{e.scope.warehouse.model.cluster: u} for u in e.few]})
        return of_gap(code, SUPPORTS, f"{e.loss.kind}_within", e.loss.standardised, finding)
    return without_number(code, NOT_ENOUGH, Statement("naming.design.unclear"))


def _at_date(e: Evidence, code: str, fell: pd.Series) -> Verdict:
    values = {"rule": fell["id"], "day": fell["date"], "value": fell["difference"], "low": fell["low"]}
    values |= {"high": fell["high"], "unit": e.scope.metric.unit}
    if e.uniform:
        values |= {"units": len(e.units.table) if e.units else 0}
        finding = Statement("naming.design.rule_alike", values)
    else:
        finding = Statement("naming.design.rule", values)
    value, low, high, p, n = (float(fell[name]) for name in ("difference", "low", "high", "p_adjusted", "n1"))
    return Verdict(
        code=code, verdict=SUPPORTS, statistic="at_date", value=value, low=low, high=high, p=p, n=n, finding=finding
    )


def _passed_checks_score_alike(e: Evidence) -> bool:
    """Contacts that passed their checks lose significantly less than half of the loss."""
    if e.standards is None or e.loss is None or not e.standards.passed.known:
        return False
    return bound(e, e.standards.passed) > HALF * e.scope.sign * e.loss.standardised.value


def perception(e: Evidence, designed: str) -> Verdict:
    """Does the log disagree with the customer? Every standard met, still low, and not because of the rule."""
    code = "perception"
    if e.loss is None:
        return without_number(code, NOT_ENOUGH, Statement("naming.perception.no_loss"))
    if e.standards is None or not (e.standards.kept or e.missed):
        return without_number(code, NO_DATA, Statement("naming.perception.no_data"))
    within = e.standards.within
    values = {**gap_values(e, within), "drivers": [{"dimension": name} for name in e.standards.kept]}
    if e.missed:
        values |= {"driver": {"dimension": e.missed}}
        return without_number(code, REFUTES, Statement("naming.perception.missed", values))
    if within.known and bound(e, within) > -e.scope.smallest:
        return of_gap(code, REFUTES, "within_standards", within, Statement("naming.perception.holds", values))
    if not within.known:
        return without_number(code, NOT_ENOUGH, Statement("naming.perception.too_few", values))
    low = within.p < SIGNIFICANCE and e.scope.is_worse(within.value)
    if low and designed == REFUTES and not e.few:
        return of_gap(code, SUPPORTS, "within_standards", within, Statement("naming.perception.low", values))
    return of_gap(code, NOT_ENOUGH, "within_standards", within, Statement("naming.perception.unclear", values))


SIMPLE: Mapping[str, Callable[[Evidence], Verdict]] = {
    ARTEFACT: artefact,
    "execution": execution,
    "communication": communication,
    "design": design,
}
