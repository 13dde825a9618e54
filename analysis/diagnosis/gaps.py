"""Which of the five experience gaps do the data speak for, and which against? Asked in order of elimination."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.diagnosis.comparator import SMALLEST, Reference
from analysis.diagnosis.evidence import Evidence, examine
from analysis.diagnosis.reasons import both_periods, reason_of
from analysis.diagnosis.sides import Side
from analysis.diagnosis.verdicts import SIMPLE, SUPPORTS, Verdict, cognition, perception
from analysis.result import Method, Result, Statement
from data_access.selection import Filter, Selection
from data_access.taxonomy import load_taxonomy
from data_access.warehouse import Warehouse

COLUMNS = ["code", "verdict", "statistic", "value", "low", "high", "p", "n"]


def gaps(
    warehouse: Warehouse, selection: Selection, *, path: Sequence[Filter] = (), listed: Sequence[str] | None = None
) -> Result:
    """A verdict on each gap, `artefact` first: supports, refutes, not_enough or no_data; with one finding for each.

    path: the location, one filter a step; the selection's own filters are the whole. listed: reasons that have a plan
    or a target; None when nobody said which. Parts: contrasts, units, standards, rules, reasons: what was compared.
    Raises NothingToShow when the path holds no answers, BadInput for a name that the model does not know.
    """
    return gaps_from(examine(warehouse, selection, path), listed=listed)


def gaps_from(evidence: Evidence, *, listed: Sequence[str] | None = None) -> Result:
    """`gaps` from evidence that has been gathered already."""
    warehouse, selection, path = evidence.ground.warehouse, evidence.ground.selection, evidence.path
    before = Side(evidence.ground.own.selection, selection.baseline)
    reasons, asked = both_periods(warehouse, before, evidence.behind.every, path)
    verdicts = _verdicts(evidence, reasons, listed)
    table = pd.DataFrame([[getattr(v, c) for c in COLUMNS] for v in verdicts], columns=COLUMNS)
    supported = table.loc[(table["verdict"] == SUPPORTS) & (table["code"] != verdicts[0].code), "code"]
    return Result.of(
        warehouse,
        selection,
        evidence.ground.metric,
        "gaps",
        statistics={
            "supported": next(iter(supported), ""),
            "loss": evidence.shown.held.value if evidence.shown else float("nan"),
            "n": evidence.found[0].held.n if evidence.found else float("nan"),
        },
        table=table,
        findings=tuple(v.finding for v in verdicts),
        caveats=_caveats(evidence),
        how=Method("gaps", Statement("how.gaps.formula", {"smallest": SMALLEST, "unit": evidence.ground.metric.unit}),
                   (Statement("how.gaps.order"), Statement("how.gaps.limits"))),
        options={"path": named(path), **({} if listed is None else {"listed": tuple(listed)})},
        parts=_parts(evidence, reasons),
        sql=(*evidence.sql, *asked),
    )  # fmt: skip


def named(path: Sequence[Filter]) -> tuple[tuple[str, tuple[str | None, ...]], ...]:
    """A path as plain values."""
    return tuple((step.dimension, tuple(step.values)) for step in path)


def _verdicts(e: Evidence, reasons: pd.DataFrame | None, listed: Sequence[str] | None) -> list[Verdict]:
    found = {code: judge(e) for code, judge in SIMPLE.items()}
    found["perception"] = perception(e, found["design"].verdict)
    reason = reason_of(e.ground.warehouse, e.path)
    found["cognition"] = cognition(reasons, listed, reason.name if reason else "")
    order = ["artefact", *(gap.code for gap in load_taxonomy().gaps)]
    return [found[code] for code in order if code in found]


def _caveats(e: Evidence) -> tuple[Statement, ...]:
    found = []
    if len(e.path) > len(e.ground.path):
        found.append(Statement("naming.caveat.reason_aside"))
    if e.standards and e.standards.sampled:
        found.append(Statement("naming.caveat.sampled"))
    if not e.rules.has_calendar:
        found.append(Statement("naming.caveat.no_calendar"))
    if e.ground.warehouse.model.cluster is None:
        found.append(Statement("naming.caveat.no_units"))
    return (*found, Statement("naming.caveat.not_proof"))


def _parts(e: Evidence, reasons: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    found = {"contrasts": pd.DataFrame([_contrast(r, r is e.shown) for r in e.found])}
    if e.spread is not None:
        found["units"] = e.spread.table
    if e.standards is not None:
        found["standards"] = e.standards.table
    if not e.rules.table.empty:
        found["rules"] = e.rules.table
    if reasons is not None:
        found["reasons"] = reasons
    return found


def _contrast(r: Reference, shown: bool) -> dict[str, object]:
    return {
        "kind": r.kind, "dimension": r.dimension, "alike": r.strata, "n": r.held.n, "n_other": r.held.n_other,
        "crude": r.crude.value, "held": r.held.value, "low": r.held.interval.low, "high": r.held.interval.high,
        "p": r.held.p, "covered": r.held.covered, "shown": shown,
    }  # fmt: skip
