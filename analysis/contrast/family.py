"""All comparisons of one question as a family: adjusted p-values, matching intervals and verdicts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.contrast import compare
from analysis.contrast.compare import Comparison, Effects
from analysis.contrast.samples import Answers, Samples
from analysis.contrast.verdicts import verdicts
from analysis.estimate import WITHHELD_BELOW, Segment
from analysis.not_recorded import blanks
from analysis.stats import means
from analysis.stats.intervals import NAN, SIGNIFICANCE, Array
from analysis.stats.multiplicity import family_adjusted, matching_confidence

MOST_RANKED = 60  # comparisons whose probability of superiority is computed


@dataclass(frozen=True)
class Compared:
    """Who is compared with whom: names and number of answers of both sides of each comparison."""

    names: tuple[tuple[Segment, Segment], ...]
    n_a: Array
    n_b: Array  # NaN where the other side has no answers of its own

    @classmethod
    def of(cls, samples: Samples) -> Compared:
        return cls(samples.names, *(e.n for e in samples.each))

    @property
    def few(self) -> Array:
        return (self.n_a < WITHHELD_BELOW) | (self.n_b < WITHHELD_BELOW)


@dataclass(frozen=True)
class Family:
    """The comparisons of a question, smallest p first, and how p and intervals were adjusted.

    Those with what was not recorded come last.
    """

    table: pd.DataFrame
    adjustment: str
    method: str
    effect: str

    @property
    def size(self) -> int:
        """Comparisons that could be tested; one that could not leaves the family."""
        return int(self.table["p"].notna().sum())


@dataclass(frozen=True)
class Adjusted:
    """p-values and intervals that allow for the size of the family."""

    p: Array
    low: Array
    high: Array
    name: str


def family(
    compared: Compared,
    comparison: Comparison,
    effects: Effects,
    *,
    threshold: float,
    simultaneous: Adjusted | None = None,
    further: pd.DataFrame | None = None,
) -> Family:
    """Every comparison with interval, p, effect and verdict. Blank where a side has fewer than ten answers.

    `simultaneous`: p and intervals where the method has its own (Games-Howell). `further`: columns to add.
    """
    few = compared.few
    p = np.where(few, NAN, comparison.p)
    adjusted = simultaneous or _by_steps(comparison, p)
    low90, high90 = comparison.bounds(np.array(0.90))
    low_raw, high_raw = comparison.bounds(np.array(0.95))
    columns = {
        "difference": comparison.value, "low": adjusted.low, "high": adjusted.high, "low_raw": low_raw,
        "high_raw": high_raw, "low90": low90, "high90": high90, "statistic": comparison.statistic,
        "df": comparison.df, "p": p, "p_adjusted": adjusted.p, "effect": effects.value, "effect_low": effects.low,
        "effect_high": effects.high,
    }  # fmt: skip
    shown = pd.DataFrame({name: np.where(few, NAN, values) for name, values in columns.items()})
    sizes = [compare.size_of(effects.name, v) for v in shown["effect"]]
    table = _named(compared).join(shown).assign(size=sizes, verdict=_verdict_of_each(shown, comparison, threshold))
    table = table.join(further) if further is not None else table
    apart = blanks(table["a"]) | blanks(table["b"])
    order = np.lexsort((-shown["difference"].abs(), shown["p"].fillna(2.0), apart))
    return Family(table.iloc[order].reset_index(drop=True), adjusted.name, comparison.method, effects.name)


def _named(compared: Compared) -> pd.DataFrame:
    a, b = (pd.Series(list(side), dtype=object) for side in zip(*compared.names, strict=True))
    return pd.DataFrame({"a": a, "b": b, "n_a": compared.n_a, "n_b": compared.n_b})


def _verdict_of_each(shown: pd.DataFrame, comparison: Comparison, threshold: float) -> Array:
    """Ranks have no points: what decides there is the adjusted p, elsewhere the adjusted interval.

    Where ranks and means point opposite ways, neither is evidence of the reported difference.
    """
    low, high, value, low90, high90 = (shown[k].to_numpy() for k in ("low", "high", "difference", "low90", "high90"))
    outside = (low > 0) | (high < 0) if comparison.by_interval else shown["p_adjusted"].to_numpy() < SIGNIFICANCE
    if comparison.direction is not None:
        outside &= comparison.direction * value >= 0
    return verdicts(value, outside, low90, high90, threshold)


def _by_steps(comparison: Comparison, p: Array) -> Adjusted:
    adjusted, name = family_adjusted(p)
    low, high = comparison.bounds(matching_confidence(p, adjusted))
    return Adjusted(adjusted, low, high, name)


def games_howell(answers: Answers, groups: list[int]) -> Adjusted:
    """Simultaneous p and intervals of every pair of some groups, in the order of `samples.all_pairs`."""
    e = answers.plain
    n, mean, error = (v[groups] for v in (e.n, e.value, e.error))
    simultaneous = means.games_howell(n, mean, error**2 * n)
    return Adjusted(simultaneous.p, simultaneous.low, simultaneous.high, "games_howell")


def effect_of(samples: Samples, method: str) -> Effects:
    """The effect size that goes with a method: A for ranks, the difference itself for rates, Hedges' g for means."""
    if method in compare.RANK_METHODS and samples.count <= MOST_RANKED:
        return compare.superiority(samples)
    return compare.risk_difference(samples) if samples.metric.unit.is_share else compare.standardised(samples)
