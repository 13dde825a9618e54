"""What do the other tests of the same question say? Each with whether it fits these data, and why not."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.contrast import advice, compare
from analysis.contrast.assessment import Judged
from analysis.contrast.methods import overall_methods, pair_methods
from analysis.contrast.samples import Sides
from analysis.contrast.setup import Posed, tested_overall
from analysis.estimate import FEW_CLUSTERS
from analysis.stats import clustered
from analysis.stats.intervals import NAN

COLUMNS = ["method", "statistic", "df", "p", "fit", "why", "used"]


def alternatives(judged: Judged) -> pd.DataFrame:
    """A row per method: of several groups the overall tests, else the tests of the most certain comparison."""
    posed, sides = judged.posed, judged.first
    if posed is None or sides is None:
        return pd.DataFrame(columns=COLUMNS)
    rows = _overall(posed) if posed.has_overall else _pair(posed, sides)
    found = pd.DataFrame(rows, columns=COLUMNS[:4]).drop_duplicates("method", ignore_index=True)
    why = [advice.unfit(method, posed.facts) for method in found["method"]]
    return found.assign(fit=[not w for w in why], why=why, used=[m == judged.method for m in found["method"]])


def _overall(posed: Posed) -> list[dict[str, Any]]:
    tests = [tested_overall(posed, method) for method in overall_methods(posed.facts, posed.question.ordered)]
    return [{"method": t.method, "statistic": t.statistic, "df": t.df, "p": t.p} for t in tests if t is not None]


def _pair(posed: Posed, sides: Sides) -> list[dict[str, Any]]:
    found = [compare.METHODS[method](sides) for method in pair_methods(posed.facts, posed.now.metric)]
    told = [
        {"method": c.method, "statistic": float(c.statistic[0]), "df": float(c.df[0]), "p": float(c.p[0])}
        for c in found
    ]
    return told + _few_clusters(posed, sides)


def _few_clusters(posed: Posed, sides: Sides) -> list[dict[str, Any]]:
    """With few clusters the wild cluster bootstrap is the second opinion (Cameron, Gelbach and Miller 2008)."""
    if not 0 < posed.facts.clusters <= FEW_CLUSTERS:
        return []
    rows = pd.concat([sides.b.assign(s=0), sides.a.assign(s=1)])
    p = clustered.wild_cluster(*(rows[name].to_numpy() for name in ("s", "c", "w", "wx")))
    return [{"method": "wild_bootstrap", "statistic": NAN, "df": NAN, "p": p}]
