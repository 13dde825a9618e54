"""How does the score respond to a driver: steadily, or worse from some value on? Service levels are set from this.

Answers are binned into about equal sizes by the driver's value; each bin's score has an interval across clusters, the
trend is tested, and a piecewise line is compared with a straight one (see `stats.dose_response`). Times that run from
seconds to days are taken by their logarithm: a line in seconds would hang on the few that waited for days.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimate import BLANK, FEW_CLUSTERS, LEAST_CLUSTERS, SUMS, as_one, cluster_sums, estimates, scaled
from analysis.limits import within_limits
from analysis.result import Method, Result, Statement
from analysis.stats.clustered_regression import clustered_ols
from analysis.stats.distributions import Z_95, chi2_isf
from analysis.stats.dose_response import Knee, bins_of, knee, trend_of_bins
from analysis.stats.intervals import SIGNIFICANCE, Difference
from analysis.stats.regression import by_cluster
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.semantics import Level, SemanticModel, near
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

MOST_BINS = 20
LEAST_IN_BIN = 30  # answers on average; a bin of fewer than ten is withheld
TURN_SIGNIFICANCE = 0.01  # a rise and fall has no trend; testing a second time must not double the false alarms
TINY = 1e-6
LONG_TAIL = 30  # times the median, from which on the highest bin asks for a logarithm


@within_limits
def dose(warehouse: Warehouse, selection: Selection, *, driver: str) -> Result:
    """The metric by bins of a driver, with its trend and its knee.

    Raises BadInput unless it is an interval driver, NothingToShow when it is constant or known for too few answers.
    """
    model = warehouse.model
    metric = model.metric(selection.metric)
    if not model.drivers:
        raise BadInput("dose.no_drivers")
    if not driver:
        raise BadInput("dose.unnamed", known=[{"dimension": name} for name in model.drivers])
    _check(model, driver, metric)
    answer = warehouse.dose(metric.name, driver, selection.period, selection.filters)
    if answer.rows.empty:
        raise NothingToShow("dose.unknown", driver={"dimension": driver})
    table, rows = _binned(scaled(answer.rows, metric), metric)
    if len(table) < 2:
        raise NothingToShow("dose.constant", driver={"dimension": driver})
    if table["score"].notna().sum() < 2:
        raise NothingToShow("dose.too_few", driver={"dimension": driver}, n=float(table["n"].sum()))
    statistics = _statistics(table, rows)
    formula = "how.dose.formula_log" if statistics["log_from"] else "how.dose.formula"
    return Result.of(
        warehouse,
        selection,
        metric,
        "dose",
        statistics=statistics,
        table=table.drop(columns=["variance", "error"]),
        findings=_findings(statistics, table, metric, driver, model.drivers[driver].unit),
        caveats=_caveats(statistics),
        how=Method(
            "dose",
            Statement(formula, statistics),
            (Statement("how.dose.interval"),),
        ),
        options={"by": (), "driver": driver},
        sql=(answer.sql,),
    )


def _check(model: SemanticModel, driver: str, metric: Metric) -> None:
    if driver not in model.drivers:
        raise BadInput("drivers.unknown", name=driver, near=near(driver, model.drivers))
    if model.drivers[driver].level is not Level.INTERVAL:
        raise BadInput("dose.no_driver", name=driver)
    if model.drivers[driver].column == metric.column:
        raise BadInput("drivers.same_column", name={"dimension": driver})


def _binned(rows: pd.DataFrame, metric: Metric) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A row per bin: its ends, the mean of the driver, the score with its interval; and the rows with their `x`."""
    counts = rows.groupby("dose")["n"].sum()
    most = int(np.clip(counts.sum() // LEAST_IN_BIN, 2, MOST_BINS))
    bins = bins_of(counts.index.to_numpy(), counts.to_numpy(), most=most)
    place = np.searchsorted([b.high for b in bins], rows["dose"].to_numpy())
    (coded,) = as_one(rows)
    e = estimates(coded.assign(s=place), len(bins), metric)
    centre = np.bincount(place, rows["w"] * rows["dose"], len(bins)) / np.bincount(place, rows["w"], len(bins))
    table = pd.DataFrame({
        "low": [b.low for b in bins], "high": [b.high for b in bins], "x": centre, "n": e.n,
        "score": e.shown("value"), "score_low": e.shown("low"), "score_high": e.shown("high"),
        "variance": e.error**2 * e.n, "error": e.error,
    })  # fmt: skip
    return table, coded.assign(x=centre[place])[~e.withheld[place]]


def _statistics(table: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Any]:
    """Trend and knee from the bins; with enough clusters, tested between them, the knee at least as strictly."""
    known = table[table["score"].notna() & table["error"].notna()]
    least = _log_from(table)
    known, rows = (frame.assign(x=_logarithm(frame["x"], least)) for frame in (known, rows))
    x, n, score, variance = (known[name].to_numpy() for name in ("x", "n", "score", "variance"))
    trend, bend = trend_of_bins(x, n, score, variance), knee(x, n, score, variance)
    p, clusters = trend.p, rows.loc[rows["c"] != BLANK, "c"].nunique() if "c" in rows else 0
    if clusters >= LEAST_CLUSTERS and trend.p == trend.p:
        p = _clustered_test(rows).p
        if bend.statistic > 0:
            hinge = _clustered_test(rows, bend.at)
            bend = knee(x, n, score, variance * max(1.0, bend.statistic / _chi2(hinge.p)))
    return {
        "n": float(table["n"].sum()),
        "bins": len(table),
        "clusters": clusters if clusters >= LEAST_CLUSTERS else 0,
        "r": trend.r,
        "slope": trend.slope,
        "trend_p": p,
        "log_from": least,
        "knee_at": _number(bend.at, least),
        "knee_low": _number(bend.low, least),
        "knee_high": _number(bend.high, least),
        "before": bend.before,
        "after": bend.after,
        "p": bend.p,
        "improves": bool(bend.improves),
        "turns": bool(bend.improves) and _turns(bend),
    }


def _log_from(table: pd.DataFrame) -> float:
    """The least value that a logarithm is taken of, where the driver has a long tail; 0 where it has none."""
    x, share = table["x"].to_numpy(), table["n"].to_numpy() / table["n"].sum()
    median = float(x[np.searchsorted(np.cumsum(share), 0.5)])
    if table["low"].min() < 0 or not x.max() > LONG_TAIL * median > 0:
        return 0.0
    return float(x[x > 0].min()) / (2 if (x <= 0).any() else 1)


def _logarithm(x: pd.Series, least: float) -> pd.Series:
    """Doublings, so that a slope is the change by each; the number itself where `least` is 0."""
    return np.log2(x.clip(lower=least)) if least else x


def _number(x: float, least: float) -> float:
    return float(2.0**x) if least else x


def _turns(bend: Knee) -> bool:
    """Whether the score significantly rises on one side of the knee and falls on the other, not merely levels off."""
    slopes = bend.before / bend.before_error, bend.after / bend.after_error
    return min(slopes) < -Z_95 < Z_95 < max(slopes)


def _clustered_test(rows: pd.DataFrame, bend: float | None = None) -> Difference:
    """The slope of the score, or its change at a bend, with errors between clusters; a blank is one for each answer.

    These need only the sums of the clusters, not the variance within cells.
    """
    centres, place = np.unique(rows["x"].to_numpy(dtype=float), return_inverse=True)
    bins = rows.assign(s=0, k=place)
    blank = bins[bins["c"] == BLANK].groupby(["s", "k", "c"], as_index=False)[list(SUMS)].sum()
    sums = cluster_sums(pd.concat([bins[bins["c"] != BLANK], blank]), problems=1, groups=len(centres))
    x, (w, wx) = centres[sums.group], (sums.weight, sums.total)
    columns = [x] if bend is None else [x, np.maximum(x - bend, 0.0)]
    parts = by_cluster(
        sums.cluster, [str(i) for i in range(len(columns))], np.column_stack(columns), w, wx, wx**2 / w
    )
    return clustered_ols(parts, times=sums.times[np.unique(sums.cluster, return_index=True)[1]]).tests()[-1]


def _chi2(p: float) -> float:
    """Chi-squared with one degree of freedom for a p; a missing p counts as no evidence."""
    return max(float(chi2_isf(p, 1)), TINY) if p == p else TINY


def _caveats(statistics: Mapping[str, Any]) -> tuple[Statement, ...]:
    few = 0 < statistics["clusters"] < FEW_CLUSTERS
    rough = (Statement("caveat.few_clusters", {"clusters": statistics["clusters"]}),) if few else ()
    return (*rough, Statement("dose.others_free"))


def _findings(
    statistics: Mapping[str, Any], table: pd.DataFrame, metric: Metric, driver: str, unit: str
) -> tuple[Statement, ...]:
    """The trend in steps of a readable size, and the knee if there is one; a yes or no has no steps."""
    s = statistics
    values = {**s, "driver": {"dimension": driver}, "driver_unit": unit, "in_unit": unit, "unit": metric.unit}
    if not s["trend_p"] < SIGNIFICANCE and not s["p"] < TURN_SIGNIFICANCE:
        return (Statement("dose.no_trend", values),)
    if s["turns"]:
        return (_shaped("turns", values, "before", "after"),)
    if s["improves"]:
        return (_shaped("knee", values, "before", "after"),)
    if table["low"].tolist() == table["high"].tolist() == [0.0, 1.0]:
        return (Statement(f"dose.yes_no_{'lower' if s['slope'] < 0 else 'higher'}", values),)
    return (_shaped("steady", values, "slope"),)


def _shaped(shape: str, values: Mapping[str, Any], *names: str) -> Statement:
    """By doublings of a driver with a long tail, else by readable steps."""
    return (
        Statement(f"dose.{shape}_log", values)
        if values["log_from"]
        else Statement(f"dose.{shape}", _stepped(values, *names))
    )


def _stepped(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Slopes per step of the driver with a visible effect on the score: 1, 10, 100 ... of its unit."""
    steepest = max(abs(values[name]) for name in names)
    power = int(np.clip(np.ceil(-np.log10(steepest) - 0.5), 0, 6)) if steepest > 0 else 0
    step = 10.0**power
    return {**values, "step": step, **{name: values[name] * step for name in names}}
