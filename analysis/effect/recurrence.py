"""Has the reason of a closed plan come back? Its share before the plan, at the close, and since.

Where the path ends in a reason: the share of the points lost that name it, of all lost where the path leads; else the
score there. It came back where it stands worse than at the close by an interval that holds at all weekly looks at
once (`analysis.stats.sequential`), has lost at least half of what had been gained again, and no less than matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.disclosure import check_selection
from analysis.effect.looks import information
from analysis.estimate import BLANK, LEAST_CLUSTERS, SUMS, cluster_sums, coded, totals
from analysis.limits import within_limits
from analysis.result import Method, Result, Statement
from analysis.stats.clustered import Contrasts, contrasts
from analysis.stats.intervals import NAN, Array, t_bounds
from analysis.stats.sequential import sequence_interval
from analysis.step_names import path_name
from analysis.trace.path import ask_along, before_reasons, checked, plain
from data_access.metrics import Metric
from data_access.selection import Filter, Period, Selection, months_later
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

TIMES = ("before", "closed", "since")
BACK, NOT_BACK, NOT_ENOUGH = "back", "not_back", "not_enough_evidence"
LEAST_ANSWERS = 30  # in each of the three times
HALF = 0.5  # of what was gained
SMALLEST_SHARE = 0.01


@dataclass(frozen=True)
class Returned:
    """The three levels with intervals, and how much of the gain is lost again, with an interval for all looks.

    n, level, low, high: of before, closed and since. gained, lost: positive where it got better, and worse again.
    """

    n: Array
    level: Array
    low: Array
    high: Array
    gained: float
    lost: float
    lost_low: float
    lost_high: float
    clusters: int
    verdict: str

    @property
    def part(self) -> float:
        """How much of what was gained is lost again."""
        return self.lost / self.gained if self.gained > 0 else NAN


def returned(sums: pd.DataFrame, *, worse: float, smallest: float) -> Returned:
    """From sums by time (k: 0 before, 1 at the close, 2 since) and cluster (c), as `analysis.estimate` has them.

    worse: 1 where a higher level is worse, -1 where a lower is. Between clusters where every time has five of them.
    """
    rows = sums.assign(s=0)
    n = np.array(totals(rows.assign(s=rows["k"]), "n", 3))
    together = _between(rows)
    each = [_contrast(together, np.eye(3)[k]) for k in range(3)]
    level, error, df = (np.array([float(getattr(c, name)[0]) for c in each]) for name in ("value", "error", "df"))
    low, high = t_bounds(level, error, df)
    gained, lost = worse * (level[0] - level[1]), worse * (level[2] - level[1])
    apart = _contrast(together, np.array([0.0, -1.0, 1.0]))
    held = sequence_interval(lost, float(apart.error[0]), float(apart.df[0]), information(n[1], n[2], n[1]))
    least = max(HALF * gained, smallest)
    verdict = NOT_ENOUGH
    if n.min() >= LEAST_ANSWERS:
        verdict = BACK if held.low > 0 and lost >= least else NOT_BACK if held.high < least else NOT_ENOUGH
    clusters = int(apart.clusters[0])
    return Returned(n, level, low, high, gained, lost, held.low, held.high, clusters, verdict)


def _between(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows by cluster, or each answer by itself where some time has too few clusters."""
    named = rows[rows["c"] != BLANK]
    counts = named.groupby("k")["c"].nunique().reindex(range(3), fill_value=0)
    return rows if counts.min() >= LEAST_CLUSTERS else rows.assign(c=BLANK)


def _contrast(rows: pd.DataFrame, coefficients: Array) -> Contrasts:
    """Of the times that count: the others would only cost freedom."""
    kept = np.flatnonzero(coefficients)
    own = rows[rows["k"].isin(kept) & (rows["w"] > 0)]
    if own["k"].nunique() < len(kept):
        unknown = np.full(1, NAN)
        return Contrasts(unknown, unknown, unknown, np.zeros(1, dtype=int))
    place = {int(k): i for i, k in enumerate(kept)}
    return contrasts(
        cluster_sums(own.assign(k=own["k"].map(place)), problems=1, groups=len(kept)), coefficients[kept]
    )


@within_limits
def recurrence(
    warehouse: Warehouse,
    selection: Selection,
    *,
    path: Sequence[Filter],
    before: Period,
    closed: Period,
    since: Period,
) -> Result:
    """Whether what a plan was against has come back. The selection's own periods are ignored.

    since: from the close to today, so that every look holds all answers of the one before it.
    table: period (before, closed, since), n, value with 95 % interval. statistics: verdict (back, not_back or
    not_enough_evidence), of (share or score), gained, lost (again), low, high (always valid), part (lost / gained).
    Raises BadInput for an unknown dimension or spans out of order, NothingToShow where a span has no answers, or is
    of a group that the model keeps secret.
    """
    path, metric = checked(warehouse, path), warehouse.model.metric(selection.metric)
    if warehouse.model.time is None:
        raise BadInput("model.no_time")
    if not (before.end <= closed.start and closed.end <= since.start):
        raise BadInput("recurrence.order", before=before, closed=closed, since=since)
    for period in (before, closed, since):
        check_selection(warehouse, replace(selection, period=period, baseline=None).within(path))
    asked = [ask_along(warehouse, selection, path, [()], period)[0] for period in (before, closed, since)]
    places = before_reasons(warehouse.model, path)
    frames = coded(*(cells.rows.assign(segment=0) for cells in asked))[1]
    is_share = places < len(path)
    rows = pd.concat([_of_time(frame, k, places, len(path)) for k, frame in enumerate(frames)], ignore_index=True)
    for k, period in enumerate((before, closed, since)):
        if not (rows["k"] == k).any():
            raise NothingToShow("selection.empty_period", period=period)
    smallest = SMALLEST_SHARE if is_share else _smallest(rows, metric)
    found = returned(rows, worse=1.0 if is_share else -metric.sign, smallest=smallest)
    statistics = _statistics(found, smallest, is_share)
    values = {**statistics, "unit": metric.unit, "place": path_name(path)}
    periods = zip(TIMES, (before, closed, since), strict=True)
    spans = {name: [period.start.isoformat(), period.end.isoformat()] for name, period in periods}
    return Result.of(
        warehouse,
        selection,
        metric,
        "recurrence",
        statistics=statistics,
        table=_table(found),
        findings=(Statement(f"recurrence.{found.verdict}_{statistics['of']}", values),),
        how=Method("recurrence", Statement(f"how.recurrence.{statistics['of']}", values), (
            Statement("how.recurrence.looks", values), *([Statement("how.recurrence.clusters", values)]
                                                         if found.clusters else []))),
        options={"path": plain(path), **spans},
        sql=tuple(cells.sql for cells in asked),
    )  # fmt: skip


def in_whole_months(period: Period) -> Period | None:
    """The whole months within a period, where single days are secret; None where there is none."""
    start = months_later(period.start.replace(day=1), int(period.start.day > 1))
    end = period.end.replace(day=1)
    return Period(start, end) if start < end else None


def _table(found: Returned) -> pd.DataFrame:
    return pd.DataFrame({"period": TIMES, "n": found.n, "value": found.level, "low": found.low, "high": found.high})


def _of_time(frame: pd.DataFrame, k: int, places: int, end: int) -> pd.DataFrame:
    """The cells where the path leads, at a time: their scores, or lost points and the part that names the reason."""
    inside = frame[frame[f"step{places}"] > 0]
    rows = inside.assign(k=k, c=inside.get("c", BLANK))
    if places == end:
        return rows[["k", "c", *SUMS]]
    lost, part = rows["lost"], rows[f"step{end}"]
    of_reason = {"w": lost, "wx": lost * part, "v": rows["lost2"], "vx": rows["lost2"] * part,
                 "vxx": rows["lost2"] * part**2}  # fmt: skip
    own = rows.assign(**of_reason)
    return own[["k", "c", *SUMS]]


def _smallest(rows: pd.DataFrame, metric: Metric) -> float:
    closed = rows[rows["k"] == 1][list(SUMS)].sum()
    mean = closed["wx"] / closed["w"]
    spread = max(closed["vxx"] - 2 * mean * closed["vx"] + mean**2 * closed["v"], 0.0) / closed["v"]
    return metric.kind.smallest_that_matters(float(mean), float(spread**0.5))


def _statistics(found: Returned, smallest: float, is_share: bool) -> dict[str, Any]:
    return {
        "verdict": found.verdict,
        "of": "share" if is_share else "score",
        **{name: float(value) for name, value in zip(TIMES, found.level, strict=True)},
        "gained": found.gained,
        "lost": found.lost,
        "low": found.lost_low,
        "high": found.lost_high,
        "part": found.part,
        "smallest": smallest,
        "clusters": found.clusters,
        "n": float(found.n.sum()),
    }
