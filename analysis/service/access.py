"""Does who calls reach somebody, and how soon? Answer rate per call and per caller, service level, busy lines.

Who is not answered calls again: each of these calls lowers the answer rate per call, while the caller is answered in
the end. So both rates stand side by side, and the share of failed calls that were dialled again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.cuts import check_side_by_side
from analysis.limits import within_limits
from analysis.own_order import in_own_order
from analysis.result import Method, Result, Statement
from analysis.service.measures import bucket_of, by_segment, measured, state_of, trend
from analysis.service.promises import CLOCKS, FORMULAS, check, counted, promises_of, service_level
from analysis.service.rates import Ratio, moved, rates
from analysis.stats.intervals import NAN, SIGNIFICANCE
from analysis.stats.multiplicity import holm
from data_access.selection import Period, Selection
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.calls import AIMED, COUNTS, Promises

DAYS_MET = Ratio("days_met", "day_met", "day_seen")
RATIOS = (
    Ratio("answer_rate", "answered", "requests"),
    Ratio("caller_rate", "reached", "callers"),
    Ratio("abandoned_rate", "abandoned", "requests", "low"),
    Ratio("busy_rate", "busy", "attempts", "low"),
    Ratio("redial_rate", "redialled", "unanswered", "low"),
)
MOST_LOOPS = 2  # named, those whose answer rate fell most
STANDS = 0.01  # a rate per caller that fell by less stands
COUNTED = (*COUNTS, "day_met", "day_seen")


@within_limits
def access(
    warehouse: Warehouse,
    selection: Selection,
    *,
    by: Sequence[str] = (),
    formula: str = "offered",
    clock: str = "queue",
    seconds: float | None = None,
) -> Result:
    """The measures of access over the selection and by the segments of `by`, with their changes to the baseline.

    formula, clock: how a service level is counted, see `promises`. seconds: within which, instead of the targets.
    parts: `measures` (a row each, as `measures.MEASURES`), `formulas` (the service level by every formula and clock),
    `trend`. Raises NothingToShow without a call, BadInput without a table of calls or for a cut it does not know.
    """
    check(formula, clock)
    by = tuple(by)
    check_side_by_side(warehouse.model, by)
    promises, days = promises_of(warehouse, seconds)
    ratios = (*RATIOS[:2], service_level(formula), DAYS_MET, *RATIOS[2:])
    ask = _Asked(warehouse, selection, promises, clock, ratios[2])
    now, before = ask.now(()), ask.before(())
    if not now["attempts"].sum():
        raise NothingToShow("selection.empty")
    aim = _aim(now)
    found = measured(ratios, now, before, {"service_level": aim, "days_met": days})
    table = _table(ask, by, now, before, ratios)
    formulas = _formulas(now)
    statistics = _statistics(found, now, before, aim)
    return Result.of(
        warehouse,
        selection,
        warehouse.model.measure(selection.metric),
        "access",
        statistics=statistics,
        table=in_own_order(table, [warehouse.model.dimension(name) for name in by]),
        findings=_findings(found, table, by, formulas, promises, seconds),
        caveats=_caveats(statistics),
        how=_method(found, formula, clock, promises),
        options={"by": by, "formula": formula, "clock": clock, "seconds": seconds},
        parts={
            "measures": found,
            "formulas": formulas,
            "trend": _trend(now, before, selection, ratios),
        },
        sql=tuple(ask.sql),
    )


class _Asked:
    """What was asked of the calls, with the queries it took."""

    def __init__(
        self, warehouse: Warehouse, selection: Selection, promises: Promises, clock: str, level: Ratio
    ) -> None:
        self._warehouse, self._selection = warehouse, selection
        self._promises, self._clock, self._level = promises, clock, level
        self.sql: list[str] = []

    def now(self, by: Sequence[str]) -> pd.DataFrame:
        return self._rows(by, self._selection.period)

    def before(self, by: Sequence[str]) -> pd.DataFrame | None:
        baseline = self._selection.baseline
        return None if baseline is None else self._rows(by, baseline)

    def _rows(self, by: Sequence[str], period: Period | None) -> pd.DataFrame:
        """Counts by segment and day, with those of the formulas, and whether the day's target was met."""
        answer = self._warehouse.calls(by, period, self._selection.filters, self._promises)
        self.sql.append(answer.sql)
        rows = counted(answer.rows, self._clock)
        known = (rows[self._level.of] > 0) & rows[AIMED].notna()
        level = rows[self._level.count] * rows["requests"] >= rows[AIMED] * rows[self._level.of]
        return rows.assign(day_seen=known.astype(float), day_met=(known & level).astype(float))


def _aim(rows: pd.DataFrame) -> float:
    """The target of some calls: the mean of those that hold for each of them."""
    requests = rows["requests"].sum()
    return float(rows[AIMED].sum(min_count=1) / requests) if requests else NAN


def _table(
    ask: _Asked, by: Sequence[str], now: pd.DataFrame, before: pd.DataFrame | None, ratios: Sequence[Ratio]
) -> pd.DataFrame:
    """A row a segment; with a baseline the changes per call and per caller, and whether callers dial in a loop."""
    rows, past = (ask.now(by), ask.before(by)) if by else (now, before)
    segments, table, found = by_segment(rows, by, ratios, COUNTED)
    aims = pd.Series(rows[AIMED]).groupby(pd.factorize(_keys(rows, by))[0]).sum(min_count=1).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        table.insert(1, "n", table["requests"])
        table["target"] = aims / table["requests"].to_numpy()
    table["state"] = [_state(row) for row in table.to_dict("records")]
    if past is None or past.empty:
        return table
    earlier, _, then = by_segment(past, by, ratios, COUNTED)
    places = {segment: i for i, segment in enumerate(earlier)}
    for name in ("answer_rate", "caller_rate"):
        steps = [moved(then[name], found[name], i, places[s]) if s in places else None
                 for i, s in enumerate(segments)]  # fmt: skip
        table[f"{name}_change"] = [NAN if step is None else step.value for step in steps]
        table[f"{name}_p"] = holm(np.array([NAN if step is None else step.p for step in steps]))
    table["loop"] = (
        (table["answer_rate_change"] < 0)
        & (table["answer_rate_p"] < SIGNIFICANCE)
        & ((table["caller_rate_change"] > -STANDS) | (table["caller_rate_p"] >= SIGNIFICANCE))
        & (table["caller_rate_change"] > table["answer_rate_change"] / 2)
    )
    return table


def _keys(rows: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    values = list(zip(*(rows[name] for name in by), strict=True)) if by else [()] * len(rows)
    return pd.Series(values, dtype=object)


def _state(row: Mapping[Any, Any]) -> str:
    """The state of a segment's service level against its target."""
    ends = {end: row[f"service_level{end and '_' + end}"] for end in ("", "low", "high")}
    return state_of({"value": ends[""], "low": ends["low"], "high": ends["high"], "target": row["target"],
                     "better": "high", "change": NAN, "p_adjusted": NAN})  # fmt: skip


def _formulas(now: pd.DataFrame) -> pd.DataFrame:
    """The service level of the same calls by each formula and clock."""
    rows = []
    for clock in CLOCKS:
        one = counted(now, clock).assign(s=0)
        for formula in FORMULAS:
            found = rates(one, 1, service_level(formula))
            ends = {name: float(found.shown(name)[0]) for name in ("value", "low", "high")}
            rows.append({"formula": formula, "clock": clock, **ends, "count": found.count[0], "n": found.of[0]})
    return pd.DataFrame(rows)


def _trend(
    now: pd.DataFrame, before: pd.DataFrame | None, selection: Selection, ratios: Sequence[Ratio]
) -> pd.DataFrame:
    rows = now if before is None else pd.concat([before, now], ignore_index=True)
    span = selection.period
    if span is not None and selection.baseline is not None:
        span = Period(min(span.start, selection.baseline.start), max(span.end, selection.baseline.end))
    return trend(rows, ratios, COUNTED, bucket_of(span, rows))


def _statistics(found: pd.DataFrame, now: pd.DataFrame, before: pd.DataFrame | None, aim: float) -> dict[str, float]:
    statistics = {name: float(now[name].sum()) for name in COUNTS}
    statistics["n"] = statistics["requests"]
    for row in found.to_dict("records"):
        name = row["measure"]
        statistics |= {name: row["value"], f"{name}_low": row["low"], f"{name}_high": row["high"]}
        if before is not None:
            statistics |= {f"{name}_before": row["value0"], f"{name}_change": row["change"], f"{name}_p": row["p"]}
    statistics["target"] = aim
    statistics["unknown_callers"] = statistics["attempts"] - statistics["known"]
    return statistics


def _findings(
    found: pd.DataFrame,
    table: pd.DataFrame,
    by: Sequence[str],
    formulas: pd.DataFrame,
    promises: Promises,
    seconds: float | None,
) -> tuple[Statement, ...]:
    rows = {row["measure"]: row for row in found.to_dict("records")}
    level = rows["service_level"]
    within = "within_seconds" if seconds or not promises.own else "as_promised"
    values = {**level, "seconds": promises.usual.seconds, "within": Statement(f"access.{within}", {
        "seconds": promises.usual.seconds})}  # fmt: skip
    known = level["state"] == "few" or not math.isnan(level["target"])
    statements = [Statement(f"access.level_{level['state']}" if known else "access.level", values)]
    reached = {"call": rows["answer_rate"]["value"], "caller": rows["caller_rate"]["value"],
               "redialled": rows["redial_rate"]["value"]}  # fmt: skip
    statements.append(Statement("access.reached" if rows["caller_rate"]["n"] else "access.reached_calls", reached))
    statements += _loops(table, by)
    known_values = formulas["value"].dropna()
    if len(known_values):
        ends = {"least": float(known_values.min()), "most": float(known_values.max())}
        statements.append(Statement("access.spread", ends))
    return tuple(statements)


def _loops(table: pd.DataFrame, by: Sequence[str]) -> list[Statement]:
    """Where callers dial again and again: fewer calls are answered, as many callers as before."""
    if "loop" not in table:
        return []
    statements, loops = [], table[table["loop"]].sort_values("answer_rate_change").head(MOST_LOOPS)
    for row in loops.to_dict("records"):
        values = {
            "call": row["answer_rate"],
            "call0": row["answer_rate"] - row["answer_rate_change"],
            "caller": row["caller_rate"],
            "caller0": row["caller_rate"] - row["caller_rate_change"],
        }
        if by:
            values["segment"] = dict(zip(by, row["segment"], strict=True))
        statements.append(Statement("access.loop_in" if by else "access.loop", values))
    return statements


def _caveats(statistics: Mapping[str, float]) -> tuple[Statement, ...]:
    if not statistics["unknown_callers"]:
        return ()
    return (Statement("access.unknown_callers", {"unknown": statistics["unknown_callers"]}),)


def _method(found: pd.DataFrame, formula: str, clock: str, promises: Promises) -> Method:
    row = found[found["measure"] == "service_level"].to_dict("records")[0]
    values = {"count": row["count"], "n": row["n"], "value": row["value"], "seconds": promises.usual.seconds}
    return Method(
        "access",
        Statement(f"how.access.{formula}", values),
        (Statement(f"how.access.clock_{clock}"), Statement("how.access.callers"), Statement("how.service.days")),
    )
