"""How much of a change is service, and how much a different mix? A rate effect and a mix effect per segment.

Midpoint weights centred on the mean (Kitagawa 1955): rate = (w0 + w1)/2 (r1 - r0), mix = (w1 - w0) (mean of r -
mean of R). They sum to the change exactly. Intervals by the delta method.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimate import BLANK, Cells, Estimates, Pairs, changes, cluster_sums, coded, estimates, totals
from analysis.not_recorded import set_apart
from analysis.stats.clustered import contrasts
from analysis.stats.intervals import NAN, Array, t_bounds
from analysis.stats.multiplicity import holm
from data_access.metrics import Metric

COLUMNS = [
    "segment", "n0", "n1", "share0", "share1", "score0", "score1", "rate_effect", "mix_effect", "total_effect",
    "low", "high", "status", "difference", "p",
]  # fmt: skip


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
    """A change decomposed: one number per segment."""

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


def decomposed(before: Cells, now: Cells) -> pd.DataFrame:
    """The change split by segment, largest total effect first; columns as in `COLUMNS` and p_adjusted."""
    segments, frames = coded(now.rows, before.rows)
    k, metric = len(segments), now.metric
    split = Split(Side.of(frames[1], k, metric), Side.of(frames[0], k, metric))
    e0, e1, total = split.before.e, split.now.e, split.rate + split.mix
    low, high = _effect_bounds(split, total)
    tests = changes(split.before.rows, split.now.rows, k, metric)
    comparable = (split.status == "both") & ~split.few
    numbers = (
        e0.n, e1.n, split.before.share, split.now.share, e0.shown("value"), e1.shown("value"),
        split.rate, split.mix, total, np.where(split.few, NAN, low), np.where(split.few, NAN, high), split.status,
        np.where(comparable, [d.value for d in tests], NAN), np.where(comparable, [d.p for d in tests], NAN),
    )  # fmt: skip
    table = pd.DataFrame(dict(zip(COLUMNS[1:], numbers, strict=True)))
    table.insert(0, "segment", pd.Series(segments, dtype=object))
    table["p_adjusted"] = holm(table["p"].to_numpy())
    order = table["total_effect"].abs().sort_values(ascending=False, kind="stable").index
    return set_apart(table.loc[order])


def _effect_bounds(split: Split, effect: Array) -> tuple[Array, Array]:
    """Delta method on total = w1 r1 - w0 r0 - (w1 - w0)(R0 + R1)/2: each answer's pull on the total effect.

    With sign s = -1 before and +1 now, M = (R0 + R1)/2 and h = (w1 - w0)/2, an answer x pulls by
    s (x - M) if inside the segment, by -s (r - M) w wherever it is, and by -h (x - R) through the overall mean,
    each over the period's weight. A segment within one cluster is treated as independent answers; across
    clusters each period's mean has CR2 errors with Satterthwaite's degrees of freedom.
    """
    pulls = [_pulls(side, r, sign, split) for side, r, sign in _sided(split)]
    error = np.sqrt(sum(p.variance for p in pulls))
    df = np.full(len(effect), split.before.n + split.now.n - 2)
    if all(p.pairs is not None for p in pulls):
        (between, inside), freedom = _between(pulls, len(effect)), _freedom(split)
        known = (inside > 1) & np.isfinite(freedom)
        error, df = np.where(known, between, error), np.where(known, freedom, df)
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
    alone: Array  # variance of the sum of answers without a cluster, each for itself


def _pulls(side: Side, mean: Array, sign: float, split: Split) -> Pulls:
    rows, k = side.rows, len(mean)
    factors = np.stack([-sign * (mean - split.middle) * side.share, -(split.now.share - split.before.share) / 2])
    slope = factors[1]
    constant = factors[0] - slope * side.mean
    squares = _squares(rows, k, constant, slope, sign, split.middle)
    small = side.n / (side.n - 1) if side.n > 1 else NAN
    variance = np.maximum(squares, 0.0) / side.weight**2 * small
    if "c" not in rows:
        return Pulls(variance, None, np.empty((2, 0)), factors, np.zeros(k))
    alone = _squares(rows[rows["c"] == BLANK], k, constant, slope, sign, split.middle) / side.weight**2
    rows = rows[rows["c"] != BLANK]
    s, c, w, wx = (rows[name].to_numpy() for name in ("s", "c", "w", "wx"))
    own = np.bincount(c, w) / side.weight
    rest = np.where(own < 1, 1 - own, NAN)  # a lone cluster has no variance between clusters
    scale = 1 / np.sqrt(rest) / side.weight  # CR2: a cluster pulls the mean towards itself
    base = [np.bincount(c, w) * scale, np.bincount(c, wx - side.mean * w) * scale]
    return Pulls(variance, Pairs.of(s, c, sign * (wx - split.middle * w) * scale[c]), np.stack(base), factors, alone)


def _squares(rows: pd.DataFrame, k: int, constant: Array, slope: Array, sign: float, middle: float) -> Array:
    """Squared pulls of single answers on each segment, before they are divided by the weight of all."""
    inside = [totals(rows, name, k) for name in ("v", "vx", "vxx")]
    outside = [float(rows[name].sum()) - own for name, own in zip(("v", "vx", "vxx"), inside, strict=True)]
    own = _quadratic(constant - sign * middle, slope + sign, *inside)
    return np.asarray(np.maximum(own + _quadratic(constant, slope, *outside), 0.0))


def _quadratic(constant: Array, slope: Array, v: Array, vx: Array, vxx: Array) -> Array:
    """Sum of squared weights times (constant + slope x) squared."""
    return np.asarray(constant**2 * v + 2 * constant * slope * vx + slope**2 * vxx)


def _between(pulls: Sequence[Pulls], segments: int) -> tuple[Array, Array]:
    """Standard error across clusters, and number of clusters of each segment."""
    by_period = [p.pairs for p in pulls if p.pairs is not None]
    pairs = Pairs.of(*(np.concatenate([getattr(p, name) for p in by_period]) for name in ("s", "c", "sums")))
    clusters = max(p.base.shape[1] for p in pulls)
    base = np.concatenate([np.pad(p.base, ((0, 0), (0, clusters - p.base.shape[1]))) for p in pulls])
    factors = np.concatenate([p.factors for p in pulls])
    crossed = [np.bincount(pairs.s, pairs.sums * b[pairs.c], segments) for b in base]
    squares: Array = pairs.squares(segments) + 2 * (factors * np.stack(crossed)).sum(axis=0)
    squares += np.einsum("ig,ij,jg->g", factors, base @ base.T, factors) + sum(p.alone for p in pulls)
    return np.sqrt(np.maximum(squares, 0.0)), pairs.counts(segments)


def _freedom(split: Split) -> float:
    """Satterthwaite's freedom of a difference of the periods' means, as every effect is; NaN for a lone cluster."""
    rows = pd.concat([side.rows.assign(s=0, k=k) for k, side in enumerate((split.before, split.now))])
    sums = cluster_sums(rows, problems=1, groups=2)
    return float(contrasts(sums, np.array([-1.0, 1.0])).df[0])
