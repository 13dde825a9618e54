"""How low can the rate of bad ratings go in our own power alone? What others must do is said beside it.

A bad rating lies in the power of its reasons, in equal parts where it names several. If all in our own power were
solved and nothing else, the rate would be rate x (1 - own share): no plan of ours alone gets below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analysis.diagnosis.reasons import lost_by_reason, reason_of
from analysis.estimate import ask, estimate
from analysis.limits import within_limits
from analysis.powers import CENTRE, NOBODYS, by_power
from analysis.result import Method, Result, Statement
from analysis.trace.path import plain, without_reasons
from data_access.selection import Filter, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

COLUMNS = ["power", "share", "rate_part", "lost_share"]
REACHABLE, NOT_REACHABLE = "reachable", "not_reachable"


@within_limits
def attainable(
    warehouse: Warehouse, selection: Selection, *, path: Sequence[Filter] = (), target: float | None = None
) -> Result:
    """The rate of bad ratings now, the target, and how far our own power alone reaches.

    target: a rate, 0..100; without one, what the rate was in the baseline. Table, one row a power, most bad ratings
    first: share of the bad ratings, rate_part (what it makes of the rate), lost_share (of all lost points).
    Statistics: rate, low, high, target, own_share, own_lost, floor (the lowest rate in our own power), attainable
    (part of the distance to the target), verdict.
    Raises BadInput for a target that is no rate, or a model without bad ratings or reasons.
    """
    if target is not None and not 0 <= target <= 100:
        raise BadInput("naming.bad_target", target=target)
    reason = reason_of(warehouse, path)
    if reason is None:
        raise BadInput("naming.no_reason")
    *_, worst = warehouse.model.ends_of(warehouse.model.metric(selection.metric)).values()
    if worst not in warehouse.model.metrics:
        raise BadInput("naming.no_bad_rating")
    where = replace(selection.within(without_reasons(warehouse.model, path)), baseline=None)
    bad = lost_by_reason(warehouse, replace(where, metric=worst), reason)
    lost = lost_by_reason(warehouse, where, reason)
    table = _table(by_power(bad).table, by_power(lost).table)
    aim = _before(warehouse, replace(where, metric=worst), selection) if target is None else target
    statistics = _statistics(table, {n: float(bad.statistics[n]) for n in ("score", "low", "high", "n")}, aim)
    return Result.of(
        warehouse,
        selection,
        warehouse.model.metric(worst),
        "attainable",
        statistics=statistics,
        table=table,
        findings=_findings(table, statistics, back=target is None),
        caveats=_caveats(table, aside=len(without_reasons(warehouse.model, path)) < len(path)),
        how=Method("attainable", Statement("how.attainable.formula", statistics),
                   (Statement("how.attainable.parts"),)),
        options={"path": plain(path), "target": target},
        sql=(*bad.sql, *lost.sql),
    )  # fmt: skip


def _before(warehouse: Warehouse, where: Selection, selection: Selection) -> float:
    """The rate of the same contacts in the baseline. Raises BadInput without one."""
    if selection.baseline is None:
        raise BadInput("change.no_baseline")
    before = estimate(ask(warehouse, where, (), selection.baseline).rows, warehouse.model.metric(where.metric))
    if before.value != before.value:
        raise NothingToShow("selection.empty_period", period=selection.baseline)
    return before.value


def _table(bad: pd.DataFrame, lost: pd.DataFrame) -> pd.DataFrame:
    frames = [frame.assign(power=[segment[0] for segment in frame["segment"]]) for frame in (bad, lost)]
    other = frames[1].set_index("power")["contribution"]
    parts = frames[0].set_index("power")[["contribution", "lost_points"]].set_axis(["share", "rate_part"], axis=1)
    parts = parts.join(other.rename("lost_share"), how="outer").fillna(0.0)
    return parts.sort_values("share", ascending=False, kind="stable").reset_index()[COLUMNS]


def _statistics(table: pd.DataFrame, bad: dict[str, float], target: float) -> dict[str, float | str]:
    own = table.set_index("power").reindex([CENTRE]).fillna(0.0).iloc[0]
    rate = bad["score"]
    floor = rate * (1 - float(own["share"]))
    part = 1.0 if rate <= target else (rate - max(floor, target)) / (rate - target)
    return {
        "rate": rate, "low": bad["low"], "high": bad["high"], "n": bad["n"], "target": target,
        "own_share": float(own["share"]), "own_lost": float(own["lost_share"]), "floor": floor, "attainable": part,
        "verdict": REACHABLE if floor <= target or rate <= target else NOT_REACHABLE,
    }  # fmt: skip


def _findings(table: pd.DataFrame, statistics: dict[str, float | str], *, back: bool) -> tuple[Statement, ...]:
    others = table[~table["power"].isin([CENTRE, *NOBODYS])]
    values = dict(statistics)
    if float(statistics["rate"]) <= float(statistics["target"]):
        return (Statement(f"naming.attainable.reached{'_back' if back else ''}", values),)
    statements = [Statement(f"naming.attainable.{statistics['verdict']}{'_back' if back else ''}", values)]
    if not others.empty and float(others.iloc[0]["share"]) > 0:
        top = others.iloc[0]
        statements.append(
            Statement("naming.attainable.others", {"top": {"power": top["power"]}, "share": top["share"]})
        )
    return tuple(statements)


def _caveats(table: pd.DataFrame, *, aside: bool) -> tuple[Statement, ...]:
    silent = float(table.loc[table["power"].isin(NOBODYS), "share"].sum())
    statements = [Statement("naming.caveat.unstated", {"share": silent})] if silent > 0 else []
    statements += [Statement("naming.caveat.reason_aside")] if aside else []
    return (*statements, Statement("caveat.power"))
