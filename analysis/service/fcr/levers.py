"""What could be done where customers come back most? The reason most points are lost for there, and its remedies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.estimate import WITHHELD_BELOW
from data_access.selection import Selection
from data_access.semantics import SCORE
from data_access.taxonomy import NOT_STATED, load_taxonomy
from data_access.taxonomy_entries import Reason
from data_access.warehouse import Warehouse

MOST = 5  # segments, the lowest
EACH = 2  # remedies of one segment
LEVERS = ["segment", "value", "reason", "n", "power", "owner", "remedy"]


def levers(warehouse: Warehouse, selection: Selection, by: Sequence[str], table: pd.DataFrame) -> pd.DataFrame:
    """Rows for the lowest segments (first in the table): reason, who can act, remedies of the taxonomy.

    Nothing where nobody is asked for reasons, or nothing is cut by.
    """
    reasons, model = list(warehouse.model.reasons), warehouse.model
    if not by or not reasons or SCORE not in model.metrics or set(by) & set(reasons):
        return pd.DataFrame()
    asked = warehouse.cells(SCORE, [*by, reasons[0]], selection.period, selection.filters, lost_only=True).rows
    lost = (model.metrics[SCORE].kind.high - asked["wx"] / asked["w"]) * asked["w"] * asked["part"]
    asked = asked.assign(lost=lost, segment=list(zip(*(asked[name] for name in by), strict=True)))
    rows = [
        row
        for known in table[table["verdict"] != "better"].head(MOST).to_dict("records")
        for row in _of_segment(
            known, asked[asked["segment"].map(lambda s, own=known["segment"]: s == own)], reasons[0]
        )
    ]
    return pd.DataFrame(rows, columns=LEVERS)


def _of_segment(known: dict[Any, Any], asked: pd.DataFrame, reason: str) -> list[dict[str, Any]]:
    taxonomy = load_taxonomy()
    sums = asked.groupby(reason)[["lost", "n"]].sum().sort_values("lost", ascending=False)
    for raw, row in sums.iterrows():
        code = taxonomy.reason_for(str(raw))
        entry = taxonomy.entry("reason", code) if code and code != NOT_STATED else None
        if not isinstance(entry, Reason) or row["n"] < WITHHELD_BELOW:
            continue
        remedies = dict.fromkeys(r.code for cause in entry.causes for r in taxonomy.remedies_for(cause))
        about = {"segment": known["segment"], "value": known["value"], "reason": code, "n": float(row["n"]),
                 "power": entry.power, "owner": entry.owner}  # fmt: skip
        return [{**about, "remedy": remedy} for remedy in list(remedies)[:EACH]]
    return []
