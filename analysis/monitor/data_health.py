"""Are the data fit to be read today? Seven checks of the last week against the eight weeks before it.

freshness     days since the last full day
missing       the column whose blank cells grew most; a measure may be known days after the contact, a dimension not
response_rate answers per invited contact, and the day it broke
sample_size   answers a day, and the segments with too few of them in the week
out_of_scale  given values that are no valid answer
late          rows loaded later than the model waits for, of the days old enough to tell
keys          contacts without an id of their own, and rows beside them about contacts that are not there
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analysis.limits import within_limits
from analysis.monitor.as_of import last_full_day
from analysis.monitor.health_checks import LEAST_DAYS, Limits, Moved, State, broke_on, moved, state_of
from analysis.overview import default_cut
from analysis.result import Method, Result, Statement
from analysis.stats.intervals import NAN
from data_access.repeats import Repeats
from data_access.selection import Period, Selection
from data_access.semantics import SemanticModel
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse

RECENT, BEFORE = 7, 56  # days
SMALL = 30  # answers of a segment in a week
COLUMNS = ["check", "state", "value", "expected", "n", "since", "column"]
MISSING = Limits(0.02, 0.10)
RESPONSES = Limits(0.10, 0.25, "either")  # of the expected rate
SCALE = Limits(0.001, 0.01)
LATE = Limits(0.01, 0.05)
FEW = (0.7, 0.5)  # of the usual answers a day
WAIT = 2  # days beyond the usual ones that freshness is watched for
KEYS = 0.001  # of all rows
MOST_BREAKS = 14  # days back from which on a break is news


@dataclass(frozen=True)
class _Days:
    """The counts of the week and of the weeks before it; columns: those whose blank cells were counted."""

    all: pd.DataFrame
    columns: Mapping[str, str]
    last: date
    rules: Repeats

    @property
    def ripe(self) -> int:
        """Days after which what comes late is there."""
        return int(np.ceil(max(self.rules.on_time, self.rules.longest) / 24))

    def within(self, days: int, *, back: int = 0) -> pd.DataFrame:
        """So many days, the last of them `back` days before the last one."""
        end = self.last - timedelta(days=back)
        return self.all[(self.all["day"] > str(end - timedelta(days=days))) & (self.all["day"] <= str(end))]

    def moved(self, x: str, n: str, *, back: int = 0) -> Moved:
        """How a share of the week compares with the days before."""
        sides = (self.within(RECENT, back=back), self.within(BEFORE, back=back + RECENT))
        return moved(*(side[name].to_numpy(float) for side in sides for name in (x, n)))


@within_limits
def data_health(
    warehouse: Warehouse, selection: Selection, *, as_of: date | None = None, today: date | None = None
) -> Result:
    """A row a check: state (ok, watch, act, unknown), value, expected, n, since (day of a break), column.

    Shares are 0..1, of sample_size answers a day, of freshness days, of keys rows. as_of: the last day looked at,
    else the last full one; the selection's period does not count. today: the day that freshness is measured from,
    else that of the extract. parts: `missing` a row a column, `small` a row a segment with too few answers in
    the week, `days` the counts by day. Raises BadInput without days, NothingToShow without a contact.
    """
    last = last_full_day(warehouse, selection.filters, by=as_of)
    days, sql = _days(warehouse, selection, last)
    missing, small = _missing(days, warehouse.model.drivers), _small(warehouse, selection, days)
    rows = [
        _freshness(warehouse, last, today if as_of is None else last + timedelta(days=1)),
        _worst(missing),
        _responses(days, warehouse.model),
        _sizes(days),
        _share("out_of_scale", days.moved("out_of_scale", "given"), SCALE),
        _late(days, warehouse),
        _keys(warehouse),
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    counts = {state.value: int((table["state"] == state).sum()) for state in State}
    statistics = {"checks": len(table), **counts, "last": last, "small": len(small)}
    return Result.of(
        warehouse,
        selection,
        warehouse.model.measure(selection.metric),
        "data_health",
        statistics=statistics,
        table=table,
        findings=_findings(table, statistics),
        how=Method("data_health", Statement("how.data_health.formula", {"days": RECENT, "before": BEFORE}),
                   (Statement("how.data_health.chance"), Statement("how.data_health.full"))),
        options={"as_of": last},
        parts={"missing": missing, "small": small, "days": _shown(days)},
        sql=(sql,),
    )  # fmt: skip


def watched_columns(model: SemanticModel) -> dict[str, str]:
    """The columns whose blank cells are counted, by the name of their dimension or driver; each column once."""
    named = {name: d.column for name, d in model.dimensions.items() if d.column}
    named |= {name: driver.column for name, driver in model.drivers.items() if not driver.since}
    return {name: column for column, name in {c: n for n, c in reversed(named.items())}.items()}


def _days(warehouse: Warehouse, selection: Selection, last: date) -> tuple[_Days, str]:
    columns, rules = watched_columns(warehouse.model), warehouse.model.repeats
    span = Period(last - timedelta(days=RECENT * 3 + BEFORE), last + timedelta(days=1))
    answer = warehouse.health_days(selection.metric, list(columns.values()), rules.on_time, span, selection.filters)
    if answer.rows.empty:
        raise NothingToShow("selection.empty")
    rows = answer.rows.assign(day=answer.rows["day"].astype(str).str[:10])
    rows = rows.assign(given=rows["responses"] + rows["out_of_scale"])
    return _Days(rows.sort_values("day", ignore_index=True), columns, last, rules), answer.sql


def _row(check: str, state: State, found: Moved, **others: Any) -> dict[str, Any]:
    row = {"check": check, "state": state.value, "value": found.value, "expected": found.expected, "n": found.n}
    return {**row, "since": "", "column": "", **others}


def _share(check: str, found: Moved, limits: Limits) -> dict[str, Any]:
    return _row(check, state_of(found, limits), found)


def _freshness(warehouse: Warehouse, last: date, today: date | None) -> dict[str, Any]:
    """The days since the last full one; usual: those between a contact and its load, and the night."""
    extent = warehouse.extent()
    taken = extent.extracted or datetime.combine(last, datetime.min.time())
    lag = (extent.loaded - extent.last).days if extent.loaded and extent.last else 0
    age, usual = float(((today or taken.date()) - last).days), float(1 + max(lag, 0))
    state = State.OK if age <= usual else State.WATCH if age <= usual + WAIT else State.ACT
    return _row("freshness", state, Moved(age, usual, NAN, NAN), since=last.isoformat())


def _missing(days: _Days, late: Collection[str]) -> pd.DataFrame:
    """A row a column: its blank share before and now, the strangest first."""
    found = {name: days.moved(f"blank_{place}", "contacts", back=days.ripe if name in late else 0)
             for place, name in enumerate(days.columns)}  # fmt: skip
    rows = [
        {"column": name, "n": m.n, "expected": m.expected, "value": m.value, "change": m.value - m.expected, "p": m.p,
         "state": state_of(m, MISSING, tests=len(found)).value}
        for name, m in found.items()
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["column", "n", "expected", "value", "change", "p", "state"])
    order = table["state"].map({"act": 0, "watch": 1}).fillna(2)
    return table.assign(order=order).sort_values(
        ["order", "change"], ascending=[True, False], kind="stable", ignore_index=True
    ).drop(columns="order")  # fmt: skip


def _worst(missing: pd.DataFrame) -> dict[str, Any]:
    if missing.empty:
        return _row("missing", State.UNKNOWN, Moved(NAN, NAN, NAN, NAN))
    row = missing.iloc[0]
    found = Moved(row["value"], row["expected"], row["n"], row["p"])
    return _row("missing", State(row["state"]), found, column=row["column"])


def _responses(days: _Days, model: SemanticModel) -> dict[str, Any]:
    """Answers per contact that was asked, and since when their share is another; unknown in a file of answers."""
    if model.responded is None and (days.all["population"] <= days.all["given"]).all():
        return _row("response_rate", State.UNKNOWN, Moved(NAN, NAN, NAN, NAN))
    found = days.moved("responses", "population")
    limits = Limits(RESPONSES.watch * found.expected, RESPONSES.act * found.expected, RESPONSES.way)
    state = State.OK if np.isnan(found.expected) else state_of(found, limits)
    lately = days.within(BEFORE)
    x, n = (lately[name].to_numpy(float) for name in ("responses", "population"))
    return _row("response_rate", state, found, since="" if state is State.OK else broke_on(lately["day"], x, n))


def _sizes(days: _Days) -> dict[str, Any]:
    """Answers a day: the week's against the usual, beyond what weeks differ anyway."""
    recent, before = days.within(RECENT)["responses"].to_numpy(float), days.within(BEFORE + RECENT)
    usual = before["responses"].to_numpy(float)[: len(before) - len(recent)]
    value = float(recent.sum()) / RECENT
    if len(usual) < LEAST_DAYS:
        return _row("sample_size", State.OK, Moved(value, NAN, float(recent.sum()), NAN))
    expected = float(usual.mean())
    error = float(usual.std(ddof=1)) * np.sqrt(1 / RECENT + 1 / len(usual))
    is_low = expected - value > 2.58 * error
    state = State.OK
    if is_low and value < FEW[0] * expected:
        state = State.ACT if value < FEW[1] * expected else State.WATCH
    return _row("sample_size", state, Moved(value, expected, float(recent.sum()), NAN))


def _small(warehouse: Warehouse, selection: Selection, days: _Days) -> pd.DataFrame:
    """The segments of the usual cut with too few answers in the week to say anything of them."""
    by, week = default_cut(warehouse), Period(days.last - timedelta(days=RECENT - 1), days.last + timedelta(days=1))
    if not by:
        return pd.DataFrame(columns=["dimension", "value", "n"])
    cells = warehouse.cells(selection.metric, by, week, selection.filters).rows
    rows = cells[cells["n"] < SMALL].sort_values("n", ignore_index=True)
    values = [(value,) for value in rows[by[0]]]
    return pd.DataFrame({"dimension": by[0], "value": values, "n": rows["n"]}, columns=["dimension", "value", "n"])


def _late(days: _Days, warehouse: Warehouse) -> dict[str, Any]:
    """Late rows of the last days of which all late ones can be there: whoever is late today is not loaded yet."""
    if warehouse.model.time is None or warehouse.model.time.loaded is None:
        return _row("late", State.UNKNOWN, Moved(NAN, NAN, NAN, NAN))
    return _share("late", days.moved("late", "contacts", back=days.ripe), LATE)


def _keys(warehouse: Warehouse) -> dict[str, Any]:
    """Rows without an id of their own or a time, and rows beside them that name a contact there is not."""
    if warehouse.model.contact_id is None:
        return _row("keys", State.UNKNOWN, Moved(NAN, NAN, NAN, NAN))
    own = warehouse.broken_keys().rows.iloc[0].astype(float)
    strays = warehouse.strays()
    broken = float(own[["blank_ids", "repeated_ids", "blank_times"]].sum()) + sum(strays.values())
    state = State.ACT if broken > KEYS * own["rows"] else State.WATCH if broken else State.OK
    worst = max(strays, key=lambda role: strays[role], default="")
    named = worst if worst and strays[worst] else ""
    return _row("keys", state, Moved(broken, 0.0, float(own["rows"]), NAN), column=named)


def _shown(days: _Days) -> pd.DataFrame:
    names = ["day", "contacts", "population", "responses", "out_of_scale", "late"]
    return days.within(BEFORE + RECENT)[names].reset_index(drop=True)


def _findings(table: pd.DataFrame, statistics: Mapping[str, Any]) -> tuple[Statement, ...]:
    """How the checks stand, then a sentence for each row of the table, in its order."""
    key = next((state for state in ("act", "watch") if statistics[state]), "ok")
    return (Statement(f"data_health.all_{key}", statistics), *(said(row) for row in table.to_dict("records")))


def said(row: Mapping[Any, Any]) -> Statement:
    """A check in a sentence, from its row."""
    check, state = row["check"], row["state"]
    if state == State.UNKNOWN:
        return Statement(f"data_health.unknown.{check}")
    if np.isnan(row["expected"]):
        return Statement(f"data_health.alone.{check}", dict(row))
    broke = check == "response_rate" and row["since"]
    values = {**row, "since": date.fromisoformat(row["since"]) if row["since"] else None}
    if check == "missing":
        values["column"] = {"dimension": row["column"]}
    return Statement(f"data_health.said.{'response_rate_broke' if broke else check}", values)
