"""Which of the five experience gaps do the data support, and which refute? In order of elimination."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.diagnosis.cognition import cognition
from analysis.diagnosis.comparator import PathComparison
from analysis.diagnosis.evidence import Evidence, examine
from analysis.diagnosis.gap_verdicts import SIMPLE, perception
from analysis.diagnosis.reasons import reason_of, reasons_in_both_periods
from analysis.diagnosis.strata import Sample
from analysis.diagnosis.verdict import SUPPORTS, Verdict
from analysis.limits import within_limits
from analysis.result import Method, Result, Statement
from analysis.trace.path import plain
from data_access.selection import Filter, Selection
from data_access.taxonomy import load_taxonomy
from data_access.warehouse import Warehouse

COLUMNS = ["code", "verdict", "statistic", "value", "low", "high", "p", "n"]


@within_limits
def gaps(
    warehouse: Warehouse, selection: Selection, *, path: Sequence[Filter] = (), listed: Sequence[str] | None = None
) -> Result:
    """A verdict on each gap, `artefact` first: supports, refutes, not_enough or no_data; with one finding for each.

    path: the location, one filter per step, within the selection's own filters. listed: reasons that have a plan or a
    target; None where this is not known. Parts: contrasts, units, standards, rules, reasons: what was compared.
    Raises NothingToShow when the path has no answers, BadInput for a name that the model does not know.
    """
    return gaps_from(examine(warehouse, selection, path), listed=listed)


def gaps_from(evidence: Evidence, *, listed: Sequence[str] | None = None) -> Result:
    """`gaps` from evidence already gathered."""
    warehouse, selection, path = evidence.scope.warehouse, evidence.scope.selection, evidence.path
    baseline = Sample(evidence.scope.own.selection, selection.baseline)
    reasons, queries = reasons_in_both_periods(warehouse, baseline, evidence.reasons.all_reasons, path)
    verdicts = _verdicts(evidence, reasons, listed)
    table = pd.DataFrame([[getattr(v, c) for c in COLUMNS] for v in verdicts], columns=COLUMNS)
    supported = table.loc[(table["verdict"] == SUPPORTS) & (table["code"] != verdicts[0].code), "code"]
    scope = evidence.scope
    return Result.of(
        warehouse,
        selection,
        scope.metric,
        "gaps",
        statistics={
            "supported": next(iter(supported), ""),
            "loss": evidence.loss.standardised.value if evidence.loss else float("nan"),
            "n": evidence.comparisons[0].standardised.n if evidence.comparisons else float("nan"),
        },
        table=table,
        findings=tuple(v.finding for v in verdicts),
        caveats=_caveats(evidence),
        how=Method("gaps", Statement("how.gaps.formula", {"smallest": scope.smallest, "unit": scope.metric.unit}),
                   (Statement("how.gaps.order"), Statement("how.gaps.limits"))),
        options={"path": plain(path), **({} if listed is None else {"listed": tuple(listed)})},
        parts=_parts(evidence, reasons),
        sql=(*evidence.sql, *queries),
    )  # fmt: skip


def _verdicts(e: Evidence, reasons: pd.DataFrame | None, listed: Sequence[str] | None) -> list[Verdict]:
    verdicts = {code: judge(e) for code, judge in SIMPLE.items()}
    verdicts["perception"] = perception(e, verdicts["design"].verdict)
    reason = reason_of(e.scope.warehouse, e.path)
    verdicts["cognition"] = cognition(reasons, listed, reason.name if reason else "")
    order = ["artefact", *(gap.code for gap in load_taxonomy().gaps)]
    return [verdicts[code] for code in order if code in verdicts]


def _caveats(e: Evidence) -> tuple[Statement, ...]:
    statements = []
    if len(e.path) > len(e.scope.path):
        statements.append(Statement("naming.caveat.reason_aside"))
    if e.standards and e.standards.sampled:
        statements.append(Statement("naming.caveat.sampled"))
    if not e.rules.has_calendar:
        statements.append(Statement("naming.caveat.no_calendar"))
    if e.scope.warehouse.model.cluster is None:
        statements.append(Statement("naming.caveat.no_units"))
    return (*statements, Statement("naming.caveat.not_proof"))


def _parts(e: Evidence, reasons: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    parts = {"contrasts": pd.DataFrame([_contrast(r, r is e.loss) for r in e.comparisons])}
    if e.units is not None:
        parts["units"] = e.units.table
    if e.standards is not None:
        parts["standards"] = e.standards.table
    if not e.rules.table.empty:
        parts["rules"] = e.rules.table
    if reasons is not None:
        parts["reasons"] = reasons
    return parts


def _contrast(r: PathComparison, shown: bool) -> dict[str, object]:
    return {
        "kind": r.kind,
        "dimension": r.dimension,
        "alike": r.strata,
        "n": r.standardised.n,
        "n_other": r.standardised.n_other,
        "crude": r.crude.value,
        "held": r.standardised.value,
        "low": r.standardised.interval.low,
        "high": r.standardised.interval.high,
        "p": r.standardised.p,
        "covered": r.standardised.covered,
        "shown": shown,
    }
