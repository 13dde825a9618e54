"""Which types of cause do the reasons behind a path suggest, what do the data say of each, and whose are they?

A reason lends its lost points (beyond those of the contacts that the path is held against) to the causes it may have,
the likeliest first. What the data support comes before what they leave open, and that before what they refute.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.diagnosis.cause_tests import tested
from analysis.diagnosis.evidence import Evidence, examine
from analysis.diagnosis.gaps import named
from analysis.diagnosis.reasons import reason_of
from analysis.diagnosis.verdicts import ARTEFACT, NO_DATA, NOT_ENOUGH, REFUTES, SUPPORTS
from analysis.powers import UNSTATED
from analysis.result import Method, Result, Statement
from data_access.selection import Filter, Selection
from data_access.statement import BadInput
from data_access.taxonomy import load_taxonomy
from data_access.warehouse import Warehouse

COLUMNS = ["code", "weight", "verdict", "statistic", "value", "low", "high", "p", "power", "owners", "reasons"]
ORDER = {SUPPORTS: 0, NOT_ENOUGH: 1, NO_DATA: 1, REFUTES: 2}
NAMED = 3  # reasons told of each cause


def cause_types(warehouse: Warehouse, selection: Selection, *, path: Sequence[Filter] = ()) -> Result:
    """Types of cause, the likeliest first; one row each.

    weight: part of the lost points whose reasons suggest it (sum 1; none for `artefact`, which needs no reason).
    verdict as in `gaps`, with the number it rests on; power: whose the lost points are that suggest it; owners: codes
    it is routed to; reasons: those that suggest it most. Statistics: top, power, supported, n.
    Raises BadInput for a model without reasons or an unknown name, NothingToShow for a path without answers.
    """
    return cause_types_from(examine(warehouse, selection, path))


def cause_types_from(evidence: Evidence) -> Result:
    """`cause_types` from evidence that has been gathered already."""
    warehouse, selection, path = evidence.ground.warehouse, evidence.ground.selection, evidence.path
    if reason_of(warehouse, path) is None:
        raise BadInput("naming.no_reason")
    table = _table(evidence)
    top = table[table["code"] != ARTEFACT].head(1)
    return Result.of(
        warehouse,
        selection,
        evidence.ground.metric,
        "cause_types",
        statistics=_statistics(evidence, table, top),
        table=table,
        findings=_findings(evidence, table, top),
        caveats=(Statement("naming.caveat.suggested"), Statement("caveat.power")),
        how=Method("cause_types", Statement("how.cause_types.formula"), (Statement("how.cause_types.evidence"),)),
        options={"path": named(path)},
        parts={"reasons": evidence.behind.table},
        sql=evidence.sql,
    )


def _table(e: Evidence) -> pd.DataFrame:
    rows = [_row(e, code, weight) for code, weight in e.behind.causes.items() if weight > 0]
    table = pd.DataFrame([*rows, _row(e, ARTEFACT, 0.0)], columns=COLUMNS)
    place = table["verdict"].map(ORDER)
    return table.assign(place=place).sort_values(["place", "weight"], ascending=[True, False], kind="stable",
                                                 ignore_index=True)[COLUMNS]  # fmt: skip


def _row(e: Evidence, code: str, weight: float) -> list[Any]:
    found, reasons = tested(code, e), _suggesting(e, code)
    powers = reasons.groupby("power", sort=False)["excess"].sum()
    power = str(powers.idxmax()) if len(powers) else UNSTATED
    return [
        code, weight, found.verdict, found.statistic, found.value, found.low, found.high, found.p, power,
        load_taxonomy().owners_for(code), tuple(reasons["reason"].head(NAMED)),
    ]  # fmt: skip


def _suggesting(e: Evidence, code: str) -> pd.DataFrame:
    """Reasons that may have a cause, those that lose most beyond the others first."""
    causes = {reason.code: reason.causes for reason in load_taxonomy().reasons}
    table = e.behind.table
    own = table[[code in causes.get(c, ()) if isinstance(c, str) else False for c in table["code"]]]
    return own[own["excess"] > 0].sort_values("excess", ascending=False, kind="stable")


def _statistics(e: Evidence, table: pd.DataFrame, top: pd.DataFrame) -> Mapping[str, Any]:
    return {
        "top": "" if top.empty else top.iloc[0]["code"],
        "power": UNSTATED if top.empty else top.iloc[0]["power"],
        "supported": int((table.loc[table["code"] != ARTEFACT, "verdict"] == SUPPORTS).sum()),
        "n": e.found[0].held.n if e.found else float("nan"),
    }


def _findings(e: Evidence, table: pd.DataFrame, top: pd.DataFrame) -> tuple[Statement, ...]:
    if top.empty:
        return (Statement("naming.cause.none"),)
    found = [Statement(f"naming.cause.top_{top.iloc[0]['verdict']}", _values(e, top.iloc[0]))]
    against = table[(table["verdict"] == REFUTES) & (table["code"] != ARTEFACT)]
    if not against.empty and top.iloc[0]["verdict"] != REFUTES:
        told = [{"cause_type": code} for code in against["code"].head(NAMED)]
        found.append(Statement("naming.cause.refuted", {"causes": told}))
    artefact = table[(table["code"] == ARTEFACT) & (table["verdict"] == SUPPORTS)]
    return (Statement("naming.cause.artefact"), *found) if len(artefact) else tuple(found)


def _values(e: Evidence, row: pd.Series) -> dict[str, Any]:
    reason = reason_of(e.ground.warehouse, e.path)
    assert reason is not None, "asked at the beginning"
    return {
        "cause": {"cause_type": row["code"]}, "weight": row["weight"], "power": {"power": row["power"]},
        "owners": [{"owner": code} for code in row["owners"]],
        "reasons": [{reason.name: name} for name in row["reasons"]],
    }  # fmt: skip
