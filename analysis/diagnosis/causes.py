"""Which types of cause do the reasons behind a path suggest, what do the data say about each, and who owns them?

A reason gives its lost points (in excess of those of the comparison contacts) to the causes it may have, the most
likely first. Supported causes come first, then undecided ones, then refuted ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.diagnosis.cause_tests import cause_test
from analysis.diagnosis.evidence import Evidence, examine
from analysis.diagnosis.gap_verdicts import ARTEFACT
from analysis.diagnosis.reasons import reason_of
from analysis.diagnosis.verdict import NO_DATA, NOT_ENOUGH, REFUTES, SUPPORTS
from analysis.limits import within_limits
from analysis.powers import UNSTATED
from analysis.result import Method, Result, Statement
from analysis.trace.path import plain
from data_access.selection import Filter, Selection
from data_access.statement import BadInput
from data_access.taxonomy import load_taxonomy
from data_access.warehouse import Warehouse

COLUMNS = ["code", "weight", "verdict", "statistic", "value", "low", "high", "p", "power", "owners", "reasons"]
ORDER = {SUPPORTS: 0, NOT_ENOUGH: 1, NO_DATA: 1, REFUTES: 2}
NAMED = 3  # reasons listed for each cause


@within_limits
def cause_types(warehouse: Warehouse, selection: Selection, *, path: Sequence[Filter] = ()) -> Result:
    """Types of cause, the most likely first; one row each.

    weight: share of the lost points whose reasons suggest it (sum 1; 0 for `artefact`, which needs no reason).
    verdict as in `gaps`, with the statistic behind it; power: who can act on the lost points that suggest it; owners:
    codes it is routed to; reasons: those that suggest it most. Statistics: top, power, supported, n.
    Raises BadInput for a model without reasons or an unknown name, NothingToShow for a path without answers.
    """
    return cause_types_from(examine(warehouse, selection, path))


def cause_types_from(evidence: Evidence) -> Result:
    """`cause_types` from evidence already gathered."""
    warehouse, selection, path = evidence.scope.warehouse, evidence.scope.selection, evidence.path
    if reason_of(warehouse, path) is None:
        raise BadInput("naming.no_reason")
    table = _table(evidence)
    top = table[table["code"] != ARTEFACT].head(1)
    return Result.of(
        warehouse,
        selection,
        evidence.scope.metric,
        "cause_types",
        statistics=_statistics(evidence, table, top),
        table=table,
        findings=_findings(evidence, table, top),
        caveats=(Statement("naming.caveat.suggested"), Statement("caveat.power")),
        how=Method("cause_types", Statement("how.cause_types.formula"), (Statement("how.cause_types.evidence"),)),
        options={"path": plain(path)},
        parts={"reasons": evidence.reasons.table},
        sql=evidence.sql,
    )


def _table(e: Evidence) -> pd.DataFrame:
    rows = [_row(e, code, weight) for code, weight in e.reasons.causes.items() if weight > 0]
    table = pd.DataFrame([*rows, _row(e, ARTEFACT, 0.0)], columns=COLUMNS)
    place = table["verdict"].map(ORDER)
    return table.assign(place=place).sort_values(["place", "weight"], ascending=[True, False], kind="stable",
                                                 ignore_index=True)[COLUMNS]  # fmt: skip


def _row(e: Evidence, code: str, weight: float) -> list[Any]:
    test, reasons = cause_test(code, e), _suggesting(e, code)
    powers = reasons.groupby("power", sort=False)["excess"].sum()
    power = str(powers.idxmax()) if len(powers) else UNSTATED
    return [
        code, weight, test.verdict, test.statistic, test.value, test.low, test.high, test.p, power,
        load_taxonomy().owners_for(code), tuple(reasons["reason"].head(NAMED)),
    ]  # fmt: skip


def _suggesting(e: Evidence, code: str) -> pd.DataFrame:
    """Reasons that a cause may explain, those with the largest excess first."""
    causes = {reason.code: reason.causes for reason in load_taxonomy().reasons}
    table = e.reasons.table
    suggests = [isinstance(c, str) and code in causes.get(c, ()) for c in table["code"]]
    own = table[np.array(suggests, dtype=bool)]  # an empty list would choose no columns instead of no rows
    return own[own["excess"] > 0].sort_values("excess", ascending=False, kind="stable")


def _statistics(e: Evidence, table: pd.DataFrame, top: pd.DataFrame) -> Mapping[str, Any]:
    return {
        "top": "" if top.empty else top.iloc[0]["code"],
        "power": UNSTATED if top.empty else top.iloc[0]["power"],
        "supported": int((table.loc[table["code"] != ARTEFACT, "verdict"] == SUPPORTS).sum()),
        "n": e.comparisons[0].standardised.n if e.comparisons else float("nan"),
    }


def _findings(e: Evidence, table: pd.DataFrame, top: pd.DataFrame) -> tuple[Statement, ...]:
    if top.empty:
        return (Statement("naming.cause.none"),)
    statements = [Statement(f"naming.cause.top_{top.iloc[0]['verdict']}", _values(e, top.iloc[0]))]
    against = table[(table["verdict"] == REFUTES) & (table["code"] != ARTEFACT)]
    if not against.empty and top.iloc[0]["verdict"] != REFUTES:
        refuted = [{"cause_type": code} for code in against["code"].head(NAMED)]
        statements.append(Statement("naming.cause.refuted", {"causes": refuted}))
    artefact = table[(table["code"] == ARTEFACT) & (table["verdict"] == SUPPORTS)]
    return (Statement("naming.cause.artefact"), *statements) if len(artefact) else tuple(statements)


def _values(e: Evidence, row: pd.Series) -> dict[str, Any]:
    reason = reason_of(e.scope.warehouse, e.path)
    assert reason is not None, "asked at the beginning"
    return {
        "cause": {"cause_type": row["code"]}, "weight": row["weight"], "power": {"power": row["power"]},
        "owners": [{"owner": code} for code in row["owners"]],
        "reasons": [{reason.name: name} for name in row["reasons"]],
    }  # fmt: skip
