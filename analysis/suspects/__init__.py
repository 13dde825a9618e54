"""Which event may a change have begun with? The calendar beside it, and sham dates.

`daily` has the days of a segment and of everything else; `onset` says when it broke; `lineup` ranks the events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.calendar import cut_short
from analysis.event_kinds import kind_of
from analysis.limits import within_limits
from analysis.result import Method, Result, Statement
from analysis.segments.leading import leading
from analysis.suspects.lineup import Lineup, line_up
from analysis.trace.path import checked, plain, without_reasons
from data_access.selection import Filter, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

__all__ = ["suspects"]


@within_limits
def suspects(warehouse: Warehouse, selection: Selection, *, path: Sequence[Filter] = ()) -> Result:
    """The events of the calendar beside the change of a segment, the likeliest first.

    Without a path the segment is the one that explains the change most, or everything where none does. table: a row
    for each event with its step (the segment's change at its date less that of everything else, with interval and p),
    its rank among sham dates, the part of the segment it concerns, and its grade: shown, likely, possible, unknown.
    Raises BadInput without a baseline, NothingToShow for an empty period or where small groups are secret: those of
    single days are the difference of two events.
    """
    if selection.period is None or selection.baseline is None:
        raise BadInput("change.no_baseline")
    if warehouse.model.disclose_from:
        raise NothingToShow("disclose.days")
    given = without_reasons(warehouse.model, checked(warehouse, path))
    found = leading(warehouse, selection) if not given else None
    inside = given or (found.path if found else ())
    lineup = line_up(warehouse, selection, inside)
    metric, statistics = warehouse.model.metric(selection.metric), _statistics(lineup, inside)
    return Result.of(
        warehouse,
        selection,
        metric,
        "suspects",
        statistics=statistics,
        table=lineup.table,
        findings=(_finding(lineup, {**statistics, "unit": metric.unit}), *_broke(statistics)),
        caveats=(*cut_short(lineup.is_cut), Statement("leading_cause.together")),
        how=Method("suspects", Statement("how.suspects.formula", statistics), (Statement("how.suspects.shams"),)),
        options={"path": plain(path)},
        sql=(*(found.result.sql if found else ()), *lineup.sql),
    )


def _statistics(lineup: Lineup, path: Sequence[Filter]) -> dict[str, Any]:
    """How many events there are, were tested and can be believed; the first of them; when the segment broke."""
    table, first = lineup.table, lineup.first
    clear = lineup.onset.clear
    low, high = lineup.onset.fitting if clear else (None, None)
    return {
        "segment": {step.dimension: step.values[0] for step in path if len(step.values) == 1},
        "events": len(table),
        "tested": int(table["p"].notna().sum()),
        "believed": int(table["grade"].isin(("shown", "likely")).sum()),
        "first": first["id"] if first else "",
        "broke": lineup.onset.best if clear else None,
        "broke_low": low,
        "broke_high": high,
    }


def _finding(lineup: Lineup, statistics: Mapping[str, Any]) -> Statement:
    """Which event it may have begun with, in one sentence."""
    if not lineup.has_calendar:
        return Statement("suspects.no_calendar")
    if lineup.table.empty:
        return Statement("suspects.no_event")
    top = lineup.first or lineup.table.iloc[0].to_dict()
    about = {name: top[name] for name in ("id", "date", "change", "shams", "better", "p_shams", "share")}
    about["kind"] = Statement(kind_of(top["kind"]))
    return Statement("suspects.believed" if lineup.first else "suspects.none_believed", {**statistics, **about})


def _broke(statistics: Mapping[str, Any]) -> tuple[Statement, ...]:
    if statistics["broke"] is None:
        return (Statement("suspects.day_unclear"),)
    days = {name: statistics[name] for name in ("broke", "broke_low", "broke_high")}
    one = days["broke_low"] == days["broke_high"]
    return (Statement("suspects.broke" if one else "suspects.broke_around", days),)
