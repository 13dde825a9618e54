"""Does who calls reach somebody, and how soon? Answer rate per call and per caller, service level, busy lines.

Who is not answered calls again: each of these calls lowers the answer rate per call, while the caller is answered in
the end. So both rates stand side by side, and the share of failed calls that were dialled again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.cuts import check_side_by_side
from analysis.limits import within_limits
from analysis.own_order import in_own_order
from analysis.result import Method, Result, Statement
from analysis.service.access.promises import CLOCKS, FORMULAS, Promised, check, counted, promises_of, service_level
from analysis.service.day_counts import DayCounts
from analysis.service.measures import by_segment, state_of
from analysis.service.rates import Rates, Ratio, moved, rates
from analysis.stats.intervals import NAN, SIGNIFICANCE
from analysis.stats.multiplicity import holm
from data_access.selection import Selection
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
MEASURES = (*(ratio.name for ratio in RATIOS), "service_level", "days_met")
MOST_LOOPS = 2  # named, those whose answer rate fell most
ROUNDING = 1e-9  # of sums: a day that is exactly at its target has met it
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
    parts: `measures` (a row each, as `measures.MEASURES`), `formulas` (the service level by every formula and clock;
    that of segments: `definitions`), `trend`. Raises NothingToShow without a call, BadInput without a table of calls
    or for a cut it does not know.
    """
    by = tuple(by)
    chosen = {"formula": formula, "clock": clock, "seconds": seconds}
    promised = promises_of(warehouse, seconds)
    whole = access_counts(warehouse, selection, promised=promised, formula=formula, clock=clock)
    cut = access_counts(warehouse, selection, by=by, promised=promised, formula=formula, clock=clock) if by else whole
    found, table, formulas = whole.measures(), _table(cut), _formulas(whole.now)
    statistics = _statistics(found, whole)
    return Result.of(
        warehouse,
        selection,
        warehouse.model.measure(selection.metric),
        "access",
        statistics=statistics,
        table=in_own_order(table, [warehouse.model.dimension(name) for name in by]),
        findings=_findings(found, table, by, formulas, promised.promises, seconds),
        caveats=_caveats(statistics),
        how=_method(found, formula, whole.notes),
        options={"by": by, **chosen},
        parts={
            "measures": found,
            "formulas": formulas,
            "trend": whole.over_time(selection),
        },
        sql=tuple(dict.fromkeys([*whole.sql, *cut.sql])),
    )


def access_counts(
    warehouse: Warehouse,
    selection: Selection,
    *,
    by: Sequence[str] = (),
    formula: str = "offered",
    clock: str = "queue",
    promised: Promised | None = None,
) -> DayCounts:
    """What `access` counts; promised: where somebody has asked already. Raises as it does."""
    check(formula, clock)
    check_side_by_side(warehouse.model, by)
    promised = promised or promises_of(warehouse)
    level = service_level(formula)
    answers = [warehouse.calls(by, period, selection.filters, promised.promises) for period in selection.periods]
    periods = [_with_days(counted(answer.rows, clock), level) for answer in answers]
    if not periods[0]["attempts"].sum():
        raise NothingToShow("selection.empty")
    return DayCounts(
        by=tuple(by),
        periods=periods,
        ratios=(*RATIOS[:2], level, DAYS_MET, *RATIOS[2:]),
        counts=COUNTED,
        targets={"service_level": _aim(periods[0]), "days_met": promised.days},
        notes=(
            Statement(f"how.access.clock_{clock}"),
            Statement("how.access.callers"),
            Statement("how.service.days"),
        ),
        sql=tuple(answer.sql for answer in answers),
    )


def _with_days(rows: pd.DataFrame, level: Ratio) -> pd.DataFrame:
    """The rows with whether there was a target on the day, and whether it was met."""
    known = (rows[level.of] > 0) & rows[AIMED].notna()
    met = rows[level.count] * rows["requests"] >= rows[AIMED] * rows[level.of] * (1 - ROUNDING)
    return rows.assign(day_seen=known.astype(float), day_met=(known & met).astype(float))


def _aim(rows: pd.DataFrame) -> float:
    """The target of some calls: the mean of those that hold for each of them."""
    requests = rows["requests"].sum()
    return float(rows[AIMED].sum(min_count=1) / requests) if requests else NAN


def _table(cut: DayCounts) -> pd.DataFrame:
    """A row a segment; with a baseline the changes per call and per caller, and whether callers dial in a loop."""
    by, ratios, rows, past = cut.by, cut.ratios, cut.now, cut.before
    segments, table, found = by_segment(rows, by, ratios, COUNTED)
    aims = pd.Series(rows[AIMED]).groupby(pd.factorize(_keys(rows, by))[0]).sum(min_count=1).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        table.insert(1, "n", table["requests"])
        table["target"] = aims / table["requests"].to_numpy()
    level, aim = found["service_level"], table["target"].to_numpy()
    table["state"] = [_state_of(level, i, aim[i]) for i in range(len(table))]
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


def _state_of(found: Rates, place: int, target: float) -> str:
    """The state of one segment's service level against its target."""
    ends = {name: found.shown(name)[place] for name in ("value", "low", "high")}
    return state_of({**ends, "target": target, "better": "high", "change": NAN, "p_adjusted": NAN})


def _statistics(found: pd.DataFrame, whole: DayCounts) -> dict[str, float]:
    statistics = {name: float(whole.now[name].sum()) for name in COUNTS}
    statistics["n"] = statistics["requests"]
    for row in found.to_dict("records"):
        name = row["measure"]
        statistics |= {name: row["value"], f"{name}_low": row["low"], f"{name}_high": row["high"]}
        if whole.before is not None:
            statistics |= {f"{name}_before": row["value0"], f"{name}_change": row["change"], f"{name}_p": row["p"]}
    statistics["target"] = whole.targets["service_level"]
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
    within = "within_seconds" if seconds is not None or not promises.own else "as_promised"
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


def _method(found: pd.DataFrame, formula: str, notes: tuple[Statement, ...]) -> Method:
    row = found[found["measure"] == "service_level"].to_dict("records")[0]
    values = {name: row[name] for name in ("count", "n", "value")}
    return Method("access", Statement(f"how.access.{formula}", values), notes)
