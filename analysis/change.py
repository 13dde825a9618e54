"""What changed, and was it service or mix? The change of a metric split into rate and mix effects by segment.

Midpoint weights centred on the mean (Kitagawa 1955): rate = (w0 + w1)/2 (r1 - r0), mix = (w1 - w0) (mean of r -
mean of R). They sum to the change exactly. A segment present in one period only is all mix: nobody's service changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cuts import check_side_by_side
from analysis.estimate import (
    FEW_CLUSTERS,
    WITHHELD_BELOW,
    Cells,
    Estimates,
    Pairs,
    ask,
    changes,
    clustered_errors,
    coded,
    estimates,
    named,
    totals,
)
from analysis.estimate import change as difference_of
from analysis.result import Method, Result, Statement
from analysis.stats.intervals import NAN, Array, t_bounds
from analysis.stats.multiplicity import holm
from data_access.selection import Period, Selection
from data_access.semantics import Metric
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

COLUMNS = [
    "segment", "n0", "n1", "share0", "share1", "score0", "score1", "rate_effect", "mix_effect", "total_effect",
    "low", "high", "status", "difference", "p",
]  # fmt: skip
TINY = 5e-4  # an effect that prints as 0.000


@dataclass(frozen=True)
class Side:
    """One period: its coded cells, each segment's share and estimate, and the overall mean."""

    rows: pd.DataFrame
    n: float
    weight: float
    mean: float
    share: Array
    e: Estimates

    @classmethod
    def of(cls, rows: pd.DataFrame, segments: int, metric: Metric) -> Side:
        e, weight = estimates(rows, segments, metric), float(rows["w"].sum())
        mean = float(rows["wx"].sum()) / weight
        return cls(rows, float(rows["n"].sum()), weight, mean, e.weight / weight, e)


@dataclass(frozen=True)
class Split:
    """A change taken apart: one number a segment."""

    before: Side
    now: Side

    @property
    def middle(self) -> float:
        return (self.before.mean + self.now.mean) / 2

    @property
    def status(self) -> Array:
        return np.select([self.before.e.n == 0, self.now.e.n == 0], ["new", "gone"], "both")

    @property
    def scores(self) -> tuple[Array, Array]:
        """Before and now. A segment of one period only has that score in both: no service changed, all is mix."""
        r0, r1 = self.before.e.value, self.now.e.value
        return np.where(self.before.e.n == 0, r1, r0), np.where(self.now.e.n == 0, r0, r1)

    @property
    def rate(self) -> Array:
        r0, r1 = self.scores
        return np.asarray((self.before.share + self.now.share) / 2 * (r1 - r0))

    @property
    def mix(self) -> Array:
        r0, r1 = self.scores
        return np.asarray((self.now.share - self.before.share) * ((r0 + r1) / 2 - self.middle))

    @property
    def few(self) -> Array:
        """Too few answers for a verdict, in a period where there are any."""
        return np.asarray(np.any([(s.e.n > 0) & s.e.withheld for s in (self.before, self.now)], axis=0))


def change(warehouse: Warehouse, selection: Selection, *, by: Sequence[str]) -> Result:
    """The change from the baseline to the period, by the combinations of `by`, largest total effect first.

    Raises BadInput without baseline or dimension or with overlapping segments, NothingToShow when a period is empty.
    """
    _check(warehouse, selection, by)
    metric = warehouse.model.metric(selection.metric)
    before, now = (_asked(warehouse, selection, by, period) for period in (selection.baseline, selection.period))
    table = decomposed(before, now)
    overall = difference_of(before.rows, now.rows, metric)
    scores = [float(cells.rows["wx"].sum() / cells.rows["w"].sum()) for cells in (before, now)]
    statistics = {
        "baseline_score": scores[0],
        "score": scores[1],
        "change": scores[1] - scores[0],
        "rate_effect": float(table["rate_effect"].sum()),
        "mix_effect": float(table["mix_effect"].sum()),
        "low": overall.interval.low,
        "high": overall.interval.high,
        "p": overall.p,
        "baseline_n": float(before.rows["n"].sum()),
        "n": float(now.rows["n"].sum()),
    }
    return Result(
        method="change",
        metric=metric.name,
        unit=metric.unit,
        selection=selection,
        data_version=warehouse.version(),
        statistics=statistics,
        table=table,
        findings=_findings(table, statistics, metric, by),
        caveats=_caveats(table, overall.df),
        how=_method(table, statistics, metric, by),
        options={"by": tuple(by)},
        sql=(before.sql, now.sql),
    )


def _check(warehouse: Warehouse, selection: Selection, by: Sequence[str]) -> None:
    if not by:
        raise BadInput("change.no_dimension")
    if selection.period is None or selection.baseline is None:
        raise BadInput("change.no_baseline")
    check_side_by_side(warehouse.model, by)


def _asked(warehouse: Warehouse, selection: Selection, by: Sequence[str], period: Period | None) -> Cells:
    cells = ask(warehouse, selection, by, period)
    if cells.empty:
        raise NothingToShow("selection.empty_period", period=period)
    return cells


def decomposed(before: Cells, now: Cells) -> pd.DataFrame:
    """The change split by segment, largest total effect first; columns as in `COLUMNS` and p_adjusted."""
    segments, frames = coded(now.rows, before.rows)
    k, metric = len(segments), now.metric
    split = Split(Side.of(frames[1], k, metric), Side.of(frames[0], k, metric))
    e0, e1, total = split.before.e, split.now.e, split.rate + split.mix
    low, high = _effect_bounds(split, total)
    tested = changes(split.before.rows, split.now.rows, k, metric)
    asked = (split.status == "both") & ~split.few
    numbers = (
        e0.n, e1.n, split.before.share, split.now.share, e0.shown("value"), e1.shown("value"),
        split.rate, split.mix, total, np.where(split.few, NAN, low), np.where(split.few, NAN, high), split.status,
        np.where(asked, [d.value for d in tested], NAN), np.where(asked, [d.p for d in tested], NAN),
    )  # fmt: skip
    table = pd.DataFrame(dict(zip(COLUMNS[1:], numbers, strict=True)))
    table.insert(0, "segment", pd.Series(segments, dtype=object))
    table["p_adjusted"] = holm(table["p"].to_numpy())
    order = table["total_effect"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _effect_bounds(split: Split, effect: Array) -> tuple[Array, Array]:
    """Delta method on total = w1 r1 - w0 r0 - (w1 - w0)(R0 + R1)/2: each answer's pull on the total effect.

    With sign s = -1 before and +1 now, M = (R0 + R1)/2 and h = (w1 - w0)/2, an answer x pulls by
    s (x - M) if inside the segment, by -s (r - M) w wherever it is, and by -h (x - R) through the overall mean,
    each over the period's weight. A segment within one cluster is taken as independent answers.
    """
    pulls = [_pulls(side, r, sign, split) for side, r, sign in _sided(split)]
    error = np.sqrt(sum(p.variance for p in pulls))
    df = np.full(len(effect), split.before.n + split.now.n - 2)
    if all(p.pairs is not None for p in pulls):
        between, clusters, inside = _between(pulls, len(effect))
        error, df = np.where(inside > 1, between, error), np.where(inside > 1, clusters - 1, df)
    return t_bounds(effect, error, df)


def _sided(split: Split) -> list[tuple[Side, Array, float]]:
    r0, r1 = split.scores
    return [(split.before, r0, -1.0), (split.now, r1, 1.0)]


@dataclass(frozen=True)
class Pulls:
    """How one period's answers move the effects: variance of their sum by segment, and the sums by cluster.

    The pull of a cluster on a segment is its pair's sum plus `base` (two sums a cluster) times `factors` (two numbers
    a segment).
    """

    variance: Array
    pairs: Pairs | None  # None where the model names no cluster
    base: Array
    factors: Array


def _pulls(side: Side, mean: Array, sign: float, split: Split) -> Pulls:
    rows, k = side.rows, len(mean)
    factors = np.stack([-sign * (mean - split.middle) * side.share, -(split.now.share - split.before.share) / 2])
    slope = factors[1]
    constant = factors[0] - slope * side.mean
    inside = [totals(rows, name, k) for name in ("v", "vx", "vxx")]
    outside = [float(rows[name].sum()) - own for name, own in zip(("v", "vx", "vxx"), inside, strict=True)]
    squares = _quadratic(constant - sign * split.middle, slope + sign, *inside) + _quadratic(
        constant, slope, *outside
    )
    small = side.n / (side.n - 1) if side.n > 1 else NAN
    variance = np.maximum(squares, 0.0) / side.weight**2 * small
    if "c" not in rows:
        return Pulls(variance, None, np.empty((2, 0)), factors)
    s, c, w, wx = (rows[name].to_numpy() for name in ("s", "c", "w", "wx"))
    base = [np.bincount(c, w) / side.weight, np.bincount(c, wx - side.mean * w) / side.weight]
    return Pulls(variance, Pairs.of(s, c, sign * (wx - split.middle * w) / side.weight), np.stack(base), factors)


def _quadratic(constant: Array, slope: Array, v: Array, vx: Array, vxx: Array) -> Array:
    """Sum of squared weights times (constant + slope x) squared."""
    return np.asarray(constant**2 * v + 2 * constant * slope * vx + slope**2 * vxx)


def _between(pulls: Sequence[Pulls], segments: int) -> tuple[Array, int, Array]:
    """Standard error across clusters, number of clusters in all, and of each segment."""
    both = [p.pairs for p in pulls if p.pairs is not None]
    pairs = Pairs.of(*(np.concatenate([getattr(p, name) for p in both]) for name in ("s", "c", "sums")))
    clusters = max(p.base.shape[1] for p in pulls)
    base = np.concatenate([np.pad(p.base, ((0, 0), (0, clusters - p.base.shape[1]))) for p in pulls])
    factors = np.concatenate([p.factors for p in pulls])
    crossed = [np.bincount(pairs.s, pairs.sums * b[pairs.c], segments) for b in base]
    squares: Array = pairs.squares(segments) + 2 * (factors * np.stack(crossed)).sum(axis=0)
    squares += np.einsum("ig,ij,jg->g", factors, base @ base.T, factors)
    return clustered_errors(squares, np.full(segments, clusters)), clusters, pairs.counts(segments)


def _findings(
    table: pd.DataFrame, statistics: dict[str, float], metric: Metric, by: Sequence[str]
) -> tuple[Statement, ...]:
    values = {**statistics, "unit": metric.unit, "by": list(by)}
    values["size"], values["service"], values["mixed"] = (
        abs(statistics[k]) for k in ("change", "rate_effect", "mix_effect")
    )
    found = [Statement(f"change.{_answer(statistics)}", values)]
    for _, row in table.head(2).iterrows():
        found.append(_about(row, metric.unit, by))
    quiet = table[
        (table["status"] == "both") & (table["rate_effect"].abs() < TINY) & (table["mix_effect"].abs() >= TINY)
    ]
    for _, row in quiet.iterrows():
        if all(s.values.get("segment") != named(row["segment"], by) for s in found[1:]):
            found.append(_about(row, metric.unit, by))
    return tuple(found[:4])


def _answer(statistics: dict[str, float]) -> str:
    """Which sentence answers the question: without evidence of a change nothing is explained away."""
    p, change_, rate, mix = (statistics[k] for k in ("p", "change", "rate_effect", "mix_effect"))
    if abs(change_) < TINY:
        return "none"
    direction = "fell" if change_ < 0 else "rose"
    if not p < 0.05:
        return f"unclear_{direction}"
    return f"{direction}_both" if rate * mix >= 0 else f"{direction}_against"


def _about(row: pd.Series, unit: str, by: Sequence[str]) -> Statement:
    """What happened in one segment, said without blame for mix."""
    values = {k: row[k] for k in ("n0", "n1", "share0", "share1", "score0", "score1", "rate_effect", "mix_effect")}
    values |= {"segment": named(row["segment"], by), "total_effect": row["total_effect"], "unit": unit}
    values |= {"difference": row["difference"], "p_adjusted": row["p_adjusted"]}
    if row["status"] != "both":
        return Statement(f"change.segment_{row['status']}", values)
    if _mostly_mix(row):
        return Statement(
            "change.segment_mix_fewer" if row["share1"] < row["share0"] else "change.segment_mix_more", values
        )
    evidence = "known" if row["p_adjusted"] < 0.05 else "unclear"
    return Statement(f"change.segment_{'fell' if row['rate_effect'] < 0 else 'rose'}_{evidence}", values)


def _mostly_mix(row: pd.Series) -> bool:
    """The score stands where it stood, within chance, and the share moved: nothing about service to tell."""
    unproven = not row["p_adjusted"] < 0.05
    return bool(unproven and abs(row["rate_effect"]) < max(TINY, abs(row["mix_effect"]) / 10))


def _caveats(table: pd.DataFrame, df: float) -> tuple[Statement, ...]:
    found = []
    few = int(((table[["n0", "n1"]] > 0) & (table[["n0", "n1"]] < WITHHELD_BELOW)).any(axis=1).sum())
    if few:
        found.append(Statement("caveat.withheld", {"segments": few}))
    if (table["status"] != "both").any():
        found.append(Statement("caveat.new_or_gone", {"segments": int((table["status"] != "both").sum())}))
    if 0 < df < FEW_CLUSTERS - 1:
        found.append(Statement("caveat.few_clusters", {"clusters": int(df) + 1}))
    return (*found, Statement("caveat.mix_by_dimension"), Statement("caveat.not_cause"))


def _method(table: pd.DataFrame, statistics: dict[str, float], metric: Metric, by: Sequence[str]) -> Method:
    top = table.iloc[0]
    values = {k: top[k] for k in ("share0", "share1", "score0", "score1", "rate_effect", "mix_effect")}
    values |= {"segment": named(top["segment"], by), "unit": metric.unit}
    values |= {"middle": (statistics["baseline_score"] + statistics["score"]) / 2}
    return Method("change", Statement("how.change.formula", values), (Statement("how.change.interval"),))
