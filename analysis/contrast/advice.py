"""Which test fits, and why? The method advisor's table for contrasts, as a pure function of a few facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.contrast.samples import Samples, with_property
from analysis.result import Unit
from analysis.stats.intervals import NAN, Array

ENOUGH = 30
CEILING = 0.25


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What decides: the level of measurement, how many groups, how many answers, how skewed, clustered or sparse."""

    unit: Unit
    groups: int
    least: float
    skewness: float
    clusters: int
    least_expected: float
    low_expected: float  # share of the table's cells in which fewer than five answers are expected
    at_best: float

    @property
    def is_rate(self) -> bool:
        return self.unit.is_share

    @property
    def means_hold(self) -> bool:
        """Whether the mean of the smallest group is near enough to normal: n > 25 skewness^2 (Cochran 1977, 2.15)."""
        return self.least >= ENOUGH and self.least > 25 * self.skewness**2

    @property
    def is_sparse(self) -> bool:
        if self.groups == 2:
            return self.least_expected < 5
        return self.low_expected > 0.2 or self.least_expected < 1


@dataclass(frozen=True)
class Advice:
    """The test to use and the code of the reason; the reason's sentence takes `Facts` as its values."""

    method: str
    reason: str


def advise(facts: Facts) -> Advice:
    """The advisor's choice (method_advisor rows 1, 3, 6, 8, 10, 11, 13, 26).

    >>> advise(Facts(unit=Unit.POINTS, groups=2, least=400, skewness=-1.1, clusters=0, least_expected=9,
    ...              low_expected=0, at_best=0.4))
    Advice(method='welch_t', reason='means')
    """
    several = facts.groups > 2
    if facts.clusters:
        return Advice("clustered_wald" if several else "clustered_t", "clusters")
    if facts.is_rate:
        if facts.is_sparse:
            return Advice("fisher", "sparse")
        return Advice("chi2" if several else "two_proportions", "rates")
    if not facts.means_hold:
        return Advice("kruskal_wallis" if several else "brunner_munzel", "skewed")
    return Advice("welch_anova" if several else "welch_t", "means")


def facts_of(samples: Samples, groups: int, clusters: int) -> Facts:
    """The facts of some comparisons; `groups` are those compared, `clusters` is 0 for independent answers."""
    rows = pd.concat([samples.a, samples.b])
    n = np.concatenate([np.bincount(rows["s"], rows["n"], samples.count) for rows in (samples.a, samples.b)])
    expected = _expected(samples) if samples.metric.unit.is_share else np.array([NAN])
    n = n[n > 0]  # a fixed value has no answers
    return Facts(
        unit=samples.metric.unit,
        groups=groups,
        least=float(n.min(initial=np.inf)),
        skewness=_skewness(rows),
        clusters=clusters,
        least_expected=float(expected.min()),
        low_expected=float((expected < 5).mean()),
        at_best=_share_at_best(rows, samples.metric.best),
    )


def _expected(samples: Samples) -> Array:
    """Expected answers with and without the property in each non-empty sample, if both had the same rate."""
    x, n = np.stack([with_property(rows, samples.count) for rows in (samples.a, samples.b)], axis=1)
    present = n > 0
    share = np.broadcast_to(x.sum(axis=0) / np.maximum(n.sum(axis=0), 1), n.shape)
    return np.concatenate([(n * share)[present], (n * (1 - share))[present]])


def _skewness(rows: pd.DataFrame) -> float:
    """Pooled skewness of the values."""
    w, f = rows["w"].to_numpy(), (rows["wx"] / rows["w"]).to_numpy()
    away = f - np.average(f, weights=w)
    spread = np.average(away**2, weights=w)
    return float(np.average(away**3, weights=w) / spread**1.5) if spread > 0 else 0.0


def _share_at_best(rows: pd.DataFrame, best: float) -> float:
    """Share of the answers at the best value, where no improvement can show."""
    f = rows["wx"] / rows["w"]
    return float(rows["w"][np.isclose(f, best)].sum() / rows["w"].sum())


def unfit(method: str, facts: Facts) -> str:
    """Why a method does not fit these data, as a code; empty where it does.

    >>> unfit("welch_t", Facts(unit=Unit.POINTS, groups=2, least=400, skewness=-1.1, clusters=24, least_expected=9,
    ...                        low_expected=0, at_best=0.4))
    'ignores_clusters'
    """
    if facts.clusters and method not in ("clustered_t", "clustered_wald", "brunner_munzel", "nps", "wild_bootstrap"):
        return "ignores_clusters"
    if method in ("two_proportions", "chi2", "cochran_armitage") and facts.is_sparse:
        return "too_sparse"
    if method in ("welch_t", "welch_anova", "clustered_t", "clustered_wald") and not facts.is_rate:
        return "" if facts.means_hold else "too_skewed"
    if method == "mann_whitney":
        return "same_shape"
    return ""


def checks(facts: Facts) -> list[dict[str, Any]]:
    """Each assumption that was checked: its code, whether it holds, and the numbers."""
    assumptions: list[dict[str, Any]] = [
        {"check": "size", "passed": facts.least >= ENOUGH, "values": {"least": facts.least, "enough": ENOUGH}}
    ]
    if facts.is_rate:
        return [*assumptions, {
            "check": "expected", "passed": not facts.is_sparse, "values": {"least_expected": facts.least_expected},
        }]  # fmt: skip
    needed = 25 * facts.skewness**2
    return [
        *assumptions,
        {"check": "skewness", "passed": facts.means_hold, "values": {"skewness": facts.skewness, "needed": needed}},
        {"check": "ceiling", "passed": bool(facts.at_best < CEILING), "values": {"at_best": facts.at_best}},
    ]
