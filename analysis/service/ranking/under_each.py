"""Who stands where under each of several definitions of a measure, and which conclusions hold under all of them?

A ranking that turns when the definition does says more about the definition than about the teams. Each segment is
compared with all the others together (Welch, Holm for their number). The ranks it may truly have are those behind all
that are surely better and ahead of all that are surely worse: the confidence sets of Mogstad, Romano, Shaikh and
Wilhelm (2024, Rev. Econ. Stud. 91:476) from comparisons in pairs, so nothing is drawn by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimate import BLANK, SUMS, Estimates, Segment, as_one, estimates
from analysis.not_recorded import blanks
from analysis.service.rates import Rates, Ratio, rates
from analysis.stats.distributions import normal_ppf
from analysis.stats.intervals import NAN, SIGNIFICANCE, Array, welch
from analysis.stats.league import compatible_ranks, pairwise_p
from analysis.stats.multiplicity import holm
from data_access.metric_kinds import Unit
from data_access.metrics import Metric

NUMBERS = ["segment", "definition", "unit", "better", "n", "value", "low", "high", "rank", "rank_best", "rank_worst",
           "rest", "difference", "p_adjusted", "verdict"]  # fmt: skip
WHOLES = ["definition", "value", "low", "high", "n"]
REACH = float(normal_ppf(0.975))


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A measure of some segments, one number each, in the unit that it is shown in."""

    n: Array
    value: Array
    low: Array
    high: Array
    error: Array
    df: Array

    @classmethod
    def of_estimates(cls, e: Estimates) -> Figures:
        value, low, high = (e.shown(name) for name in ("value", "low", "high"))
        return cls(n=e.n, value=value, low=low, high=high, error=e.error, df=e.df)

    @classmethod
    def of_rates(cls, found: Rates) -> Figures:
        value, low, high = (100 * found.shown(name) for name in ("value", "low", "high"))
        with np.errstate(divide="ignore", invalid="ignore"):
            error = 100 * np.sqrt(found.value * (1 - found.value) / found.worth)
        return cls(n=found.of, value=value, low=low, high=high, error=error, df=found.of - 1)

    @property
    def for_ranks(self) -> Array:
        """Errors of which none is 0: where all answers are alike, as much as the interval says."""
        return np.where(self.error > 0, self.error, (self.high - self.low) / 2 / REACH)


@dataclass(frozen=True, kw_only=True)
class Under:
    """What one definition says of each segment, of all the others of each together, and of all cases."""

    name: str
    unit: Unit
    better: str
    own: Figures
    rest: Figures
    whole: Figures

    @classmethod
    def of_cells(cls, name: str, cells: pd.DataFrame, segments: int, metric: Metric) -> Under:
        """From coded cells of a metric on its scale."""
        frames = (cells, segments), (_others(cells, segments), segments), (as_one(cells)[0], 1)
        own, rest, whole = (Figures.of_estimates(estimates(frame, k, metric)) for frame, k in frames)
        return cls(name=name, unit=metric.unit, better=metric.better, own=own, rest=rest, whole=whole)

    @classmethod
    def of_days(cls, name: str, rows: pd.DataFrame, segments: int, ratio: Ratio) -> Under:
        """From counts by segment (column s) and day."""
        together = rows.groupby("day", as_index=False)[[ratio.count, ratio.of]].sum().assign(s=0)
        frames = (rows, segments), (_other_days(rows, segments, ratio), segments), (together, 1)
        own, rest, whole = (Figures.of_rates(rates(frame, k, ratio)) for frame, k in frames)
        return cls(name=name, unit=Unit.RATE, better=ratio.better, own=own, rest=rest, whole=whole)

    def table(self, segments: Sequence[Segment]) -> pd.DataFrame:
        """A row a segment: NUMBERS. Who was not recorded has no rank."""
        own, named = self.own, ~blanks(segments)
        ranked = np.where(named, own.value, NAN)
        ranks = compatible_ranks(ranked, own.for_ranks, df=own.df, better_high=self.better == "high")
        frame = pd.DataFrame({
            "segment": pd.Series(list(segments), dtype=object), "definition": self.name,
            "unit": str(self.unit), "better": self.better, "n": own.n,
            "value": own.value, "low": own.low, "high": own.high,
            "rank": ranks.rank, "rank_best": ranks.best, "rank_worst": ranks.worst, "rest": self.rest.value,
        })  # fmt: skip
        return self._judged(frame)[NUMBERS]

    def pairs(self, places: Sequence[int]) -> Array:
        """How far each of some segments is ahead of each other in value, as the two-sided p of that (Welch)."""
        own, at = self.own, list(places)
        value = own.value[at]
        return pairwise_p(value[:, None] - value[None, :], own.for_ranks[at], own.df[at])

    def _judged(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Against the rest, with p adjusted for the number of segments (Holm)."""
        own, rest = self.own, self.rest
        shown = ~np.isnan(own.value) & ~np.isnan(rest.value)
        steps = welch(rest.value, rest.error, rest.df + 1, own.value, own.error, own.df + 1)
        difference = np.where(shown, [step.value for step in steps], NAN)
        p = holm(np.where(shown, [step.p for step in steps], NAN))
        ahead = difference * (1 if self.better == "high" else -1)
        verdict = np.select(
            [~shown, (p < SIGNIFICANCE) & (ahead < 0), (p < SIGNIFICANCE) & (ahead > 0)],
            ["few", "worse", "better"],
            "none",
        )
        return frame.assign(difference=difference, p_adjusted=p, verdict=verdict)


def _others(cells: pd.DataFrame, segments: int) -> pd.DataFrame:
    """Cells of all but each segment: the sums of every cluster less those of the segment."""
    clusters = cells["c"].to_numpy() + 1 if "c" in cells else np.zeros(len(cells), dtype=int)
    width = int(clusters.max(initial=0)) + 1
    own: dict[str, Array] = {}
    for name in SUMS:
        sums = np.bincount(cells["s"] * width + clusters, cells[name], segments * width).reshape(segments, width)
        own[name] = (sums.sum(axis=0) - sums).ravel()
    codes = np.tile(np.arange(width) - 1, segments)
    frame = pd.DataFrame({**own, "s": np.repeat(np.arange(segments), width)})
    frame = frame.assign(c=np.where(codes < 0, BLANK, codes)) if "c" in cells else frame
    return frame[frame["n"] > 0]


def _other_days(rows: pd.DataFrame, segments: int, ratio: Ratio) -> pd.DataFrame:
    """Counts by day of all but each segment."""
    days, s = pd.factorize(rows["day"])[0], rows["s"].to_numpy()
    width = int(days.max(initial=0)) + 1
    frame = pd.DataFrame({"s": np.repeat(np.arange(segments), width)})
    for name in (ratio.count, ratio.of):
        sums = np.bincount(s * width + days, rows[name], segments * width).reshape(segments, width)
        frame[name] = (sums.sum(axis=0) - sums).ravel()
    return frame[frame[ratio.of] > 0]


def of_each(unders: Sequence[Under], segments: Sequence[Segment]) -> pd.DataFrame:
    """A row a segment and definition."""
    return pd.concat([under.table(segments) for under in unders], ignore_index=True)


def wholes(unders: Sequence[Under]) -> pd.DataFrame:
    """A row a definition, over all cases."""
    rows = [(u.name, *(float(getattr(u.whole, name)[0]) for name in WHOLES[1:])) for u in unders]
    return pd.DataFrame(rows, columns=WHOLES)


def held_under(verdicts: pd.Series) -> str:
    """Whether one verdict holds under all definitions, under some of them, or there is none.

    >>> [held_under(pd.Series(verdicts)) for verdicts in (["worse", "none"], ["worse", "worse"], ["few", "none"])]
    ['some', 'all', '']
    """
    sure = verdicts.isin(("better", "worse"))
    return "all" if sure.all() and verdicts.nunique() == 1 else "some" if sure.any() else ""


def together(each: pd.DataFrame) -> pd.DataFrame:
    """A row a segment: the ranks it has and may truly have under any definition, and the verdict that holds.

    verdict: the one under all; empty where there is none, or where it depends.
    """
    groups = each.groupby("segment", sort=False)
    table = groups.agg(n=("n", "max"), rank_least=("rank", "min"), rank_most=("rank", "max"),
                       best=("rank_best", "min"), worst=("rank_worst", "max"), holds=("verdict", held_under),
                       verdict=("verdict", "first")).reset_index()  # fmt: skip
    return table.assign(verdict=table["verdict"].where(table["holds"] == "all", ""))


@dataclass(frozen=True, kw_only=True)
class Order:
    """Of all pairs of segments: how many stand in one order under all definitions beyond chance, and how many change
    places, with the pair that does so most: who is ahead first, and under which two.
    """

    pairs: int
    certain: int
    turned: int
    most: tuple[Segment, Segment, str, str] | None


def order_of(defined: Sequence[tuple[Sequence[Segment], Sequence[Under]]]) -> Order:
    """Which pairs keep their order whatever the definition: segments, and what some definitions say of them.

    A pair is as sure as under the definition that says least of it, so that their number needs no correction (Berger
    1982, Technometrics 24:295); Holm for the number of pairs.
    """
    each = pd.concat([of_each(unders, segments) for segments, unders in defined], ignore_index=True)
    wide = each.dropna(subset=["rank"]).pivot(index="definition", columns="segment", values="rank").dropna(axis=1)
    rank, names, definitions = wide.to_numpy(), list(wide.columns), list(wide.index)
    k = len(names)
    if k < 2:
        return Order(pairs=0, certain=0, turned=0, most=None)
    behind = rank[:, None, :] - rank[:, :, None]  # by definition: how far the second is behind the first
    places = [({name: i for i, name in enumerate(segments)}, unders) for segments, unders in defined]
    p = np.max([u.pairs([place[name] for name in names]) for place, unders in places for u in unders], axis=0)
    kept = (behind > 0).all(axis=0) | (behind < 0).all(axis=0)
    certain = int((holm(np.where(kept, p, 1.0)[np.triu_indices(k, 1)]) < SIGNIFICANCE).sum())
    swing = np.triu(np.minimum(behind.max(axis=0), -behind.min(axis=0)), 1)
    i, j = np.unravel_index(int(swing.argmax()), swing.shape)
    ahead, after = (definitions[int(f(behind[:, i, j]))] for f in (np.argmax, np.argmin))
    most = (names[i], names[j], ahead, after) if swing[i, j] > 0 else None
    return Order(pairs=k * (k - 1) // 2, certain=certain, turned=int((swing > 0).sum()), most=most)
