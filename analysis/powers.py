"""Who can act on the lost points? Reasons grouped by whose power they are in.

The user's own list (a lookup table of the warehouse) decides; without one, reasons map to the taxonomy by alias.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.kept import Kept
from analysis.result import Result, Statement
from data_access.semantics import Reason
from data_access.statement import BadInput
from data_access.taxonomy import NOT_STATED, load_taxonomy
from data_access.warehouse import Warehouse

CENTRE = "centre"
UNSTATED, UNASSIGNED = "unstated", "unassigned"  # no reason was given; a reason that is on nobody's list
NOBODYS = (UNSTATED, UNASSIGNED)
MOST_ROWS = 10_000  # of lists of reasons, kept for one warehouse
_KEPT = Kept[pd.DataFrame | None](MOST_ROWS)
SUMMED = ["n", "share", "lost_points", "contribution"]


def by_power(reasons: Result) -> Result:
    """Lost points by power, grouped from lost points by reason; no query is run.

    The table has segment, n, share, lost_points, contribution, cumulative, largest first.
    Raises BadInput when `reasons` is not by a reason.
    """
    if "power" not in reasons.table:
        raise BadInput("powers.no_reason", name=", ".join(reasons.options["by"]))
    summed = reasons.table.groupby("power", sort=False)[SUMMED].sum()
    summed = summed.sort_values("lost_points", ascending=False, kind="stable").reset_index()
    summed.insert(0, "segment", [(power,) for power in summed.pop("power")])
    summed["cumulative"] = summed["contribution"].cumsum()
    return replace(
        reasons,
        method="powers",
        table=summed,
        findings=_findings(summed),
        caveats=(Statement("caveat.power"),),
        how=None,
        options={"by": ("power",), "of": reasons.options["by"]},
    )


def listed_powers(warehouse: Warehouse, reason: Reason) -> pd.DataFrame | None:
    """The user's own list, asked for once: every table of reasons needs it."""
    return _KEPT.of(
        warehouse, reason.name, lambda: warehouse.powers(reason.name), lambda rows: 1 if rows is None else len(rows)
    )


def powers_of(warehouse: Warehouse, reason: Reason, names: Sequence[str | None]) -> list[str]:
    """The power of each reason, as a code of the taxonomy or of the user's own list."""
    own = listed_powers(warehouse, reason)
    own = None if own is None else own.dropna(subset=["power"])
    listed = {} if own is None else dict(zip(own["reason"].astype(str), own["power"].astype(str), strict=True))
    taxonomy = load_taxonomy()
    powers = []
    for name in names:
        code = NOT_STATED if name == reason.not_stated else taxonomy.reason_for(name)
        default = taxonomy.power_of(code) if code else None
        powers.append(listed.get(str(name)) or default or UNASSIGNED)
    return powers


def _findings(table: pd.DataFrame) -> tuple[Statement, ...]:
    if table.empty or table["contribution"].isna().all():
        return (Statement("powers.nothing_lost"),)
    centre = table[np.array([segment == (CENTRE,) for segment in table["segment"]], dtype=bool)]
    (top,), share = table.iloc[0]["segment"], float(centre["contribution"].sum())
    values = {"contribution": share, "top": {"power": top}, "most": float(table.iloc[0]["contribution"])}
    return (Statement("powers.centre" if top == CENTRE else "powers.elsewhere", values),)
