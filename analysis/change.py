"""What changed, and was it service or mix? The change of a metric split into rate and mix effects by segment.

Midpoint weights centred on the mean (Kitagawa 1955): rate = (w0 + w1)/2 (r1 - r0), mix = (w1 - w0) (mean of r -
mean of R). They sum to the change exactly. A segment present in one period only is all mix: nobody's service changed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimate import (
    FEW_CLUSTERS,
    UNKNOWN,
    WITHHELD_BELOW,
    Cells,
    Estimate,
    Segment,
    ask,
    clustered_error,
    estimate,
    named,
    sums,
)
from analysis.estimate import change as difference_of
from analysis.result import Method, Result, Statement
from analysis.stats.intervals import NAN, Interval, t_interval
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
    """One period: its cells, total weight and overall mean."""

    rows: pd.DataFrame
    weight: float
    mean: float
    n: float
    sql: str

    @classmethod
    def of(cls, cells: Cells) -> Side:
        s = sums(cells.rows)
        return cls(cells.rows, s["w"], s["wx"] / s["w"], s["n"], cells.sql)

    def part(self, segment: Segment) -> pd.DataFrame:
        return self.rows[self.rows["segment"] == segment]


@dataclass(frozen=True)
class Part:
    """One segment in both periods: its share of answers and its estimate; r0 and r1 never missing."""

    segment: Segment
    rows0: pd.DataFrame
    rows1: pd.DataFrame
    e0: Estimate
    e1: Estimate
    w0: float
    w1: float

    @property
    def status(self) -> str:
        return "new" if self.rows0.empty else "gone" if self.rows1.empty else "both"

    @property
    def r0(self) -> float:
        """A segment without a past is given its present score: no service changed, it is all mix."""
        return self.e1.value if self.rows0.empty else self.e0.value

    @property
    def r1(self) -> float:
        return self.e0.value if self.rows1.empty else self.e1.value

    @property
    def rate(self) -> float:
        return (self.w0 + self.w1) / 2 * (self.r1 - self.r0)

    def mix(self, middle: float) -> float:
        return (self.w1 - self.w0) * ((self.r0 + self.r1) / 2 - middle)

    @property
    def few(self) -> bool:
        """Too few answers for a verdict, in a period where there are any."""
        return any(0 < e.n < WITHHELD_BELOW for e in (self.e0, self.e1))


def change(warehouse: Warehouse, selection: Selection, *, by: Sequence[str]) -> Result:
    """The change from the baseline to the period, by the combinations of `by`, largest total effect first.

    Raises BadInput without baseline or dimension or with overlapping segments, NothingToShow when a period is empty.
    """
    _check(warehouse, selection, by)
    metric = warehouse.model.metric(selection.metric)
    before, now = (_side(warehouse, selection, by, period) for period in (selection.baseline, selection.period))
    table = _table(before, now, metric)
    overall = difference_of(before.rows, now.rows, metric)
    statistics = {
        "baseline_score": before.mean,
        "score": now.mean,
        "change": now.mean - before.mean,
        "rate_effect": float(table["rate_effect"].sum()),
        "mix_effect": float(table["mix_effect"].sum()),
        "low": overall.interval.low,
        "high": overall.interval.high,
        "p": overall.p,
        "baseline_n": before.n,
        "n": now.n,
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
    for name in by:
        if warehouse.model.dimension(name).overlaps:
            raise BadInput("change.overlap", name=name)


def _side(warehouse: Warehouse, selection: Selection, by: Sequence[str], period: Period | None) -> Side:
    cells = ask(warehouse, selection, by, period)
    if cells.empty:
        raise NothingToShow("selection.empty_period", period=period)
    return Side.of(cells)


def _table(before: Side, now: Side, metric: Metric) -> pd.DataFrame:
    segments = dict.fromkeys([*now.rows["segment"], *before.rows["segment"]])
    table = pd.DataFrame(
        [_row(_part(s, before, now, metric), before, now, metric) for s in segments], columns=COLUMNS
    )
    table["p_adjusted"] = holm(table["p"].to_numpy())
    order = table["total_effect"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _part(segment: Segment, before: Side, now: Side, metric: Metric) -> Part:
    rows0, rows1 = before.part(segment), now.part(segment)
    e0, e1 = estimate(rows0, metric), estimate(rows1, metric)
    w0, w1 = float(rows0["w"].sum()) / before.weight, float(rows1["w"].sum()) / now.weight
    return Part(segment, rows0, rows1, e0, e1, w0, w1)


def _row(part: Part, before: Side, now: Side, metric: Metric) -> list[object]:
    rate, mix = part.rate, part.mix((before.mean + now.mean) / 2)
    bounds = UNKNOWN if part.few else _effect_interval(part, rate + mix, before, now)
    asked = part.status == "both" and not part.few
    tested = difference_of(part.rows0, part.rows1, metric) if asked else None
    return [
        part.segment, part.e0.n, part.e1.n, part.w0, part.w1, part.e0.shown().value, part.e1.shown().value,
        rate, mix, rate + mix, bounds.low, bounds.high, part.status,
        tested.value if tested else NAN, tested.p if tested else NAN,
    ]  # fmt: skip


def _effect_interval(part: Part, effect: float, before: Side, now: Side) -> Interval:
    """Delta method on total = w1 r1 - w0 r0 - (w1 - w0)(R0 + R1)/2: each answer's pull on the total effect.

    An answer x of the period moves the segment's share, its mean and the overall mean; inside the segment its pull is
    (A(1 - w) + s(x - r) + B(x - R))/W, outside (-A w + B(x - R))/W.
    """
    middle, shift = (before.mean + now.mean) / 2, -(part.w1 - part.w0) / 2
    pulls = [
        _pulls(side, part.segment, sign * (mean - middle), share, sign, mean, shift)
        for side, share, sign, mean in ((before, part.w0, -1.0, part.r0), (now, part.w1, 1.0, part.r1))
    ]
    if all(len(p.by_cluster) > 1 for p in pulls):
        residuals = pulls[0].by_cluster.add(pulls[1].by_cluster, fill_value=0.0)
        return t_interval(effect, clustered_error(residuals), len(residuals) - 1.0)
    return t_interval(effect, math.sqrt(pulls[0].variance + pulls[1].variance), before.n + now.n - 2)


@dataclass(frozen=True)
class Pulls:
    """How one period's answers move an effect: variance of their sum, and the sums by cluster."""

    variance: float
    by_cluster: pd.Series  # empty where the model names no cluster


def _pulls(side: Side, segment: Segment, a: float, share: float, sign: float, mean: float, shift: float) -> Pulls:
    inside = side.rows["segment"] == segment
    constant = np.where(inside, a * (1 - share) - sign * mean, -a * share) - shift * side.mean
    slope = np.where(inside, sign + shift, shift)
    rows = side.rows
    squares = float((constant**2 * rows["v"] + 2 * constant * slope * rows["vx"] + slope**2 * rows["vxx"]).sum())
    variance = max(squares, 0.0) / side.weight**2 * (side.n / (side.n - 1) if side.n > 1 else NAN)
    if "cluster" not in rows:
        return Pulls(variance, pd.Series(dtype=float))
    sums_ = ((constant * rows["w"] + slope * rows["wx"]) / side.weight).groupby(rows["cluster"], dropna=False).sum()
    return Pulls(variance, sums_)


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
