"""Did contacting customers do anything? Those contacted less those held out by lot, as they were drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analysis.limits import within_limits
from analysis.result import Method, Result, Statement
from analysis.stats.intervals import NAN, Array, Interval, welch
from analysis.stats.proportions import newcombe
from data_access.metrics import Metric
from data_access.selection import Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

BACK, COMPLAINED, SCORE = "back", "complained", "score"
LEAST = 10  # customers of an arm
FOLLOWED = 28  # days that what came later is looked at
WORKS, HARMS, UNSURE = "works", "harms", "not_enough_evidence"
COLUMNS = ("outcome", "contacted", "n_contacted", "held_out", "n_held_out", "effect", "low", "high", "verdict")


@dataclass(frozen=True)
class Outcome:
    """One row of the table; rates 0..1, a score on the metric's scale. better: whether more of it is good."""

    name: str
    values: tuple[Array, Array]
    better: str

    def row(self) -> dict[str, Any]:
        contacted, held = (values[~np.isnan(values)] for values in self.values)
        n1, n0 = len(contacted), len(held)
        row = {"outcome": self.name, "n_contacted": float(n1), "n_held_out": float(n0)}
        if min(n0, n1) < LEAST:
            unknown = dict.fromkeys(("contacted", "held_out", "effect", "low", "high"), NAN)
            return row | unknown | {"verdict": UNSURE}
        means = float(contacted.mean()), float(held.mean())
        interval = self._interval(contacted, held)
        row |= {"contacted": means[0], "held_out": means[1], "effect": means[0] - means[1]}
        return row | {"low": interval.low, "high": interval.high, "verdict": self._verdict(interval)}

    def _interval(self, contacted: Array, held: Array) -> Interval:
        if self.name == SCORE:
            parts = [np.array([part]) for arm in (held, contacted) for part in (arm.mean(), _error(arm), len(arm))]
            return welch(*parts)[0].interval
        return newcombe(float(held.sum()), len(held), float(contacted.sum()), len(contacted))

    def _verdict(self, interval: Interval) -> str:
        if not interval.excludes(0.0):
            return UNSURE
        return WORKS if (interval.low > 0) == (self.better == "high") else HARMS


@within_limits
def recovery(
    warehouse: Warehouse, selection: Selection, *, contacted: Sequence[str], held_out: Sequence[str],
    since: date | None = None, days: int = FOLLOWED,
) -> Result:  # fmt: skip
    """What became of the customers of some contacts, by masked ids: came back, complained, next score.

    Arms as drawn by lot: whoever was to be contacted counts as contacted, reached or not; customers who could not be
    held out belong to neither. The contacts lie in the selection's period; what came later is looked at for `days`
    from `since` on, by default from the end of the period. Coming back is the outcome the verdict rests on.
    table: COLUMNS, a row an outcome. statistics: contacted, held_out (found in the data), effect, low, high, verdict.

    Raises BadInput without customers, times, a period or arms, NothingToShow where none is found or nothing is later.
    """
    if selection.period is None:
        raise BadInput("risk.no_period")
    if not contacted or not held_out or set(contacted) & set(held_out):
        raise BadInput("risk.no_arms")
    metric = warehouse.model.measure(selection.metric)
    after = _after(warehouse, since or selection.period.end, days)
    answer = warehouse.aftermath(metric.name, [*contacted, *held_out], selection.period, after)
    arms = [_of(answer.rows, arm) for arm in (contacted, held_out)]
    if not all(len(arm) for arm in arms):
        raise NothingToShow("risk.none_found")
    table = pd.DataFrame([outcome.row() for outcome in _outcomes(arms, metric)], columns=[*COLUMNS])
    statistics = _statistics(table, arms, after)
    return Result.of(
        warehouse, selection, metric, "recovery",
        statistics=statistics,
        table=table,
        findings=(Statement(f"recovery.{statistics['verdict']}", statistics),),
        caveats=(Statement("recovery.lot", statistics),),
        how=Method("recovery", Statement("how.recovery.formula", statistics), tuple(
            Statement(f"how.recovery.{name}") for name in ("drawn", "apart", "interval", "found"))),
        options={"by": (), "contacted": tuple(contacted), "held_out": tuple(held_out),
                 "since": after.start.isoformat(), "days": days},
        sql=(answer.sql,),
    )  # fmt: skip


def _after(warehouse: Warehouse, since: date, days: int) -> Period:
    """The days looked at, as far as the data go. Raises NothingToShow where they end before."""
    if days < 1:
        raise BadInput("risk.at_least_one", option="days", value=days)
    last = warehouse.extent().last
    end = since + timedelta(days=days)
    if last is not None:
        end = min(end, last.date() + timedelta(days=1))
    if end <= since:
        raise NothingToShow("recovery.too_early", since=since)
    return Period(since, end)


def _of(rows: pd.DataFrame, arm: Sequence[str]) -> pd.DataFrame:
    """The customers of an arm, each once."""
    return rows[rows["contact"].isin(set(arm))].drop_duplicates("customer")


def _outcomes(arms: Sequence[pd.DataFrame], metric: Metric) -> list[Outcome]:
    values = {name: tuple(arm[name].to_numpy(dtype=float) for arm in arms) for name in (BACK, COMPLAINED, "x")}
    scores = tuple(metric.slope * x + metric.offset for x in values["x"])
    better = metric.better if metric.unit.is_bounded else "high"
    return [
        Outcome(BACK, (values[BACK][0], values[BACK][1]), "low"),
        Outcome(COMPLAINED, (values[COMPLAINED][0], values[COMPLAINED][1]), "low"),
        Outcome(SCORE, (scores[0], scores[1]), better),
    ]


def _statistics(table: pd.DataFrame, arms: Sequence[pd.DataFrame], after: Period) -> dict[str, Any]:
    main = table.iloc[0].to_dict()
    return {
        **{name: main[name] for name in ("effect", "low", "high", "verdict")},
        "rate_contacted": main["contacted"], "rate_held_out": main["held_out"],
        "contacted": float(len(arms[0])), "held_out": float(len(arms[1])),
        "since": after.start, "until": after.last_day, "days": after.days,
    }  # fmt: skip


def _error(values: Array) -> float:
    """The standard error of a mean."""
    return float(np.std(values, ddof=1) / np.sqrt(len(values)))
