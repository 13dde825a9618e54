"""In whose power do the lost points lie? Reasons gathered by who can act on them.

The user's own list (a lookup table of the warehouse) decides; without one, reasons map to the taxonomy by alias.
"""

from __future__ import annotations

import pandas as pd

from analysis.contribution import contribution
from analysis.result import Result, Statement
from data_access.selection import Selection
from data_access.semantics import Reason
from data_access.statement import BadInput
from data_access.taxonomy import load_taxonomy
from data_access.warehouse import Warehouse

CENTRE, UNSTATED = "centre", "unstated"


def by_power(warehouse: Warehouse, selection: Selection, *, reason: str) -> Result:
    """Lost points by power; the table has segment, n, share, lost_points, contribution, most first.

    Part `reasons` says which power each reason was given (columns reason, power). Raises BadInput when `reason` is
    none, NothingToShow without an answer.
    """
    chosen = warehouse.model.dimension(reason)
    if not isinstance(chosen, Reason):
        raise BadInput("powers.no_reason", name=reason)
    reasons = contribution(warehouse, selection, by=(reason,))
    names = [segment[0] for segment in reasons.table["segment"]]
    powers = _powers(warehouse, chosen, names)
    table = reasons.table.assign(power=powers)
    summed = table.groupby("power", sort=False)[["n", "share", "lost_points", "contribution"]].sum()
    summed = summed.sort_values("lost_points", ascending=False, kind="stable").reset_index()
    summed.insert(0, "segment", [(power,) for power in summed.pop("power")])
    summed["cumulative"] = summed["contribution"].cumsum()
    return Result(
        method="powers",
        metric=reasons.metric,
        unit=reasons.unit,
        selection=selection,
        data_version=reasons.data_version,
        statistics=reasons.statistics,
        table=summed,
        findings=_findings(summed),
        caveats=(Statement("caveat.power"),),
        options={"by": ("power",), "reason": reason},
        parts={"reasons": pd.DataFrame({"reason": names, "power": powers})},
        sql=reasons.sql,
    )


def _powers(warehouse: Warehouse, reason: Reason, names: list[str | None]) -> list[str]:
    own = warehouse.powers(reason.name)
    listed = {} if own is None else dict(zip(own["reason"].astype(str), own["power"].astype(str), strict=True))
    taxonomy = load_taxonomy()
    found = []
    for name in names:
        code = None if name == reason.not_stated else taxonomy.reason_for(name)
        default = taxonomy.power_of(code) if code else None
        found.append(listed.get(str(name)) or default or UNSTATED)
    return found


def _findings(table: pd.DataFrame) -> tuple[Statement, ...]:
    if table["contribution"].isna().all():
        return (Statement("powers.nothing_lost"),)
    centre = table[[segment == (CENTRE,) for segment in table["segment"]]]
    (top,), share = table.iloc[0]["segment"], float(centre["contribution"].sum())
    values = {"contribution": share, "top": {"power": top}, "most": float(table.iloc[0]["contribution"])}
    return (Statement("powers.centre" if top == CENTRE else "powers.elsewhere", values),)
