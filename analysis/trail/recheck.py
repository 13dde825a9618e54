"""Is recorded evidence still valid? The number, score and loss of its contacts in the current data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.result import Method, Result, Statement, Unit
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.statement import BadInput
from data_access.warehouse import Warehouse


def recheck(warehouse: Warehouse, selection: Selection, *, contact_ids: Sequence[str]) -> Result:
    """The contacts of these ids that pass the selection's filters; its period does not matter.

    statistics: given (ids), n (found), missing, answered (of those found), score (their plain mean), lost_points (its
    distance from the best), lost_raw (the sum on the raw scale); NaN where none answered. One row per id: contact_id,
    found, time, score, lost. Raises BadInput where no id is given, too many are, or the model names none.
    """
    ids = list(dict.fromkeys(contact_ids))
    if not ids:
        raise BadInput("trail.no_ids")
    metric = warehouse.model.measure(selection.metric)
    answer = warehouse.given(selection.metric, ids, selection.filters)
    table = _table(answer.rows, ids, metric)
    statistics = _statistics(table, metric)
    return Result.of(
        warehouse,
        selection,
        metric,
        "contact_evidence",
        statistics=statistics,
        table=table,
        findings=_findings(statistics, metric.unit),
        how=Method(
            "contact_evidence", Statement("how.contact_evidence.formula", {"answered": statistics["answered"]})
        ),
        options={"contact_ids": tuple(ids)},
        sql=(answer.sql,),
    )


def _table(rows: pd.DataFrame, ids: Sequence[str], metric: Metric) -> pd.DataFrame:
    """One row per id, in the order given."""
    known = rows.drop_duplicates("contact").set_index("contact")
    listed = known.reindex(ids)
    score = metric.slope * listed["x"].to_numpy(dtype=float) + metric.offset
    columns = {"contact_id": ids, "found": [i in known.index for i in ids], "time": listed["time"].to_numpy()}
    return pd.DataFrame(columns | {"score": score, "lost": metric.lost(score)})


def _statistics(table: pd.DataFrame, metric: Metric) -> dict[str, Any]:
    lost = table["lost"].dropna()
    return {
        "given": len(table),
        "n": int(table["found"].sum()),
        "missing": int((~table["found"]).sum()),
        "answered": int(table["score"].notna().sum()),
        "score": float(table["score"].mean()),
        "lost_points": float(lost.mean()),
        "lost_raw": float(lost.sum() / abs(metric.slope)) if len(lost) else float("nan"),
    }


def _findings(statistics: dict[str, Any], unit: Unit) -> tuple[Statement, ...]:
    """Their current score, and how many are missing."""
    values = {"n": statistics["n"], "answered": statistics["answered"], "score": statistics["score"], "unit": unit}
    statements = [Statement("trail.recheck" if statistics["answered"] else "trail.recheck_unanswered", values)]
    if statistics["missing"]:
        statements.append(
            Statement("trail.missing", {"missing": statistics["missing"], "given": statistics["given"]})
        )
    return tuple(statements)
