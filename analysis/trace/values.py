"""Which values can a step have? All members of a dimension, with the share of the path's loss each would keep."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.estimate import WITHHELD_BELOW
from analysis.limits import within_limits
from analysis.not_recorded import set_apart
from analysis.own_order import in_own_order
from analysis.result import Method, Result, Statement
from analysis.trace.members import Members, ask_losses, members_of, reasons_of
from analysis.trace.path import checked, plain
from data_access.selection import Filter, Selection
from data_access.semantics import Dimension, Reason
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse


@within_limits
def step_values(warehouse: Warehouse, selection: Selection, path: Sequence[Filter], dimension: str) -> Result:
    """A row for each member of a dimension or reason among the contacts at the end of a path.

    table: segment (the member, as in `contribution`), n, share (of the answers; of what was named for a reason), kept
    (of the path's loss) with 95 % interval, index = kept / share, NaN for fewer than 10 answers. Numbers and ordered
    members come in their order, others most lost first. Raises BadInput for an unknown dimension, NothingToShow
    without an answer.
    """
    path, chosen = checked(warehouse, path), warehouse.model.dimension(dimension)
    metric, reason = warehouse.model.metric(selection.metric), isinstance(chosen, Reason)
    (whole,) = ask_losses(warehouse, selection, path, [()])
    if whole.rows.empty:
        raise NothingToShow("selection.empty")
    (cut,) = ask_losses(warehouse, selection, path, [(dimension,)], lost_only=reason)
    table = _table((reasons_of if reason else members_of)(cut, whole), chosen)
    few = int(((table["n"] > 0) & (table["n"] < WITHHELD_BELOW)).sum())
    return Result.of(
        warehouse,
        selection,
        metric,
        "members",
        statistics={"n": float(table["n"].sum()), "members": len(table)},
        table=table,
        caveats=(Statement("caveat.withheld", {"segments": few}),) if few else (),
        how=Method("members", Statement("how.trace.members"), (Statement("how.trace.interval"),)),
        options={"by": (dimension,), "path": plain(path)},
        sql=(whole.sql, cut.sql),
    )


def _table(m: Members, dimension: Dimension) -> pd.DataFrame:
    columns = {"n": m.n, "share": m.share, "kept": m.kept, "kept_low": m.low, "kept_high": m.high, "index": m.index}
    table = pd.DataFrame(columns)
    table.insert(0, "segment", pd.Series([(value,) for value in m.values], dtype=object))
    by_loss = set_apart(table.sort_values(["kept", "n"], ascending=False, kind="stable"))
    return in_own_order(by_loss, [dimension])
