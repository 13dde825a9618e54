"""Which scenarios hand over most, and what did a new version of a flow change? Transfers, and before beside after.

A version is compared with the one before it over as many days right before and after it went live, whole weeks where
there are, whatever the period: days apart would compare seasons. Only the filters cut both sides. Sessions are not
drawn by lot for a version, so what else changed on that day is in the difference as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from analysis.service.day_counts import DayCounts
from analysis.service.measures import by_segment
from analysis.service.rates import NEITHER, Ratio, moved, rates
from analysis.stats.intervals import SIGNIFICANCE
from analysis.stats.multiplicity import holm
from data_access.selection import Filter, Period, Selection
from data_access.warehouse import Warehouse

MOST_DAYS, WEEK = 56, 7  # on each side of a new version
RECENT = 92  # days before the end of the period within which a new version is compared for all scenarios
COMPARED = (
    Ratio("containment", "contained", "sessions", NEITHER),
    Ratio("returns", "returned", "ripe", "low"),
    Ratio("resolution", "resolved", "ripe"),
)
HOLLOW, BETTER, WORSE, STEADY = "hollow", "better", "worse", "steady"
BESIDE = [
    f"{ratio.name}{end}"
    for ratio in COMPARED
    for end in ("_before", "_after", "_after_low", "_after_high", "_n", "_change", "_low", "_high", "_p")
]
COLUMNS = [
    "scenario", "owner", "n", "handed_over", "transfer", "transfer_low", "transfer_high", "transfer_before", "change",
    "p_adjusted",
    "rated", "satisfied", "satisfied_low", "satisfied_high", "verdict", "version", "since", "days",
    "n_before", "n_after", *BESIDE,
]  # fmt: skip


@dataclass(frozen=True)
class Switch:
    """A version of a scenario's flow that took the place of another, and the days that are compared."""

    scenario: str | None
    version: str
    before: str
    owner: str | None
    on: date
    days: int

    @property
    def spans(self) -> tuple[Period, Period]:
        """The days before and after."""
        return Period(self.on - timedelta(self.days), self.on), Period(self.on, self.on + timedelta(self.days))


@dataclass(frozen=True)
class Review:
    """Scenarios, those most handed over first, as a table of COLUMNS, rates of transfer in per cent.

    all_switches: the newest of every scenario; compared: those that are recent.
    """

    table: pd.DataFrame
    all_switches: Sequence[Switch] = ()
    compared: Sequence[Switch] = ()
    sql: tuple[str, ...] = ()

    @property
    def versions(self) -> pd.DataFrame:
        """The scenarios with a recent version."""
        return self.table[self.table["version"].notna()].reset_index(drop=True)

    @property
    def first(self) -> str | None:
        """The scenario to look at first: one that contains more and resolves less, else that most handed over."""
        if self.table.empty:
            return None
        hollow = self.table[self.table["verdict"] == HOLLOW]
        found: str | None = (hollow if len(hollow) else self.table)["scenario"].iloc[0]
        return found

    def said(self, rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
        """Rows as the values of a sentence."""
        for row in rows.to_dict("records"):
            numbers = {str(name): float(value) for name, value in row.items() if isinstance(value, int | float)}
            names = {"name": {"scenario": row["scenario"]}, "version": {"flow_version": row["version"]}}
            yield {**numbers, **names, "since": row["since"]}


def review_of(warehouse: Warehouse, selection: Selection, counts: DayCounts) -> Review:
    """The scenarios of a selection from counts that are cut by them."""
    (scenario,) = counts.by
    found = warehouse.bot_versions(_until(warehouse, selection.period), selection.filters)
    switches = list(_switches(found.rows, _last_day(warehouse, selection)))
    owners = {row["scenario"]: row["bot_owner"] for row in found.rows.to_dict("records")}
    table = _transfers(counts).assign(owner=lambda rows: [owners.get(name) for name in rows["scenario"]])
    end = max((s.on + timedelta(s.days) for s in switches), default=date.min)
    recent = [s for s in switches if s.on > end - timedelta(RECENT)]
    beside, sql = _compared(warehouse, selection, scenario, recent)
    table = table.merge(beside, on="scenario", how="left") if len(beside) else table
    table = table.reindex(columns=COLUMNS)
    table["verdict"] = table["verdict"].astype(object).fillna("").astype(str)
    return Review(table, switches, recent, (*counts.sql, found.sql, *sql))


def dimension_of(warehouse: Warehouse, column: str) -> str | None:
    """The dimension of the model that stands in a column of this name."""
    return next((d.name for d in warehouse.model.dimensions.values() if d.column == column), None)


def _until(warehouse: Warehouse, period: Period | None) -> Period | None:
    """All days up to the end of the period."""
    first = warehouse.extent().first
    if period is None or first is None or first.date() >= period.end:
        return period
    return Period(first.date(), period.end)


def _last_day(warehouse: Warehouse, selection: Selection) -> date:
    """The day after the last one that is compared."""
    last = warehouse.extent().last
    known = date.max if last is None else last.date() + timedelta(1)
    return known if selection.period is None else min(known, selection.period.end)


def _switches(rows: pd.DataFrame, end: date) -> Iterator[Switch]:
    """The newest version of each scenario and the one before it, where there are two."""
    rows = rows.assign(first=pd.to_datetime(rows["first"]), last=pd.to_datetime(rows["last"]))
    for scenario, versions in rows[rows["flow_version"].notna()].groupby("scenario", dropna=False):
        ordered = versions.sort_values("first", kind="stable").to_dict("records")
        if len(ordered) < 2:
            continue
        old, new = ordered[-2], ordered[-1]
        on = new["first"].date()
        days = min((end - on).days, (on - old["first"].date()).days, MOST_DAYS)
        days = days - days % WEEK if days >= WEEK else days
        if days > 0:
            name = scenario if isinstance(scenario, str) else None
            yield Switch(name, new["flow_version"], old["flow_version"], new["bot_owner"], on, days)


def _transfers(counts: DayCounts) -> pd.DataFrame:
    """A row a scenario, most handed over first: its transfer rate as the overview has rates, and satisfied share."""
    segments, satisfied, _ = by_segment(counts.now, counts.by, (counts.ratio("bot_satisfied"),), ("rated",))
    rates_of = counts.by_segment("bot_transfer").set_index("segment")
    handed = counts.now.groupby(list(counts.by), dropna=False)["handed_over"].sum()
    beside = {name: satisfied[f"bot_{name}"].to_numpy() for name in ("satisfied", "satisfied_low", "satisfied_high")}
    table = pd.DataFrame({"segment": pd.Series(segments, dtype=object), "rated": satisfied["rated"], **beside})
    named = {"score": "transfer", "low": "transfer_low", "high": "transfer_high", "baseline_score": "transfer_before"}
    table = table.join(rates_of.rename(columns=named), on="segment")
    names = [segment[0] for segment in segments]
    handed = {name if isinstance(name, str) else None: float(n) for name, n in handed.items()}
    table = table.assign(scenario=names, handed_over=[handed[name] for name in names])
    return table.sort_values("handed_over", ascending=False, kind="stable", ignore_index=True)


def _compared(
    warehouse: Warehouse, selection: Selection, scenario: str, switches: Sequence[Switch]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """A row a switch: the rates of COMPARED before and after; p adjusted for all of them."""
    version = dimension_of(warehouse, "flow_version")
    if version is None or not switches:
        return pd.DataFrame(), ()
    span = Period(min(s.spans[0].start for s in switches), max(s.spans[1].end for s in switches))
    of_these = Filter(scenario, tuple(s.scenario for s in switches))
    answer = warehouse.bot_sessions((scenario, version), span, (*selection.filters, of_these))
    rows = answer.rows.assign(day=pd.to_datetime(answer.rows["day"]).dt.date, s=0)
    table = pd.DataFrame([_before_and_after(rows, s, scenario, version) for s in switches])
    p = table[[f"{ratio.name}_p" for ratio in COMPARED]].to_numpy(dtype=float)
    adjusted = holm(p.ravel()).reshape(p.shape)
    for place, ratio in enumerate(COMPARED):
        table[f"{ratio.name}_p"] = adjusted[:, place]
    return table.assign(verdict=[_verdict(row) for row in table.to_dict("records")]), (answer.sql,)


def _before_and_after(rows: pd.DataFrame, switch: Switch, scenario: str, version: str) -> dict[str, Any]:
    own = rows[rows[scenario] == switch.scenario] if switch.scenario is not None else rows[rows[scenario].isna()]
    sides = [
        own[(own[version] == name) & (own["day"] >= span.start) & (own["day"] < span.end)]
        for name, span in zip((switch.before, switch.version), switch.spans, strict=True)
    ]
    found: dict[str, Any] = {"scenario": switch.scenario, "version": switch.version, "since": switch.on}
    found |= {"days": switch.days, "n_before": sides[0]["sessions"].sum(), "n_after": sides[1]["sessions"].sum()}
    for ratio in COMPARED:
        before, after = (rates(side, 1, ratio) for side in sides)
        step = moved(before, after, 0, 0)
        moved_by = (step.value, step.interval.low, step.interval.high, step.p)
        now = (after.shown(name)[0] for name in ("value", "low", "high"))
        values = (before.shown("value")[0], *now, after.of[0], *moved_by)
        found |= dict(zip((n for n in BESIDE if n.startswith(f"{ratio.name}_")), map(float, values), strict=True))
    return found


def _verdict(row: dict[Any, Any]) -> str:
    """Whether more was contained and less resolved; else what became of resolution and returns, beyond chance.

    More returns count as less resolved only where resolution did not rise by its own count.
    """
    rose, fell = (_beyond(row, sign) for sign in (1, -1))
    worse = fell["resolution"] or (rose["returns"] and not row["resolution_change"] > 0)
    if rose["containment"] and worse:
        return HOLLOW
    return WORSE if worse else BETTER if rose["resolution"] or fell["returns"] else STEADY


def _beyond(row: dict[Any, Any], sign: int) -> dict[str, bool]:
    """Which rates moved to one side beyond chance."""
    return {
        ratio.name: row[f"{ratio.name}_p"] < SIGNIFICANCE and sign * row[f"{ratio.name}_change"] > 0
        for ratio in COMPARED
    }
